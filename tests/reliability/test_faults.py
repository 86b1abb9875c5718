"""Handlers that hang, crash, fork or raise."""

import signal
import time

import pytest

from tests.reliability.raw import Connection, Lost, post

STUCK = 70


def ask(server, text):
    with Connection(server.port) as connection:
        return connection.ask(post(text))


@pytest.mark.parametrize("seconds", [3, pytest.param(22, marks=pytest.mark.soak)])
def test_sigterm_with_a_stuck_translation(scripted, seconds, record):
    with (
        scripted(SERVING_DRAIN_TIMEOUT=str(seconds)) as server,
        Connection(server.port) as connection,
    ):
        connection.socket.sendall(post("hang"))
        time.sleep(0.2)
        started = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        answer = connection.answer()
        assert (answer.status, answer.code) == (503, "stopping")
        code = server.process.wait(30)
        gone = time.monotonic() - started
        assert code == STUCK
        assert gone < seconds + 2
        assert server.wait_for_log("drain: out of time")
    record(
        "SIGTERM with a stuck translation",
        "503 to its caller, gone in 25 s, no SIGABRT or SIGSEGV",
        f"503, gone in {gone:.1f} s, exit code {code}",
    )


def test_a_stuck_translation_is_answered_and_then_ends_the_process(scripted):
    with scripted(SERVING_TIMEOUT="1", SERVING_STUCK_TIMEOUT="1") as server:
        answer = ask(server, "hang")
        assert (answer.status, answer.code) == (503, "timeout")
        assert b"longer than 1 s" in answer.body
        assert answer.headers["retry-after"]
        assert ask(server, "hello").status == 200
        assert server.process.wait(10) == STUCK
        line = next(line for line in server.log if line["level"] == "critical")
        assert line["message"].startswith("A translation is stuck")
        assert "reliability_handlers.py" in str(line["stacks"])
        assert server.errors == []


def test_a_crash_says_where_and_ends_with_sigsegv(scripted):
    with scripted() as server:
        with pytest.raises(Lost):
            ask(server, "crash")
        assert server.process.wait(10) == -signal.SIGSEGV
        assert server.errors[0] == "Fatal Python error: Segmentation fault"
        assert any("reliability_handlers.py" in line for line in server.errors)


def test_an_exception_is_a_500_without_a_trace_of_it(scripted):
    with scripted() as server:
        answer = ask(server, "raise")
        assert (answer.status, answer.code) == (500, "internal_error")
        assert b"ValueError" not in answer.body
        trace = next(line["traceback"] for line in server.log if "traceback" in line)
        assert trace[-1] == "ValueError"
        assert "the user's text" not in str(server.log)


def test_a_fork_is_refused_once_a_model_is_loaded(scripted):
    with scripted() as server:
        assert ask(server, "fork").status == 500
        assert any("fork_guard.py" in str(line.get("traceback")) for line in server.log)
        assert ask(server, "spawn").status == 200
        assert ask(server, "hello").status == 200
