"""LibreTranslate's wire format, as its server answers and its clients ask."""

import json

import pytest

from gateway.backend import Translation

GERMAN = "Wo ist der Bahnhof? Das ist ein langer deutscher Satz."
ENGLISH = "Where is the train station? This is a long English sentence."


@pytest.mark.parametrize("path", ["/translate", "/"])
def test_translates_json(api, path):
    answer = api.post(path, json={"q": "Hello", "source": "en", "target": "de"})
    assert (answer.status, answer.json) == (200, {"translatedText": "<de>Hello"})
    assert answer.headers["Content-Type"] == "application/json"


def test_translates_a_form_a_query_and_both_together(api):
    fields = {"q": "Hello", "source": "en", "target": "de"}
    form = api.post("/translate", form=fields)
    query = api.post("/translate?q=Hello&source=en&target=de")
    both = api.post("/translate?q=Hello", form={"source": "en", "target": "de"})
    assert form.json == query.json == both.json == {"translatedText": "<de>Hello"}


def test_takes_the_first_value_of_a_repeated_field(api):
    answer = api.post("/translate", form={"q": ["one", "two"], "source": "en", "target": "de"})
    assert answer.json == {"translatedText": "<de>one"}


def test_keeps_the_shape_of_a_list(api):
    body = {"q": ["a", "", "b"], "source": "en", "target": "de"}
    assert api.post("/translate", json=body).json == {"translatedText": ["<de>a", "", "<de>b"]}
    assert api.post("/translate", json={**body, "q": []}).json == {"translatedText": []}


def test_passes_html_on(api, backend):
    body = {"q": "<p>Hi</p>", "source": "en", "target": "de", "format": "html"}
    api.post("/translate", json=body)
    assert backend.asked[0].format == "html"


def test_detects_each_item_of_a_list(api, backend):
    body = {"q": [ENGLISH, GERMAN, "😀"], "source": "auto", "target": "de"}
    answer = api.post("/translate", json=body).json
    assert answer["translatedText"] == [f"<de>{ENGLISH}", GERMAN, "😀"]
    assert [found["language"] for found in answer["detectedLanguage"]] == ["en", "de", "en"]
    assert answer["detectedLanguage"][0]["confidence"] > 90
    assert answer["detectedLanguage"][2]["confidence"] == 0
    assert [request.texts for request in backend.asked] == [(ENGLISH,)]


def test_reports_one_language_for_one_text(api):
    body = {"q": GERMAN, "source": "AUTO", "target": "en"}
    answer = api.post("/translate", json=body).json
    assert answer["translatedText"] == f"<en>{GERMAN}"
    assert answer["detectedLanguage"]["language"] == "de"


@pytest.mark.parametrize("asked", [2, 2.0, "2"])
def test_offers_alternatives_without_doubles(api, asked):
    body = {"q": "Hi", "source": "en", "target": "de", "alternatives": asked}
    one = api.post("/translate", json=body).json
    many = api.post("/translate", json={**body, "q": ["Hi"]}).json
    assert one["alternatives"] == ["<de>Hi 0", "<de>Hi 1"]
    assert many["alternatives"] == [["<de>Hi 0", "<de>Hi 1"]]


@pytest.mark.parametrize(
    "left", [{"format": ""}, {"alternatives": -1}, {"alternatives": "-1"}, {"alternatives": 0}]
)
def test_an_empty_wish_is_none(api, left):
    answer = api.post("/translate", json={"q": "Hi", "source": "en", "target": "de", **left})
    assert (answer.status, answer.json) == (200, {"translatedText": "<de>Hi"})


@pytest.mark.parametrize("code", ["DE", "de-DE", "de_AT"])
def test_finds_the_language_of_a_code(api, code):
    body = {"q": "Hello", "source": "en-GB", "target": code}
    assert api.post("/translate", json=body).json == {"translatedText": "<de>Hello"}


def test_returns_a_text_in_the_target_language_unchanged(api, backend):
    body = {"q": "Hallo", "source": "de", "target": "de"}
    assert api.post("/translate", json=body).json == {"translatedText": "Hallo"}
    assert not backend.requests


def test_returns_a_text_in_no_deployed_language_unchanged(api, backend):
    french = "Bonjour, je voudrais un café"
    answer = api.post("/translate", json={"q": french, "source": "auto", "target": "de"}).json
    assert answer == {
        "translatedText": french,
        "detectedLanguage": {"confidence": 0.0, "language": "en"},
    }
    assert not backend.asked


def test_text_plain_goes_in_and_out(api):
    answer = api.post("/translate?source=en&target=de", body=b"Hi\nyou\n", kind="text/plain")
    assert (answer.status, answer.body) == (200, b"<de>Hi\nyou\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_text_plain_needs_no_languages_where_one_target_is_left(api):
    answer = api.post("/translate", body=ENGLISH.encode(), kind="text/plain")
    assert answer.body.decode() == f"<de>{ENGLISH}"


@pytest.mark.parametrize("before", ["", "\ufeff", " \n"])
def test_json_is_never_translated_as_a_text(api, before):
    """fetch() calls a string text/plain, whatever it holds."""
    body = before + json.dumps({"q": "Hello", "source": "en", "target": "de"})
    for kind in ("text/plain;charset=UTF-8", "application/json"):
        answer = api.post("/translate", body=body.encode(), kind=kind)
        assert answer.json == {"translatedText": "<de>Hello"}
    answer = api.post("/translate", body=b'{"q": "Hello", "target": ', kind="text/plain")
    assert (answer.status, answer.json) == (400, {"error": "Invalid JSON format"})


def test_a_text_may_begin_like_json(api):
    answer = api.post("/translate?source=en&target=de", body=b'{"name": 1}', kind="text/plain")
    assert answer.body == b'<de>{"name": 1}'


def test_text_plain_needs_a_target_where_several_are_left(api, backend):
    backend.pairs = [("en", "de"), ("en", "fr")]
    answer = api.post("/translate", body=ENGLISH.encode(), kind="text/plain")
    assert (answer.status, answer.json["error"]) == (
        400,
        "Invalid request: missing target parameter",
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"q": None}, "Invalid request: missing q parameter"),
        ({"source": ""}, "Invalid request: missing source parameter"),
        ({"target": None}, "Invalid request: missing target parameter"),
        ({"source": "zz"}, "zz is not supported"),
        ({"target": "zz"}, "zz is not supported"),
        ({"target": "auto"}, "auto is not supported"),
        ({"target": 7}, "Invalid request: a language code must be a string"),
        ({"format": "pdf"}, "pdf format is not supported"),
        ({"q": 7}, "Invalid request: q must be a string"),
        ({"q": ["a", {}]}, "Invalid request: q must be a string"),
        ({"q": "a\0b"}, "Invalid request: q contains a NUL character"),
        ({"q": "a\ud800"}, "Invalid request: q contains half of a surrogate pair"),
        ({"alternatives": 4}, "Invalid request: alternatives parameter must be <= 3"),
        ({"alternatives": 1e300}, "Invalid request: alternatives parameter must be <= 3"),
        ({"alternatives": 10**30}, "Invalid request: alternatives parameter must be <= 3"),
        ({"alternatives": "many"}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": -2}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": True}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": 1.5}, "Invalid request: alternatives parameter is not a number"),
    ],
)
def test_refuses_in_its_own_words(api, change, sentence):
    answer = api.post("/translate", json={"q": "Hi", "source": "en", "target": "de", **change})
    assert (answer.status, answer.json) == (400, {"error": sentence})


def test_names_a_target_that_cannot_be_reached(api, backend):
    backend.pairs = [("en", "de"), ("fr", "en")]
    answer = api.post("/translate", json={"q": "Hi", "source": "de", "target": "fr"})
    sentence = "French (fr) is not available as a target language from German (de)"
    assert (answer.status, answer.json) == (400, {"error": sentence})


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[1]", id="list"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'"q"', id="string"),
        pytest.param(b'{"q": NaN}', id="not a number"),
        pytest.param(b"[" * 10_000, id="deep"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", id="5000 digits"),
    ],
)
def test_refuses_what_is_no_json_object(api, body):
    answer = api.post("/translate", body=body, kind="application/json")
    assert answer.status == 400
    assert "JSON" in answer.json["error"] or "UTF-8" in answer.json["error"]


@pytest.mark.parametrize("path", ["/translate?q=%ff", "/translate?q=\xff"])
def test_refuses_a_query_that_is_not_utf8(api, path):
    answer = api.post(path, form={"q": "a"})
    assert answer.json == {"error": "Invalid request: the text is not valid UTF-8"}


def test_refuses_a_form_with_too_many_fields(api):
    answer = api.post("/translate", form={"q": ["a"] * 1001})
    assert answer.json == {"error": "Invalid request: more than 1000 fields"}


def test_lists_languages_with_their_targets(api):
    assert api.get("/languages").json == [
        {"code": "de", "name": "German", "targets": ["de", "en"]},
        {"code": "en", "name": "English", "targets": ["de", "en"]},
    ]


def test_writes_codes_as_libretranslate_does(api, backend):
    backend.pairs = [("en", "pb"), ("en", "zh"), ("en", "zt")]
    codes = [language["code"] for language in api.get("/languages").json]
    assert codes == ["en", "pt-BR", "zh-Hans", "zh-Hant"]
    for asked, deployed in [("pb", "pb"), ("pt-br", "pb"), ("zh", "zh"), ("ZH-Hant", "zt")]:
        answer = api.post("/translate", json={"q": "Hi", "source": "en", "target": asked})
        assert answer.json == {"translatedText": f"<{deployed}>Hi"}


def test_detects_best_first(api):
    guesses = api.post("/detect", form={"q": GERMAN}).json
    assert [guess["language"] for guess in guesses] == ["de", "en"]
    assert guesses[0]["confidence"] > 90 > guesses[1]["confidence"]


@pytest.mark.parametrize("nothing", ["", "  ", "😀 123", "你好，世界"])
def test_detects_nothing_as_english_without_confidence(api, nothing):
    answer = api.post("/detect", json={"q": nothing})
    assert answer.json == [{"confidence": 0.0, "language": "en"}]


def test_detect_needs_a_text(api):
    assert api.post("/detect", json={}).json == {"error": "Invalid request: missing q parameter"}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/detect"), ("PUT", "/languages"), ("POST", "/health"), ("POST", "/spec")],
)
def test_refuses_a_wrong_method(api, method, path):
    answer = api.call(method, path)
    assert answer.status == 405
    assert answer.json == {"error": "This address does not take that method. See /docs."}
    assert answer.headers["Allow"]


def test_refuses_an_unknown_address(api):
    answer = api.get("/nothing")
    assert answer.status == 404
    assert answer.json == {"error": "There is nothing at this address. See /docs."}


def test_tells_a_user_interface_what_it_needs(caller_with):
    settings = caller_with(auth="keys", character_limit=500, files=False).get("/frontend/settings")
    assert settings.json == {
        "apiKeys": True,
        "keyRequired": True,
        "charLimit": 500,
        "batchLimit": 100,
        "frontendTimeout": 500,
        "suggestions": False,
        "filesTranslation": False,
        "supportedFilesFormat": [],
        "language": {
            "source": {"code": "auto", "name": "Auto Detect"},
            "target": {"code": "en", "name": "English"},
        },
        "demonstrations": [],
    }


def test_a_user_interface_begins_with_a_pair_that_is_no_demonstration(caller_with, backend):
    backend.pairs = [("en", "de"), ("de", "en"), ("en", "pt"), ("pt", "en")]
    backend.demonstrations = [("en", "de"), ("de", "en")]
    settings = caller_with(pivot="en").get("/frontend/settings").json
    assert settings["language"]["target"]["code"] == "pt"
    marked = {(pair["source"], pair["target"]) for pair in settings["demonstrations"]}
    assert marked == {("de", "en"), ("de", "pt"), ("en", "de"), ("pt", "de")}


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("", "de"),
        ("fr", "de"),
        ("de-AT,de;q=0.9", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr, de;q=0.2, en;q=0.7", "en"),
        ("en;q=0, de", "de"),
        ("*, x;q=y;;,,", "de"),
        ("," * 9000, "de"),
    ],
)
def test_the_target_is_the_callers_language_if_it_can_be(api, backend, header, target):
    backend.demonstrations = [("de", "en")]
    settings = api.get("/frontend/settings", ACCEPT_LANGUAGE=header).json
    assert settings["language"]["target"]["code"] == target


def test_is_healthy(api):
    assert api.get("/health").json == {"status": "ok"}


def test_a_confidence_is_passed_on_where_there_is_one(api, backend, monkeypatch):
    body = {"q": ["Hello", "Hi"], "source": "en", "target": "de"}
    assert "confidence" not in api.post("/translate", json=body).json

    def unsure(request):
        return [Translation(text, confidence=0.4) for text in request.texts]

    monkeypatch.setattr(backend, "translate", unsure)
    assert api.post("/translate", json=body).json["confidence"] == [0.4, 0.4]
    assert api.post("/translate", json={**body, "q": "Hello"}).json["confidence"] == 0.4
