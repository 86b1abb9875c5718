"""docs/files.md names every format there is, and the limits."""

import re

from file_formats.names import ALSO, MEDIA_TYPES
from file_formats.package import MAX_ENTRIES, MAX_PART, MAX_RATIO, MAX_UNPACKED
from tests.running import ROOT

PAGE = (ROOT / "docs" / "files.md").read_text("utf-8")
TEXT = " ".join(PAGE.split())


def test_the_table_names_every_format():
    assert re.findall(r"^\| `(\.\w+)` \|", PAGE, re.MULTILINE) == list(MEDIA_TYPES)
    assert all(f"`{suffix}`" in TEXT for suffix in ALSO)


def test_the_limits_are_the_codes():
    assert f"more than {MAX_ENTRIES:,}".replace(",", " ") in TEXT
    assert f"{MAX_UNPACKED // 10**6} MB" in TEXT
    assert f"{MAX_RATIO} times" in TEXT
    assert f"{MAX_PART // 10**6} MB of text" in TEXT
