"""Thousands of mixed requests leave nothing behind."""

import itertools
import json
import random
import threading
import time
from collections import Counter

import psutil
import pytest

from tests.reliability.raw import Connection
from tests.running import Server

SENTENCES = {
    "en": ("Hello world!", "The house is big and old.", "Where is the station?", "Good morning."),
    "de": ("Hallo Welt!", "Das Haus ist groß und alt.", "Wo ist der Bahnhof?", "Guten Morgen."),
}
TARGET = {"en": "de", "de": "en"}


def json_request(body, path="/invocations", method="POST"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def mixed(dice):
    """A request and the status it must get."""
    source = dice.choice(["en", "de"])
    pair = {"source": source, "target": TARGET[source]}
    texts = dice.choices(SENTENCES[source], k=dice.randrange(1, 5))
    return dice.choice(
        [
            (json_request({**pair, "texts": texts}), 200),
            (json_request({**pair, "text": "\n".join(texts), "alternatives": 2}), 200),
            (json_request({**pair, "text": "<b>Hello</b>", "format": "html"}), 200),
            (json_request({**pair, "texts": []}), 200),
            (json_request({"source": "en", "target": "fr", "text": "x"}), 422),
            (json_request({**pair, "text": "x" * 100_001}), 413),
            (json_request(b'{"text": '), 400),
            (json_request(b"", "/ping", "GET"), 200),
            (json_request(b"", "/nowhere", "GET"), 404),
        ]
    )


class Mix:
    """Clients that send ``count`` requests in all; every 50th leaves at once."""

    def __init__(self, port):
        self.port, self.wrong, self.done = port, Counter(), Counter()
        self.numbers = itertools.count()

    def run(self, count, clients=4):
        self.end = next(self.numbers) + count
        threads = [threading.Thread(target=self._client, args=(n,)) for n in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _client(self, seed):
        dice = random.Random(seed)
        connection = Connection(self.port)
        while (number := next(self.numbers)) < self.end:
            request, expected = mixed(dice)
            if number % 50 == 0:
                connection.socket.sendall(request)
                connection.socket.close()
                connection = Connection(self.port)
                continue
            answer = connection.ask(request)
            self.done[answer.status] += 1
            if answer.status != expected:
                self.wrong[expected, answer.status, answer.body[:200]] += 1
        connection.socket.close()


def usage_at_rest(server, seconds):
    """Resident memory in MB, file descriptors, threads; with no connection open."""
    process = psutil.Process(server.process.pid)
    for _ in range(100):
        if len(process.net_connections("tcp")) == 1:
            break
        time.sleep(0.05)
    else:
        raise AssertionError(process.net_connections("tcp"))
    time.sleep(seconds)
    return process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()


# At rest, what was freed goes back within seconds; the quick one does not wait for that.
@pytest.mark.parametrize(
    ("count", "share", "rest"),
    [(1_200, 1.0, 0), pytest.param(20_000, 0.05, 12, marks=pytest.mark.soak)],
)
@pytest.mark.timeout(900)
def test_mixed_requests_leave_nothing_behind(count, share, rest, record):
    with Server() as server:
        mix = Mix(server.port)
        # Threads start as they are needed: more clients first, so that no more are later.
        mix.run(count // 4, clients=16)
        before = usage_at_rest(server, rest)
        mix.run(3 * count // 4)
        after = usage_at_rest(server, rest)
        assert not mix.wrong
        assert not [line for line in server.log if "traceback" in line]
    growth = after[0] - before[0]
    figure = (
        f"{sum(mix.done.values())} requests: {before[0]:.0f} → {after[0]:.0f} MB, "
        f"file descriptors {before[1]} → {after[1]}, threads {before[2]} → {after[2]}"
    )
    print(figure)
    assert after[1:] == before[1:], figure
    assert growth <= min(20, share * before[0]), figure
    record(
        "20 000 mixed requests, from 25 % of them to the end",
        "memory +5 % and 20 MB at most, no file descriptor or thread more",
        figure,
    )
