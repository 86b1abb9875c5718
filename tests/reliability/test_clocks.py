"""The clock is set, the process is stopped for a while: nobody is hurt."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.reliability.raw import Connection, get, post

HOUR = 3600


def ask(server, text):
    with Connection(server.port) as connection:
        return connection.ask(post(text))


@pytest.mark.slow
def test_set_back_it_still_closes_who_is_slow_or_silent(scripted):
    limits = {"SERVING_RECEIVE_TIMEOUT": "1", "SERVING_IDLE_TIMEOUT": "2"}
    with scripted(**limits) as server, Connection(server.port, timeout=8) as slow:
        slow.socket.sendall(post("hello")[:-5])
        time.sleep(0.1)
        assert ask(server, f"clock -{HOUR}").status == 200
        with Connection(server.port, timeout=8) as silent:
            assert silent.ask(get("/ping")).status == 200
            assert slow.answer().status == 408
            assert silent.is_closed()


@pytest.mark.slow
def test_set_forward_it_lets_uploads_end(scripted):
    with scripted() as server, Connection(server.port) as uploading:
        request = post("hello")
        uploading.socket.sendall(request[:-5])
        time.sleep(1.2)
        assert ask(server, f"clock {HOUR}").status == 200
        time.sleep(2.2)  # it looks once a second
        assert uploading.ask(request[-5:]).status == 200


@pytest.mark.slow
def test_a_pause_of_the_process_is_no_stuck_translation(scripted):
    limits = {"SERVING_TIMEOUT": "2", "SERVING_STUCK_TIMEOUT": "2"}
    with scripted(**limits) as server, ThreadPoolExecutor(1) as pool:
        reply = pool.submit(ask, server, "naps 19")
        time.sleep(0.5)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(7)
        server.process.send_signal(signal.SIGCONT)
        assert reply.result().status in (200, 503)
        time.sleep(2)
        assert ask(server, "hello").status == 200
        assert ask(server, "hang").status == 503
        assert server.process.wait(15) == 70  # what is really stuck still ends it
