"""A model has to translate as well as its manifest says, before the old one goes."""

import asyncio
import io
import json

import boto3
import pytest
import sacrebleu
from botocore.exceptions import ClientError, ReadTimeoutError

from infra import canary, clients
from infra.canary import ask
from infra.errors import EndpointError, SettingsError
from infra.settings import read_settings
from model_folder import ModelError, ModelFolder
from model_folder.canary import Canary, chrf, read_canary
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.infra.program import PROJECT
from tests.infra.recorded import REGION
from tests.infra.test_live_endpoint import (  # noqa: F401  fixtures
    NAME,
    make_live,
    sagemaker,
    within,
)
from tests.running import ROOT

SENTENCES = (("Hello world!", "Hallo Welt!"), ("Thanks.", "Danke."))
OURS = Canary("en", "de", 60.0, SENTENCES)


class Runtime:
    """What an endpoint answers: documents, or errors to be raised."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def invoke_endpoint(self, **call):
        self.asked.append(call)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Body": io.BytesIO(json.dumps(answer).encode())}


def translated(*texts):
    return {"translations": [{"text": text} for text in texts]}


GOOD, BAD = translated("Hallo Welt!", "Danke."), translated("xxxx", "yyyy")


@pytest.mark.parametrize(
    "pairs",
    [
        [("Olá mundo bonito!", "Olá, mundo lindo!"), ("O gato está na mesa.", "O gato está ali.")],
        [("a", "ab")],
        [("", "nothing at all")],
        [("same", "same")],
        [("完全に違う", "まったく別の文")],
    ],
)
def test_chrf_is_the_published_one(pairs):
    ours, theirs = zip(*pairs, strict=True)
    published = sacrebleu.corpus_chrf(list(ours), [list(theirs)]).score
    assert chrf(pairs) == pytest.approx(published)


def test_a_manifest_needs_no_canary():
    assert read_canary({}, "en", "de") is None


@pytest.mark.parametrize(
    "given",
    [
        {"floor": 50},
        {"floor": 101, "sentences": [["a", "b"]]},
        {"floor": True, "sentences": [["a", "b"]]},
        {"floor": "50", "sentences": [["a", "b"]]},
        {"floor": 50, "sentences": []},
        {"floor": 50, "sentences": [["a"]]},
        {"floor": 50, "sentences": [["a", 1]]},
        {"floor": 50, "sentences": [["a", " "]]},
        {"floor": 50, "sentences": [["a", "b"]] * 101},
        ["a"],
        "canary",
    ],
)
def test_a_malformed_canary_is_a_sentence(given):
    with pytest.raises(ModelError, match=r'"canary" is malformed\. Write'):
        read_canary({"canary": given}, "en", "de")


def test_the_stack_reads_it_from_the_folder(tmp_path):
    folder = tmp_path / "en_de"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    manifest = folder / "model.json"

    def read(given):
        manifest.write_text(json.dumps({"canary": given}))
        texts = {"models": json.dumps([{"folder": str(folder)}])}
        return read_settings(ROOT, f"{PROJECT}-test", REGION, texts.get, texts)

    given = {"floor": 60, "sentences": [list(pair) for pair in SENTENCES]}
    assert read(given).models[0].canary == OURS
    with pytest.raises(SettingsError, match=r"models\[0\].folder: The manifest's \"canary\""):
        read({})


def connect(runtime):
    return boto3.client(
        "sagemaker-runtime", region_name=REGION, endpoint_url=runtime.url,
        aws_access_key_id="testing", aws_secret_access_key="testing",
    )  # fmt: skip


def test_the_real_container_is_asked_and_scored(server):
    with SageMakerRuntime({"ours": server.url}) as runtime:
        assert 60 < ask(connect(runtime), "ours", OURS) <= 100
    (call,) = runtime.calls
    assert json.loads(call.body)["texts"] == ["Hello world!", "Thanks."]


@pytest.mark.parametrize("pair", ["en_pt", "pt_en"])
def test_the_shipped_models_pass_their_own(pair, server):
    """Each of 20 sentences has its own translation by hand."""
    folder = ModelFolder(ROOT / "models" / pair)
    own = read_canary(folder.manifest, folder.source, folder.target)
    assert len(dict(own.sentences)) == 20
    with SageMakerRuntime({"ours": server.url}) as runtime:
        score = ask(connect(runtime), "ours", own)
    assert own.floor < score < 100


def refused(code, **more):
    return ClientError({"Error": {"Code": code, "Message": "x"}, **more}, "InvokeEndpoint")


def test_a_model_that_starts_is_waited_for(monkeypatch):
    monkeypatch.setattr(canary, "PAUSE", 0)
    starting = [
        refused("ModelNotReadyException"),
        ReadTimeoutError(endpoint_url="x"),
        refused("ModelError", OriginalStatusCode=503),
    ]
    assert ask(Runtime(*starting, GOOD), "ours", OURS) == 100


def test_a_model_that_refuses_the_texts_is_not(monkeypatch):
    monkeypatch.setattr(canary, "PAUSE", 0)
    runtime = Runtime(refused("ModelError", OriginalStatusCode=422), GOOD)
    with pytest.raises(EndpointError, match="The canary got no answer"):
        ask(runtime, "ours", OURS)
    assert len(runtime.asked) == 1


def test_a_model_that_never_starts_is_given_up(monkeypatch):
    monkeypatch.setattr(canary, "START_SECONDS", 0)
    with pytest.raises(EndpointError, match="The canary got no answer"):
        ask(Runtime(refused("ModelNotReadyException"), GOOD), "ours", OURS)


@pytest.mark.parametrize("answer", [{}, [], {"translations": [{}, {}]}, translated("one")])
def test_an_answer_that_is_none_is_a_sentence(answer):
    with pytest.raises(EndpointError, match="The answer to the canary cannot be read"):
        ask(Runtime(answer), "ours", OURS)


@pytest.fixture
def live(sagemaker, monkeypatch):  # noqa: F811
    def make(*answers, blue_green=False):
        connect = clients.connect
        monkeypatch.setattr(
            clients,
            "connect",
            lambda service, region: (
                Runtime(*answers) if service == "sagemaker-runtime" else connect(service, region)
            ),
        )
        return make_live(blue_green)

    return make


def update(endpoint, client):
    asyncio.run(endpoint.prepare("new", False))
    client.update_endpoint(EndpointName=NAME, EndpointConfigName="new")
    return asyncio.run(endpoint.verify(NAME, OURS))


def test_a_good_model_takes_over(live, sagemaker, within):  # noqa: F811
    assert update(live(GOOD), sagemaker) == NAME
    assert within.endpoint_config_name == "new"


def test_a_bad_one_is_taken_back(live, sagemaker, within):  # noqa: F811
    with pytest.raises(EndpointError) as raised:
        update(live(BAD), sagemaker)
    assert within.endpoint_config_name == "old"
    assert str(raised.value).startswith(
        f"Endpoint {NAME} reaches a chrF of 0.0, under the 60 of its model's canary: it was taken"
        " back to old, and nothing old was deleted. Mend the model"
    )


def test_with_blue_green_nobody_is_sent_to_a_bad_one(live, sagemaker):  # noqa: F811
    endpoint, name = live(BAD, blue_green=True), f"{NAME}-0123abc"
    asyncio.run(endpoint.prepare(name, False))
    sagemaker.create_endpoint_config(
        EndpointConfigName=name,
        ProductionVariants=sagemaker.describe_endpoint_config(EndpointConfigName="new")[
            "ProductionVariants"
        ],
    )
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    with pytest.raises(EndpointError, match="nobody is sent to it, and nothing old was deleted"):
        asyncio.run(endpoint.verify(name, OURS))


def test_a_bad_one_is_no_success_the_next_time(live, sagemaker, within):  # noqa: F811
    within.endpoint_config_name = "new"  # as after a first `up`, to which nothing could go back
    endpoint = live(BAD)
    asyncio.run(endpoint.prepare("new", False))
    with pytest.raises(EndpointError, match="it serves all the same"):
        asyncio.run(endpoint.verify(NAME, OURS))
