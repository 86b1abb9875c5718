"""Multipart forms as clients send them, and as nobody should."""

import time

import pytest

from gateway.errors import GatewayError
from gateway.multipart_form import MAX_FIELDS, read_multipart

FORM = "multipart/form-data; boundary=x1"


def form(*parts: bytes) -> bytes:
    head = b"--x1\r\nContent-Disposition: form-data; "
    return b"".join(head + part + b"\r\n" for part in parts) + b"--x1--\r\n"


def field(name: bytes, value: bytes) -> bytes:
    return b'name="' + name + b'"\r\n\r\n' + value


def test_fields_and_files():
    upload = b'name="file"; filename="b\xc3\xbc.txt"\r\nContent-Type: text/plain\r\n\r\nHi\r\nyou'
    read = read_multipart(FORM, form(field(b"q", b"one"), field(b"q", b"tw\xc3\xb6"), upload))
    assert read.fields == {"q": ["one", "twö"]}
    assert read.files == {"file": ("bü.txt", b"Hi\r\nyou")}


def test_a_file_that_nobody_chose_is_an_empty_field():
    read = read_multipart(FORM, form(b'name="file"; filename=""\r\n\r\n'))
    assert (read.fields, read.files) == ({"file": [""]}, {})


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "US-ASCII"])
def test_utf8_may_be_named(charset):
    part = f'name="q"\r\nContent-Type: text/plain; charset={charset}\r\n\r\nHi'.encode()
    assert read_multipart(f"{FORM}; charset={charset}", form(part)).fields == {"q": ["Hi"]}


@pytest.mark.parametrize("charset", ["nonsense", "utf-16", "punycode", "hex", "idna", "utf_7"])
def test_no_other_charset_is_read(charset):
    part = f'name="q"\r\nContent-Type: text/plain; charset={charset}\r\n\r\nHi'.encode()
    for kind, body in ((FORM, form(part)), (f"{FORM}; charset={charset}", form(field(b"q", b"")))):
        with pytest.raises(GatewayError) as raised:
            read_multipart(kind, body)
        assert raised.value.status == 400
        assert raised.value.message == (
            f"Invalid request: charset {charset} is not supported. Send UTF-8."
        )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"junk",
        form(field(b"q", b"\xff")),
        form(field(b"q", b"Hi"))[:-6],
        b"--x1\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x1--\r\n",
        b"--x1\r\n\r\nno header\r\n--x1--\r\n",
        form(*[field(b"q", b"a")] * (MAX_FIELDS + 1)),
        form(b'name="q"\r\nContent-Length: 1e9\r\n\r\nHi'),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(body):
    with pytest.raises(GatewayError, match="the multipart form cannot be read"):
        read_multipart(FORM, body)


@pytest.mark.parametrize(
    "pump",
    [b"\r\n a", b"a", b"\r\n--x", b"\r\nA: b", b';a="', b"\r\n--x1\r\n", b"\n", b"-"],
)
@pytest.mark.parametrize("before", [b"", b'--x1\r\nContent-Disposition: form-data; name="q"'])
def test_one_megabyte_is_read_or_refused_at_once(before, pump):
    started = time.process_time()
    for body in (before + pump * (1_000_000 // len(pump)), before + b"\r\n\r\n" + pump * 9999):
        with pytest.raises(GatewayError):
            read_multipart(FORM, body)
    assert time.process_time() - started < 0.5
