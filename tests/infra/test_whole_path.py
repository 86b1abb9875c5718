"""From an HTTP API's event to a translation: the zip and the environment that the program would
give to Lambda, calling the real container server where SageMaker would stand."""

import json

import pytest

from infra.model_settings import CACHE
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.infra.lambda_runtime import Function
from tests.infra.program import run
from tests.infra.recorded import Recorded
from tests.running import ROOT


@pytest.fixture(scope="module")
def deployment():
    models = [{"folder": "models/en_de"}, {"folder": "models/de_en"}]
    return run(Recorded(), models=models, apiKeys=["web"])


@pytest.fixture(scope="module")
def runtime(server, deployment):
    with SageMakerRuntime(
        dict.fromkeys(deployment.exports["endpoints"].values(), server.url)
    ) as running:
        yield running


@pytest.fixture(scope="module")
def function(deployment, runtime, tmp_path_factory):
    inputs = deployment.one("Function").inputs
    variables = {
        **inputs["environment"]["variables"],
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": runtime.url,
    }
    folder = tmp_path_factory.mktemp("function")
    with Function(inputs["code"].path, folder, inputs["handler"], variables) as running:
        yield running


def translate(function, text, key, source="en", target="de"):
    asked = {"q": text, "source": source, "target": target, "api_key": key}
    return function.request("POST", "/translate", asked)


def test_a_translation_comes_out(function, deployment, runtime):
    key = deployment.exports["apiKeys"]["web"]
    answer = translate(function, "Good morning!", key)
    assert answer["statusCode"] == 200, answer
    assert json.loads(answer["body"])["translatedText"] == "Guten Morgen!"
    assert runtime.calls[-1].endpoint == deployment.exports["endpoints"]["en_de"]
    back = translate(function, "Guten Morgen!", key, "de", "en")
    assert json.loads(back["body"])["translatedText"] == "Good morning!"
    assert runtime.calls[-1].endpoint == deployment.exports["endpoints"]["de_en"]


@pytest.mark.parametrize("key", ["web.guess", "other.key", ""])
def test_a_wrong_key_reaches_no_model(function, runtime, key):
    before = len(runtime.calls)
    assert translate(function, "Hello", key)["statusCode"] in (400, 401, 403)
    assert len(runtime.calls) == before


def test_a_pair_without_a_model_is_refused(function, deployment):
    key = deployment.exports["apiKeys"]["web"]
    answer = translate(function, "Hello", key, "en", "fr")
    assert answer["statusCode"] in (400, 422)
    assert "fr" in answer["body"]


def test_the_archives_of_the_models_are_cached_out_of_sight():
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert f"{CACHE.parts[0]}/" in ignored
