"""Values that are no text, no number and no key: refused in a sentence, shown to nobody."""

import hashlib

import pytest

from tests.calling import JSON

HALF = "\ud800"
LIBRETRANSLATE = {"q": "Hi", "source": "en", "target": "de", "format": "text", "alternatives": 1}
DEEPL = {
    "text": ["Hi"],
    "source_lang": "EN",
    "target_lang": "DE",
    "split_sentences": "1",
    "tag_handling": "xml",
    "ignore_tags": ["x"],
    "formality": "default",
    "model_type": "latency_optimized",
    "show_billed_characters": True,
}
EVERYWHERE = [
    *(("/translate", LIBRETRANSLATE, name) for name in [*LIBRETRANSLATE, "api_key", HALF]),
    *(("/v2/translate", DEEPL, name) for name in [*DEEPL, "auth_key", "glossary_id", HALF]),
    *(("/detect", {}, name) for name in ("q", "api_key")),
]


@pytest.mark.parametrize("value", [HALF, [HALF], {HALF: 1}, ["a", {"b": HALF}]], ids=ascii)
@pytest.mark.parametrize(("path", "fields", "name"), EVERYWHERE, ids=ascii)
def test_half_of_a_surrogate_pair_is_refused_in_any_field(api, path, fields, name, value, capfd):
    answer = api.post(path, json={**fields, name: value})
    assert answer.status == 400
    (sentence,) = answer.json.values()
    assert sentence.endswith("contains half of a surrogate pair")
    assert capfd.readouterr().err == "", "a traceback"


def test_both_halves_are_a_character(api):
    body = b'{"q": "\\ud83d\\ude00", "source": "en", "target": "de"}'
    answer = api.post("/translate", body=body, kind=JSON)
    assert answer.json == {"translatedText": "<de>\U0001f600"}


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1e308", "-0.5", "9" * 5000])
def test_alternatives_of_any_size_are_refused(api, number):
    body = f'{{"q": "Hi", "source": "en", "target": "de", "alternatives": {number}}}'
    assert api.post("/translate", body=body.encode(), kind=JSON).status == 400


@pytest.mark.parametrize("scheme", ["X_API_KEY", "AUTHORIZATION"])
@pytest.mark.parametrize("sent", [b"\xff", b"\xc3\xbc", b"Bearer \xff", b"DeepL-Auth-Key \xff.x"])
def test_a_key_of_any_bytes_is_a_wrong_key(caller_with, scheme, sent, capfd):
    digest = hashlib.sha256(b"web.s").hexdigest()
    locked = caller_with(auth="keys", api_keys={"web": digest})
    answer = locked.get("/v2/usage", **{scheme: sent.decode("latin-1")})
    assert answer.status == 403
    assert capfd.readouterr().err == ""


def test_the_engines_panic_is_an_answer(api, backend, monkeypatch):
    """Rust's panics are no `Exception`; one that left the app would reach the server's thread."""

    class Panic(BaseException):
        pass

    def panic(request):
        raise Panic("Confidential")

    monkeypatch.setattr(backend, "translate", panic)
    answer = api.post("/translate", json=LIBRETRANSLATE)
    assert (answer.status, answer.json) == (500, {"error": "Something went wrong on the server."})
