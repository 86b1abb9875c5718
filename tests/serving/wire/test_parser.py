"""What the server decides by before the app reads a request."""

import pytest

from serving.settings import Settings
from serving.wire.parser import StrictParser
from serving.wire.server import _adjustments

BODY = b"a" * 5000
HEAD = b"POST /invocations HTTP/1.1\r\nHost: localhost\r\n"
FRAMED = {
    "length": b"Content-Length: 5000\r\n\r\n" + BODY,
    "one chunk": b"Transfer-Encoding: chunked\r\n\r\n1388\r\n" + BODY + b"\r\n0\r\n\r\n",
    "chunks of a byte": b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 5000 + b"0\r\n\r\n",
}


@pytest.mark.parametrize("framed", FRAMED.values(), ids=FRAMED)
def test_a_body_is_as_large_as_its_content_however_it_is_framed(framed):
    """By it a request is short, and answered in the loop that all others wait for."""
    parser, left = StrictParser(_adjustments(Settings())), HEAD + framed
    while left and not parser.completed:
        left = left[parser.received(left) :]
    assert (parser.completed, parser.error, left) == (True, None, b"")
    assert parser.body_bytes_received == 5000
