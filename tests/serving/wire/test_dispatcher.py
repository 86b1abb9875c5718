"""Threads on demand, also where the machine gives no more."""

import _thread
import threading
from typing import Any

import pytest

from serving.wire.dispatcher import Dispatcher


class Task:
    """Ends when it is told to."""

    def __init__(self) -> None:
        self.started, self.end = threading.Event(), threading.Event()

    def service(self) -> None:
        self.started.set()
        self.end.wait(10)

    def cancel(self) -> None:
        raise AssertionError("canceled")


@pytest.fixture
def dispatcher() -> Any:
    dispatcher = Dispatcher(3)
    yield dispatcher
    dispatcher.shutdown()


def no_thread(*_: Any) -> None:
    raise RuntimeError("can't start new thread")


def test_a_thread_is_started_for_each_task_that_finds_none_idle(dispatcher: Dispatcher) -> None:
    tasks = [Task() for _ in range(4)]
    for task in tasks:
        dispatcher.add_task(task)
    assert all(task.started.wait(10) for task in tasks[:3])
    assert len(dispatcher.threads) == 3
    tasks[0].end.set()
    assert tasks[3].started.wait(10)
    for task in tasks:
        task.end.set()


def test_without_a_further_thread_a_task_waits_for_those_there(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = Task(), Task(), Task()
    dispatcher.add_task(first)
    assert first.started.wait(10)
    with monkeypatch.context() as patch:
        patch.setattr(dispatcher, "start_new_thread", no_thread)
        dispatcher.add_task(second)
    assert len(dispatcher.threads) == 1
    first.end.set()
    assert second.started.wait(10)
    # Once the machine gives threads again, they are started again.
    dispatcher.add_task(third)
    assert third.started.wait(10)
    second.end.set()
    third.end.set()


def test_without_any_thread_the_task_is_refused(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "start_new_thread", no_thread)
    with pytest.raises(RuntimeError):
        dispatcher.add_task(Task())
    assert not dispatcher.threads


def test_a_thread_that_never_runs_is_not_waited_for(
    dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where memory is out, a thread may end before its first line of Python."""
    monkeypatch.setattr(threading.Thread, "_bootstrap", lambda self: None)
    is_over = threading.Event()

    def add() -> None:
        dispatcher.add_task(Task())
        is_over.set()

    _thread.start_new_thread(add, ())
    assert is_over.wait(5)
    dispatcher.queue.clear()  # nobody will ever run it, and its end would cancel it
