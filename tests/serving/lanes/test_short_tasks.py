"""Short requests in the loop's thread: they wait, go on, end, and never stop the loop."""

import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from serving.lanes.mailbox import Mailbox
from serving.lanes.short_tasks import ShortTasks, at_end, current
from tests.running import Server

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


class Loop:
    """A server's loop, as far as short tasks know it."""

    def __init__(self) -> None:
        self._woken = threading.Event()
        self.tasks = ShortTasks(self._woken.set)

    def go_round(self) -> None:
        self._woken.wait(self.tasks.seconds_to_rest(1.0))
        self._woken.clear()
        self.tasks.run()

    def run_until(self, is_over: Any) -> None:
        end = time.monotonic() + 10
        while not is_over():
            assert time.monotonic() < end
            self.go_round()


@pytest.fixture
def loop() -> Loop:
    return Loop()


def test_one_that_waits_lets_others_go_on(loop: Loop) -> None:
    outcome: Mailbox[str] = Mailbox()
    seen: list[str | None] = []
    loop.tasks.add(lambda: seen.append(outcome.get(None)))
    loop.tasks.add(lambda: seen.append("other"))
    loop.run_until(lambda: seen)
    assert seen == ["other"]
    threading.Timer(0.05, outcome.put, ["late"]).start()
    loop.run_until(lambda: len(seen) == 2)
    assert seen == ["other", "late"]


def test_what_came_before_it_waits_is_there(loop: Loop) -> None:
    outcome: Mailbox[str] = Mailbox()
    outcome.put("early")
    seen: list[str | None] = []
    loop.tasks.add(lambda: seen.append(outcome.get(10)))
    loop.run_until(lambda: seen)
    assert seen == ["early"]


def test_it_waits_no_longer_than_it_wants(loop: Loop) -> None:
    outcome: Mailbox[str] = Mailbox()
    seen: list[str | None] = []
    started = time.monotonic()
    loop.tasks.add(lambda: seen.append(outcome.get(0.1)))
    loop.run_until(lambda: seen)
    assert seen == [None]
    assert 0.1 <= time.monotonic() - started < 0.9  # the loop itself would wait a second
    outcome.put("too late")
    loop.go_round()
    assert loop.tasks.seconds_to_rest(1.0) == 1.0


@pytest.mark.parametrize("error", [LookupError("words of a user"), SystemExit(1)])
def test_a_failure_ends_one_and_says_where(
    loop: Loop, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    def fail() -> None:
        raise error

    seen: list[str] = []
    loop.tasks.add(fail)
    loop.tasks.add(lambda: seen.append("other"))
    loop.run_until(lambda: seen)
    assert [record.message for record in caplog.records] == ["a short request failed"]


def test_what_is_to_happen_at_the_end_happens_once(loop: Loop) -> None:
    seen: list[str] = []

    def wake() -> None:
        seen.append("wake")

    def work() -> None:
        assert current() is not None
        at_end(wake)
        seen.append("work")

    loop.tasks.add(work)
    loop.tasks.add(work)
    loop.run_until(lambda: "wake" in seen)
    assert seen == ["work", "work", "wake"]


def test_in_a_thread_of_its_own_it_happens_at_once() -> None:
    seen: list[str] = []
    at_end(lambda: seen.append("now"))
    assert seen == ["now"]
    assert current() is None


def test_a_thread_may_add_one_while_the_loop_waits(loop: Loop) -> None:
    seen: list[str] = []
    threading.Timer(0.05, loop.tasks.add, [lambda: seen.append("added")]).start()
    started = time.monotonic()
    loop.run_until(lambda: seen)
    assert time.monotonic() - started < 0.9


@pytest.mark.slow
def test_each_of_many_at_once_gets_its_own_answer(server: Server) -> None:
    """Bottle keeps request and response by thread, and all of these share one."""

    def ask(number: int) -> None:
        attributes = f"request_id=n{number};source=en;target=de"
        text = f"Write to user{number}@example.com today."
        if number % 3 == 0:
            reply = server.text(text, attributes)
            assert (reply.status, reply.headers["Content-Type"]) == (200, TEXT)
            assert f"user{number}@example.com" in reply.body.decode()
        else:
            body = json.dumps({"text": text if number % 3 == 1 else number}).encode()
            headers = {"Content_Type": JSON, "X_Amzn_SageMaker_Custom_Attributes": attributes}
            reply = server.post(body, **headers)
            assert reply.status == (200 if number % 3 == 1 else 400)
            if reply.status == 200:
                assert f"user{number}@example.com" in reply.json["translations"][0]["text"]
        assert reply.headers["X-Amzn-SageMaker-Custom-Attributes"] == f"request_id=n{number}"

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, range(100, 340)))


@pytest.mark.slow
def test_short_and_long_ones_on_one_connection_are_answered_in_order(server: Server) -> None:
    def request(number: int, text: str) -> bytes:
        attributes = f"request_id=n{number};source=en;target=de"
        head = f"POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(text)}\r\n"
        head += f"X-Amzn-SageMaker-Custom-Attributes: {attributes}\r\n\r\n"
        return (head + text).encode()

    texts = ["Hello!", "Good morning. " * 200, "Thank you.", "How are you? " * 200, "Goodbye!"]
    sent = b"".join(request(number, text) for number, text in enumerate(texts))
    sent += b"GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
        connection.sendall(sent)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert re.findall(rb"request_id=n(\d)", received) == [b"0", b"1", b"2", b"3", b"4"]
    assert received.count(b"HTTP/1.1 200 OK") == len(texts) + 1
