"""docs/text.md names every rule and every warning there is."""

import re

from serving.text import sentence, translation
from tests.running import ROOT

PAGE = (ROOT / "docs" / "text.md").read_text("utf-8")
NO_RULES = {"__init__", "context", "division", "joining", "protected", "scripts", "signs"}
NO_RULES |= {"masks", "sentence", "source", "spans", "translation"}


def test_the_table_names_every_rule():
    modules = {path.stem for path in (ROOT / "serving" / "text").glob("*.py")}
    table = set(re.findall(r"^\|[^|]+\| `(\w+)\.py` \|", PAGE, re.MULTILINE))
    assert table == modules - NO_RULES


def test_the_table_names_every_warning():
    codes = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert codes == {
        sentence.NUMBERS_CHANGED,
        sentence.REPETITION,
        sentence.TRUNCATED,
        sentence.UNTRANSLATED,
        translation.IN_PIECES,
    }
