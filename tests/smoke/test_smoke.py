"""The smoke test against the whole local path, and against each thing broken on purpose."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import ExitStack

import pytest

from smoke.checks import CHECKS, check_metrics
from smoke.expected import Expected, canary_of
from smoke.service import Service
from tests.doubles.cloudwatch_logs import CloudWatchLogs
from tests.doubles.dynamodb import DynamoDb
from tests.doubles.lambda_events import HttpApi
from tests.doubles.loopback import Loopback, RequestHandler
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, function
from tests.infra import lambda_runtime
from tests.infra.program import PROJECT, run
from tests.infra.recorded import Recorded
from tests.running import ROOT

ORIGIN = "https://shop.example"
KEY = "web." + "s" * 64
SETTINGS = {
    "GATEWAY_AUTH": "keys",
    "GATEWAY_API_KEYS": json.dumps({"web": hashlib.sha256(KEY.encode()).hexdigest()}),
    "GATEWAY_CORS_ORIGINS": ORIGIN,
    "GATEWAY_DAILY_CHARACTERS": "100000",
}
EXPECTED = Expected(
    pairs=["en_pt"],
    keys={"web": KEY},
    origins=[ORIGIN],
    daily_characters={"web": 100_000},
)


def shortcomings(runtime, **settings):
    """The checks of which something falls short, of a function with these settings changed."""
    with function(runtime, **{**SETTINGS, **settings}) as handler, HttpApi(handler) as api:
        service = Service(api.url, KEY, patience=0)
        checks = [check for check in CHECKS if check is not check_metrics]
        findings = [f for check in checks for f in check(service, EXPECTED)]
    return {finding.check: finding.short for finding in findings if finding.short}


@pytest.fixture
def runtime(server):
    with SageMakerRuntime(dict.fromkeys(ENDPOINTS.values(), server.url)) as running:
        yield running


def test_what_is_right_falls_short_of_nothing(runtime):
    assert shortcomings(runtime) == {}


BROKEN = {
    "key": ({"GATEWAY_AUTH": "none"}, {"keys: no key", "keys: a wrong key"}),
    "origin": ({"GATEWAY_CORS_ORIGINS": "https://b.example"}, {f"CORS: {ORIGIN}"}),
    "any origin": ({"GATEWAY_CORS_ORIGINS": "*"}, {"CORS: other origins"}),
    "quota": ({"GATEWAY_DAILY_CHARACTERS": "5000"}, {"limits: quota of web"}),
    "pair": ({"GATEWAY_ENDPOINTS": json.dumps({"en_de": ENDPOINTS["en_de"]}),
              "GATEWAY_DEMONSTRATIONS": ""}, {"pairs"}),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "named"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named(runtime, settings, named):
    assert set(shortcomings(runtime, **settings)) == named


def test_a_key_that_is_taken_no_more_is_named(runtime):
    other = hashlib.sha256(b"web.other").hexdigest()
    found = shortcomings(runtime, GATEWAY_API_KEYS=json.dumps({"web": other}))
    assert found["keys: web"].startswith("the key web is answered 403")
    assert "keys: a wrong key" not in found and "pairs" not in found


def test_an_endpoint_that_is_gone_is_named(runtime):
    del runtime.containers[ENDPOINTS["en_pt"]]
    found = shortcomings(runtime)
    assert found["pair en_pt"].startswith("20 canary sentences are answered 500")


class Babbler(Loopback):
    """A container that answers the same to everything."""

    class handler(RequestHandler):
        def do_POST(self):
            asked = json.loads(self.body())
            said = {"translations": [{"text": "xyz"} for _ in asked["texts"]]}
            self.answer(200, json.dumps(said).encode(), {"Content-Type": "application/json"})


def test_a_model_that_translates_something_else_is_named(runtime):
    with Babbler() as babbler:
        runtime.containers[ENDPOINTS["en_pt"]] = babbler.url
        text = shortcomings(runtime)["pair en_pt"]
    assert text.startswith("chrF ") and f"floor {canary_of('en_pt').floor:g}" in text


@pytest.fixture(scope="module")
def deployed(server, tmp_path_factory):
    """A stack called dev: what the program makes, on doubles; the command's environment."""
    stack = run(Recorded(), "dev", models=[{"folder": "models/en_pt"}], apiKeys=["app", "web"],
                corsOrigins=[ORIGIN], dailyCharacters=100_000,
                keyLimits={"web": {"dailyCharacters": 90_000}})  # fmt: skip
    inputs, name = stack.one("Function").inputs, f"{PROJECT}-dev"
    folder = tmp_path_factory.mktemp("function")
    with ExitStack() as running:
        database = running.enter_context(DynamoDb())
        database.make_table(stack.exports["counts"])
        endpoint = stack.exports["endpoints"]["en_pt"]
        runtime = running.enter_context(SageMakerRuntime({endpoint: server.url}))
        variables = {**inputs["environment"]["variables"], **database.environment,
                     "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": runtime.url}  # fmt: skip
        code, handler = inputs["code"].path, inputs["handler"]
        ours = running.enter_context(lambda_runtime.Function(code, folder, handler, variables))
        url = running.enter_context(HttpApi(ours.invoke)).url
        logs = running.enter_context(CloudWatchLogs({f"/aws/lambda/{name}": ours.log}))
        outputs = {**stack.exports, "url": url}
        path = write_pulumi(tmp_path_factory.mktemp("bin"), outputs)
        environment = {
            **os.environ,
            **database.environment,
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": logs.url,
        }
        yield runtime, {**environment, "PATH": f"{path}:{os.environ['PATH']}"}


def write_pulumi(folder, outputs):
    """The command's stand-in: what it answers to the three questions that are asked of it."""
    own = {"web": {"dailyCharacters": 90_000}}
    settings = {
        f"{PROJECT}:dailyCharacters": {"value": "100000"},
        f"{PROJECT}:corsOrigins": {"value": "[]", "objectValue": [ORIGIN]},
        f"{PROJECT}:keyLimits": {
            "value": "{}",
            "objectValue": own,
        },
    }
    script = folder / "pulumi"
    (folder / "outputs").write_text(json.dumps(outputs))
    (folder / "settings").write_text(json.dumps(settings))
    script.write_text(
        f'#!/bin/sh\ncase "$*" in\n"stack output "*) cat {folder}/outputs ;;\n'
        f'"config --json "*) cat {folder}/settings ;;\n'
        '"preview --refresh --expect-no-changes "*) echo "error: a change"\nexit "$CHANGED" ;;\n'
        "*) exit 9 ;;\nesac\n"
    )
    script.chmod(0o755)
    return folder


def smoke(environment, **more):
    command = [sys.executable, "-m", "smoke", "--stack", "dev", "--refresh", "--patience", "0"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "CHANGED": "0", **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_whole_path_holds(deployed):
    _, environment = deployed
    done = smoke(environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert lines[-1].endswith("hold.")
    assert {line.split()[0] for line in lines[:-2]} == {"ok"}
    told = done.stdout
    for check in ("pair en_pt: chrF", "keys: app", f"CORS: {ORIGIN}", "limits: quota of web",
                  "limits: usage", "errors: /v2/nothing", "metrics: CloudWatch",
                  "configuration = state"):  # fmt: skip
        assert f"ok   {check}" in told, told
    assert "s" * 64 not in told


def test_the_command_names_what_falls_short(deployed):
    runtime, environment = deployed
    containers, runtime.containers = runtime.containers, {}
    done = smoke(environment, CHANGED="1")
    runtime.containers = containers
    assert done.returncode == 1
    assert "FAIL pair en_pt: 20 canary sentences are answered 500" in done.stdout
    assert (
        "FAIL configuration = state: pulumi preview --refresh says: error: a change" in done.stdout
    )


def test_a_server_without_a_stack_is_asked_by_its_address(server):
    command = [sys.executable, "-m", "smoke", "--url", server.url, "--pairs", "en_pt", "en_fr"]
    environment = {k: v for k, v in os.environ.items() if k != "TRANSLATE_API_KEY"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "FAIL pairs: /languages does not list en_fr" in done.stdout
    assert "ok   metrics: /metrics" in done.stdout
    assert done.stdout.count("FAIL") == 1, done.stdout
