"""Firefox's engine beside CTranslate2: real servers, a few sentences; only chrF means something."""

import pytest

from benchmarks.firefox import PARTIES, measure, table

pytestmark = pytest.mark.slow


def test_both_parties_are_measured_on_the_same_sentences():
    found = measure("en_pt", rounds=1, count=6)
    names = {"start", "idle", "lone", "rate", "price", "peak", "chrf"}
    assert {name: set(party) for name, party in found.items()} == dict.fromkeys(PARTIES, names)
    for party in found.values():
        assert 60 < party["chrf"][0] < 100
        assert all(value > 0 for values in party.values() for value in values)
    # Worker processes are counted: the engine has one for each CPU.
    assert found["Firefox's engine"]["peak"][0] > 60
    header, _, first, *rest = table(found)
    assert header.count("|") == 6
    assert first.startswith("| chrF | ") and len(rest) == 6
