"""Requests that two servers could read differently: each refused, and closed."""

import json

import pytest

from tests.reliability.conftest import ScriptedServer
from tests.reliability.raw import Connection

pytestmark = pytest.mark.bar
BODY = b'{"text": "hello"}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKS = b"11\r\n" + BODY + b"\r\n0\r\n\r\n"


def post(*lines, body=BODY, version=b"HTTP/1.1", target=b"/invocations"):
    fields = b"".join(line + b"\r\n" for line in lines)
    head = b"POST " + target + b" " + version + b"\r\nContent-Type: application/json\r\n"
    return head + fields + b"\r\n" + body


HOST = b"Host: localhost"
SIZE = LENGTH.strip()
CHUNKED = b"Transfer-Encoding: chunked"

AMBIGUOUS = {
    "length and chunked": post(HOST, SIZE, CHUNKED, body=CHUNKS),
    "chunked and length": post(HOST, CHUNKED, SIZE, body=CHUNKS),
    "two lengths that differ": post(HOST, SIZE, b"Content-Length: 3"),
    "two equal lengths": post(HOST, SIZE, SIZE),
    "a list of lengths": post(HOST, b"Content-Length: 17, 17"),
    "a negative length": post(HOST, b"Content-Length: -17"),
    "a signed length": post(HOST, b"Content-Length: +17"),
    "a hexadecimal length": post(HOST, b"Content-Length: 0x11"),
    "an underscored number": post(HOST, b"Content-Length: 1_7"),
    "a length of 5000 digits": post(HOST, b"Content-Length: " + b"1" * 5000),
    "an empty length": post(HOST, b"Content-Length:"),
    "a length in other digits": post(HOST, "Content-Length: ١٧".encode()),
    "no Host": post(SIZE),
    "two Hosts": post(HOST, b"Host: other", SIZE),
    "two equal Hosts": post(HOST, HOST, SIZE),
    "a Host that is a list": post(b"Host: localhost, other", SIZE),
    "a Host with a path": post(b"Host: localhost/x", SIZE),
    "a Host with a user": post(b"Host: a@localhost", SIZE),
    "a target of another host": post(HOST, SIZE, target=b"http://other/invocations"),
    "chunked twice in a list": post(HOST, b"Transfer-Encoding: chunked, chunked", body=CHUNKS),
    "chunked twice": post(HOST, CHUNKED, CHUNKED, body=CHUNKS),
    "gzip before chunked": post(HOST, b"Transfer-Encoding: gzip, chunked", body=CHUNKS),
    "chunked before identity": post(HOST, b"Transfer-Encoding: chunked, identity", body=CHUNKS),
    "identity": post(HOST, b"Transfer-Encoding: identity", body=CHUNKS),
    "an unknown encoding": post(HOST, b"Transfer-Encoding: xchunked", body=CHUNKS),
    "an empty encoding": post(HOST, b"Transfer-Encoding:", body=CHUNKS),
    "a quoted encoding": post(HOST, b'Transfer-Encoding: "chunked"', body=CHUNKS),
    "a vertical tab in the encoding": post(HOST, b"Transfer-Encoding: \x0bchunked", body=CHUNKS),
    "a parameter of chunked": post(HOST, b"Transfer-Encoding: chunked;a=b", body=CHUNKS),
    "chunked in HTTP/1.0": post(HOST, CHUNKED, body=CHUNKS, version=b"HTTP/1.0"),
    "an underscored encoding": post(HOST, SIZE, b"Transfer_Encoding: chunked"),
    "an underscored length": post(HOST, SIZE, b"Content_Length: 3"),
    "a space before the colon": post(HOST, b"Content-Length : 17"),
    "a tab before the colon": post(HOST, b"Transfer-Encoding\t: chunked", body=CHUNKS),
    "a space before the first name": post(b" Host: localhost", SIZE),
    "a folded header": post(HOST, SIZE, b"X-A: b\r\n c"),
    "a folded encoding": post(HOST, b"Transfer-Encoding:\r\n chunked", body=CHUNKS),
    "a header without a colon": post(HOST, SIZE, b"nonsense"),
    "a header without a name": post(HOST, SIZE, b": nonsense"),
    "a NUL in a header": post(HOST, SIZE, b"X-A: b\0c"),
    "a bare CR in a header": post(HOST, SIZE, b"X-A: b\rTransfer-Encoding: chunked"),
    "a bare LF in a header": post(HOST, SIZE, b"X-A: b\nTransfer-Encoding: chunked"),
    "bare LFs only": post(HOST, SIZE).replace(b"\r\n", b"\n"),
    "a name that is not ASCII": post(HOST, SIZE, "Contént-Length: 3".encode()),
    "no version": b"POST /invocations\r\nHost: a\r\n\r\n",
    "HTTP/0.9": post(HOST, SIZE, version=b"HTTP/0.9"),
    "HTTP/1.2": post(HOST, SIZE, version=b"HTTP/1.2"),
    "HTTP/2.0": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": post(HOST, SIZE, version=b"HTTP/9.9"),
    "http in small letters": post(HOST, SIZE, version=b"http/1.1"),
    "HTTP/01.1": post(HOST, SIZE, version=b"HTTP/01.1"),
    "a space after the version": post(HOST, SIZE, version=b"HTTP/1.1 "),
    "two spaces before the version": post(HOST, SIZE, version=b" HTTP/1.1"),
    "a tab in the request line": post(HOST, SIZE, target=b"/invocations\tx"),
    "a space before the method": b" " + post(HOST, SIZE),
    "many empty lines before": b"\r\n\r\n\r\n" + post(HOST, SIZE),
    "a small method": post(HOST, SIZE).replace(b"POST", b"post"),
    "a target with a fragment": post(HOST, SIZE, target=b"/invocations#x"),
    "a target without a slash": post(HOST, SIZE, target=b"invocations"),
    "a target that is not ASCII": post(HOST, SIZE, target="/invocations/é".encode()),
    "CONNECT": b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a chunk size with LF": post(HOST, CHUNKED, body=b"11\n\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk size of 0x11": post(HOST, CHUNKED, body=b"0x11\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a negative chunk": post(HOST, CHUNKED, body=b"-1\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk that is longer": post(HOST, CHUNKED, body=b"5\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk that ends with LF": post(HOST, CHUNKED, body=b"11\r\n" + BODY + b"\n0\r\n\r\n"),
    "an empty line among chunks": post(HOST, CHUNKED, body=b"\r\n" + CHUNKS),
    "a chunk of 17 digits": post(HOST, CHUNKED, body=b"0" * 15 + CHUNKS),
    "an endless extension": post(HOST, CHUNKED, body=b"11;" + b"a" * 5000 + b"\r\n" + CHUNKS),
    "LF in an extension": post(HOST, CHUNKED, body=b"11;a\nb\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a bad trailer": post(HOST, CHUNKED, body=CHUNKS[:-2] + b"no trailer\r\n\r\n"),
}

CLEAR = {
    "a length": post(HOST, SIZE),
    "chunks": post(HOST, CHUNKED, body=CHUNKS),
    "two chunks": post(HOST, CHUNKED, body=b"1\r\n{\r\n10\r\n" + BODY[1:] + b"\r\n0\r\n\r\n"),
    "an extension": post(HOST, CHUNKED, body=b"11;a=b\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a trailer": post(HOST, CHUNKED, body=CHUNKS[:-2] + b"X-Check: 1\r\n\r\n"),
    "one empty line before": b"\r\n" + post(HOST, SIZE),
    "an absolute target": post(HOST, SIZE, target=b"http://localhost/invocations"),
    "HTTP/1.0 without Host": post(SIZE, version=b"HTTP/1.0"),
    "a query": post(HOST, SIZE, target=b"/invocations?a=b"),
    "a port in Host": post(b"Host: [::1]:8080", SIZE),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ScriptedServer(tmp_path_factory.mktemp("models")) as running:
        yield running


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_an_ambiguous_request_is_refused_and_closed(server, name):
    with Connection(server.port, timeout=10) as connection:
        answer = connection.ask(AMBIGUOUS[name])
        assert answer.status in (400, 501), answer
        assert answer.closes
        assert set(json.loads(answer.body)["error"]) == {"code", "message"}
        assert connection.is_closed()


@pytest.mark.parametrize("name", [name for name in AMBIGUOUS if len(AMBIGUOUS[name]) < 1000])
def test_byte_by_byte_is_refused_as_well(server, name):
    with Connection(server.port, timeout=10) as connection:
        for byte in AMBIGUOUS[name]:
            connection.socket.send(bytes([byte]))
        assert connection.answer().status in (400, 501)


@pytest.mark.parametrize("name", CLEAR)
def test_a_clear_request_is_answered(server, name):
    with Connection(server.port, timeout=10) as connection:
        answer = connection.ask(CLEAR[name])
        assert answer.status == 200, answer
        assert json.loads(answer.body)["translations"][0]["text"] == "hello"


def test_none_of_it_is_an_exception(server, record):
    assert len(AMBIGUOUS) >= 45
    assert not [line for line in server.log if "traceback" in line]
    assert not server.errors
    record(
        "ambiguous HTTP",
        "0 accepted, each answered 400 or 501 and closed, no traceback",
        f"{len(AMBIGUOUS)} raw requests, 0 accepted, 0 tracebacks",
    )
