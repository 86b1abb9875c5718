"""Real clients over a real socket, and the exact requests of those that cannot run here."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import deepl
import pytest
import requests
from deep_translator import LibreTranslator
from deep_translator.exceptions import AuthorizationException
from deepl.api_data import MultilingualGlossaryDictionaryEntries
from libretranslatepy import LibreTranslateAPI

from tests.running import MODELS, ROOT, Server

KEY = "web." + "s" * 43


@pytest.fixture(scope="module")
def locked():
    """A server that asks for keys, with a small quota a day."""
    keys = json.dumps({"web": hashlib.sha256(KEY.encode()).hexdigest()})
    with Server(MODELS, GATEWAY_API_KEYS=keys, GATEWAY_DAILY_CHARACTERS="100") as running:
        yield running


def test_libretranslatepy(server):
    client = LibreTranslateAPI(server.url + "/", "any")
    assert client.translate("Hello world!", "en", "de") == "Hallo Welt!"
    assert client.detect("Wo ist der Bahnhof?")[0]["language"] == "de"
    assert [language["code"] for language in client.languages()] == ["de", "en", "pt"]


@pytest.fixture(scope="module")
def argostranslate():
    """Its wheel alone, unpacked beside the environment."""
    folder = ROOT / ".cache" / "argostranslate"
    wanted = Path(__file__).with_name("argostranslate.txt")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    if not folder.exists():
        options = ["--no-deps", "--require-hashes", "--target", str(folder), "-r", str(wanted)]
        if subprocess.run([*pip, *options], check=False).returncode:
            pytest.skip("argostranslate cannot be fetched from the package index")
    return folder


def test_argostranslates_client(server, argostranslate):
    """Its `languages()` is a POST, which LibreTranslate itself answers with 405."""
    script = f"""
from argostranslate.apis import LibreTranslateAPI
client = LibreTranslateAPI("{server.url}/", "any")
print(client.translate("Hello world!", "en", "de"))
print(client.detect("Wo ist der Bahnhof?")[0]["language"])
print(*(language["code"] for language in client.languages()))
"""
    environment = {**os.environ, "PYTHONPATH": str(argostranslate)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == ["Hallo Welt!", "de", "de en pt"]


def test_deep_translator(server):
    client = LibreTranslator("en", "de", api_key="any", custom_url=server.url + "/")
    assert client.translate("Hello world!") == "Hallo Welt!"
    assert client.translate_batch(["Thank you!", "Hello world!"]) == ["Danke!", "Hallo Welt!"]


def test_deep_translator_understands_the_refusal_of_a_key(locked):
    client = LibreTranslator("en", "de", api_key="web.wrong", custom_url=locked.url + "/")
    with pytest.raises(AuthorizationException):
        client.translate("Hello world!")


@pytest.fixture
def deepl_client(server):
    client = deepl.DeepLClient("any", server_url=server.url)
    yield client
    client.close()


def test_deepl_python_translates(deepl_client):
    one = deepl_client.translate_text("Hello world!", target_lang="DE")
    assert (one.text, one.detected_source_lang, one.billed_characters) == ("Hallo Welt!", "EN", 12)
    many = deepl_client.translate_text(["Guten Morgen!", "Danke!"], target_lang="EN-US")
    assert [result.text for result in many] == ["Good morning!", "Thanks!"]


def test_deepl_python_lists_languages(deepl_client):
    sources = deepl_client.get_source_languages()
    targets = deepl_client.get_target_languages()
    assert [language.code for language in sources] == ["DE", "EN", "PT"]
    assert [language.code for language in targets] == ["DE", "EN-GB", "EN-US", "PT-BR", "PT-PT"]
    assert not any(language.supports_formality for language in targets)


def test_deepl_python_may_send_hints(deepl_client):
    hints = {"context": "A menu", "model_type": "quality_optimized", "splitting_tags": ["p"]}
    hinted = deepl_client.translate_text("Hello world!", target_lang="DE", **hints)
    assert hinted.text == deepl_client.translate_text("Hello world!", target_lang="DE").text


def test_deepl_python_makes_uses_and_deletes_a_glossary(deepl_client):
    pairs = {(p.source_lang, p.target_lang) for p in deepl_client.get_glossary_languages()}
    assert pairs == {("en", "de"), ("de", "en"), ("en", "pt"), ("pt", "en")}
    made = deepl_client.create_glossary("Ours", "EN", "DE", {"world": "Erde", "house": "Palast"})
    assert (made.ready, made.entry_count, made.creation_time.tzinfo is None) == (True, 2, False)
    assert deepl_client.get_glossary(made.glossary_id).creation_time == made.creation_time
    wishes = {"source_lang": "EN", "target_lang": "DE", "glossary": made}
    assert deepl_client.translate_text("Hello world!", **wishes).text == "Hallo Erde!"
    csv = "house,Hütte,en,de\nHaus,home,de,en\n"
    more = deepl_client.create_glossary_from_csv("More", "EN-GB", "DE", csv)
    assert deepl_client.get_glossary_entries(more) == {"house": "Hütte"}
    assert {"Ours", "More"} <= {each.name for each in deepl_client.list_glossaries()}
    for each in (made, more):
        deepl_client.delete_glossary(each)
    with pytest.raises(deepl.GlossaryNotFoundException):
        deepl_client.get_glossary(made.glossary_id)
    with pytest.raises(deepl.DeepLException, match="Glossary not found"):
        deepl_client.translate_text("Hi", **wishes)


def test_deepl_python_has_glossaries_of_several_pairs(deepl_client):
    entries = MultilingualGlossaryDictionaryEntries
    made = deepl_client.create_multilingual_glossary(
        "Both", [entries("EN", "DE", {"world": "Erde"}), entries("DE", "EN", {"Welt": "globe"})]
    )
    hello = deepl_client.translate_text(
        "Hallo Welt!", source_lang="DE", target_lang="EN-US", glossary=made
    )
    assert "globe" in hello.text
    changed = deepl_client.update_multilingual_glossary_dictionary(
        made, entries("EN", "DE", {"cat": "Kater"})
    )
    assert sorted(each.entry_count for each in changed.dictionaries) == [1, 2]
    deepl_client.replace_multilingual_glossary_dictionary(made, entries("EN", "DE", {"a": "b"}))
    read = deepl_client.get_multilingual_glossary_entries(made, "EN", "DE").dictionaries
    assert read[0].entries == "a\tb"
    deepl_client.update_multilingual_glossary_name(made, "Renamed")
    deepl_client.delete_multilingual_glossary_dictionary(made, source_lang="DE", target_lang="EN")
    (left,) = [g for g in deepl_client.list_multilingual_glossaries() if g.name == "Renamed"]
    assert [each.source_lang for each in left.dictionaries] == ["EN"]
    deepl_client.delete_multilingual_glossary(made)


def test_deepl_python_understands_the_refusals(deepl_client):
    with pytest.raises(deepl.DeepLException, match="'formality' is not supported"):
        deepl_client.translate_text("Hi", target_lang="DE", formality="more")
    with pytest.raises(deepl.DeepLException, match="Value for 'target_lang' not supported"):
        deepl_client.translate_text("Hi", target_lang="FR")


def test_deepl_python_with_a_key_and_a_quota(locked):
    client = deepl.DeepLClient(KEY, server_url=locked.url)
    assert client.translate_text("Hello world!", target_lang="DE").text == "Hallo Welt!"
    usage = client.get_usage().character
    assert (usage.count, usage.limit, usage.limit_reached) == (12, 100, False)
    with pytest.raises(deepl.QuotaExceededException, match="quota of 100 characters a day"):
        client.translate_text("x" * 89, target_lang="DE", source_lang="EN")
    client.close()


def test_deepl_python_with_a_wrong_key(locked):
    client = deepl.DeepLClient("web.wrong", server_url=locked.url)
    with pytest.raises(deepl.AuthorizationException, match="Invalid API key"):
        client.get_usage()
    client.close()


def test_the_deepl_command(server):
    command = [sys.executable, "-m", "deepl", "--auth-key", "any", "--server-url", server.url]
    asked = [*command, "text", "--to", "DE", "--show-detected-source", "Hello world!"]
    run = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert "Hallo Welt!" in run.stdout
    usage = subprocess.run([*command, "usage"], capture_output=True, text=True, check=True)
    assert "Characters:" in usage.stdout


def test_curl_with_the_text_alone(server):
    address = f"{server.url}/translate?source=en&target=de"
    run = subprocess.run(
        ["curl", "-sS", "-H", "Content-Type: text/plain", "-d", "Hello world!", address],
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode() == "Hallo Welt!"


# Weblate, weblate/machinery/libretranslate.py and deepl.py


def test_weblate_through_libretranslate(server):
    codes = {language["code"] for language in requests.get(f"{server.url}/languages").json()}
    body = {"api_key": "any", "q": ["Hello world!"] * 20, "source": "en", "target": "de"}
    answer = requests.post(f"{server.url}/translate", json=body, timeout=20)
    assert codes == {"de", "en", "pt"}
    assert answer.json()["translatedText"] == ["Hallo Welt!"] * 20


def test_weblate_through_deepl(server):
    auth = {"Authorization": "DeepL-Auth-Key any"}
    api = f"{server.url}/v2"
    for kind in ("source", "target"):
        listed = requests.get(f"{api}/languages", params={"type": kind}, headers=auth).json()
        assert "DE" in {language["language"] for language in listed}
    placeholder = '<x id="7"></x>'
    body = {
        "text": ["Hello world!", f"Hello {placeholder}, thank you!", "Thank you &lt;b&gt;!"],
        "source_lang": "EN",
        "target_lang": "DE",
        "formality": "default",
        "tag_handling": "xml",
        "ignore_tags": ["x"],
    }
    answer = requests.post(f"{api}/translate", json=body, headers=auth)
    hello, kept, escaped = (t["text"] for t in answer.json()["translations"])
    assert hello == "Hallo Welt!"
    assert kept.count(placeholder) == 1
    assert "&lt;b&gt;" in escaped


def test_weblate_keeps_its_glossary_by_name(server):
    """As its machinery does: made by TSV, found again in the list, used, deleted when stale."""
    auth = {"Authorization": "DeepL-Auth-Key any"}
    api = f"{server.url}/v2"
    pairs = requests.get(f"{api}/glossary-language-pairs", headers=auth).json()
    assert {"source_lang": "en", "target_lang": "de"} in pairs["supported_languages"]
    name = "weblate:1:en:de:5e4f"
    sent = {"name": name, "source_lang": "EN", "target_lang": "DE", "entries_format": "tsv"}
    entries = {"entries": "world\tErde\nWeblate\tWeblate"}
    requests.post(f"{api}/glossaries", json={**sent, **entries}, headers=auth).raise_for_status()
    listed = requests.get(f"{api}/glossaries", headers=auth).json()["glossaries"]
    known = {each["name"]: each["glossary_id"] for each in listed}
    body = {"text": ["Hello world!"], "source_lang": "EN", "target_lang": "DE"}
    body |= {"tag_handling": "xml", "ignore_tags": ["x"], "glossary_id": known[name]}
    answer = requests.post(f"{api}/translate", json=body, headers=auth).json()
    assert answer["translations"][0]["text"] == "Hallo Erde!"
    requests.delete(f"{api}/glossaries/{known[name]}", headers=auth).raise_for_status()


# Mastodon, app/lib/translation_service/libre_translate.rb


@pytest.mark.parametrize("source", ["auto", "en"])
def test_mastodon(server, source):
    toot = '<p>Hello world!</p><p>Good morning! <a href="https://a.example/x">@you</a></p>'
    body = {"q": toot, "source": source, "target": "de", "format": "html"}
    sent = json.dumps({**body, "api_key": None})  # as it is where none is configured
    json_type = {"Content-Type": "application/json"}
    answer = requests.post(f"{server.url}/translate", data=sent, headers=json_type)
    translated = answer.json()["translatedText"]
    assert translated.startswith("<p>Hallo Welt!</p><p>Guten Morgen!")
    assert '<a href="https://a.example/x">@you</a></p>' in translated


def test_mastodon_sees_the_statuses_it_knows(locked):
    body = {"q": "Hello world!", "source": "en", "target": "de", "format": "html"}
    wrong = requests.post(f"{locked.url}/translate", json={**body, "api_key": "web.wrong"})
    used_up = requests.post(
        f"{locked.url}/translate", json={**body, "q": "x" * 200, "api_key": KEY}
    )
    assert (wrong.status_code, used_up.status_code) == (403, 429)


# Discourse, discourse-translator's libre_translate.rb: detect first, then translate, as forms


def test_discourse(server):
    detected = requests.post(
        f"{server.url}/detect", data={"q": "Wo ist der Bahnhof?", "api_key": "any"}
    ).json()[0]["language"]
    codes = {language["code"] for language in requests.get(f"{server.url}/languages").json()}
    body = {
        "q": "Guten Morgen!",
        "source": detected,
        "target": "en",
        "format": "html",
        "api_key": "any",
    }
    answer = requests.post(f"{server.url}/translate", data=body)
    assert {detected, "en"} <= codes
    assert answer.json()["translatedText"] == "Good morning!"
