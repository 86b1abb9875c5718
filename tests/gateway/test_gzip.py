"""Bodies that clients compressed: unpacked within the limit, or refused in the dialect's words."""

import gzip
import json
import tracemalloc

import pytest

from tests.calling import JSON

BODY = json.dumps({"q": "Hello", "source": "en", "target": "de"}).encode()
WHOLE = gzip.compress(BODY, mtime=0)


def post(api, body, encoding="gzip", path="/translate"):
    return api.post(path, body=body, kind=JSON, CONTENT_ENCODING=encoding)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_packed_body_is_read(api, encoding):
    assert post(api, gzip.compress(BODY), encoding).json == {"translatedText": "<de>Hello"}


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_a_body_as_it_is_may_say_so(api, encoding):
    assert post(api, BODY, encoding).json == {"translatedText": "<de>Hello"}


@pytest.mark.parametrize(("path", "key"), [("/translate", "error"), ("/v2/translate", "message")])
def test_a_bomb_is_refused_before_it_is_unpacked(caller_with, path, key):
    api, bomb = caller_with(body_limit=200_000), gzip.compress(b" " * 100_000_000)
    post(api, gzip.compress(b"{}"), path=path)
    tracemalloc.start()
    answer = post(api, bomb, path=path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sentence = "Invalid request: the body, unpacked, exceeds the limit (200000 bytes)"
    assert (answer.status, answer.json) == (413, {key: sentence})
    assert peak < 2_000_000


def test_a_body_at_the_limit_is_read(caller_with):
    padded = BODY + b" " * (1000 - len(BODY))
    assert post(caller_with(body_limit=1000), gzip.compress(padded)).status == 200
    assert post(caller_with(body_limit=1000), gzip.compress(padded + b" ")).status == 413


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (BODY, "Invalid request: the body is not gzip"),
        (WHOLE[:-9], "Invalid request: the body is not one whole gzip stream"),
        (WHOLE * 2, "Invalid request: the body is not one whole gzip stream"),
        (b"", "Invalid request: the body is not one whole gzip stream"),
    ],
)
def test_what_is_not_gzip_is_refused(api, body, sentence):
    answer = post(api, body)
    assert (answer.status, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip"])
def test_another_encoding_is_refused(api, encoding):
    sentence = "Invalid request: the body's Content-Encoding must be gzip or none"
    answer = post(api, BODY, encoding, "/v2/translate")
    assert (answer.status, answer.json) == (415, {"message": sentence})
