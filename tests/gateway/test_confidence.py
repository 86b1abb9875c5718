"""How sure the models are reaches whoever asked: also through a pivot, and in DeepL's dialect."""

import pytest

from gateway.backend import Translation
from tests.doubles.tagging_backend import TaggingBackend

HEADER = "X-Translation-Confidence"
DEEPL = {"text": ["one", "two", "three"], "source_lang": "EN", "target_lang": "DE"}
PIVOTED = {"q": ["one", "two"], "source": "fr", "target": "de"}


class Sure(TaggingBackend):
    """As sure of a pair's translations as `of` says."""

    def __init__(self):
        super().__init__()
        self.of = {("en", "de"): [0.95312, None, 1]}

    def translate(self, request):
        known = self.of[request.source, request.target]
        return [
            Translation(text, confidence=each)
            for text, each in zip(request.texts, known, strict=False)
        ]


@pytest.fixture
def backend():
    return Sure()


def test_deepls_answers_have_a_header_with_a_number_for_each_text(api):
    answer = api.post("/v2/translate", json=DEEPL)
    assert answer.headers[HEADER] == "0.953, none, 1.000"
    form = [("text", "one"), ("text", "two"), ("source_lang", "EN"), ("target_lang", "DE")]
    assert api.post("/v2/translate", form=form).headers[HEADER] == "0.953, none"


def test_a_model_that_is_not_calibrated_sends_none(api, backend):
    backend.of["en", "de"] = [None] * 3
    assert HEADER not in api.post("/v2/translate", json=DEEPL).headers


def test_fifty_texts_have_room(api, backend):
    backend.of["en", "de"] = [0.123456789] * 50
    value = api.post("/v2/translate", json={**DEEPL, "text": ["one"] * 50}).headers[HEADER]
    assert value.split(", ") == ["0.123"] * 50
    assert len(value) < 350


def test_pages_of_other_origins_may_read_it(api):
    answer = api.post("/v2/translate", json=DEEPL, ORIGIN="https://a.example")
    assert HEADER in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [(0.5, 0.8, 0.4), (1.0, 0.9, 0.9), (0.9, 1.0, 0.9), (None, 0.9, None), (0.9, None, None)],
)
def test_through_a_pivot_both_legs_count(caller_with, backend, first, second, whole):
    backend.of = {("fr", "en"): [first, 0.5], ("en", "de"): [second, 0.5]}
    backend.pairs = list(backend.of)
    answer = caller_with(pivot="en").post("/translate", json=PIVOTED)
    assert answer.json["confidence"] == [whole, 0.25]


def test_without_a_pivot_it_is_the_models_own(api):
    body = {"q": ["one", "two"], "source": "en", "target": "de"}
    assert api.post("/translate", json=body).json["confidence"] == [0.95312, None]
