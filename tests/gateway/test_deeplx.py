"""DeepLX's one route, beside LibreTranslate's on the same address."""

import pytest

from tests.gateway.test_deepl import GERMAN


def translate(api, **fields):
    return api.post("/translate", json={"text": "Hello", "target_lang": "DE", **fields})


@pytest.mark.parametrize("source", ["EN", "en"])
def test_translates_as_deeplx_does(api, source):
    assert translate(api, source_lang=source).json == {
        "code": 200,
        "data": "<de>Hello",
        "alternatives": ["<de>Hello 0", "<de>Hello 1", "<de>Hello 2"],
        "source_lang": "EN",
        "target_lang": "DE",
    }


def test_has_as_many_alternatives_as_the_server_gives(caller_with):
    answer = translate(caller_with(alternatives_limit=0), source_lang="EN").json
    assert answer["alternatives"] == []


@pytest.mark.parametrize("source", ["auto", "AUTO", "", None])
def test_detects_where_no_source_is_named(api, source):
    answer = translate(api, text=GERMAN, source_lang=source, target_lang="EN").json
    assert (answer["data"], answer["source_lang"]) == (f"<en>{GERMAN}", "DE")


def test_libretranslates_parameters_come_first(api):
    answer = translate(api, q="Hi", source="en", target="de")
    assert answer.json == {"translatedText": "<de>Hi"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"target_lang": "XX"}, "XX is not supported"),
        ({"target_lang": "auto"}, "auto is not supported"),
        ({"source_lang": 7}, "Invalid request: a language code must be a string"),
        ({"text": ["a"]}, "Invalid request: text must be a string"),
        ({"target_lang": None}, "Invalid request: missing q parameter"),
    ],
)
def test_refuses_what_it_cannot_read(api, fields, sentence):
    answer = translate(api, **fields)
    assert (answer.status, answer.json) == (400, {"error": sentence})
