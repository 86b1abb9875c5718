"""A change of the configuration changes exactly the resources that it should."""

import json

import pytest

from tests.infra.program import PROJECT, run
from tests.infra.recorded import Recorded

EN_DE = {"folder": "models/en_de", "memory": 1024}
BEFORE = {"models": [EN_DE, {"folder": "models/de_en"}], "apiKeys": ["a", "b"]}


@pytest.fixture(scope="module")
def before():
    return run(Recorded(), **BEFORE)


def changed(before, after):
    """Type and name of resources whose inputs differ, that are new, or gone."""
    old = {(r.type.split(":")[-1], r.name): r.inputs for r in before.resources}
    new = {(r.type.split(":")[-1], r.name): r.inputs for r in after.resources}
    differ = {key for key in old.keys() & new.keys() if plain(old[key]) != plain(new[key])}
    names = {
        (kind, name.removeprefix(f"{PROJECT}-test").removeprefix("-")) for kind, name in differ
    }
    return names, new.keys() - old.keys(), old.keys() - new.keys()


def plain(inputs):
    return json.dumps(inputs, default=lambda value: str(value.path), sort_keys=True)


def test_the_same_again_changes_nothing(before):
    assert changed(before, run(Recorded(), **BEFORE)) == (set(), set(), set())


@pytest.fixture
def other_model(tmp_path):
    folder = tmp_path / "en_de"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"another")
    (folder / "model.json").write_text('{"demonstration": true}')  # like the one before
    return {**EN_DE, "folder": str(folder)}


def test_another_model(before, other_model):
    after = run(Recorded(), **{**BEFORE, "models": [other_model, BEFORE["models"][1]]})
    # The model's URL makes it a new model, hence a new configuration, to which the endpoint turns.
    assert changed(before, after) == (
        {("BucketObjectv2", "en-de"), ("Model", "en-de")},
        set(),
        set(),
    )
    model = after.one("Model", "-en-de")
    configuration, endpoint = (
        after.one("EndpointConfiguration", "-en-de"),
        after.one("Endpoint", "-en-de"),
    )
    assert model.urn in configuration.dependencies
    assert configuration.urn in endpoint.dependencies


def test_another_memory(before):
    models = [{**EN_DE, "memory": 3072}, BEFORE["models"][1]]
    names, new, gone = changed(before, run(Recorded(), **{**BEFORE, "models": models}))
    # The dashboard's estimate of costs goes by the memory.
    assert names == {("EndpointConfiguration", "en-de"), ("Dashboard", "")}
    assert (new, gone) == (set(), set())


def test_another_image(before):
    after = run(Recorded(digest="sha256:" + "1" * 64), **BEFORE)
    assert changed(before, after) == ({("Model", "en-de"), ("Model", "de-en")}, set(), set())


def test_another_key(before):
    names, new, gone = changed(before, run(Recorded(), **{**BEFORE, "apiKeys": ["a", "b", "c"]}))
    assert names == {("Function", "")}
    assert new == {("RandomBytes", f"{PROJECT}-test-c")}
    assert gone == set()


def test_a_key_less(before):
    names, new, gone = changed(before, run(Recorded(), **{**BEFORE, "apiKeys": ["b"]}))
    assert names == {("Function", "")}
    assert (new, gone) == (set(), {("RandomBytes", f"{PROJECT}-test-a")})


def test_keys_in_another_order(before):
    after = run(Recorded(), **{**BEFORE, "apiKeys": ["b", "a"]})
    assert changed(before, after) == (set(), set(), set())


def test_another_region(before):
    names, new, gone = changed(before, run(Recorded(), region="eu-central-1", **BEFORE))
    # The provider moves everything; beside it, what spells out the region.
    assert names == {
        ("aws", ""),
        ("Image", ""),  # pushed to the region's registry
        ("RolePolicy", ""),
        ("RolePolicy", "en-de"),
        ("RolePolicy", "de-en"),
        ("TopicPolicy", ""),
        ("Dashboard", ""),
    }
    assert (new, gone) == (set(), set())


def test_a_pair_less(before):
    names, new, gone = changed(before, run(Recorded(), **{**BEFORE, "models": [EN_DE]}))
    assert names == {("Function", ""), ("RolePolicy", ""), ("Dashboard", "")}
    assert new == set()
    assert all(name.endswith("de-en") for _, name in gone)
    assert {"Endpoint", "EndpointConfiguration", "Model", "Role"} <= {kind for kind, _ in gone}
