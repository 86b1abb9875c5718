"""docs/architecture.md is the map: its rooms are those of the code, its walks lead somewhere."""

import re

from tests.running import ROOT
from tests.test_architecture import SERVING

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def section(title):
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_rooms_stand_on_the_floors_that_the_code_has():
    rows = re.findall(r"^\| (\d) \| ([^|]*) \|", section("The rooms of `serving/`"), re.MULTILINE)
    shown = {
        name.removesuffix(".py").rstrip("/"): int(floor)
        for floor, names in rows
        for name in re.findall(r"`([^`]+)`", names)
    }
    assert shown == {room: floor for floor, rooms in enumerate(SERVING, 1) for room in rooms}


def test_every_stop_of_a_walk_is_there():
    for title, root in (("A request", "serving"), ("A `pulumi up`", ".")):
        rows = re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
        assert len(rows) > 6
        for row in rows:
            folder = ROOT / root
            for name in re.findall(r"`([^`]+)`", row):
                if "/" in name:
                    folder = (ROOT / root / name).parent
                assert (folder / name.rpartition("/")[2]).exists() or (
                    ROOT / root / name
                ).is_dir(), name


def test_the_words_are_ten():
    assert len(re.findall(r"^\d+\. \*\*(\w+)\*\*", section("Words"), re.MULTILINE)) == 10
