"""The backend in Lambda: the real boto3, a loopback runtime API, the real container server."""

import json
import socket
import threading
import time

import pytest

from gateway import sagemaker_backend
from gateway.backend import TranslationRequest
from gateway.errors import BackendError, SettingsError
from gateway.sagemaker_backend import MAX_BYTES, SageMakerBackend
from tests.doubles.loopback import Loopback, RequestHandler
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, aws_environment

HELLO = TranslationRequest(("Hello world!",), "en", "de", request_id="order-7")


@pytest.fixture
def runtime(server):
    with SageMakerRuntime(dict.fromkeys(ENDPOINTS.values(), server.url)) as running:
        yield running


@pytest.fixture
def backend(runtime, monkeypatch):
    for name, value in aws_environment(runtime).items():
        monkeypatch.setenv(name, value)
    return SageMakerBackend(ENDPOINTS)


def refusal(backend, request=HELLO):
    with pytest.raises(BackendError) as raised:
        backend.translate(request)
    return raised.value


def test_translates_through_the_pairs_endpoint(backend, runtime):
    assert backend.pairs == [("en", "pt"), ("pt", "en"), ("de", "en"), ("en", "de")]
    assert backend.demonstrations == []
    assert [t.text for t in backend.translate(HELLO)] == ["Hallo Welt!"]
    (call,) = runtime.calls
    assert call.endpoint == "translate-en-de"
    assert call.attributes == "request_id=order-7"


def test_alternatives_score_and_order_come_through(backend):
    request = TranslationRequest(("Hello!", "", "Thank you!"), "en", "de", alternatives=2)
    first, blank, last = backend.translate(request)
    assert blank.text == ""
    assert len(first.alternatives) == 2
    assert first.text != last.text


def test_the_containers_own_refusal_comes_out_of_the_424(backend, runtime):
    error = refusal(backend, TranslationRequest(("Hello",), "en", "de", alternatives=9))
    assert (error.status, error.code) == (400, "bad_request")
    assert error.message == "alternatives is 9, but must be a whole number from 0 to 3."
    assert error.retry_after is None


def test_the_containers_pair_refusal_names_what_it_serves(backend, runtime, server):
    backend = SageMakerBackend({"en_fr": "translate-en-de"})
    error = refusal(backend, TranslationRequest(("Hello",), "en", "fr"))
    assert (error.status, error.code) == (422, "unknown_pair")
    assert "en → fr is not served" in error.message


def wrapped(status, document):
    return (
        424,
        "ModelError",
        {"OriginalStatusCode": status, "OriginalMessage": json.dumps(document)},
    )


@pytest.mark.parametrize(
    ("failure", "status", "code", "retry_after"),
    [
        (wrapped(503, {"error": {"code": "full", "message": "Full."}}), 503, "full", 5),
        (wrapped(429, {"error": {"code": "busy", "message": "Busy."}}), 429, "busy", 5),
        (wrapped(413, {"error": {"code": "too_large", "message": "L"}}), 413, "too_large", None),
        (wrapped(500, "<html>"), 500, "model_failed", None),
        ((424, "ModelError", {}), 500, "model_failed", None),
        (wrapped("broken", {"error": {"code": "x", "message": "X."}}), 500, "model_failed", None),
        ((424, "ModelError", {"OriginalMessage": 7}), 500, "model_failed", None),
        ((429, "ModelNotReadyException", {}), 504, "not_ready", 5),
        ((400, "ThrottlingException", {}), 429, "throttled", 5),
        ((503, "ServiceUnavailable", {}), 503, "unavailable", 5),
        ((530, "InternalDependencyException", {}), 503, "unavailable", 5),
        ((500, "InternalFailure", {}), 503, "unavailable", 5),
        ((400, "ValidationError", {"Message": "Endpoint x not found"}), 500, "misconfigured", None),
        ((403, "AccessDeniedException", {}), 500, "misconfigured", None),
    ],
)
def test_each_failure_has_its_status(backend, runtime, failure, status, code, retry_after):
    runtime.failures = [failure]
    error = refusal(backend)
    assert (error.status, error.code, error.retry_after) == (status, code, retry_after)
    assert "translate-en-de" not in error.message
    assert "Endpoint" not in error.message
    assert len(runtime.calls) == 1, "boto3 must not retry: each try is an invocation"


def test_an_endpoint_that_is_gone_is_not_named(backend, runtime):
    runtime.containers.clear()
    assert refusal(backend).message == "The model's endpoint cannot be used."


def test_too_many_at_once_are_throttled(server, monkeypatch):
    with SageMakerRuntime({"translate-en-de": server.url}, max_concurrency=0) as runtime:
        for name, value in aws_environment(runtime).items():
            monkeypatch.setenv(name, value)
        assert refusal(SageMakerBackend(ENDPOINTS)).status == 429


def test_a_model_that_does_not_answer_in_time(backend, runtime, monkeypatch):
    monkeypatch.setattr(sagemaker_backend, "READ_TIMEOUT", 0.2)
    runtime.cold_seconds = 1.0
    error = refusal(backend)
    assert (error.status, error.code, error.retry_after) == (504, "timeout", 5)
    assert len(runtime.calls) == 1


def test_a_cold_model_is_asked_for_no_longer_than_the_caller_waits(backend, runtime):
    runtime.cold_seconds = 30.0
    started = time.monotonic()
    with pytest.raises(BackendError) as raised:
        backend.wake(("en", "de"), 0.5)
    assert raised.value.status == 504
    assert time.monotonic() - started < 10


def test_a_warm_model_says_so(backend, runtime):
    backend.wake(("en", "de"), 20)
    assert json.loads(runtime.calls[0].body)["texts"] == [""]


def close_on_the_second_request(listener, answers):
    """Like a connection that died while the function was frozen: it answers once, then closes."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    body = b'{"translations": [{"text": "Hallo"}]}'
    while answers:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            for request in range(2):
                length = 0
                while (line := stream.readline()).strip():
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                stream.read(length)
                if request:
                    break
                connection.sendall(head % len(body) + body)
                answers.pop()


def test_a_connection_that_died_meanwhile_costs_nobody_an_answer(backend, runtime, monkeypatch):
    answers = [1, 2]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", url)
        arguments = (listener, answers)
        threading.Thread(target=close_on_the_second_request, args=arguments, daemon=True).start()
        for _ in range(2):
            (translation,) = backend.translate(TranslationRequest(("Hello",), "en", "de"))
            assert translation.text == "Hallo"
    assert not answers


def test_an_endpoint_that_cannot_be_reached(backend, runtime, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:9")
    assert refusal(backend).code == "unreachable"


def test_refuses_a_pair_written_otherwise():
    with pytest.raises(SettingsError, match=r"'en-de' is no pair\. Write it as en_de"):
        SageMakerBackend({"en-de": "x"})


class EchoContainer(Loopback):
    """Answers each text with itself, however large, or with what `change` makes of all."""

    class handler(RequestHandler):
        def do_POST(self):
            body = json.loads(self.body())
            answers = [{"text": text, "alternatives": []} for text in body["texts"]]
            answer = json.dumps({"translations": self.double.change(answers)}).encode()
            self.answer(200, answer, {"Content-Type": "application/json"})

    def __init__(self):
        self.change = lambda answers: answers


@pytest.fixture
def echo(runtime):
    with EchoContainer() as container:
        runtime.containers["translate-en-de"] = container.url
        yield container


def test_a_large_request_goes_in_parts_and_comes_back_in_order(backend, runtime, echo):
    texts = tuple(f"{n} " + "ü€" * 20_000 for n in range(60))
    translations = backend.translate(TranslationRequest(texts, "en", "de"))
    assert [t.text for t in translations] == list(texts)
    assert len(runtime.calls) > 5
    assert max(len(call.body) for call in runtime.calls) < MAX_BYTES
    assert sum(len(json.loads(call.body)["texts"]) for call in runtime.calls) == 60


def test_one_text_as_large_as_an_endpoint_takes_is_sent_alone(backend, runtime, echo):
    texts = ("a", "b" * 3_900_000, "c")
    backend.translate(TranslationRequest(texts, "en", "de"))
    assert sorted(len(json.loads(call.body)["texts"]) for call in runtime.calls) == [1, 1, 1]


def test_a_larger_text_is_refused_before_anything_is_sent(backend, runtime, echo):
    request = TranslationRequest(("a", "b" * MAX_BYTES), "en", "de")
    error = refusal(backend, request)
    assert error.status == 413
    assert str(MAX_BYTES) in error.message
    assert not runtime.calls


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a[1:],
        lambda a: None,
        lambda a: [7] * len(a),
        lambda a: [{**each, "confidence": "high"} for each in a],
    ],
)
def test_an_answer_that_is_none_is_refused(backend, echo, change):
    echo.change = change
    assert refusal(backend).code == "bad_answer"
