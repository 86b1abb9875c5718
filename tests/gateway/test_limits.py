"""Sizes, rates and quotas, at the limit and beside it."""

import time

import pytest

from gateway.app import make_app
from gateway.counters import MAX_COUNTERS, LocalCounters
from gateway.detection import Guess
from gateway.errors import BackendError
from gateway.limits import DAY, LONGEST_WAIT, MINUTE, Limits
from gateway.settings import Settings
from tests.calling import Caller

HELLO = {"q": "Hello", "source": "en", "target": "de"}


def libretranslate(api, q):
    return api.post("/translate", json={**HELLO, "q": q})


@pytest.mark.parametrize(("size", "status"), [(99, 200), (100, 200), (101, 400)])
def test_characters_of_each_text(caller_with, backend, size, status):
    api = caller_with(character_limit=100)
    one = libretranslate(api, "ä" * size)
    many = libretranslate(api, ["ä" * 50, "ä" * size])
    assert one.status == many.status == status
    if status == 400:
        sentence = "Invalid request: request (101) exceeds text limit (100)"
        assert one.json == many.json == {"error": sentence}
        assert not backend.requests


def test_a_text_that_is_too_long_is_not_looked_at(caller_with, monkeypatch):
    def detect(*_):
        raise AssertionError("a language was looked for")

    monkeypatch.setattr("gateway.detection.detect", detect)
    answer = caller_with(character_limit=100).post("/translate", body=b"a" * 101, kind="text/plain")
    sentence = "Invalid request: request (101) exceeds text limit (100)"
    assert (answer.status, answer.json) == (400, {"error": sentence})


def test_the_time_for_detection_counts(caller_with, backend, monkeypatch):
    api = caller_with(deadline_seconds=0.5)
    assert libretranslate(api, "a").status == 200
    backend.seconds = 0.3

    def detect(text, languages):
        time.sleep(0.6)
        return [Guess("en", 99.0)]

    monkeypatch.setattr("gateway.detection.detect", detect)
    answer = api.post("/translate", json={**HELLO, "source": "auto"})
    assert answer.status == 504
    assert answer.json == {"error": "The translation took too long. Send a shorter text."}


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


def test_as_many_characters_in_a_request_as_the_originals_take(api):
    """Twenty long strings of Weblate, one article of Discourse, fifty texts of DeepL."""
    assert libretranslate(api, ["a" * 2000] * 20).status == 200
    assert libretranslate(api, "a" * 32_000).status == 200
    sent = {"text": ["a" * 2500] * 50, "target_lang": "DE", "source_lang": "EN"}
    assert api.post("/v2/translate", json=sent).status == 200


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 413)])
def test_the_texts_of_a_deepl_request_have_128_kibibytes(api, more, status):
    texts = ["漢" * 10_000] * 4 + ["a" * (128 * 1024 + more - 4 * 30_000)]
    form = {"text": texts, "source_lang": "EN", "target_lang": "DE"}
    answer = api.post("/v2/translate", form=form)
    assert answer.status == status
    if status == 413:
        sentence = "Invalid request: texts of 131073 bytes exceed the limit of 131072 bytes"
        assert answer.json == {"message": sentence}


def test_requests_a_minute_for_each_caller(caller_with):
    api = caller_with(rate_limit=2)
    answers = [libretranslate(api, "a") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].json == {"error": "Slowdown: 2 per 1 minute."}
    assert 1 <= int(answers[2].headers["Retry-After"]) <= MINUTE
    assert api.post("/translate", json=HELLO, X_FORWARDED_FOR="192.0.2.8").status == 429
    deepl = api.post("/v2/translate", json={"text": ["a"], "target_lang": "DE"})
    assert (deepl.status, deepl.json) == (429, {"message": "Slowdown: 2 per 1 minute."})


def test_characters_a_day(caller_with):
    api = caller_with(daily_characters=10)
    assert libretranslate(api, "a" * 8).status == 200
    answer = libretranslate(api, "abc")
    sentence = "Slowdown: the quota of 10 characters a day is used up."
    assert (answer.status, answer.json) == (429, {"error": sentence})
    assert int(answer.headers["Retry-After"]) == LONGEST_WAIT  # many clients sleep through it
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
    assert counters.add("web", 3, 60) == (3, 20, 1)
    assert counters.add("web", 2, 60) == (5, 20, 1)
    assert counters.add("web", 2, DAY)[0] == 2
    now[0] = 120.0
    assert counters.add("web", 1, 60) == (1, 60, 2)


def test_nothing_is_added_beyond_the_limit():
    counters = LocalCounters(lambda: 0.0)
    assert counters.add("web", 8, DAY, limit=10).total == 8
    assert counters.add("web", 3, DAY, limit=10).total == 11
    assert counters.add("web", 0, DAY).total == 8
    assert counters.add("web", 2, DAY, limit=10).total == 10


def test_what_is_given_back_goes_to_the_day_that_it_came_from():
    now = [DAY - 1.0]
    limits = Limits(Settings(daily_characters=10), LocalCounters(lambda: now[0]))
    give_back = limits.charge("web", 8)
    now[0] = DAY + 1.0
    limits.charge("web", 5)
    give_back()
    assert limits.today("web") == (5, 1)


def test_a_counter_does_not_fall_below_zero():
    counters = LocalCounters(lambda: 0.0)
    counters.add("web", 3, 60)
    counters.give_back("web", 5, 60, period=0)
    assert counters.add("web", 0, 60).total == 0


def test_an_oversized_request_does_not_refuse_a_small_one_beside_it(backend):
    """Each count of the large one is followed by a small one before the large one ends."""
    counters = Interleaved(lambda: 1000.0)
    api = Caller(make_app(backend, Settings(auth="none", daily_characters=10), counters))
    counters.beside = lambda: libretranslate(api, "abc")
    assert libretranslate(api, "a" * 50).status == 429
    assert [answer.status for answer in counters.answers] == [200]


class Interleaved(LocalCounters):
    """Lets another request in after the first count of a request's characters."""

    def __init__(self, clock):
        super().__init__(clock)
        self.beside, self.answers = None, []

    def add(self, name, *arguments):
        count = super().add(name, *arguments)
        if self.beside and name.startswith("characters:"):
            beside, self.beside = self.beside, None
            self.answers.append(beside())
        return count


def test_a_process_keeps_a_bounded_number_of_counters():
    counters = LocalCounters(lambda: 0.0)
    counters.add("first", 7, DAY)
    for number in range(3 * MAX_COUNTERS):
        counters.add(f"caller {number}", 1, 60)
        if number % 1000 == 0:
            counters.add("first", 0, DAY)
    assert len(counters._totals) == MAX_COUNTERS
    assert counters.add("first", 0, DAY).total == 7


def test_a_shared_store_can_take_the_counters_place(backend):
    counters = LocalCounters(lambda: 1000.0)
    settings = Settings(auth="none", rate_limit=1)
    apps = [Caller(make_app(backend, settings, counters)) for _ in range(2)]
    assert [libretranslate(app, "a").status for app in apps] == [200, 429]
