"""Facts that stand in several packages, because each of these ships alone: the copies agree."""

import json
from dataclasses import fields

import pytest

from client.endpoint import _from_container
from client.pair import choose_pair
from client.s3_folder import parse_s3
from client.settings_file import read_settings as read_for_client
from client.transform_job import container_settings, plan_from_stack
from client.transport import MAX_REQUEST_BYTES
from gateway import emf as gateway_emf
from gateway import sagemaker_backend
from gateway.aws_http import AwsError
from gateway.dialect import DEEPL, LIBRETRANSLATE
from gateway.envelope import Seen
from gateway.envelope import _metrics as _seen
from gateway.glossary_choice import MAX_TERMS
from gateway.languages import public_code
from gateway.settings import Settings as GatewaySettings
from handlers import Translation
from infra.container import NAMESPACE
from infra.dashboard import COUNTS_FAILED
from infra.model_settings import _PAIR_VARIABLE
from model_folder.pair import parse_pair
from serving import emf as serving_emf
from serving.contract.log import _metrics as _answered
from serving.lifecycle.settings_file import read_settings as read_for_server
from serving.request import Answer
from serving.settings import Settings, names
from tests.infra.conftest import EVERYTHING
from tests.infra.program import PROJECT, run
from tests.infra.recorded import Recorded

SERVING = {name for field in fields(Settings) for name in names(field)}


def test_what_a_client_may_send_a_server_takes():
    """4 MB, which AWS does not say in bytes: whoever sends stays below the smaller reading."""
    assert MAX_REQUEST_BYTES == 4_000_000 <= Settings().max_body
    assert Settings().max_body == sagemaker_backend.MAX_BYTES
    GatewaySettings(body_limit=MAX_REQUEST_BYTES)
    with pytest.raises(Exception, match=f"Use 1 to {MAX_REQUEST_BYTES} bytes"):
        GatewaySettings(body_limit=MAX_REQUEST_BYTES + 1)


def test_the_gateway_asks_no_more_texts_or_characters_than_the_server_takes():
    gateway, server = GatewaySettings(), Settings()
    assert gateway.batch_limit <= server.max_texts
    assert gateway.character_limit <= server.max_characters
    assert gateway.alternatives_limit <= server.max_alternatives
    assert server.max_texts >= MAX_TERMS


def test_variables_set_for_the_container_are_its_settings():
    assert {_PAIR_VARIABLE, NAMESPACE} <= SERVING
    assert set(container_settings(1)) <= SERVING


def test_what_dashboard_and_alarms_read_is_written():
    """By the log lines of function and container, in CloudWatch's embedded format."""
    answer = Answer([Translation("a")], "en_de", "m", "1", 1, 1, 1, 0, {"queue": 1.0}, [1])
    seen = Seen(True, "en_de", "deepl", 200, 0.1, 5)
    written = {*_answered(answer, 0.1), *_seen(seen), "ColdStarts", "ColdStartSeconds"}
    stack = run(Recorded(), **EVERYTHING)
    namespace = f"{PROJECT}-test"
    body = json.loads(stack.one("Dashboard").inputs["dashboardBody"])
    lines = [line for widget in body["widgets"] for line in widget["properties"]["metrics"]]
    shown = {line[1] for line in lines if line[0] == namespace}
    alarms = [alarm.inputs for alarm in stack.all("MetricAlarm")]
    watched = {a["metricName"] for a in alarms if a.get("namespace") == namespace}
    assert shown | watched <= written | {COUNTS_FAILED}
    assert len(shown) > 8 and watched == {COUNTS_FAILED, "QueueSeconds"}
    assert {line[3] for line in lines if line[2:3] == ["Dialect"]} == {
        LIBRETRANSLATE.name,
        DEEPL.name,
    }


def test_both_packages_write_metrics_alike(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1.5)
    given = ("name", {"Pair": "en_de"}, {"Requests": 1, "RequestSeconds": 0.5})
    assert gateway_emf.embedded(*given) == serving_emf.embedded(*given)
    assert gateway_emf.embedded("", *given[1:]) == serving_emf.embedded("", *given[1:]) == {}


def test_a_batch_job_is_started_from_what_the_stack_exports():
    batch = run(Recorded(), **EVERYTHING).exports["batch"]
    source, output = parse_s3(batch["input"]), parse_s3(batch["output"])
    plan = plan_from_stack(
        batch, choose_pair("en_de", None, None), source, output, payload_mb=1, concurrent=0
    )
    assert plan.model == batch["models"]["en_de"]
    assert (plan.source.uri, plan.output.uri) == (batch["input"], batch["output"])
    assert (plan.instance_type, plan.instance_count) == (
        batch["instanceType"],
        batch["instanceCount"],
    )


@pytest.mark.parametrize("pair", ["en_de", "en_pt-BR", "zh-Hans_en", "en_en-XA"])
def test_a_pair_is_read_alike_by_folder_gateway_and_client(pair):
    folder, client = parse_pair(pair), choose_pair(pair, None, None)
    assert (folder.source, folder.target) == (client.source, client.target)
    assert (folder.source, folder.target) == sagemaker_backend._pair(pair)


@pytest.mark.parametrize("code", ["pb", "zt"])
def test_argos_codes_mean_the_same_to_folders_and_callers(code):
    assert parse_pair(f"en_{code}").target == public_code(code)


@pytest.mark.parametrize("status", [400, 413, 422, 503])
def test_what_the_container_said_is_unwrapped_alike(status):
    said = {"error": {"code": "some_code", "message": "It is so. Do that."}}
    response = {
        "Error": {"Code": "ModelError"},
        "OriginalStatusCode": status,
        "OriginalMessage": json.dumps(said),
    }
    assert "It is so. Do that." in str(_from_container(response))
    ours = sagemaker_backend.explain(AwsError("ModelError", response))
    assert (ours.message, ours.status) == ("It is so. Do that.", status)


def test_a_file_of_settings_is_read_alike_by_client_and_server(tmp_path):
    path = tmp_path / ".env"
    path.write_text("A=1\nexport B = 'x y'\n# C=2\nD=\"z\nexport E='\n1F=3\nG=a=b\n")
    assert read_for_client(path) == read_for_server(path)
    assert read_for_client(path)["A"] == "1" and read_for_client(path)["G"] == "a=b"
