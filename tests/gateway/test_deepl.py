"""DeepL's wire format, with what its official clients send."""

import pytest

from gateway.deepl import NO_LIMIT

GERMAN = "Wo ist der Bahnhof? Das ist ein langer deutscher Satz."


def translate(api, **fields):
    return api.post("/v2/translate", json={"text": ["Hello"], "target_lang": "DE", **fields})


def test_translates_json_as_python_sends_it(api):
    answer = translate(api, source_lang="EN", show_billed_characters=True)
    assert answer.json == {
        "translations": [
            {"detected_source_language": "EN", "text": "<de>Hello", "billed_characters": 5}
        ]
    }


def test_translates_a_form_as_node_sends_it(api):
    form = [("text", "a"), ("text", "b"), ("target_lang", "de"), ("source_lang", "en")]
    answer = api.post("/v2/translate", form=[*form, ("show_billed_characters", "1")]).json
    assert [t["text"] for t in answer["translations"]] == ["<de>a", "<de>b"]
    assert [t["billed_characters"] for t in answer["translations"]] == [1, 1]


def test_detects_each_text_without_a_source(api):
    answer = translate(api, text=[GERMAN, "😀"], target_lang="EN-US").json
    assert [t["text"] for t in answer["translations"]] == [f"<en>{GERMAN}", "😀"]
    assert answer["translations"][0]["detected_source_language"] == "DE"


@pytest.mark.parametrize("code", ["EN-GB", "en-us", "EN"])
def test_regional_targets_find_the_model_of_the_language(api, code):
    answer = translate(api, source_lang="DE", target_lang=code).json
    assert answer["translations"][0]["text"] == "<en>Hello"


@pytest.mark.parametrize("code", ["PT-BR", "PT-PT", "pt"])
def test_portuguese_finds_the_region_there_is(api, backend, code):
    backend.pairs = [("en", "pt-BR")]
    answer = translate(api, source_lang="EN", target_lang=code).json
    assert answer["translations"][0]["text"] == "<pt-BR>Hello"


def test_one_script_does_not_stand_for_another(api, backend):
    backend.pairs = [("en", "zh-Hans")]
    assert translate(api, source_lang="EN", target_lang="ZH-HANT").status == 400
    answer = translate(api, source_lang="EN", target_lang="ZH").json
    assert answer["translations"][0]["text"] == "<zh-Hans>Hello"


def test_tags_are_kept_and_not_billed(api, backend):
    answer = translate(
        api,
        text=['Press <x id="7"></x> now'],
        source_lang="EN",
        tag_handling="xml",
        ignore_tags=["x", "code,pre"],
        splitting_tags=["par"],
        non_splitting_tags="b,i",
        show_billed_characters=True,
    ).json
    assert answer["translations"][0]["billed_characters"] == len("Press  now")
    asked = backend.asked[0]
    assert (asked.format, asked.ignore_tags) == ("xml", ("x", "code", "pre"))
    assert (asked.splitting_tags, asked.non_splitting_tags) == (("par",), ("b", "i"))


@pytest.mark.parametrize(
    ("fields", "split"),
    [
        ({}, "sentences"),
        ({"split_sentences": "1"}, "sentences"),
        ({"split_sentences": "0"}, "none"),
        ({"split_sentences": 0}, "none"),
        ({"split_sentences": 1.0}, "sentences"),
        ({"split_sentences": "nonewlines"}, "punctuation"),
        ({"tag_handling": "html"}, "punctuation"),
        ({"tag_handling": "html", "split_sentences": "1"}, "sentences"),
    ],
)
def test_sentences_are_split_as_asked(api, backend, fields, split):
    translate(api, source_lang="EN", **fields)
    assert backend.asked[0].split == split


@pytest.mark.parametrize(
    "fields",
    [
        {"formality": "default"},
        {"formality": "prefer_more"},
        {"preserve_formatting": True},
        {"outline_detection": True},
        {"tag_handling_version": "v2"},
        {"context": None},
        {"context": "a menu"},
        {"context": ""},
        {"model_type": "quality_optimized"},
        {"outline_detection": False},
        {"outline_detection": 0},
        {"splitting_tags": [], "non_splitting_tags": ""},
        {"style_id": "x", "custom_instructions": ["Be kind"], "free_api": True},
        {"whatever_comes_next": {"a": [1]}},
        {"glossary_id": ""},
        {"glossary_ids": []},
        {"ignore_tags": []},
    ],
)
def test_takes_what_changes_nothing(api, fields):
    assert translate(api, source_lang="EN", **fields).status == 200


def test_names_the_kind_of_model_when_asked(api):
    answer = translate(api, source_lang="EN", model_type="prefer_quality_optimized").json
    assert answer["translations"][0]["model_type_used"] == "latency_optimized"


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"text": None}, 400, "Parameter 'text' not specified."),
        ({"text": []}, 400, "Parameter 'text' not specified."),
        ({"text": [7]}, 400, "Invalid request: text must be a string"),
        ({"text": ["a\0"]}, 400, "Invalid request: text contains a NUL character"),
        ({"target_lang": None}, 400, "Parameter 'target_lang' not specified."),
        ({"target_lang": "XX"}, 400, "Value for 'target_lang' not supported."),
        ({"target_lang": ["DE"]}, 400, "Value for 'target_lang' not supported."),
        ({"source_lang": "XX"}, 400, "Value for 'source_lang' not supported."),
        ({"source_lang": 1}, 400, "Value for 'source_lang' not supported."),
        ({"formality": "more"}, 400, "'formality' is not supported for given 'target_lang'."),
        ({"model_type": "best"}, 400, "Value for 'model_type' not supported."),
        ({"outline_detection": "maybe"}, 400, "Value for 'outline_detection' not supported."),
        ({"preserve_formatting": {}}, 400, "Value for 'preserve_formatting' not supported."),
        ({"formality": ""}, 400, "'formality' is not supported for given 'target_lang'."),
        ({"translation_memory_id": "x"}, 400, "Parameter 'translation_memory_id' is not supported"),
        ({"tag_handling": "json"}, 400, "Value for 'tag_handling' not supported. Use xml or"),
        ({"split_sentences": "2"}, 400, "Value for 'split_sentences' not supported. Use 0, 1 or"),
        ({"show_billed_characters": "maybe"}, 400, "Value for 'show_billed_characters' not"),
        ({"ignore_tags": ["a b"]}, 400, "Value for 'ignore_tags' not supported. Use tag names."),
        ({"ignore_tags": [1]}, 400, "Value for 'ignore_tags' not supported. Use tag names."),
        (
            {"ignore_tags": ",".join(f"x{number}" for number in range(1001))},
            400,
            "Value for 'ignore_tags' not supported: 1001 names exceed the limit of 1000.",
        ),
        ({"text": ["a"] * 51}, 413, "Invalid request: 51 texts exceed the limit of 50"),
        ({"text": ["a" * 50_001]}, 413, "Invalid request: request (50001) exceeds text limit (5"),
    ],
)
def test_refuses_in_its_own_form(api, backend, fields, status, sentence):
    answer = translate(api, **{"source_lang": "EN", **fields})
    assert answer.status == status
    assert answer.json["message"].startswith(sentence)
    assert not backend.requests


def test_refuses_a_pair_without_a_model(api, backend):
    backend.pairs = [("en", "de"), ("fr", "en")]
    answer = translate(api, source_lang="FR", target_lang="DE")
    assert answer.status == 400
    assert answer.json["message"].startswith("German (de) is not available as a target language")


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "/v2/languages?type=target"},
        {"path": "/v2/languages", "form": {"type": "target"}},  # what deepl-python does
        {"path": "/v2/languages", "form": {"type": "target"}, "method": "POST"},
        {"path": "/v2/languages", "json": {"type": "target"}, "method": "POST"},
    ],
)
def test_lists_targets_in_the_varieties_clients_insist_on(api, sent):
    answer = api.call(**{"method": "GET", **sent})
    assert [language["language"] for language in answer.json] == ["DE", "EN-GB", "EN-US"]
    assert answer.json[1] == {
        "language": "EN-GB",
        "name": "English (British)",
        "supports_formality": False,
    }


def test_lists_sources(api):
    german, english = {"language": "DE", "name": "German"}, {"language": "EN", "name": "English"}
    assert api.get("/v2/languages").json == [german, english]
    assert api.post("/v2/languages").json == [german, english]


def test_refuses_another_kind_of_languages(api):
    answer = api.get("/v2/languages?type=both")
    assert answer.status == 400
    assert answer.json["message"].startswith("Value for 'type' not supported")


def test_usage_counts_what_was_billed(api):
    assert api.get("/v2/usage").json["character_count"] == 0
    translate(api, text=["<b>Hi</b>"], source_lang="EN", tag_handling="html")
    assert api.get("/v2/usage").json["character_count"] == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_usage_is_of_one_key_and_of_this_day(api, method):
    translate(api, source_lang="EN")
    counts = {"character_count": 5, "api_key_character_count": 5}
    assert api.call(method, "/v2/usage").json == {
        **counts,
        "character_limit": NO_LIMIT,
        "api_key_character_limit": NO_LIMIT,
        "start_time": "1970-01-01T00:00:00Z",  # the test's clock stands at 1000 seconds
        "end_time": "1970-01-02T00:00:00Z",
        "products": [{"product_type": "translate", **counts}],
    }


def test_usage_shows_the_quota(caller_with):
    assert caller_with(daily_characters=500).get("/v2/usage").json["character_limit"] == 500


def test_errors_of_the_address_are_in_its_form(api):
    assert api.get("/v2/translate").json == {
        "message": "This address does not take that method. See /docs."
    }
    assert api.post("/v2/nothing").json == {
        "message": "There is nothing at this address. See /docs."
    }


def test_every_answer_carries_a_trace_id(api):
    for answer in (api.get("/v2/usage"), api.get("/v2/nothing"), translate(api, text=[])):
        assert answer.headers["X-Trace-ID"]


def test_the_third_version_lists_what_translates_from_and_into_what(api):
    listed = {each["lang"]: each for each in api.get("/v3/languages?resource=translate_text").json}
    ways = {code: (e["usable_as_source"], e["usable_as_target"]) for code, e in listed.items()}
    assert ways == {
        "de": (True, True),
        "en": (True, False),
        "en-GB": (False, True),
        "en-US": (False, True),
    }
    stable = {"status": "stable"}
    assert listed["de"]["features"] == {"tag_handling": stable, "glossary": stable}
    assert api.get("/v3/languages?resource=voice").json == []
    resources = [each["name"] for each in api.get("/v3/languages/resources").json]
    assert resources == ["translate_text", "translate_document", "glossary"]


def test_the_third_version_lists_documents_where_files_are_translated(api, caller_with):
    texts = api.get("/v3/languages?resource=translate_text").json
    listed = api.get("/v3/languages?resource=translate_document").json
    assert [each["lang"] for each in listed] == [each["lang"] for each in texts]
    assert listed[0]["features"] == {"glossary": {"status": "stable"}}
    off = caller_with(files=False)
    assert off.get("/v3/languages?resource=translate_document").json == []
    resources = [each["name"] for each in off.get("/v3/languages/resources").json]
    assert resources == ["translate_text", "glossary"]


def test_the_third_version_lists_the_languages_of_glossaries(api, backend):
    backend.pairs = [("en", "de"), ("fr", "en")]
    listed = api.get("/v3/languages?resource=glossary").json
    ways = {each["lang"]: (each["usable_as_source"], each["usable_as_target"]) for each in listed}
    assert ways == {"de": (False, True), "en": (True, True), "fr": (True, False)}


def test_no_language_has_glossaries_where_only_scripts_of_one_are_served(api, backend):
    backend.pairs = [("zh-Hans", "zh-Hant")]
    assert api.get("/v3/languages?resource=glossary").json == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Parameter 'resource' not specified."),
        ("?resource=x", "Value for 'resource' not supported. Use translate_text."),
    ],
)
def test_the_third_version_wants_a_resource_it_knows(api, query, sentence):
    answer = api.get(f"/v3/languages{query}")
    assert (answer.status, answer.json) == (400, {"message": sentence})


def test_there_are_no_style_rules_and_no_memories(api):
    assert api.get("/v3/style_rules").json == {"style_rules": []}
    memories = {"translation_memories": [], "total_count": 0}
    assert api.get("/v3/translation_memories").json == memories


@pytest.mark.parametrize(
    "path",
    [
        "/v3/languages?resource=write",
        "/v3/languages/resources",
        "/v3/style_rules",
        "/v3/translation_memories",
    ],
)
def test_the_third_version_needs_the_key_too(caller_with, path):
    assert caller_with(auth="keys").get(path).status == 403
