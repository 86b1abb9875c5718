"""Every limit at L − 1, L and L + 1: the exact status, always with a JSON body."""

import json

import pytest

from tests.reliability.conftest import ScriptedServer
from tests.reliability.raw import Connection

pytestmark = pytest.mark.bar
LIMITS = {
    "SERVING_MAX_BODY": "2000",
    "SERVING_MAX_HEADERS": "1000",
    "SERVING_MAX_CHARACTERS": "500",
    "SERVING_MAX_TOKENS": "100",
    "SERVING_MAX_TEXTS": "5",
    "SERVING_MAX_DEPTH": "4",
    "SERVING_MAX_ALTERNATIVES": "3",
    "SERVING_MAX_BEAM_SIZE": "5",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ScriptedServer(tmp_path_factory.mktemp("models"), **LIMITS) as running:
        yield running


def json_request(body: bytes, *headers: bytes, chunked: bool = False) -> bytes:
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(body)
    lines = [
        b"POST /invocations HTTP/1.1",
        b"Host: localhost",
        b"Content-Type: application/json",
        framing,
    ]
    if chunked:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return b"\r\n".join([*lines, *headers]) + b"\r\n\r\n" + body


def body_of(size: int) -> bytes:
    return b'{"text": "hello"}'.ljust(size)


def headers_of(size: int) -> bytes:
    """A request whose line and headers, with the empty line, are ``size`` bytes."""
    body = body_of(17)
    shortest = json_request(body, b"X-Pad: ").index(b"\r\n\r\n") + 4
    return json_request(body, b"X-Pad: " + b"a" * (size - shortest))


def fields(**values) -> bytes:
    return json_request(json.dumps({"split": "none", **values}).encode())


def nested(levels: int) -> bytes:
    # The object itself is one; a known field of the wrong kind is read, then refused.
    inner = "[" * (levels - 1) + "]" * (levels - 1)
    return json_request(f'{{"text": "hello", "keep": {inner}}}'.encode())


REQUESTS = {
    "body": (2000, 413, lambda size: json_request(body_of(size))),
    "chunked body": (2000, 413, lambda size: json_request(body_of(size), chunked=True)),
    "headers": (1000, 431, headers_of),
    "characters": (500, 413, lambda size: fields(texts=["1" * (size - 100), "1" * 100])),
    "tokens": (100, 413, lambda size: fields(texts=["a" * 60, "b" * (size - 60)])),
    "texts": (5, 413, lambda size: fields(texts=["hello"] * size)),
    "keep": (5, 413, lambda size: fields(text="hello", keep=["x"] * size)),
    "ignore_tags": (5, 413, lambda size: fields(text="hello", ignore_tags=["x"] * size)),
    "alternatives": (3, 400, lambda size: fields(text="hello", alternatives=size)),
    "beam_size": (5, 400, lambda size: fields(text="hello", beam_size=size)),
}


CASES = [(name, beyond) for name in REQUESTS for beyond in (-1, 0, 1)]
NESTING = [(3, "keep[0]"), (4, "keep[0]"), (5, "deeper than 4")]


def refusal(answer) -> str:
    return json.loads(answer.body)["error"]["message"] if answer.status >= 400 else ""


def is_as_promised(server, name: str, beyond: int) -> bool:
    limit, refused, request = REQUESTS[name]
    with Connection(server.port) as connection:
        answer = connection.ask(request(limit + beyond))
    is_json = answer.headers["content-type"].startswith("application/json")
    if beyond > 0:
        return is_json and answer.status == refused and str(limit) in refusal(answer)
    return is_json and answer.status == 200


def is_nesting_as_promised(server, levels: int, why: str) -> bool:
    with Connection(server.port) as connection:
        answer = connection.ask(nested(levels))
    return answer.status == 400 and why in refusal(answer)


@pytest.mark.parametrize(("name", "beyond"), CASES)
def test_a_limit_holds_exactly(server, name, beyond):
    assert is_as_promised(server, name, beyond)


@pytest.mark.parametrize(("levels", "why"), NESTING)
def test_nesting_has_a_limit(server, levels, why):
    assert is_nesting_as_promised(server, levels, why)


def test_the_message_names_the_size(server):
    with Connection(server.port) as connection:
        answer = connection.ask(fields(text="a" * 123))
    assert refusal(answer) == (
        "The request has at least 123 tokens; the limit is 100. Send it in parts."
    )


@pytest.mark.parametrize("size", [1_999, 100_000])
def test_expect_continue_is_answered_before_the_body(server, size):
    head = json_request(b" " * size, b"Expect: 100-continue").rstrip()
    with Connection(server.port) as connection:
        connection.socket.sendall(head + b"\r\n\r\n")
        first = connection.socket.recv(12)
    assert first == (b"HTTP/1.1 100" if size < 2_000 else b"HTTP/1.1 413")


def test_the_table_of_limits(server, record):
    answers = [is_as_promised(server, *case) for case in CASES]
    answers += [is_nesting_as_promised(server, *case) for case in NESTING]
    record(
        "limits at L−1, L, L+1",
        "the exact status, a JSON body",
        f"{len(REQUESTS) + 1} limits, {len(answers)} requests, {sum(answers)} answered so",
    )
    assert all(answers)
