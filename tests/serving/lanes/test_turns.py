"""Large requests compute one at a time; who waits lets others go on, nothing is locked for good."""

import contextvars
import threading

import pytest

from serving.errors import TimedOut
from serving.lanes.caller import Caller
from serving.lanes.mailbox import Mailbox
from serving.lanes.turns import in_turn, out_of_turn


def in_thread(work):
    done = threading.Event()

    def run():
        work()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    return done


def take():
    with in_turn(Caller()):
        pass


def test_a_large_request_waits_for_another():
    with in_turn(Caller()):
        second = in_thread(take)
        assert not second.wait(0.1)
    assert second.wait(5)


def test_who_waits_for_a_translation_lets_others_go_on():
    outcome: Mailbox[str] = Mailbox()
    found = []

    def ask():
        with in_turn(Caller()):
            found.append(outcome.get(10))

    asking = in_thread(ask)
    for _ in range(3):
        assert in_thread(take).wait(5)
    outcome.put("translation")
    assert asking.wait(5)
    assert found == ["translation"]


def test_a_failure_gives_the_turn_back():
    with pytest.raises(KeyboardInterrupt), in_turn(Caller()):
        raise KeyboardInterrupt
    assert in_thread(take).wait(5)


def test_a_thread_that_outlives_its_request_keeps_no_turn():
    with in_turn(Caller()):
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


def test_who_never_has_a_turn_is_refused():
    refused = threading.Event()

    def ask():
        with pytest.raises(TimedOut), in_turn(Caller(0.05)):
            pass
        refused.set()

    with in_turn(Caller()):
        in_thread(ask)
        assert refused.wait(5)
    assert in_thread(take).wait(5)


def test_who_has_begun_and_is_late_is_refused():
    """Were all who are late to go on, they would compute at the same time."""
    waits, goes_on, refused = threading.Event(), threading.Event(), threading.Event()

    def wait():
        with pytest.raises(TimedOut), in_turn(Caller(0.5)), out_of_turn():
            waits.set()
            goes_on.wait(10)
        refused.set()

    in_thread(wait)
    assert waits.wait(5)
    with in_turn(Caller()):
        goes_on.set()
        assert refused.wait(5)
    assert in_thread(take).wait(5)
