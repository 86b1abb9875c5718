"""Bodies that take long to parse are refused before, in each dialect's words."""

import json
import re
from urllib.parse import parse_qs, urlencode

import pytest
from bottle import BaseRequest

from gateway.deepl_parameters import MAX_TAGS
from gateway.parameters import read_parameters
from gateway.settings import Settings
from gateway.structure import HINTS, ITEMS
from tests.calling import FORM, JSON

LARGEST = 4_000_000
LIMITS = {"body_limit": LARGEST, "character_limit": 100_000, "batch_limit": 100}
SIGNS = "commas, colons and opening brackets outside its strings"
KEYS = json.dumps({str(number): 1 for number in range(300_000)}).encode()
REFUSED = {
    "equal keys": (JSON, b"{" + b'"a":1,' * (LARGEST // 6 - 2) + b'"a":1}', SIGNS),
    "different keys": (JSON, KEYS, SIGNS),
    "few keys too many": (JSON, json.dumps(dict.fromkeys(range(6000), 1)).encode(), SIGNS),
    "escaped quotes": (JSON, rb'{"q":"\\","":"\"","w":[' + b"1," * 20_000 + b"1]}", SIGNS),
    "numbers": (JSON, b'{"q":[' + b"1," * (LARGEST // 2 - 20) + b"1]}", SIGNS),
    "lists": (JSON, b'{"q":[' + b"[]," * (LARGEST // 3 - 20) + b"1]}", SIGNS),
    "numbers without a type": ("text/plain", b'{"q":[' + b"1," * 1_000_000 + b"1]}", SIGNS),
    "percent signs": (FORM, b"q=" + b"%" * (LARGEST - 2), "percent signs"),
    "escapes": (FORM, b"q=" + b"%41" * (LARGEST // 3 - 1), "percent signs"),
}


def _not_parsed(sent, *_, **__):
    assert not sent, "it was parsed"
    return {}


@pytest.mark.parametrize(("path", "key"), [("/translate", "error"), ("/v2/translate", "message")])
@pytest.mark.parametrize(("kind", "body", "signs"), REFUSED.values(), ids=REFUSED)
def test_what_takes_long_to_parse_is_refused(
    caller_with, path, key, kind, body, signs, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr("json.loads", _not_parsed)
        patch.setattr("gateway.parameters.unquote_to_bytes", _not_parsed)
        answer = caller_with(**LIMITS).call("POST", path, body=body, kind=kind)
    assert answer.status == 413
    sentence = json.loads(answer.body)[key]
    limit = 400_000 + 4 * HINTS if signs == "percent signs" else 100 + ITEMS
    count = re.fullmatch(
        rf"Invalid request: the body has (\d+) {signs}, more than the limit of {limit}", sentence
    )[1]
    assert int(count) > limit


@pytest.mark.parametrize("sign", [",", ":", "[", "{", "%", "漢", "\U0001f600"])
@pytest.mark.parametrize("kind", [JSON, FORM])
def test_a_request_at_every_limit_is_read(caller_with, backend, kind, sign):
    """50 texts of all characters, all tags, a context as long again."""
    api = caller_with(**LIMITS)
    fields = {
        "text": [sign * min(2000, 2600 // len(sign.encode()))] * 50,
        "source_lang": "EN",
        "target_lang": "DE",
        "tag_handling": "xml",
        "ignore_tags": ",".join(f"xsl:t{number}" for number in range(MAX_TAGS)),
        "context": sign * 90_000,
    }
    answer = api.post("/v2/translate", **{"json" if kind == JSON else "form": fields})
    assert (answer.status, len(json.loads(answer.body)["translations"])) == (200, 50)


@pytest.mark.parametrize("before", range(4))
def test_a_form_is_decoded_in_pieces(caller_with, backend, before):
    """A letter of three escapes lies across every edge of a piece."""
    text = "a" * before + "漢 +%" * 9000
    api = caller_with(**LIMITS)
    answer = api.post("/translate", form={"q": text, "source": "en", "target": "de"})
    assert (answer.status, backend.requests[-1].texts) == (200, (text,))


@pytest.mark.parametrize("form", [b"q=%", b"q=%4", b"q=%zz", b"q=a&&q=b", b"q", b"=x&q=1"])
def test_a_form_is_read_as_by_the_standard_library(form):
    query = BaseRequest({"QUERY_STRING": form.decode()})
    found = read_parameters(query, Settings()).every("q")
    assert found == parse_qs(form.decode(), keep_blank_values=True)["q"]


def test_any_form_of_the_usual_size_is_parsed(caller_with):
    """Escaped in full, a megabyte is within the limit, whatever the text is."""
    most = Settings().body_limit
    body = urlencode({"q": "漢" * (most // 9 - 20), "source": "en", "target": "de"}).encode()
    answer = caller_with().call("POST", "/translate", body=body, kind=FORM)
    assert "exceeds text limit" in json.loads(answer.body)["error"]
