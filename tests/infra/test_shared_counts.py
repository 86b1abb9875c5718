"""Three instances of the function that the program uploads, one table, fifty callers at once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.doubles.dynamodb import DynamoDb
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.infra.lambda_runtime import Function
from tests.infra.program import run
from tests.infra.recorded import Recorded

CALLERS, LENGTH = 50, 5
QUOTA, RATE = 33 * LENGTH + 2, 47


@pytest.fixture(scope="module")
def deployment():
    return run(Recorded(), models=[{"folder": "models/en_de"}], dailyCharacters=QUOTA,
               apiKeys=["web", "app"], keyLimits={"app": {"rateLimit": RATE}})  # fmt: skip


@pytest.fixture(scope="module")
def database():
    with DynamoDb() as running:
        yield running


@pytest.fixture(scope="module")
def ask(deployment, database, server, tmp_path_factory):
    """`ask(number, key, text)`: the answer of that caller's instance, each one call at a time."""
    inputs = deployment.one("Function").inputs
    database.make_table(deployment.exports["counts"])
    with ExitStack() as stack:
        runtime = SageMakerRuntime(
            dict.fromkeys(deployment.exports["endpoints"].values(), server.url)
        )
        endpoint = stack.enter_context(runtime).url
        variables = {**inputs["environment"]["variables"], **database.environment,
                     "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": endpoint}  # fmt: skip
        folders = [tmp_path_factory.mktemp("function") for _ in range(3)]
        instances = [
            stack.enter_context(Function(inputs["code"].path, folder, inputs["handler"], variables))
            for folder in folders
        ]

        def ask(number, key, path="/translate", **asked):
            return instances[number % 3].request("POST", path, {"api_key": key, **asked})

        yield ask


def at_once(ask, key, **asked):
    barrier = threading.Barrier(CALLERS)

    def one(number):
        barrier.wait()
        return ask(number, key, source="en", target="de", **asked)["statusCode"]

    with ThreadPoolExecutor(CALLERS) as pool:
        return sorted(pool.map(one, range(CALLERS)))


def used(ask, key):
    answers = [ask(number, key, "/v2/usage") for number in range(3)]
    return [json.loads(answer["body"])["character_count"] for answer in answers]


def test_the_quota_is_given_out_to_the_character(ask, deployment):
    key = deployment.exports["apiKeys"]["web"]
    assert at_once(ask, key, q="Hello") == [200] * 33 + [429] * 17
    assert used(ask, key) == [33 * LENGTH] * 3


def test_a_key_has_its_own_rate_of_all_instances_together(ask, deployment):
    key = deployment.exports["apiKeys"]["app"]
    refused = at_once(ask, key, q="").count(429)
    # A block is two requests: three instances may keep one each; a new minute begins at times.
    assert refused <= CALLERS - RATE + 3
    assert refused >= CALLERS - RATE or at_once(ask, key, q="").count(429) >= CALLERS - RATE


def test_a_lost_table_loses_no_translation(ask, deployment, database):
    database.drop_table(deployment.exports["counts"])
    key = deployment.exports["apiKeys"]["web"]
    answers = [ask(number, key, q="Hello", source="en", target="de") for number in range(6)]
    assert [answer["statusCode"] for answer in answers] == [200] * 6
