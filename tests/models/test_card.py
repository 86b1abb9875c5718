"""The licence that a Hugging Face card states."""

import time

import pytest

from models.card import read_license


@pytest.mark.parametrize(
    ("card", "found"),
    [
        ("---\nlicense: mit\n---\n# Mine\n", "mit"),
        ("---\r\ntags:\r\n- x\r\nlicense:  'cc-by-4.0'  \r\n---\r\n", "cc-by-4.0"),
        ("---\nlicense: [mit]\nlicense: apache-2.0\n---\n", "apache-2.0"),
        ("---\nlicense: mit\n", ""),
        ("# Mine\n---\nlicense: mit\n---\n", ""),
        ("---\nname: x\n---\nlicense: mit\n---\n", ""),
        ("", ""),
    ],
)
def test_it_stands_in_the_front_matter(tmp_path, card, found):
    (tmp_path / "README.md").write_bytes(card.encode())
    assert read_license(tmp_path) == found


def test_there_may_be_no_card(tmp_path):
    assert read_license(tmp_path) == ""


@pytest.mark.parametrize("line", ["license: mit\n", "license:" + " " * 5000 + "\n", "---x\n"])
def test_a_card_of_any_kind_is_read_at_once(tmp_path, line):
    """220 kB of them took half a minute."""
    (tmp_path / "README.md").write_text("---\n" + line * (2_000_000 // len(line)))
    started = time.process_time()
    assert read_license(tmp_path) == ""
    assert time.process_time() - started < 0.5
