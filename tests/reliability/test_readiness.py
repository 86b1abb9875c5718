"""`/ping` is 200 only while there are models and the server stays."""

import signal
import time

import pytest

from tests.reliability.raw import Connection, get, post


def ping(server):
    return server.get("/ping")


@pytest.mark.bar
def test_ping_is_503_before_200_after_and_503_while_draining(scripted, record):
    server = scripted(load="1")
    server.start()
    server.wait_for_log("loading")
    before = ping(server)
    assert (before.status, before.json["error"]["code"]) == (503, "loading")
    assert before.headers["Retry-After"]
    assert server.get("/livez").status == 200
    assert server.get("/models").json["error"]["code"] == "loading"
    server.wait_for_log("ready")
    ready = ping(server)
    assert (ready.status, ready.body) == (200, b"")
    with Connection(server.port) as connection:
        connection.socket.sendall(post("sleep 1.5"))
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        server.wait_for_log("draining")
        with Connection(server.port) as prober:
            while_draining = prober.ask(get("/ping"))
        assert (while_draining.status, while_draining.code) == (503, "stopping")
        assert while_draining.closes
        assert connection.answer().status == 200
    assert server.process.wait(10) == 0
    server.__exit__()
    record(
        "readiness while loading, ready, draining",
        "503, 200, 503",
        f"{before.status}, {ready.status}, {while_draining.status}",
    )


def test_the_ready_line_comes_only_when_ready(scripted):
    with scripted(load="0.7") as server:
        assert ping(server).status == 200
        messages = [line["message"] for line in server.log]
        assert messages.index("loading") < messages.index("ready")


@pytest.mark.bar
def test_a_failed_load_ends_at_once_with_one_sentence(scripted, tmp_path, record):
    server = scripted(load="fail")
    started = time.monotonic()
    server.start()
    code = server.process.wait(5)
    seconds = time.monotonic() - started
    assert code == 1
    assert server.errors == [f"serving: {tmp_path / 'en_qaa'} is not a model. Copy it again."]
    assert server.process.stdout.read() == ""
    server.__exit__()
    record(
        "a model that cannot be loaded",
        "never ready; exit code 1 in 5 s, one sentence",
        f"exit code {code} after {seconds:.1f} s, one sentence",
    )


@pytest.mark.bar
def test_sigterm_during_the_load_ends_it_within_two_seconds(scripted, record):
    server = scripted(load="60")
    server.start()
    server.wait_for_log("loading")
    started = time.monotonic()
    assert server.stop() == 0
    seconds = time.monotonic() - started
    assert seconds < 2
    server.__exit__()
    record(
        "SIGTERM during model load",
        "gone in 2 s, exit code 0",
        f"gone in {seconds:.1f} s, exit code 0",
    )


def test_a_second_signal_ends_it_at_once(scripted):
    with scripted() as server, Connection(server.port) as connection:
        connection.socket.sendall(post("hang"))
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        server.wait_for_log("draining")
        assert server.stop() == 128 + signal.SIGTERM
