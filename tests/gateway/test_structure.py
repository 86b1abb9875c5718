"""Bodies that take long to parse are refused before, in each dialect's words."""

import json
from urllib.parse import urlencode

import pytest

from gateway.deepl_parameters import MAX_TAGS
from gateway.settings import Settings
from gateway.structure import HINTS
from tests.calling import FORM, JSON

LARGEST = 4_000_000
LIMITS = {"body_limit": LARGEST, "character_limit": 100_000, "batch_limit": 100}
SIGNS = "commas, colons and opening brackets"
KEYS = json.dumps({str(number): 1 for number in range(300_000)}).encode()
REFUSED = {
    "equal keys": (JSON, b"{" + b'"a":1,' * (LARGEST // 6 - 2) + b'"a":1}', SIGNS),
    "different keys": (JSON, KEYS, SIGNS),
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
        patch.setattr("gateway.parameters.parse_qs", _not_parsed)
        answer = caller_with(**LIMITS).call("POST", path, body=body, kind=kind)
    assert answer.status == 413
    sentence = json.loads(answer.body)[key]
    limit = 400_000 + 4 * HINTS if signs == "percent signs" else 100_100 + HINTS
    count = sum(
        body.count(sign) for sign in ((b"%",) if kind == FORM else (b",", b":", b"[", b"{"))
    )
    assert sentence == (
        f"Invalid request: the body has {count} {signs}, more than the limit of {limit}"
    )


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


def test_any_form_of_the_usual_size_is_parsed(caller_with):
    """Escaped in full, a megabyte is within the limit, whatever the text is."""
    most = Settings().body_limit
    body = urlencode({"q": "漢" * (most // 9 - 20), "source": "en", "target": "de"}).encode()
    answer = caller_with().call("POST", "/translate", body=body, kind=FORM)
    assert "exceeds text limit" in json.loads(answer.body)["error"]
