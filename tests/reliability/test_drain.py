"""SIGTERM: nothing that was accepted is lost, and the process is gone in time."""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.reliability.raw import Connection, Lost, post
from tests.running import Server

FULL = pytest.mark.soak


class Clients:
    """12 that keep their connection and 12 that do not, until connecting is refused."""

    def __init__(self, port):
        self.port, self.counts = port, Counter()
        self.stopping = False
        self.threads = [
            threading.Thread(target=self._run, args=(keeps,)) for keeps in (True, False) * 12
        ]
        for thread in self.threads:
            thread.start()

    def wait(self):
        for thread in self.threads:
            thread.join(40)
        return self.counts

    def _run(self, keeps):
        while True:
            try:
                connection = Connection(self.port)
            except ConnectionRefusedError:
                return
            with connection:
                self._use(connection, keeps)

    def _use(self, connection, keeps):
        request = post(
            f"sleep {random.uniform(0.01, 0.3):.2f}",
            connection="keep-alive" if keeps else "close",
        )
        while True:
            try:
                answer = connection.ask(request)
            except Lost as lost:
                self.counts[f"lost: {lost}"] += 1
                return
            self.counts[answer.status] += 1
            if answer.closes:
                return


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=FULL)])
@pytest.mark.timeout(300)
def test_sigterm_under_load_loses_nothing(scripted, rounds, record):
    total, longest = Counter(), 0.0
    for _ in range(rounds):
        with scripted() as server:
            clients = Clients(server.port)
            time.sleep(random.uniform(0.3, 0.8))
            started = time.monotonic()
            code = server.stop()
            longest = max(longest, time.monotonic() - started)
            total += clients.wait()
            assert code == 0, server.errors
    assert set(total) == {200}, total
    assert total[200] > 24 * rounds
    # The slowest request takes 0.3 s, and 24 clients share 8 places.
    assert longest < 0.9 + 2
    record(
        "SIGTERM under load: 12 keep-alive and 12 closing clients",
        "0 requests lost, exit code 0, gone within the slowest request + 2 s",
        f"{rounds} rounds: {total[200]} answered, 0 lost, exit code 0, gone in {longest:.1f} s",
    )


@pytest.mark.parametrize("rounds", [1, pytest.param(12, marks=FULL)])
@pytest.mark.timeout(300)
def test_sigterm_while_the_engine_works(rounds, record):
    text = " ".join(["The house is big and old."] * 60)
    codes = []
    for _ in range(rounds):
        with Server() as server, ThreadPoolExecutor(4) as pool:
            replies = [pool.submit(server.text, text) for _ in range(4)]
            time.sleep(0.2)
            codes.append(server.stop())
            assert [reply.result().status for reply in replies] == [200] * 4
    assert codes == [0] * rounds
    record(
        "SIGTERM while CTranslate2 translates",
        "all answered, exit code 0, never SIGABRT",
        f"{rounds} rounds: all answered, exit code 0 each time",
    )
