"""A model that translates worse than its canary allows never takes the old one's place."""

import json

import pytest
import requests

from tests.infra.program import PROJECT
from tests.infra.recorded import ACCOUNT, REGION

STACK = "canary"
ENDPOINT = f"{PROJECT}-{STACK}-en-de"


@pytest.fixture(scope="module")
def checkout(desk):
    one = desk.checkout("canary")
    one.configure(STACK, models=[{"folder": "models/en_de"}])
    yield one
    one.pulumi("destroy", "--yes", "--skip-preview", "--stack", STACK)


def ask(checkout, cloud, text, answer):
    """Let the model's manifest ask for a text, and the endpoint answer it."""
    path = checkout.folder / "models" / "en_de" / "model.json"
    canary = {"floor": 60, "sentences": [[text, "Guten Morgen!"]]}
    path.write_text(json.dumps({**json.loads(path.read_text()), "canary": canary}))
    body = json.dumps({"translations": [{"text": answer}]})
    queued = {"account_id": ACCOUNT, "region": REGION, "results": [{"Body": body}]}
    address = f"{cloud.url}/moto-api/static/sagemaker/endpoint-results"
    requests.post(address, json=queued, timeout=10).raise_for_status()


def test_a_good_model_is_deployed(checkout, cloud):
    checkout.run("stack", "init", STACK)
    ask(checkout, cloud, "Good morning!", "Guten Morgen!")
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert "reaches a chrF of 100.0" in said.text


def test_a_bad_one_is_taken_back_and_nothing_old_is_deleted(checkout, cloud):
    before, serving = len(cloud.events), cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    ask(checkout, cloud, "Good morning to you!", "xyz")
    said = checkout.up(STACK)
    assert said.code != 0, said.text
    assert "reaches a chrF of 0.0, under the 60 of its model's canary" in said.text
    assert cloud.endpoint(ENDPOINT)["EndpointConfigName"] == serving
    assert not [event for event in cloud.events[before:] if event.action.startswith("Delete")]


def test_it_is_no_success_the_next_time(checkout, cloud):
    serving = cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    said = checkout.up(STACK)
    assert said.code != 0, said.text
    assert cloud.endpoint(ENDPOINT)["EndpointConfigName"] == serving


def test_the_mended_one_takes_over(checkout, cloud):
    before, serving = len(cloud.events), cloud.endpoint(ENDPOINT)["EndpointConfigName"]
    ask(checkout, cloud, "Good morning, all!", "Guten Morgen!")
    said = checkout.up(STACK)
    assert said.code == 0, said.text
    assert cloud.endpoint(ENDPOINT)["EndpointConfigName"] != serving
    assert not [event for event in cloud.events[before:] if event.serving]
