"""Keys: where clients put them, how they are told apart, and what is said without one."""

import hashlib
import hmac
import logging

import pytest

from gateway.keys import Keyring
from gateway.settings import Settings
from tests.calling import Caller

KEY = "web." + "s" * 43
DIGESTS = {"web": hashlib.sha256(KEY.encode()).hexdigest()}
HELLO = {"q": "Hello", "source": "en", "target": "de"}


@pytest.fixture
def locked(caller_with) -> Caller:
    return caller_with(auth="keys", api_keys=DIGESTS)


@pytest.mark.parametrize(
    "place",
    [
        {"json": {**HELLO, "api_key": KEY}},
        {"form": {**HELLO, "auth_key": KEY}},
        {"path": f"/translate?api_key={KEY}", "json": HELLO},
        {"json": HELLO, "AUTHORIZATION": f"Bearer {KEY}"},
        {"json": HELLO, "AUTHORIZATION": f"DeepL-Auth-Key {KEY}"},
        {"json": HELLO, "X_API_KEY": KEY},
    ],
)
def test_finds_the_key_wherever_clients_put_it(locked, place):
    assert locked.post(**{"path": "/translate", **place}).status == 200


@pytest.mark.parametrize("path", ["/translate", "/detect"])
def test_libretranslate_needs_a_key(locked, path):
    answer = locked.post(path, json=HELLO)
    sentence = "This server needs an API key. Send it as api_key or in a header."
    assert (answer.status, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize("wrong", ["web.wrong", "nobody." + "s" * 43, "web", ".", KEY + "x", "ü"])
def test_refuses_a_wrong_key(locked, wrong):
    answer = locked.post("/translate", json={**HELLO, "api_key": wrong})
    assert (answer.status, answer.json) == (403, {"error": "Invalid API key"})


@pytest.mark.parametrize("path", ["/v2/usage", "/v2/languages", "/v2/glossaries"])
def test_deepl_refuses_a_missing_and_a_wrong_key_alike(locked, path):
    assert locked.get(path).status == 403
    answer = locked.get(path, AUTHORIZATION="DeepL-Auth-Key web.wrong")
    assert (answer.status, answer.json) == (403, {"message": "Invalid API key"})
    assert locked.get(path, AUTHORIZATION=f"DeepL-Auth-Key {KEY}").status == 200


@pytest.mark.parametrize(
    "path", ["/languages", "/health", "/frontend/settings", "/", "/spec", "/docs"]
)
def test_needs_no_key_to_look_around(locked, path):
    assert locked.get(path).status == 200


def test_takes_any_key_where_none_is_needed(api):
    assert api.post("/translate", json={**HELLO, "api_key": "whatever"}).status == 200


def test_no_key_is_valid_while_none_is_configured(caller_with):
    locked = caller_with(auth="keys")
    assert locked.post("/translate", json={**HELLO, "api_key": ".x"}).status == 403


def test_compares_an_unknown_name_too(monkeypatch):
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(b) or real(a, b))
    assert Keyring(DIGESTS).name_of("nobody.secret") is None
    assert len(compared) == 1


def test_the_digest_of_nothing_is_not_a_key():
    assert Keyring({}).name_of("") is None
    assert Keyring(DIGESTS).name_of("") is None


def test_logs_the_name_but_never_the_key_or_the_text(locked, caplog):
    caplog.set_level(logging.INFO, "gateway.access")
    locked.post(f"/translate?auth_key={KEY}", json={**HELLO, "q": "Confidential"})
    fields = caplog.records[-1].fields
    assert fields["key"] == "web"
    assert fields["path"] == "/translate"
    logged = str([record.__dict__ for record in caplog.records])
    assert KEY not in logged
    assert "s" * 43 not in logged
    assert "Confidential" not in logged
    assert "192.0.2.7" not in logged


def test_settings_hold_digests_only():
    assert KEY not in str(Settings(api_keys=DIGESTS))
