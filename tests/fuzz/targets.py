"""What anybody's bytes may reach: each takes them, and raises where a promise is broken.

`python -m tests.fuzz` looks for such bytes; `test_fuzz.py` tries those that are kept.
"""

import functools
import json
import logging
import time
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apig_wsgi import make_lambda_handler

from gateway import lambda_entry
from gateway.app import make_app
from gateway.settings import Settings as GatewaySettings
from handlers import ModelError
from models import unpack
from serving.contract.body import read_json, read_text
from serving.errors import ServingError
from serving.settings import Settings
from tests.calling import Caller
from tests.doubles.lambda_events import http_api_event
from tests.doubles.tagging_backend import TaggingBackend
from tests.serving.text.translating import Each, identity, one

LARGEST = 4000
"""Bytes: what is wrong with a text is wrong with a short one."""
SECONDS = 5.0
"""Of processor time for one of these, on a machine that is busy and watched."""
_FORMATS = ("text", "html", "xml")
_SPLITS = ("sentences", "punctuation", "none")
_LANGUAGES = ("en", "de", "fr", "ja", "tr", "hi", "xx", "en-XA")
_KEEP = ("Acme Cloud", "C++", "_", "a", "漢")
_PATHS = ("/translate", "/v2/translate", "/detect", "/v2/languages", "/translate_file", "/")
_KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/plain; charset=nonsense",
)
_SETTINGS = Settings(max_characters=LARGEST, max_texts=50)
_FORM = b'--x\r\nContent-Disposition: form-data; name="'


def text(data: bytes) -> None:
    """The rules of text: a model that changes nothing changes nothing; none makes it fail."""
    choice, content = data[0], data[1:].decode("utf-8", "ignore").replace("\0", "")
    wishes: dict[str, Any] = {
        "format": _FORMATS[choice % 3],
        "split": _SPLITS[choice // 3 % 3],
        "source": _LANGUAGES[choice // 9 % len(_LANGUAGES)],
        "keep": _KEEP[: choice // 72 * 2],
    }
    same = identity()
    same.max_tokens = 40 if choice % 2 else 10_000
    found = one(content, same, **wishes)
    assert found == content or wishes["format"] != "text", "text changed"
    assert len(found) <= 8 * len(content) + 100, "text grew"
    for lossy in (lambda segment: segment[::-3], lambda segment: f"{segment}{segment} {{x}}"):
        handler = Each(lossy)
        handler.max_tokens = 40
        assert len(one(content, handler, **wishes)) <= 40 * len(content) + 1000, "text grew"


def readers(data: bytes) -> None:
    """The container's readers of a body: a request, or one sentence."""
    read = read_text if data[0] % 2 else read_json
    try:
        request = read(data[1:], {"source": "en", "target": "de"}, _SETTINGS)
    except ServingError as error:
        assert 400 <= error.status < 500 and len(str(error)) < 1000, error.status
        return
    for content in (*request.texts, *request.keep, *request.ignore_tags):
        content.encode()


def forms(data: bytes) -> None:
    """JSON, forms and plain text to the public API: never a 5xx."""
    kind, path = _KINDS[data[0] % 4], _PATHS[data[0] // 4 % len(_PATHS)]
    _check(_caller().post(path, body=data[1:], kind=kind).status)


def multipart(data: bytes) -> None:
    path, body = _PATHS[data[0] % len(_PATHS)], data[1:]
    body = body if data[0] >= 128 else _FORM + body + b"\r\n--x--\r\n"
    _check(_caller().post(path, body=body, kind="multipart/form-data; boundary=x").status)


def lambda_event(data: bytes) -> None:
    """An event as Lambda's JSON brings it: method, target, two headers, body, a line each."""
    parts = dict(zip_longest(range(5), data.split(b"\n", 4), fillvalue=b""))
    method, target, kind, key = (parts[i].decode("utf-8", "surrogateescape") for i in range(4))
    headers = {"Content-Type": kind, "X-API-Key": key, "Accept": kind}
    event = http_api_event(method or "GET", f"/{target}", headers, parts[4])
    event = json.loads(json.dumps(event))
    _lambda()
    _check(lambda_entry.handler(event, None)["statusCode"])


def archive(data: bytes) -> None:
    """A zip or tar from anyone: files in the folder, or one sentence."""
    with TemporaryDirectory() as folder:
        path, target = Path(folder, "a.zip"), Path(folder, "in")
        path.write_bytes(data)
        try:
            if unpack.is_archive(path):
                unpack.unpack(path, target)
        except ModelError:
            pass
        outside = {found.name for found in Path(folder).iterdir()} - {"a.zip", "in"}
        assert not outside, outside
        assert not any(found.is_symlink() for found in target.rglob("*"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (text, readers, forms, multipart, lambda_event, archive)
}


def check(target: Callable[[bytes], None], data: bytes) -> None:
    """Runs it; also raises where it takes too long."""
    started = time.thread_time()
    target((data or b"\0")[:LARGEST])
    seconds = time.thread_time() - started
    assert seconds < SECONDS, f"{seconds:.1f} s"


def _check(status: int) -> None:
    assert status < 500 or status == 503, status


@functools.cache
def _app() -> Any:
    logging.getLogger("gateway.access").disabled = True
    backend = TaggingBackend(requests=_Forgetful())
    return make_app(backend, GatewaySettings(auth="none", warm_seconds=1e9))


@functools.cache
def _caller() -> Caller:
    return Caller(_app())


@functools.cache
def _lambda() -> None:
    handler = make_lambda_handler(_app())
    lambda_entry._make_handler = lambda: handler


class _Forgetful(list):
    def append(self, request: object) -> None:
        """Nobody asks for it, and it would look like growth."""
