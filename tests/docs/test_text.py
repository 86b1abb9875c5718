"""docs/text.md names every rule and every warning there is."""

import re

from serving.text import warnings
from tests.running import ROOT

PAGE = (ROOT / "docs" / "text.md").read_text("utf-8")
ROOMS = ("protect", "divide", "mend")
NO_RULES = {"protect/rules", "protect/scripts", "protect/signs", "protect/spans"}
NO_RULES |= {
    "divide/division",
    "divide/prefixes",
    "divide/source",
    "mend/masks",
    "mend/number_words",
}


def test_the_table_names_every_rule():
    files = [path for room in ROOMS for path in (ROOT / "serving" / "text" / room).glob("[!_]*.py")]
    modules = {f"{path.parent.name}/{path.stem}" for path in files}
    table = set(re.findall(r"^\|[^|]+\| `([\w/]+)\.py` \|", PAGE, re.MULTILINE))
    assert table == modules - NO_RULES


def test_the_table_names_every_warning():
    section = PAGE.partition("## Warnings")[2]
    codes = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    assert codes == {code for name, code in vars(warnings).items() if name.isupper()}


def test_the_default_handler_warns_in_these_words():
    said = (ROOT / "handlers" / "default.py").read_text("utf-8")
    assert f'warnings=("{warnings.TRUNCATED}",)' in said
