"""What may be wrong in a translation reaches whoever asked: a header, and a field on request."""

import pytest

from gateway.backend import Translation
from tests.doubles.tagging_backend import TaggingBackend

HEADER = "X-Translation-Warnings"
BODY = {"q": ["one", "two", "three"], "source": "en", "target": "de"}
DEEPL = {"text": ["one", "two", "three"], "source_lang": "EN", "target_lang": "DE"}
CODES = {"one": ("numbers_changed",), "two": (), "three": ("unsure", "numbers_changed")}


class Warning(TaggingBackend):
    """Warns of a text as `codes` says."""

    codes = CODES

    def translate(self, request):
        return [Translation(text, warnings=self.codes.get(text, ())) for text in request.texts]


@pytest.fixture
def backend():
    return Warning()


def test_a_header_has_each_code_once(api):
    assert api.post("/translate", json=BODY).headers[HEADER] == "numbers_changed, unsure"
    assert HEADER not in api.post("/translate", json={**BODY, "q": "two"}).headers


def test_whatever_the_dialect_the_header_is_there(api):
    text = {"text": "one", "target_lang": "DE", "source_lang": "EN"}
    plain = api.post("/translate?source=en&target=de", body=b"one", kind="text/plain")
    for answer in (api.post("/v2/translate", json=DEEPL), api.post("/translate", json=text), plain):
        assert answer.headers[HEADER].startswith("numbers_changed")


def test_of_a_file_too(api):
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, more, value in (
            ("source", "", "en"),
            ("target", "", "de"),
            ("file", '; filename="a.txt"', "one"),
        )
    )
    kind = "multipart/form-data; boundary=x"
    answer = api.post("/translate_file", body=f"{parts}--x--\r\n".encode(), kind=kind)
    assert answer.headers[HEADER] == "numbers_changed"


def test_pages_of_other_origins_may_read_it(api):
    answer = api.post("/translate", json=BODY, ORIGIN="https://a.example")
    assert HEADER in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("asked", [True, 1, "1", "true"])
def test_who_asks_gets_those_of_each_text(api, asked):
    several = api.post("/translate", json={**BODY, "show_warnings": asked}).json
    assert several["warnings"] == [["numbers_changed"], [], ["unsure", "numbers_changed"]]
    one = api.post("/translate", json={**BODY, "q": "one", "show_warnings": asked}).json
    assert one["warnings"] == ["numbers_changed"]
    found = api.post("/v2/translate", json={**DEEPL, "show_warnings": asked}).json["translations"]
    assert [t["warnings"] for t in found] == several["warnings"]


@pytest.mark.parametrize("path", ["/translate", "/v2/translate"])
def test_who_does_not_ask_sees_what_the_original_answers(api, path):
    for asked in ({}, {"show_warnings": False}, {"show_warnings": None}):
        assert b"warnings" not in api.post(path, json={**BODY, **DEEPL, **asked}).body


@pytest.mark.parametrize("path", ["/translate", "/v2/translate"])
def test_no_yes_or_no_is_refused(api, path):
    answer = api.post(path, json={**BODY, **DEEPL, "show_warnings": "maybe"})
    assert answer.status == 400
    assert b"'show_warnings' not supported. Use true or false." in answer.body


def test_what_was_lost_before_the_pivot_is_told(caller_with, backend):
    backend.pairs = [("fr", "en"), ("en", "de")]
    body = {"q": "three", "source": "fr", "target": "de", "show_warnings": True}
    backend.codes = {"three": ("numbers_changed",)}
    assert caller_with(pivot="en").post("/translate", json=body).json["warnings"] == [
        "numbers_changed"
    ]


def test_a_code_that_would_spoil_the_header_stays_out_of_it(api, backend):
    backend.codes = {"one": ("Cut\r\noff: 1", "straße", "fine", "x" * 65)}
    answer = api.post("/translate", json={**BODY, "q": "one"})
    assert answer.headers[HEADER] == "fine"


def test_the_header_has_an_end(api, backend):
    backend.codes = {"one": tuple(f"code_{number}" for number in range(1000))}
    assert len(api.post("/translate", json={**BODY, "q": "one"}).headers[HEADER]) < 200
