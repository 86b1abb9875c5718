"""A handler spoils its own request and nothing else, whatever it raises or returns."""

import json
import signal
import threading
import time

import pytest

from tests.reliability.conftest import PLUGIN
from tests.reliability.raw import Connection
from tests.running import Server

SECRET = "secret-9f3"
RETURNED = {
    "dict": "a dict",
    "set": "a set",
    "none": "None",
    "string": "a str",
    "generator": "a list_iterator",
    "strings": "a str",
    "many": "2 translations for 1 segments",
    "bytes": "a Translation with what is no text",
    "surrogate": "a Translation with what is no text",
    "score": "a Translation with a score",
    "tokens": "a dict",
}
RAISED = ("exit", "interrupt", "panic", "token-exit", "token-interrupt", "token-panic")
PATHS = ("/invocations", "/translate", "/v2/translate")


def request(path, text):
    fields = {
        "/invocations": {"text": text, "split": "none"},
        "/translate": {"q": text, "source": "en", "target": "qab"},
        "/v2/translate": {"text": [text], "source_lang": "EN", "target_lang": "QAB"},
    }[path]
    body = json.dumps(fields).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def ask(server, text, path="/invocations"):
    """The answer, and whether its connection was closed."""
    with Connection(server.port, timeout=15) as connection:
        answer = connection.ask(request(path, text))
        return answer, answer.closes and connection.is_closed()


class Unruly(Server):
    def __init__(self, folder, **environment):
        (folder / "en_qab").mkdir()
        environment = {"PYTHONPATH": str(PLUGIN), "SERVING_CACHE_ENTRIES": "0", **environment}
        super().__init__(folder, **environment)


@pytest.fixture
def unruly(tmp_path):
    with Unruly(tmp_path) as server:
        yield server


def words(server):
    return json.dumps(server.log) + "\n".join(server.errors)


@pytest.mark.slow
def test_what_it_returns_is_checked_and_said_in_one_sentence(unruly):
    for word, found in RETURNED.items():
        answer, closed = ask(unruly, f"{word} {SECRET}")
        assert (word, answer.status, answer.code, closed) == (word, 500, "internal_error", True)
        trace = [line["traceback"][-1] for line in unruly.log if "traceback" in line][-1]
        member = "tokenize" if word == "tokens" else "translate"
        assert trace.startswith(f"HandlerError: Unruly.{member} returned {found}"), trace
    assert ask(unruly, "deque as good as a list")[0].status == 200
    assert SECRET not in words(unruly)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_what_it_raises_is_a_500_and_the_next_is_served(unruly, path):
    for word in (*RAISED, *RAISED, "memory"):
        answer, closed = ask(unruly, f"{word} {SECRET}", path)
        assert (word, answer.status, closed) == (word, 500, True)
        assert SECRET.encode() not in answer.body
        assert ask(unruly, "hello", path)[0].status == 200
    assert unruly.get("/ping").status == 200
    started = time.monotonic()
    unruly.process.send_signal(signal.SIGTERM)
    assert unruly.process.wait(10) == 0
    assert time.monotonic() - started < 5
    assert SECRET not in words(unruly)


@pytest.mark.slow
def test_who_shares_its_batch_is_served(tmp_path):
    """One lane, kept busy until both wait: they would be one batch."""
    with Unruly(tmp_path, SERVING_CONCURRENCY="1") as server:
        answers = {}

        def one(text):
            answers[text] = ask(server, text)[0].status

        for _ in range(10):
            texts = [f"panic {SECRET}", *(f"neighbour {number}" for number in range(8))]
            threads = [threading.Thread(target=one, args=(text,)) for text in texts]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert answers == {text: 500 if text.startswith("panic") else 200 for text in texts}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["raise SystemExit(0)", "raise KeyboardInterrupt", "panic()"])
@pytest.mark.parametrize("place", ["import", "hook", "factory", "translate"])
def test_a_start_that_it_spoils_ends_with_one_sentence(tmp_path, fault, place):
    lines = {name: fault if name == place else "pass" for name in ("import", "hook", "factory")}
    last = fault if place == "translate" else "return [Translation('') for _ in segments]"
    folder, plugin = tmp_path / "models", tmp_path / "plugin"
    (folder / "en_qac").mkdir(parents=True)
    plugin.mkdir()
    (plugin / "spoiler.py").write_text(
        "from handlers import Translation, hookimpl\n"
        "class Panic(BaseException): pass\n"
        "def panic(): raise Panic('here')\n"
        f"{lines['import']}\n"
        "@hookimpl\n"
        "def register_handlers(register):\n"
        f"    {lines['hook']}\n"
        "    register('en', 'qac', Spoiler)\n"
        "class Spoiler:\n"
        "    def __init__(self, folder):\n"
        f"        {lines['factory']}\n"
        "    def translate(self, segments, options):\n"
        f"        {last}\n"
    )
    info = plugin / "spoiler-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: spoiler\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[serverless_translation.handlers]\nspoiler = spoiler\n")
    server = Server(folder, PYTHONPATH=str(plugin))
    server.start()
    assert server.process.wait(10) == 1
    assert [line.startswith("serving: Plugin spoiler") for line in server.errors] == [True]
    server.__exit__()
