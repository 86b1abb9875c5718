"""Every store keeps glossaries alike: by owner, one change after another, read anew if changed."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from gateway.errors import GatewayError
from gateway.glossary import Dictionary, Glossary
from gateway.glossary_place import open_store
from gateway.glossary_store import Remembered

PLACES = ("memory", "file", "s3")


@pytest.fixture(params=PLACES)
def place(request, tmp_path, monkeypatch):
    if request.param != "s3":
        yield "" if request.param == "memory" else str(tmp_path / "new" / "glossaries.sqlite3")
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="ours")
        yield "s3://ours/glossaries/"


@pytest.fixture
def store(place):
    return open_store(place)


def glossary(name="Ours", **entries):
    return Glossary.new(name, (Dictionary("en", "de", entries or {"house": "Palast"}),))


def test_keeps_them_by_owner(store):
    ours = glossary()
    store.create("web", ours)
    assert store.get("web", ours.id) == ours
    assert store.infos("web") == [ours.info]
    for other in ("we", "web/", "%", "*", "../web"):
        assert store.get(other, ours.id) is None
        assert store.infos(other) == []
        assert store.change(other, ours.id, lambda known: known) is None
        assert store.delete(other, ours.id) is False
    assert store.delete("web", ours.id) is True
    assert store.delete("web", ours.id) is False
    assert store.get("web", ours.id) is None
    assert store.infos("web") == []


def test_lists_the_oldest_first(store):
    made = [replace(glossary(str(n)), created=f"2026-11-2{n}T00:00:00.000Z") for n in (3, 1, 2)]
    for each in made:
        store.create("web", each)
    assert [info.name for info in store.infos("web")] == ["1", "2", "3"]
    store.create("app", glossary("other"))
    assert [info.name for info in store.infos("web")] == ["1", "2", "3"]


@pytest.mark.parametrize("place", ["file", "s3"], indirect=True)
def test_another_process_sees_what_changed(place):
    one, two = open_store(place), open_store(place)
    ours = glossary()
    one.create("web", ours)
    assert two.get("web", ours.id) == ours
    assert two.infos("web")[0].name == "Ours"
    one.change("web", ours.id, lambda known: replace(known, name="Theirs"))
    assert two.get("web", ours.id).name == "Theirs"
    assert two.infos("web")[0].name == "Theirs"
    one.delete("web", ours.id)
    assert two.get("web", ours.id) is None


def add_one(known):
    count = int(known.dictionaries[0].entries["count"]) + 1
    return replace(known, dictionaries=glossary(count=str(count)).dictionaries)


def count_of(store, made):
    return store.get("web", made.id).dictionaries[0].entries["count"]


@pytest.mark.parametrize("place", ["memory", "file"], indirect=True)
def test_of_changes_at_once_none_is_lost(place):
    stores = [open_store(place) for _ in range(4 if place else 1)]
    ours = glossary(count="0")
    stores[0].create("web", ours)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda store: store.change("web", ours.id, add_one), stores * 3))
    assert count_of(stores[0], ours) == str(3 * len(stores))


@pytest.mark.parametrize("place", ["s3"], indirect=True)
@pytest.mark.parametrize("others", [1, 5])
def test_a_change_in_s3_begins_with_what_others_made_meanwhile(place, others):
    """moto compares and writes in two steps, so threads would prove nothing."""
    one, two = open_store(place), open_store(place)
    ours = glossary(count="0")
    one.create("web", ours)
    waiting = [None] * others

    def interrupted(known):
        if waiting:
            waiting.pop()
            two.change("web", ours.id, add_one)
        return add_one(known)

    if others == 1:
        one.change("web", ours.id, interrupted)
        assert count_of(one, ours) == "2"
    else:
        with pytest.raises(GatewayError, match="is being changed by others"):
            one.change("web", ours.id, interrupted)
        assert count_of(one, ours) == "5"


def test_a_change_that_fails_changes_nothing(store):
    ours = glossary()
    store.create("web", ours)
    with pytest.raises(ZeroDivisionError):
        store.change("web", ours.id, lambda known: 1 / 0)
    assert store.get("web", ours.id) == ours


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_what_is_unchanged_in_s3_is_not_read_again(store, monkeypatch):
    ours = glossary()
    store.create("web", ours)
    store.infos("web")
    monkeypatch.setattr(Glossary, "from_json", lambda text: 1 / 0)
    assert store.get("web", ours.id) == ours
    assert store.infos("web") == [ours.info]


@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_an_object_is_one_glossary_below_its_owner(store):
    ours = glossary()
    store.create("a/b", ours)
    listed = boto3.client("s3").list_objects_v2(Bucket="ours")["Contents"]
    assert [each["Key"] for each in listed] == [f"glossaries/a%2Fb/{ours.id}.json"]


def test_says_where_s3_cannot_be_reached(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with pytest.raises(GatewayError, match="The glossaries cannot be reached") as raised:
        open_store("s3://ours/").infos("web")
    assert (raised.value.status, raised.value.retry_after) == (503, 2)


def test_says_which_setting_names_a_file_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("no database")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(GatewayError, match=r"See GATEWAY_GLOSSARIES\."):
            open_store(str(place)).infos("web")


def test_the_file_is_for_the_owner_of_the_process_only(tmp_path):
    store = open_store(str(tmp_path / "new" / "glossaries.sqlite3"))
    store.create("web", glossary())
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    with sqlite3.connect(tmp_path / "new" / "glossaries.sqlite3") as connection:
        assert connection.execute("SELECT owner FROM glossaries").fetchall() == [("web",)]


def test_remembers_those_used_last():
    remembered = Remembered(size=100)
    first, second, third = (glossary(str(n), house="x" * 33) for n in range(3))
    for each in (first, second):
        remembered.note("web", "1", each)
    assert remembered.get("web", first.id)
    remembered.note("web", "1", third)
    assert remembered.get("web", second.id) is None
    assert remembered.get("web", first.id) == ("1", first)
