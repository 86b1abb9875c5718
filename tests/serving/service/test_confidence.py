"""What is seen of a translation becomes a confidence, and a warning, by the manifest."""

import json

import pytest

from handlers import ModelFolder, Translation
from serving.plugins.claims import Claim
from serving.plugins.models import Model
from serving.request import Request
from serving.service.translator import Translator

BY_SCORE = {"intercept": 5, "weights": {"score": 10}}


class Scoring:
    """Its score of a sentence is a matter of its word."""

    def __init__(self, folder):
        pass

    def translate(self, segments, options):
        return [Translation(_said(segment), score=_score(segment)) for segment in segments]


def _said(segment):
    if "copied" in segment:
        return segment
    return segment.upper() if segment != "much" else "MUCH" * 9


def _score(segment):
    return None if segment == "none" else {"even": -0.5, "bad": -0.9}.get(segment, -0.1)


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
    found = translate({"calibration": BY_SCORE}, "good", "even", "bad")
    assert found == ([0.982, 0.5, 0.018], [(), (), ("unsure",)], 1)


def test_a_model_that_nobody_calibrated_is_never_unsure(translate):
    assert translate({}, "good", "bad") == ([None, None], [(), ()], 0)


def test_without_a_score_there_is_no_confidence(translate):
    found = translate({"calibration": BY_SCORE}, "none")
    assert found == ([None], [()], 0)


def test_the_threshold_is_the_manifests(translate):
    found = translate({"calibration": {**BY_SCORE, "threshold": 0.99}}, "good", "bad")
    assert found == ([0.982, 0.018], [("unsure",), ("unsure",)], 2)


@pytest.mark.parametrize(
    ("sign", "plain", "odd"),
    [
        ("length", "one two three", "much"),  # comes back three times as long
        ("pieces", "plain", "plain" * 9),  # a token for each of its characters, no margins
        ("copied", "plain", "copied words"),
    ],
)
def test_every_sign_counts(translate, sign, plain, odd):
    calibration = {"intercept": 1, "weights": {sign: -20}, "usual": {"pieces": 0.5}}
    (first, second), *_ = translate({"calibration": calibration}, plain, odd)
    assert second < first - 0.2


@pytest.mark.parametrize("pair", ["en_pt", "pt_en", "en_de", "de_en"])
def test_the_embedded_models_are_sure_of_a_greeting_and_unsure_of_gibberish(server, pair):
    source, target = pair.split("_")
    greeting = {"en": "Good morning!", "pt": "Bom dia!", "de": "Guten Morgen!"}[source]
    gibberish = "Ngof wzkl trpoa sdhfjk qwoeir zmxnb vlkajsd."
    answer = server.translate(greeting, gibberish, source=source, target=target).json
    good, bad = answer["translations"]
    assert "unsure" not in good["warnings"] and good["confidence"] > 0.7
    assert "unsure" in bad["warnings"] and bad["confidence"] < 0.4
