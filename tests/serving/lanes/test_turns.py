"""Large requests compute one at a time; who waits lets others go on, nothing is locked for good."""

import contextvars
import threading

import pytest

from serving.errors import TimedOut
from serving.lanes import turns
from serving.lanes.mailbox import Mailbox
from serving.lanes.turns import in_turn, out_of_turn

LARGE = 1 << 20


def in_thread(work):
    done = threading.Event()

    def run():
        work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def take():
    with in_turn(LARGE):
        pass


def test_a_large_request_waits_for_another_and_a_small_one_does_not():
    with in_turn(LARGE):
        second = in_thread(take)
        with in_turn(100):
            assert not second.wait(0.1)
    assert second.wait(5)


def test_who_waits_for_a_translation_lets_others_go_on():
    outcome: Mailbox[str] = Mailbox()
    found = []

    def ask():
        with in_turn(LARGE):
            found.append(outcome.get(10))

    asking = in_thread(ask)
    for _ in range(3):
        assert in_thread(take).wait(5)
    outcome.put("translation")
    assert asking.wait(5)
    assert found == ["translation"]


def test_a_failure_gives_the_turn_back():
    with pytest.raises(KeyboardInterrupt), in_turn(LARGE):
        raise KeyboardInterrupt
    assert in_thread(take).wait(5)


def test_a_thread_that_outlives_its_request_keeps_no_turn():
    with in_turn(LARGE):
        context = contextvars.copy_context()
        waits, goes_on = threading.Event(), threading.Event()

        def wait():
            with out_of_turn():
                waits.set()
                goes_on.wait(10)

        late = in_thread(lambda: context.run(wait))
        assert waits.wait(5)
    goes_on.set()
    assert late.wait(5)
    assert in_thread(take).wait(5)


def test_who_never_has_a_turn_is_refused(monkeypatch):
    monkeypatch.setattr(turns, "_LONGEST", 0.05)
    refused = threading.Event()

    def ask():
        with pytest.raises(TimedOut), in_turn(LARGE):
            pass
        refused.set()

    with in_turn(LARGE):
        in_thread(ask)
        assert refused.wait(5)
    assert in_thread(take).wait(5)


def test_who_has_begun_goes_on_without_a_turn(monkeypatch):
    monkeypatch.setattr(turns, "_LONGEST", 0.05)
    waits, goes_on = threading.Event(), threading.Event()

    def wait():
        with in_turn(LARGE), out_of_turn():
            waits.set()
            goes_on.wait(10)

    late = in_thread(wait)
    assert waits.wait(5)
    with in_turn(LARGE):
        goes_on.set()
        assert late.wait(5)
    assert in_thread(take).wait(5)
