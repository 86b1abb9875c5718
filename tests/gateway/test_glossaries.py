"""DeepL's glossaries: what its clients send, what they get, and who sees what."""

import hashlib
import re

import pytest

from gateway.deepl_glossaries import MAX_BYTES
from gateway.glossary_choice import MAX_TERMS
from gateway.glossary_store import MAX_GLOSSARIES
from tests.calling import Caller

UNKNOWN = "96ab91fd-e715-41a1-adeb-5d701f84a483"
KEYS = {name: f"{name}.{'s' * 43}" for name in ("web", "app", "we")}
DIGESTS = {name: hashlib.sha256(key.encode()).hexdigest() for name, key in KEYS.items()}
ONE = {"source_lang": "EN", "target_lang": "DE", "entries": "house\tPalast\ncat\tKater"}


def create(api, version=2, status=201, **fields):
    sent = {"name": "Ours", **ONE} if version == 2 else {"name": "Ours", "dictionaries": [ONE]}
    answer = api.post(f"/v{version}/glossaries", json={**sent, **fields})
    assert answer.status == status, answer.json
    return answer.json


def entries_of(api, glossary):
    return api.get(f"/v2/glossaries/{glossary['glossary_id']}/entries").body.decode()


def test_creates_shows_lists_and_deletes_one(api):
    made = create(api, entries_format="tsv")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", made["creation_time"])
    assert made == {
        "glossary_id": made["glossary_id"],
        "name": "Ours",
        "ready": True,
        "source_lang": "en",
        "target_lang": "de",
        "entry_count": 2,
        "creation_time": made["creation_time"],
    }
    path = f"/v2/glossaries/{made['glossary_id']}"
    assert api.get(path).json == made
    assert api.get("/v2/glossaries").json == {"glossaries": [made]}
    assert entries_of(api, made) == "house\tPalast\ncat\tKater"
    gone = api.call("DELETE", path)
    assert (gone.status, gone.body) == (204, b"")
    assert api.get(path).status == api.call("DELETE", path).status == 404
    assert api.get("/v2/glossaries").json == {"glossaries": []}


def test_takes_a_form_as_node_sends_it(api):
    form = {"name": "Ours", **ONE, "entries_format": "tsv"}
    assert api.post("/v2/glossaries", form=form).status == 201
    dotted = {f"dictionaries[0].{name}": value for name, value in ONE.items()}
    other = {"source_lang": "de", "target_lang": "en", "entries": "Haus\thome"}
    dotted |= {f"dictionaries[1].{name}": value for name, value in other.items()}
    made = api.post("/v3/glossaries", form={"name": "Both", **dotted}).json
    assert [(d["source_lang"], d["entry_count"]) for d in made["dictionaries"]] == [
        ("en", 2),
        ("de", 1),
    ]


def test_regions_are_cut(api):
    assert create(api, source_lang="EN-GB", target_lang="de-AT")["source_lang"] == "en"


def test_lists_the_pairs_that_have_a_model_of_their_own(api, backend, caller_with):
    pair = {"source_lang": "de", "target_lang": "en"}
    listed = api.get("/v2/glossary-language-pairs").json["supported_languages"]
    assert listed == [pair, {"source_lang": "en", "target_lang": "de"}]
    backend.pairs = [("fr", "en"), ("en", "zh-Hans"), ("en", "zh-Hant")]
    pivoted = caller_with(pivot="en").get("/v2/glossary-language-pairs").json
    assert [tuple(pair.values()) for pair in pivoted["supported_languages"]] == [
        ("en", "zh"),
        ("fr", "en"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        ("a\tb\r\n\r\nc\td\r\n", "tsv", "a\tb\nc\td"),
        ("  a b \t c d  ", "tsv", "a b\tc d"),
        ("A%=&\tB&=%\nΔぁ\t深\n🪨\t🪵", "tsv", "A%=&\tB&=%\nΔぁ\t深\n🪨\t🪵"),
        ('a,b\n"x ""y""","z, w"\n', "csv", 'a\tb\nx "y"\tz, w'),
        ("\ufeffa,b", "csv", "a\tb"),
        ("a,b,en,de\nc,d,EN-US,DE\ne,f,de,en", "csv", "a\tb\nc\td"),
    ],
)
def test_reads_entries(api, text, kind, read):
    assert entries_of(api, create(api, entries=text, entries_format=kind)) == read


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        ("", "tsv", "No entries: a dictionary has one at least"),
        (" \n", "tsv", "No entries: a dictionary has one at least"),
        ("a,b,de,en", "csv", "No entries: a dictionary has one at least"),
        ("a b", "tsv", "Line 1 has no tab between a term and its translation"),
        ("a\tb\nc\td\te", "tsv", "Line 2 has more than one tab"),
        ("\tb", "tsv", "Key with the index 0 (starting at position 0) is empty"),
        ("a\t ", "tsv", "Value with the index 0 (starting at position 0) is empty"),
        ("a\u0007\tb", "tsv", "Key with the index 0 (starting at position 0) has a control char"),
        ("a\tb\u2028c", "tsv", "Value with the index 0 (starting at position 0) has a control"),
        (f"{'é' * 513}\tb", "tsv", "Key with the index 0 (starting at position 0) has 1026 bytes"),
        (
            "Hello\tHallo\nHello\tHi",
            "tsv",
            "Key with the index 1 (starting at position 12) duplicates key with the index 0 "
            "(starting at position 0)",
        ),
        ("a,b\na,c", "csv", "Key with the index 1 duplicates key with the index 0"),
        ("a,b,c", "csv", "Line 1 has 3 columns, but must have 2 or 4"),
        ('a,"b', "csv", "Line 1 is not CSV: unexpected end of data"),
    ],
)
def test_refuses_entries_in_deepls_words(api, text, kind, detail):
    answer = create(api, 2, 400, entries=text, entries_format=kind)
    assert answer["message"] == "Invalid glossary entries provided"
    assert answer["detail"].startswith(detail)
    assert api.get("/v2/glossaries").json == {"glossaries": []}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": None}, "Parameter 'name' not specified."),
        ({"name": " "}, "Parameter 'name' not specified."),
        ({"name": "a\nb"}, "Value for 'name' not supported: 1024 bytes at most, no control"),
        ({"name": "é" * 513}, "Value for 'name' not supported: 1024 bytes at most, no control"),
        ({"source_lang": None}, "Parameter 'source_lang' not specified."),
        ({"target_lang": "XX"}, "Unsupported glossary source and target languages. See /v2/glo"),
        ({"target_lang": "EN"}, "Unsupported glossary source and target languages. See /v2/glo"),
        ({"target_lang": ["DE"]}, "Value for 'target_lang' not supported."),
        ({"entries": None}, "Parameter 'entries' not specified."),
        ({"entries": {"a": "b"}}, "Parameter 'entries' must be a string."),
        ({"entries_format": "xml"}, "Value for 'entries_format' not supported. Use tsv or csv."),
    ],
)
def test_refuses_what_is_no_glossary(api, fields, sentence):
    assert create(api, 2, 400, **fields)["message"].startswith(sentence)


@pytest.mark.parametrize(
    ("dictionaries", "sentence"),
    [
        (None, "Parameter 'dictionaries' not specified."),
        ([], "Parameter 'dictionaries' not specified."),
        (["a"], "Parameter 'dictionaries' must be a list of objects."),
        ([{}], "Parameter 'source_lang' not specified."),
        ([ONE, ONE], "Parameter 'dictionaries' has two dictionaries of one pair."),
        ([ONE] * 3, "Parameter 'dictionaries' has more than the 2 pairs served."),
    ],
)
def test_refuses_what_is_no_multilingual_glossary(api, dictionaries, sentence):
    assert create(api, 3, 400, dictionaries=dictionaries)["message"] == sentence


@pytest.mark.parametrize("accept", ["text/tab-separated-values", "*/*", "text/html, */*;q=0.8"])
def test_entries_are_tab_separated_values(api, accept):
    path = f"/v2/glossaries/{create(api)['glossary_id']}/entries"
    answer = api.get(path, ACCEPT=accept)
    assert answer.headers["Content-Type"] == "text/tab-separated-values; charset=utf-8"
    assert api.get(path, ACCEPT="application/json").status == 415


def test_a_dictionary_is_merged_replaced_and_deleted(api):
    path = f"/v3/glossaries/{create(api, 3)['glossary_id']}"
    more = {**ONE, "entries": "house\tHütte\ndog\tHund"}
    merged = api.call("PATCH", path, json={"dictionaries": [more]}).json
    assert (merged["name"], merged["dictionaries"][0]["entry_count"]) == ("Ours", 3)
    pair = "source_lang=en&target_lang=de"
    assert api.get(f"{path}/entries?{pair}").json == {
        "dictionaries": [
            {
                "source_lang": "en",
                "target_lang": "de",
                "entries": "house\tHütte\ncat\tKater\ndog\tHund",
                "entries_format": "tsv",
            }
        ]
    }
    other = {"source_lang": "DE", "target_lang": "EN", "entries": "Haus,home"}
    put = api.call("PUT", f"{path}/dictionaries", json={**other, "entries_format": "csv"})
    assert put.json == {"source_lang": "de", "target_lang": "en", "entry_count": 1}
    put = api.call("PUT", f"{path}/dictionaries", json={**ONE, "entries": "a\tb"})
    assert put.json["entry_count"] == 1
    assert [d["entry_count"] for d in api.get(path).json["dictionaries"]] == [1, 1]
    assert api.call("DELETE", f"{path}/dictionaries?{pair}").status == 204
    assert [d["source_lang"] for d in api.get(path).json["dictionaries"]] == ["de"]
    again = api.call("DELETE", f"{path}/dictionaries?{pair}")
    assert (again.status, again.json) == (404, {"message": "Glossary dictionary not found"})
    assert api.get(f"{path}/entries?{pair}").status == 404
    assert api.call("DELETE", path).status == 204
    assert api.get("/v3/glossaries").json == {"glossaries": []}


def test_a_glossary_is_renamed(api):
    path = f"/v3/glossaries/{create(api, 3)['glossary_id']}"
    assert api.call("PATCH", path, json={"name": "Theirs"}).json["name"] == "Theirs"
    assert api.get(path).json["name"] == "Theirs"
    assert api.call("PATCH", path, json={"name": ""}).status == 400


def test_what_has_one_dictionary_is_a_glossary_of_both_versions(api):
    old, new = create(api), create(api, 3)
    listed = api.get("/v2/glossaries").json["glossaries"]
    assert {each["glossary_id"] for each in listed} == {old["glossary_id"], new["glossary_id"]}
    assert len(api.get("/v3/glossaries").json["glossaries"]) == 2
    other = {"source_lang": "de", "target_lang": "en", "entries": "Haus\thome"}
    path = f"/glossaries/{new['glossary_id']}"
    assert api.call("PATCH", f"/v3{path}", json={"dictionaries": [other]}).status == 200
    assert api.get("/v2/glossaries").json["glossaries"] == [old]
    assert api.get(f"/v2{path}").status == api.call("DELETE", f"/v2{path}").status == 404
    assert len(api.get(f"/v3{path}").json["dictionaries"]) == 2


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("name", [UNKNOWN, "invalid_glossary_id", "..%2f", "x" * 99, "%00"])
def test_what_is_unknown_is_not_found(api, method, name):
    for version in (2, 3):
        answer = api.call(method, f"/v{version}/glossaries/{name}")
        assert (answer.status, answer.json) == (404, {"message": "Glossary not found"})


@pytest.fixture
def locked(caller_with):
    return caller_with(auth="keys", api_keys=DIGESTS)


def of(locked, name):
    return Caller(locked.app, AUTHORIZATION=f"DeepL-Auth-Key {KEYS[name]}")


def test_no_key_sees_anothers(locked):
    web, app, we = (of(locked, name) for name in ("web", "app", "we"))
    made = create(web)
    path = f"/glossaries/{made['glossary_id']}"
    assert len(web.get("/v2/glossaries").json["glossaries"]) == 1
    for other in (app, we):
        for version in (2, 3):
            assert other.get(f"/v{version}/glossaries").json == {"glossaries": []}
            for method in ("GET", "DELETE"):
                assert other.call(method, f"/v{version}{path}").status == 404
        assert other.call("PATCH", f"/v3{path}", json={"name": "Mine"}).status == 404
        assert other.call("PUT", f"/v3{path}/dictionaries", json=ONE).status == 404
        assert other.get(f"/v3{path}/entries?source_lang=en&target_lang=de").status == 404
        text = {"text": ["My house"], "source_lang": "EN", "target_lang": "DE"}
        asked = {**text, "glossary_id": made["glossary_id"]}
        assert other.post("/v2/translate", json=asked).status == 404
        body = {"q": "My house", "source": "en", "target": "de", "glossary": "Ours"}
        assert other.post("/translate", json=body).status == 404
    assert locked.get("/v2/glossaries").status == 403
    assert web.get(f"/v2{path}").json == made


def test_a_glossary_has_a_largest_size_and_a_caller_a_largest_number(api):
    much = "\n".join(f"{number}{'x' * 1000}\t{'y' * 1000}" for number in range(1990))
    path = f"/v3/glossaries/{create(api, 3, entries=much)['glossary_id']}"
    made = api.call("PUT", f"{path}/dictionaries", json={**ONE, "entries": much})
    assert made.status == 200
    more = {"dictionaries": [{**ONE, "entries": much.replace("xxx", "zzz")}]}
    full = api.call("PATCH", path, json=more)
    assert full.status == 413
    assert full.json["message"].endswith(f"the limit is {MAX_BYTES}.")
    sent = {"name": "Ours", **ONE, "entries": "x" * MAX_BYTES}
    assert api.post("/v2/glossaries", json=sent).status == 413


def test_a_caller_has_a_largest_number(api, monkeypatch):
    monkeypatch.setattr("gateway.deepl_glossaries.MAX_GLOSSARIES", 2)
    assert MAX_GLOSSARIES == 1000
    create(api), create(api)
    assert create(api, 2, 456)["message"].startswith("Glossary limit reached")


def translate(api, text, **fields):
    way = {"source_lang": "EN", "target_lang": "DE"}
    return api.post("/v2/translate", json={"text": text, **way, **fields})


def test_translates_with_the_terms_that_the_texts_may_have(api, backend):
    made = create(api, entries="house\tPalast\ncity\tMetropole\nhot dog\tWurst\ncat\tKater")
    texts = ["The houses of two cities.", "A dog."]
    assert translate(api, texts, glossary_id=made["glossary_id"]).status == 200
    assert dict(backend.asked[-1].terms) == {"house": "Palast", "city": "Metropole"}


@pytest.mark.parametrize("as_form", [False, True])
def test_several_glossaries_are_one_and_the_first_comes_first(api, backend, as_form):
    one, two = create(api), create(api, entries="house\tHütte\ndog\tRüde")
    ids = [two["glossary_id"], one["glossary_id"]]
    if as_form:
        fields = {"text": "house cat dog", "source_lang": "en", "target_lang": "de"}
        answer = api.post("/v2/translate", form={**fields, "glossary_ids": ",".join(ids)})
    else:
        answer = translate(api, ["house cat dog"], glossary_ids=ids)
    assert answer.status == 200
    assert backend.asked[-1].terms == {"house": "Hütte", "dog": "Rüde", "cat": "Kater"}


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"glossary_id": UNKNOWN}, 404, "Glossary not found"),
        ({"glossary_ids": [UNKNOWN]}, 404, "Glossary not found"),
        ({"glossary_id": UNKNOWN, "source_lang": None}, 400, "Use of a glossary requires the sou"),
        ({"glossary_id": UNKNOWN, "glossary_ids": ["a"]}, 400, "Parameters 'glossary_id' and 'gl"),
        ({"glossary_id": 7}, 400, "Value for 'glossary_ids' not supported. Use ids of glossaries"),
        ({"glossary_ids": [UNKNOWN] * 11}, 400, "Parameter 'glossary_ids' has more than 10 gloss"),
    ],
)
def test_refuses_a_glossary_that_cannot_be_used(api, backend, fields, status, sentence):
    answer = translate(api, ["Hi"], **fields)
    assert (answer.status, answer.json["message"][: len(sentence)]) == (status, sentence)
    assert not backend.requests


def test_a_glossary_without_the_pair_is_refused(api, backend):
    made = create(api)
    fields = {"source_lang": "DE", "target_lang": "EN", "glossary_id": made["glossary_id"]}
    answer = translate(api, ["Hi"], **fields)
    assert (answer.status, answer.json) == (404, {"message": "Glossary dictionary not found"})


def test_more_terms_than_a_request_may_have_are_refused(api):
    words = [f"x{number}" for number in range(MAX_TERMS + 1)]
    made = create(api, entries="\n".join(f"{word}\ty" for word in words))
    answer = translate(api, [" ".join(words)], glossary_id=made["glossary_id"])
    assert answer.status == 413
    assert answer.json["message"].startswith(f"The texts may have {MAX_TERMS + 1} of the")


def libretranslate(api, glossary, **fields):
    body = {"q": "My house", "source": "en", "target": "de", "glossary": glossary}
    return api.post("/translate", json={**body, **fields})


def test_libretranslates_clients_name_a_glossary_or_send_its_terms(api, backend):
    made = create(api)
    for glossary in (made["glossary_id"], "Ours", {"house": "Palast", "cat": "Kater"}):
        answer = libretranslate(api, glossary)
        assert answer.json == {
            "translatedText": "<de>My house",
            "terms": [{"source": "house", "target": "Palast", "met": "found"}],
        }
        assert backend.asked[-1].terms == {"house": "Palast"}
    assert "terms" not in libretranslate(api, "").json
    assert libretranslate(api, {"house": "Palast"}, source="auto").status == 200


@pytest.mark.parametrize(
    ("glossary", "fields", "status", "sentence"),
    [
        ("Theirs", {}, 404, "Glossary not found"),
        ("Ours", {"source": "auto"}, 400, "Invalid request: a glossary needs the source language"),
        (7, {}, 400, "Invalid request: glossary must be an id, a name or an object of terms"),
        ({"a": 1}, {}, 400, "Invalid request: a term and its translation must be strings"),
        ({" ": "a"}, {}, 400, "Invalid request: a term and its translation have 1 to 1024 bytes"),
        (
            {str(number): "a" for number in range(MAX_TERMS + 1)},
            {},
            400,
            "Invalid request: glossary has more than 1000 terms",
        ),
    ],
)
def test_libretranslate_refuses_what_is_no_glossary(api, glossary, fields, status, sentence):
    create(api)
    answer = libretranslate(api, glossary, **fields)
    assert answer.status == status
    assert answer.json["error"].startswith(sentence)


def test_terms_do_not_go_through_a_pivot(caller_with, backend):
    backend.pairs = [("de", "en"), ("en", "pt")]
    api = caller_with(pivot="en")
    answer = libretranslate(api, {"house": "casa"}, source="de", target="pt")
    assert answer.status == 400
    assert answer.json["error"].startswith("A glossary cannot be used from German to Portuguese")
