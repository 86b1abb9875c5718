"""A score becomes a confidence, and a warning, by the manifest's two numbers."""

import json

import pytest

from handlers import ModelFolder, Translation
from serving.plugins.claims import Claim
from serving.plugins.models import Model
from serving.request import Request
from serving.service.translator import Translator


class Scoring:
    """Its score of a sentence is a matter of its word."""

    def __init__(self, folder):
        pass

    def translate(self, segments, options):
        return [Translation(segment, score=_score(segment)) for segment in segments]


def _score(segment):
    return {"good": -0.1, "even": -0.5, "bad": -0.9}.get(segment)


@pytest.fixture
def translate(tmp_path):
    def run(manifest, *texts):
        folder = tmp_path / "en_de"
        folder.mkdir()
        (folder / "model.json").write_text(json.dumps(manifest))
        found = ModelFolder(folder)
        claim = Claim("*", "*", Scoring, "handlers.mine", "handlers/mine.py")
        translator = Translator([Model(found, claim, Scoring(found))], max_tokens=1000)
        answer = translator.translate(Request(texts=texts))
        found = answer.translations
        return [t.confidence for t in found], [t.warnings for t in found], answer.warnings

    return run


def test_a_low_score_is_said_to_be_unsure(translate):
    found = translate({"calibration": {"slope": 10, "intercept": 5}}, "good", "even", "bad")
    assert found == ([0.982, 0.5, 0.018], [(), (), ("unsure",)], 1)


def test_a_model_that_nobody_calibrated_is_never_unsure(translate):
    assert translate({}, "good", "bad") == ([None, None], [(), ()], 0)


def test_without_a_score_there_is_no_confidence(translate):
    found = translate({"calibration": {"slope": 10, "intercept": 5}}, "none")
    assert found == ([None], [()], 0)


def test_a_model_that_is_not_calibrated_answers_null(server):
    (found,) = server.translate("Good morning!").json["translations"]
    assert found["confidence"] is None
