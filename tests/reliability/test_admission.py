"""Places, deadlines, and clients that do not wait."""

import time

import pytest

from tests.reliability.raw import Connection, get, post


def test_more_than_the_places_are_refused_at_once(scripted):
    with scripted(SERVING_CONCURRENCY="1", SERVING_QUEUE="1") as server:
        waiting = [Connection(server.port) for _ in range(2)]
        for connection in waiting:
            connection.socket.sendall(post("sleep 2"))
        time.sleep(0.3)
        with Connection(server.port) as third:
            refused = third.ask(post("hello"))
            assert (refused.status, refused.code) == (503, "busy")
            assert refused.headers["retry-after"] == "1"
            assert third.ask(get("/ping")).status == 200
        assert [connection.answer().status for connection in waiting] == [200, 200]
        for connection in waiting:
            connection.socket.close()


@pytest.mark.bar
def test_clients_that_leave_while_queued_are_not_computed(scripted, record):
    with scripted(SERVING_CONCURRENCY="2", SERVING_QUEUE="30") as server:
        clients = []
        for _ in range(2):
            clients.append(Connection(server.port))
            clients[-1].socket.sendall(post("sleep 2"))
            time.sleep(0.3)  # else both may be one batch, and a lane stays free
        for _ in range(20):
            clients.append(Connection(server.port))
            clients[-1].socket.sendall(post("hello"))
        time.sleep(0.3)
        for connection in clients:
            connection.socket.close()
        with Connection(server.port) as last:
            answer = last.ask(post("count"))
        # The warm-up is the first call; then the two that were in flight.
        assert b'"calls 3"' in answer.body
    record(
        "clients that leave while queued",
        "only those in flight are computed",
        "22 clients left: 2 in flight computed, 20 queued not",
    )


def test_a_request_that_waited_too_long_is_not_computed(scripted):
    with scripted(SERVING_CONCURRENCY="1", SERVING_TIMEOUT="1") as server:
        clients = [Connection(server.port) for _ in range(2)]
        clients[0].socket.sendall(post("sleep 1.5"))
        time.sleep(0.2)
        answer = clients[1].ask(post("hello"))
        assert (answer.status, answer.code) == (503, "timeout")
        assert clients[0].answer().code == "timeout"
        with Connection(server.port) as last:
            assert b'"calls 2"' in last.ask(post("count")).body
        for connection in clients:
            connection.socket.close()
