"""Sizes, rates and quotas, at the limit and beside it."""

import pytest

from gateway.app import make_app
from gateway.counters import LocalCounters
from gateway.errors import BackendError
from gateway.limits import DAY, MINUTE
from gateway.settings import Settings
from tests.calling import Caller

HELLO = {"q": "Hello", "source": "en", "target": "de"}


def libretranslate(api, q):
    return api.post("/translate", json={**HELLO, "q": q})


@pytest.mark.parametrize(("size", "status"), [(99, 200), (100, 200), (101, 400)])
def test_characters_of_all_texts_together(caller_with, backend, size, status):
    api = caller_with(character_limit=100)
    one = libretranslate(api, "ä" * size)
    many = libretranslate(api, ["ä" * 50, "ä" * (size - 50)])
    assert one.status == many.status == status
    if status == 400:
        sentence = "Invalid request: request (101) exceeds text limit (100)"
        assert one.json == many.json == {"error": sentence}
        assert not backend.requests


@pytest.mark.parametrize(("count", "status"), [(2, 200), (3, 200), (4, 400)])
def test_texts_in_a_request(caller_with, count, status):
    answer = libretranslate(caller_with(batch_limit=3), ["a"] * count)
    assert answer.status == status
    if status == 400:
        assert answer.json == {"error": "Invalid request: 4 texts exceed the limit of 3"}


@pytest.mark.parametrize(("path", "name"), [("/translate", "error"), ("/v2/translate", "message")])
@pytest.mark.parametrize(("more", "status"), [(-1, 400), (0, 400), (1, 413)])
def test_bytes_of_the_body(caller_with, path, name, more, status):
    api = caller_with(body_limit=1000)
    answer = api.post(path, body=b"x" * (1000 + more), kind="application/json")
    assert answer.status == status
    if status == 413:
        sentence = "Invalid request: the body (1001 bytes) exceeds the limit (1000 bytes)"
        assert answer.json == {name: sentence}


def test_requests_a_minute_for_each_caller(caller_with):
    api = caller_with(rate_limit=2)
    answers = [libretranslate(api, "a") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].json == {"error": "Slowdown: 2 per 1 minute"}
    assert 1 <= int(answers[2].headers["Retry-After"]) <= MINUTE
    assert api.post("/translate", json=HELLO, X_FORWARDED_FOR="192.0.2.8").status == 429
    deepl = api.post("/v2/translate", json={"text": ["a"], "target_lang": "DE"})
    assert (deepl.status, deepl.json) == (429, {"message": "Slowdown: 2 per 1 minute"})


def test_characters_a_day(caller_with):
    api = caller_with(daily_characters=10)
    assert libretranslate(api, "a" * 8).status == 200
    answer = libretranslate(api, "abc")
    sentence = "Slowdown: the quota of 10 characters a day is used up"
    assert (answer.status, answer.json) == (429, {"error": sentence})
    assert 1 <= int(answer.headers["Retry-After"]) <= DAY
    assert libretranslate(api, "ab").status == 200
    deepl = api.post("/v2/translate", json={"text": ["a"], "target_lang": "DE"})
    assert (deepl.status, deepl.json) == (456, {"message": sentence})


def test_a_failed_translation_costs_nothing(caller_with, backend):
    api = caller_with(daily_characters=10)
    backend.errors = [BackendError(500, "model_failed", "The model failed on this request.")]
    assert libretranslate(api, "a" * 10).status == 500
    assert libretranslate(api, "a" * 10).status == 200


def test_a_counter_starts_anew_with_each_period():
    now = [100.0]
    counters = LocalCounters(lambda: now[0])
    assert counters.add("web", 3, 60) == (3, 20)
    assert counters.add("web", 2, 60) == (5, 20)
    assert counters.add("web", 2, DAY)[0] == 2
    now[0] = 120.0
    assert counters.add("web", 1, 60) == (1, 60)


def test_a_counter_does_not_fall_below_zero():
    counters = LocalCounters(lambda: 0.0)
    assert counters.add("web", -5, 60).total == 0


def test_counters_of_past_periods_are_forgotten():
    now = [0.0]
    counters = LocalCounters(lambda: now[0])
    for number in range(10_000):
        counters.add(f"caller {number}", 1, 60)
    now[0] = 61.0
    counters.add("another", 1, 60)
    assert len(counters._totals) == 1


def test_a_shared_store_can_take_the_counters_place(backend):
    counters = LocalCounters(lambda: 1000.0)
    settings = Settings(auth="none", rate_limit=1)
    apps = [Caller(make_app(backend, settings, counters)) for _ in range(2)]
    assert [libretranslate(app, "a").status for app in apps] == [200, 429]
