"""A cold model: callers are held, then sent away, while it keeps warming."""

import threading
import time

import pytest

from gateway.envelope import LOG
from gateway.errors import BackendError
from gateway.warmth import Warmth
from tests.doubles.tagging_backend import TaggingBackend

HELLO = {"q": "Hello", "source": "en", "target": "de"}
EN_DE = ("en", "de")
NOT_READY = BackendError(504, "not_ready", "The model is starting.", 5)


def test_a_held_caller_is_answered_when_the_model_wakes_in_time(caller_with, backend):
    backend.errors = [NOT_READY]
    assert caller_with(hold_seconds=10).post("/translate", json=HELLO).status == 200


@pytest.mark.parametrize(("path", "name"), [("/translate", "error"), ("/v2/translate", "message")])
def test_a_held_caller_is_sent_away_in_its_dialect(caller_with, backend, path, name):
    backend.seconds = 0.5
    body = {**HELLO, "text": ["Hello"], "source_lang": "EN", "target_lang": "DE"}
    wanted = (
        ("q", "source", "target") if name == "error" else ("text", "source_lang", "target_lang")
    )
    sent = {key: body[key] for key in wanted}
    answer = caller_with(hold_seconds=0.05).post(path, json=sent)
    assert answer.status == 504
    assert answer.json == {name: "The model for en to de is starting. Try again in a few seconds."}
    assert answer.headers["Retry-After"] == "2"


def test_a_retry_finds_the_model_warm(caller_with, backend):
    backend.seconds = 0.3
    api = caller_with(hold_seconds=0.05)
    assert api.post("/translate", json=HELLO).status == 504
    deadline = time.monotonic() + 30
    while (answer := api.post("/translate", json=HELLO)).status == 504:
        assert time.monotonic() < deadline
    assert answer.json == {"translatedText": "<de>Hello"}
    woken = [request for request in backend.requests if not any(request.texts)]
    assert len(woken) == 1, "every caller waited for the same question"


def test_callers_of_a_cold_model_wait_together():
    backend = TaggingBackend(seconds=0.2)
    warmth = Warmth(backend, warm_seconds=60)
    threads = [threading.Thread(target=warmth.wait, args=([EN_DE], 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warmth.is_warm(EN_DE)
    assert len(backend.requests) == 1


def test_a_model_cools_down():
    now = [0.0]
    backend = TaggingBackend()
    warmth = Warmth(backend, warm_seconds=60, clock=lambda: now[0])
    warmth.wait([EN_DE], 10)
    now[0] = 59.0
    warmth.wait([EN_DE], 10)
    assert len(backend.requests) == 1
    now[0] = 61.0
    warmth.wait([EN_DE], 10)
    assert len(backend.requests) == 2


def test_a_model_that_cannot_start_is_reported_and_asked_again():
    failure = BackendError(500, "model_failed", "The model failed on this request.")
    backend = TaggingBackend(errors=[failure])
    warmth = Warmth(backend, warm_seconds=60)
    with pytest.raises(BackendError) as raised:
        warmth.wait([EN_DE], 10)
    assert raised.value is failure
    warmth.wait([EN_DE], 10)
    assert warmth.is_warm(EN_DE)


def test_a_thread_that_cannot_be_started_spoils_one_request_only(caller_with, monkeypatch):
    api = caller_with(warm_seconds=60)
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Thread, "start", _refuse)
        answer = api.post("/translate", json=HELLO)
    assert answer.status == 503
    assert answer.json == {"error": "The server is busy. Try again in a few seconds."}
    assert api.post("/translate", json=HELLO).status == 200


def test_a_question_that_finds_no_thread_is_asked_by_the_next_caller(monkeypatch):
    warmth = Warmth(TaggingBackend(), warm_seconds=60)
    with monkeypatch.context() as without_threads:
        without_threads.setattr(threading.Thread, "start", _refuse)
        with pytest.raises(BackendError) as raised:
            warmth.wait([EN_DE], 10)
    assert (raised.value.status, raised.value.code) == (503, "busy")
    warmth.wait([EN_DE], 10)
    assert warmth.is_warm(EN_DE)


def test_whatever_ends_the_question_those_who_wait_hear_of_it():
    class Panicking(TaggingBackend):
        def translate(self, request):
            raise SystemExit(3)

    with pytest.raises(SystemExit):
        Warmth(Panicking(), warm_seconds=60).wait([EN_DE], 10)


def _refuse(thread):
    raise RuntimeError("can't start new thread")


def test_both_models_of_a_pivot_wake_side_by_side(caller_with, backend):
    backend.pairs = [("fr", "en"), ("en", "de")]
    backend.seconds = 0.3
    api = caller_with(pivot="en", hold_seconds=0.05)
    assert api.post("/translate", json={**HELLO, "source": "fr"}).status == 504
    asked = {(request.source, request.target) for request in list(backend.requests)}
    assert asked == {("fr", "en"), ("en", "de")}


def test_a_slow_translation_ends_at_the_deadline(caller_with, backend):
    api = caller_with(deadline_seconds=0.2)
    assert api.post("/translate", json=HELLO).status == 200
    backend.seconds = 0.6
    answer = api.post("/translate", json=HELLO)
    assert answer.status == 504
    assert answer.json == {"error": "The translation took too long. Send a shorter text."}
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BackendError(429, "throttled", "Too many requests at once for this model."), 429),
        (BackendError(413, "too_large", "The request has 9 tokens; the limit is 8."), 413),
        (BackendError(501, "not_implemented", "html is not supported by this model."), 501),
        (BackendError(503, "unavailable", "The server is full.", 3), 503),
    ],
)
def test_the_backends_refusal_reaches_the_caller(caller_with, backend, error, status):
    api = caller_with()
    assert api.post("/translate", json=HELLO).status == 200
    backend.errors = [error]
    answer = api.post("/translate", json=HELLO)
    assert (answer.status, answer.json) == (status, {"error": error.message})
    expected = str(error.retry_after or 5) if status in (429, 503) else None
    assert answer.headers.get("Retry-After") == expected


def test_a_bug_in_the_backend_tells_nothing(caller_with, backend, capsys, caplog, monkeypatch):
    # A Lambda test leaves a handler that writes to its own, closed stdout.
    monkeypatch.setattr(LOG, "handlers", [caplog.handler])
    monkeypatch.setattr(LOG, "propagate", False)
    api = caller_with()
    assert api.post("/translate", json=HELLO).status == 200
    backend.errors = [RuntimeError("secret detail")]
    answer = api.post("/translate", json=HELLO)
    assert (answer.status, answer.json) == (500, {"error": "Something went wrong on the server."})
    (record,) = [record for record in caplog.records if record.message == "failed"]
    assert record.fields["error"] == "RuntimeError"
    assert any("tagging_backend.py" in frame for frame in record.fields["traceback"])
    assert "secret detail" not in f"{record.fields}{capsys.readouterr()}{caplog.text}"


class Frozen(TaggingBackend):
    """A function's backend: the first question is lost, as when the function is frozen."""

    def __init__(self):
        super().__init__()
        self.questions, self.thawed = [], threading.Event()

    def wake(self, pair, seconds):
        self.questions.append((pair, seconds))
        if len(self.questions) == 1:
            self.thawed.wait(30)
            raise BackendError(504, "timeout", "The model did not answer in time.", 5)


def test_a_question_that_was_frozen_keeps_nobody_waiting():
    backend = Frozen()
    warmth = Warmth(backend, warm_seconds=60)
    with pytest.raises(BackendError) as raised:
        warmth.wait([EN_DE], 0.05)
    assert (raised.value.status, raised.value.code) == (504, "warming_up")
    started = time.monotonic()
    warmth.wait([EN_DE], 20)
    assert time.monotonic() - started < 10, "asked anew, not waited for the frozen question"
    assert backend.questions == [(EN_DE, 0.05), (EN_DE, 20)]
    backend.thawed.set()
    assert warmth.is_warm(EN_DE)


def test_a_function_asks_no_longer_than_its_caller_waits():
    class Cold(TaggingBackend):
        asked = 0

        def wake(self, pair, seconds):
            self.asked += 1
            raise NOT_READY

    backend = Cold()
    with pytest.raises(BackendError) as raised:
        Warmth(backend, warm_seconds=60).wait([EN_DE], 1.2)
    assert raised.value.code == "warming_up"
    asked = backend.asked
    assert asked >= 2
    time.sleep(1.5)
    assert backend.asked <= asked + 1, "nobody waits any more"
    assert not backend.requests
