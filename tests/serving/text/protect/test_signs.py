"""Rules that look at single lines find in a document what they find in its lines."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.text.protect.links import find_links
from serving.text.protect.placeholders import find_placeholders
from serving.text.protect.signs import lines_with

WORDS = (
    *("Hello", "see", "%s", "{name}", "{n, number}", "$HOME", ":smile:", "&amp;", "100 %"),
    *("{", "}"),
    *("https://example.com/a.", "ann@example.org", "/etc/hosts", "C:\\x", "a.txt", "example.com"),
    *("\\n", "%", "(", ")", ".", ",", "\t", "\r", "{", "}", "{{x", "y}}", "www.", "@"),
)
LINES = st.lists(st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), max_size=8)


@pytest.mark.parametrize("find", [find_links, find_placeholders])
@given(lines=LINES)
def test_a_document_is_the_sum_of_its_lines(find, lines):
    found = {(span.start, span.end, span.kind) for span in find("\n".join(lines))}
    expected, at = set(), 0
    for line in lines:
        expected |= {(at + span.start, at + span.end, span.kind) for span in find(line)}
        at += len(line) + 1
    assert found == expected


@given(st.text("ab:\n", max_size=30))
def test_every_line_with_the_sign_is_named_once(text):
    lines = [text[start:end] for start, end in lines_with(re.compile(":"), text)]
    assert lines == [line for line in text.split("\n") if ":" in line]
