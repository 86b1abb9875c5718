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
LOCKED = 0.15  # seconds that one call into C may keep all other threads waiting, at most


def seconds(found: Found, text: str, repeat: int = 1) -> float:
    """In this thread's processor time, the best of some: what else runs does not count."""
    return min(timed(found, text) for _ in range(repeat))


def timed(found: Found, text: str) -> float:
    started = time.thread_time()
    for _ in found.calls(text):
        pass
    return time.thread_time() - started


def longest(found: Found, text: str) -> float:
    """Processor time of a call into C, each of which keeps all other threads waiting."""
    longest, since = 0.0, time.thread_time()
    for _ in found.calls(text):
        longest, since = max(longest, time.thread_time() - since), time.thread_time()
    return longest


def is_slow(found: Found, attack: Attack) -> bool:
    """Whether it takes long, and more than thrice as long if it is twice as long.

    A processor that is lent to others for a while seems slow too, but not every time it is asked.
    """
    for size in SIZES:  # of the exponential the larger would never end
        if all(seconds(found, attack.text(size)) > ENOUGH for _ in range(5)):
            return size < SIZE or all(grows(found, attack) for _ in range(3))
    return False


def grows(found: Found, attack: Attack) -> bool:
    once = seconds(found, attack.text(SIZE), 3)
    return once > MUCH or seconds(found, attack.text(2 * SIZE)) > 3 * once


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
    lengths = {attack: longest(found, attack.text(SIZE // 4)) for attack in chosen}
    worst = max(chosen, key=lengths.__getitem__)
    assert any(longest(found, worst.text(LARGEST)) < LOCKED for _ in range(5)), worst


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
