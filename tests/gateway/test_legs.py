"""Pairs with a model, pairs through the pivot, and what the log says of both."""

import logging

from gateway.legs import Routes

PAIRS = [("en", "de"), ("fr", "en"), ("en", "zh")]


def test_a_pair_with_a_model_takes_one_leg():
    assert Routes(PAIRS, "en").legs("en", "de") == (("en", "de"),)


def test_a_pair_without_a_model_goes_through_the_pivot():
    assert Routes(PAIRS, "en").legs("fr", "de") == (("fr", "en"), ("en", "de"))
    assert Routes(PAIRS, "en").legs("fr", "zh-Hans") == (("fr", "en"), ("en", "zh"))


def test_without_a_pivot_there_is_no_detour():
    assert Routes(PAIRS).legs("fr", "de") is None


def test_targets_include_the_language_itself_and_those_through_the_pivot():
    assert Routes(PAIRS, "en").targets("fr") == ["de", "en", "fr", "zh-Hans"]
    assert Routes(PAIRS).targets("fr") == ["en", "fr"]
    assert Routes(PAIRS, "en").targets("de") == ["de"]


def test_a_way_over_a_demonstration_is_one():
    routes = Routes([("en", "de"), ("fr", "en"), ("en", "zh")], "en", [("en", "zh")])
    assert routes.is_demonstration("fr", "zh-Hans")
    assert not routes.is_demonstration("fr", "de")
    assert not routes.is_demonstration("de", "fr")  # no way at all
    assert routes.pairs[:3] == [("en", "de"), ("fr", "de"), ("fr", "en")]


def test_translates_through_the_pivot_and_logs_both_legs(caller_with, backend, caplog):
    caplog.set_level(logging.INFO, "gateway.access")
    backend.pairs = PAIRS
    api = caller_with(pivot="en")
    body = {"q": "Bonjour", "source": "fr", "target": "de", "alternatives": 1}
    answer = api.post("/translate", json=body)
    assert answer.json["translatedText"] == "<de><en>Bonjour"
    assert [request.alternatives for request in backend.asked] == [0, 1]
    assert caplog.records[-1].fields["legs"] == [["fr-en", "en-de"]]
    targets = {language["code"]: language["targets"] for language in api.get("/languages").json}
    assert targets["fr"] == ["de", "en", "fr", "zh-Hans"]
