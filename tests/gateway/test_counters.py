"""Counts in memory, in a file and in a table: the same answers, exact among many, never lost."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from gateway.app import make_app
from gateway.counters import Counters, LocalCounters
from gateway.dynamodb_counters import DynamoDbCounters
from gateway.errors import SettingsError
from gateway.leases import LeasedCounters
from gateway.limits import DAY, MINUTE
from gateway.settings import Settings
from gateway.shared_counters import FailOpen, open_counters
from gateway.sqlite_counters import SqliteCounters
from tests.calling import Caller
from tests.doubles.dynamodb import DynamoDb
from tests.gateway.test_keys import DIGESTS, KEY

NUMBERS = count()


@pytest.fixture(scope="module")
def database() -> Iterator[DynamoDb]:
    with DynamoDb() as database, pytest.MonkeyPatch.context() as patch:
        for name, value in database.environment.items():
            patch.setenv(name, value)
        yield database


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(DAY + 100.0)


@pytest.fixture(params=["memory", "file", "table"])
def counters(request, clock, tmp_path) -> Counters:
    if request.param == "memory":
        return LocalCounters(clock)
    if request.param == "file":
        return SqliteCounters(tmp_path / "new" / "counts.sqlite3", clock)
    database = request.getfixturevalue("database")
    return DynamoDbCounters(database.make_table(f"counts-{next(NUMBERS)}"), clock)


def test_a_counter_starts_anew_with_each_period(counters, clock):
    assert counters.add("web", 3, MINUTE) == (3, 20, 1441)
    assert counters.add("web", 2, MINUTE) == (5, 20, 1441)
    assert counters.add("web", 2, DAY) == (2, DAY - 100, 1)
    assert counters.add("app", 1, MINUTE).total == 1
    clock.now += 20
    assert counters.add("web", 1, MINUTE) == (1, 60, 1442)


def test_nothing_is_added_beyond_the_limit(counters):
    assert counters.add("web", 11, DAY, limit=10).total == 11
    assert counters.add("web", 8, DAY, limit=10).total == 8
    assert counters.add("web", 3, DAY, limit=10).total == 11
    assert counters.add("web", 0, DAY).total == 8
    assert counters.add("web", 2, DAY, limit=10).total == 10


def test_what_is_given_back_goes_to_the_day_that_it_came_from(counters, clock):
    period = counters.add("web", 8, DAY).period
    clock.now += DAY
    counters.add("web", 5, DAY)
    counters.give_back("web", 8, DAY, period)
    counters.give_back("nobody", 8, DAY, period)
    assert counters.add("web", 0, DAY).total == 5
    clock.now -= DAY
    if not isinstance(counters, LocalCounters):  # which knows the present period only
        assert counters.add("web", 0, DAY).total == 0


@pytest.mark.slow  # DynamoDB's time-out is a second
def test_what_many_add_at_once_is_exact(counters):
    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(lambda _: counters.add("web", 3, DAY, limit=100), range(64)))
    assert sorted(found.total for found in counts if found.total <= 100) == [*range(3, 100, 3)]
    assert counters.add("web", 0, DAY).total == 99


def test_a_file_outlives_its_process_and_is_shared(tmp_path, clock):
    path = tmp_path / "counts.sqlite3"
    first = SqliteCounters(path, clock)
    assert first.add("web", 7, DAY).total == 7
    second = SqliteCounters(path, clock)
    assert second.add("web", 1, DAY).total == 8
    assert first.add("web", 1, DAY).total == 9


def test_what_is_old_leaves_the_file(tmp_path, clock):
    path = tmp_path / "counts.sqlite3"
    counters = SqliteCounters(path, clock)
    counters.add("web", 1, MINUTE)
    counters.add("web", 1, DAY)
    clock.now += 3 * DAY
    counters.add("web", 1, DAY)
    rows = sqlite3.connect(path).execute("SELECT seconds, total, times FROM counts").fetchall()
    assert rows == [(DAY, 1, 1), (DAY, 1, 1)]


def test_an_item_says_when_it_may_go_and_how_often_was_added(database, clock):
    table = database.make_table(f"counts-{next(NUMBERS)}")
    counters = DynamoDbCounters(table, clock)
    counters.add("web", 7, MINUTE)
    counters.add("web", 3, MINUTE)
    counters.give_back("web", 3, MINUTE, 1441)
    (item,) = database.dynamodb.scan(TableName=table)["Items"]
    assert item == {
        "counter": {"S": "web"},
        "period": {"S": "60#1441"},
        "total": {"N": "7"},
        "times": {"N": "1"},
        "kept_until": {"N": str(1442 * 60 + DAY)},
    }


class Watched(LocalCounters):
    """`asked` has the amount of each call; those in `failing` fail."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.asked: list[int] = []
        self.failing = False

    def add(self, name, amount, seconds, limit=None):
        self.asked.append(amount)
        if self.failing:
            raise TimeoutError("of the table web")
        return super().add(name, amount, seconds, limit)


def test_a_block_of_requests_is_one_write(clock):
    store = Watched(clock)
    leased = LeasedCounters(store, clock)
    counts = [leased.add("web", 1, MINUTE, limit=600) for _ in range(90)]
    assert all(found.total <= 600 for found in counts)
    assert store.asked == [30, 30, 30]


@pytest.mark.parametrize("limit", [1, 19, 39, 40, 100, 1000, 5000])
def test_leases_let_through_what_the_limit_says(clock, limit):
    """Of three instances that are all asked, exactly; and no refusal asks again."""
    store = Watched(clock)
    instances = [LeasedCounters(store, clock) for _ in range(3)]
    passed = [
        instances[n % 3].add("web", 1, MINUTE, limit).total <= limit for n in range(2 * limit + 9)
    ]
    assert sum(passed) == limit
    asked = len(store.asked)
    assert all(one.add("web", 1, MINUTE, limit).total > limit for one in instances)
    assert len(store.asked) <= asked + 6
    clock.now += MINUTE
    assert instances[0].add("web", 1, MINUTE, limit).total <= limit


def test_days_are_counted_to_the_character(clock):
    store = Watched(clock)
    leased = LeasedCounters(store, clock)
    for _ in range(3):
        leased.add("web", 1, DAY, limit=1000)
    assert leased.add("web", 0, DAY).total == 3


def test_a_store_that_fails_is_left_alone_for_a_while(clock, caplog):
    store = Watched(clock)
    store.failing = True
    safe = FailOpen(store, clock)
    with caplog.at_level(logging.WARNING, "gateway.access"):
        assert [safe.add("web", 6, DAY, limit=10).total for _ in range(2)] == [6, 12]
    assert store.asked == [6]
    assert [record.fields for record in caplog.records] == [
        {"message": "counters failed", "error": "TimeoutError"}
    ]
    safe.give_back("web", 6, DAY, 1)
    store.failing = False
    clock.now += 6
    assert safe.add("web", 6, DAY, limit=10).total == 6
    assert store.asked == [6, 6]


def translate(api: Caller, text: str = "abc") -> int:
    return api.post("/translate", json={"q": text, "source": "en", "target": "de"}).status


def used(api: Caller) -> int:
    return int(api.get("/v2/usage").json["character_count"])


def instance(backend, table: str, **settings) -> Caller:
    known = {"auth": "keys", "api_keys": DIGESTS, "counts": f"dynamodb:{table}", **settings}
    made = Settings(**known)
    return Caller(make_app(backend, made, open_counters(made)), X_API_KEY=KEY)


@pytest.mark.slow  # fifty requests at once are answered within DynamoDB's time-out of a second
def test_fifty_callers_on_three_instances_get_what_the_quota_holds(backend, database):
    table = database.make_table(f"counts-{next(NUMBERS)}")
    instances = [instance(backend, table, daily_characters=100) for _ in range(3)]
    barrier = threading.Barrier(50)

    def call(number: int) -> int:
        barrier.wait()
        return translate(instances[number % 3])

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(call, range(50)))
    assert sorted(answers) == [200] * 33 + [429] * 17
    assert [used(one) for one in instances] == [99] * 3


def test_a_lost_table_loses_no_translation(backend, database, caplog):
    table = database.make_table(f"counts-{next(NUMBERS)}")
    api = instance(backend, table, rate_limit=5, daily_characters=9)
    assert translate(api) == 200
    database.drop_table(table)
    with caplog.at_level(logging.WARNING, "gateway.access"):
        assert [translate(api), translate(api)] == [200, 200]
        assert used(api) == 6  # what this instance has counted since
    assert "counters failed" in [getattr(r, "fields", {}).get("message") for r in caplog.records]


def test_without_keys_no_address_is_kept(tmp_path):
    path = tmp_path / "counts.sqlite3"
    assert isinstance(open_counters(Settings(auth="none", counts=str(path))), LocalCounters)
    assert isinstance(open_counters(Settings()), LocalCounters)
    assert not path.exists()


def test_a_file_that_cannot_be_is_one_sentence(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    with pytest.raises(SettingsError, match=r"^GATEWAY_COUNTS is '.*', where no counts can be"):
        open_counters(Settings(counts=str(blocked / "counts.sqlite3")))


def test_a_key_has_limits_of_its_own(caller_with):
    own = {"web": {"rateLimit": 2, "dailyCharacters": 0}}
    api = caller_with(
        auth="keys", api_keys=DIGESTS, key_limits=own, rate_limit=1, daily_characters=2
    )
    api.headers["X_API_KEY"] = KEY
    assert api.get("/v2/usage").json["character_limit"] == 10**12
    assert [translate(api) for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ('{"app": {}}', "GATEWAY_KEY_LIMITS names 'app', which GATEWAY_API_KEYS does not"),
        ('{"web": {"rate": 1}}', "in which only rateLimit and dailyCharacters are"),
        ('{"web": {"rateLimit": true}}', "Use a JSON object of objects"),
        ('{"web": {"rateLimit": -1}}', "Use a JSON object of objects"),
    ],
)
def test_limits_of_keys_are_checked(value, sentence):
    given = {"GATEWAY_API_KEYS": json.dumps(DIGESTS), "GATEWAY_KEY_LIMITS": value}
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment(given)
    assert sentence in str(raised.value)
