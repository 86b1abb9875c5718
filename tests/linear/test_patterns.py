"""Every pattern takes linear time, whatever it is given; a new one is found by itself."""

import re
import time

import pytest

from serving.settings import Settings
from tests.linear.attacks import Attack, attacks
from tests.linear.patterns import MADE_OF, Found, found_patterns, made_elsewhere

PATTERNS = {found.where: found for found in found_patterns()}
SIZE = 6000  # characters
SIZES = (24, 32, 500, SIZE)
ENOUGH = 0.006  # seconds: ten times what a linear pattern takes, a tenth of what a quadratic one
MUCH = 0.06  # seconds: no linear pattern takes as long
LARGEST = Settings().max_characters
LOCKED = 0.05  # seconds that one call into C may keep all other threads waiting, at most


def seconds(found: Found, text: str, repeat: int = 1, of=sum) -> float:
    """In this thread's processor time, the best of some: what else runs does not count."""
    return min(of(found.calls(text, time.thread_time)) for _ in range(repeat))


def is_slow(found: Found, attack: Attack) -> bool:
    """Whether it takes long, and more than thrice as long if it is twice as long."""
    for size in SIZES:  # of the exponential the larger would never end
        text = attack.text(size)
        if seconds(found, text) > ENOUGH and (once := seconds(found, text, 3)) > ENOUGH:
            return size < SIZE or once > MUCH or seconds(found, attack.text(2 * SIZE), 3) > 3 * once
    return False


def test_patterns_are_found():
    assert len(PATTERNS) > 40
    assert {"serving.text.protect.links._LINK", "handlers.pseudo._KEPT"} <= set(PATTERNS)


def test_no_pattern_is_made_of_what_a_caller_sends():
    """Python keeps hundreds of patterns, however large."""
    assert made_elsewhere() == sorted(MADE_OF)


@pytest.mark.parametrize("where", PATTERNS)
def test_a_pattern_takes_linear_time(where):
    found = PATTERNS[where]
    chosen = list(attacks(found.pattern))
    assert [attack for attack in chosen if is_slow(found, attack)][:3] == []
    worst = max(chosen, key=lambda attack: seconds(found, attack.text(SIZE // 4), 2, max))
    assert seconds(found, worst.text(LARGEST), 5, max) < LOCKED, worst


# What was once in the rules, and what is known to be slow.
SLOW = {
    "flags and a width": r"%(?:\d+\$)?[-+0#']*(?:\d+|\*)?[a-z]",
    "flags of a name": r"%\(\w[\w.]*\)[#0+\- ]*\d*(?:\.\d+)?[a-zA-Z]",
    "an end": r"[,;:–—(\[\s]*\Z",
    "an opening that is not excluded": r"\$\{[^}]*\}",
    "tags": r"<[^>]*>",
    "an element": r"<b>(.*?)</b>",
    "a header": r"([a-z-]+):[ \t]*([\t\x20-\x7e]*)\Z",
    "exponential": r"^(a+)+b",
    "alternatives that overlap": r"(?:a|aa)+\Z",
    "after a prefix": r"www\.(?:\w+\.?)+!",
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_pattern_would_be_found(name):
    found = Found(name, re.compile(SLOW[name]), frozenset())
    assert any(is_slow(found, attack) for attack in attacks(found.pattern))
