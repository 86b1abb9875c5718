"""JSON that holds Python's lock while it is parsed is refused before, by its commas and colons."""

import json
import re

import pytest

from serving.contract.body import max_structure, read_json
from serving.errors import TooLarge
from serving.settings import Settings

SETTINGS = Settings()
BODY, LIMIT = SETTINGS.max_body, max_structure(SETTINGS)


def read(document):
    return read_json(document, {"source": "en", "target": "de"}, SETTINGS)


def test_a_request_at_every_limit_is_read():
    """Each character of its texts and terms is structural, each list full, each tag has a colon."""
    size = SETTINGS.max_texts
    texts = ["," * (SETTINGS.max_characters - 49 * 2000)] + ["[{" * 1000] * 49
    keep = [":" * 50] * 2000
    tags = [f"xsl:t{number}" for number in range(size)]
    fields = {"texts": texts + [""] * (size - 50), "keep": keep + [""] * (size - 2000)}
    document = json.dumps({**fields, "ignore_tags": tags, "format": "xml", "split": "none"})
    request = read(document.encode())
    assert len(request.texts) == len(request.keep) == len(request.ignore_tags) == size
    assert sum(map(len, request.texts)) == sum(map(len, request.keep)) == 100_000


@pytest.mark.parametrize(
    "document",
    [
        b"{" + b'"a":1,' * (BODY // 6 - 2) + b'"a":1}',
        json.dumps({str(number): 1 for number in range(300_000)}).encode(),
        b'{"texts":[' + b"1," * (BODY // 2 - 20) + b"1]}",
        b'{"texts":[' + b"[]," * (BODY // 3 - 20) + b"[]]}",
        b'{"texts":[' + b"{}," * (BODY // 3 - 20) + b"{}]}",
        b'{"text":"' + b'\\\\","' * (BODY // 6) + b'"}',
        b"[" * BODY,
    ],
    ids=["equal keys", "different keys", "numbers", "lists", "objects", "strings", "depth"],
)
def test_more_structure_than_any_request_has_is_not_parsed(document, monkeypatch):
    monkeypatch.setattr("json.loads", lambda *_, **__: pytest.fail("it was parsed"))
    with pytest.raises(TooLarge) as refused:
        read(document)
    assert re.fullmatch(
        r"The JSON has \d+ commas, colons and opening brackets outside its strings; "
        rf"the limit is {LIMIT}\. Send it in parts\.",
        str(refused.value),
    )


@pytest.mark.parametrize("beyond", [0, 1])
def test_the_limit_holds_exactly(beyond):
    """Of a string that ends with an escaped backslash, the end counts as one."""
    start = rb'{"text":",:[{\",:[{\\","format":["?"'
    document = start + b',"?"' * (LIMIT - 5 + beyond) + b"]}"
    with pytest.raises(Exception, match="the limit is" if beyond else "format is"):
        read(document)
