"""The arithmetic of the benchmark: what is a goal met, and what a million characters cost."""

import pytest

from benchmarks import price
from benchmarks.figures import Figure, _steadiness


@pytest.mark.parametrize(
    ("value", "at_least", "met"), [(1.0, True, True), (0.9, True, False), (0.9, False, True)]
)
def test_a_goal_is_a_floor_or_a_ceiling(value, at_least, met):
    assert Figure("f", value, 1.0, at_least).is_met is met


def test_steadiness_is_the_worst_fall_from_2_clients_on():
    rates = {1: 900, 2: 100, 4: 200, 8: 180, 16: 210}
    rows = [{"clients": c, "ours": [{"rate": r}, {"rate": r - 1}]} for c, r in rates.items()]
    assert _steadiness(rows).value == pytest.approx(0.9)


def test_the_price_does_not_depend_on_the_memory():
    # 1769 MB are one vCPU: 1000 characters a second take 1000 s for a million.
    expected = 1769 / 1024 * 0.00002 * 1000
    for gigabytes in (1, 6):
        assert price.dollars(gigabytes, 1000) == pytest.approx(expected)
