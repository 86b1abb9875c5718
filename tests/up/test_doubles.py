"""The doubles themselves, without Pulumi's CLI."""

import os
import subprocess
import sys

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.image import CONTEXT
from tests.infra.recorded import ACCOUNT, REGION
from tests.running import ROOT
from tests.up import cli
from tests.up.cloud import running
from tests.up.docker_build_provider import context_files
from tests.up.names import to_pulumi, to_terraform
from tests.up.terraform_protocol import decode, encode
from tests.up.wire import SECRET, SIGNATURE, UNKNOWN, to_python, to_struct


def test_values_survive_the_wire():
    values = {"a": [1, 2.5, True, None, {"b": "text"}], "later": UNKNOWN}
    assert to_python(to_struct(values)) == values
    secret = {SIGNATURE: SECRET, "value": "s3cret"}
    assert to_python(to_struct({"key": secret})) == {"key": "s3cret"}


def test_values_survive_terraform_s_protocol():
    kind = ["object", {"n": "number", "on": "bool", "names": ["set", "string"], "t": "string"}]
    value = {"n": 3, "on": True, "names": ["a", UNKNOWN], "t": None}
    assert decode(encode(value, kind), kind) == value


BLOCK = {
    "attributes": {
        "dns_name": {"type": "string"},
        "subnet_ids": {"type": ["set", "string"]},
        "tags": {"type": ["map", "string"]},
    },
    "blocks": {
        "rule": {"nesting": "list", "max": 0, "block": {"attributes": {"days": {"type": "number"}},
                                                        "blocks": {}}},
        "log_config": {"nesting": "list", "max": 1, "block": {
            "attributes": {"log_level": {"type": "string"}}, "blocks": {}}},
    },
}  # fmt: skip


def test_names_and_shapes_are_those_of_pulumi_s_bridge():
    ours = {
        "dnsName": "x",
        "subnetIds": ["a"],
        "tags": {"someTag": "y"},
        "rules": [{"days": 1}],
        "logConfig": {"logLevel": "info"},
    }
    theirs = {
        "dns_name": "x",
        "subnet_ids": ["a"],
        "tags": {"someTag": "y"},
        "rule": [{"days": 1}],
        "log_config": [{"log_level": "info"}],
    }
    assert to_terraform(BLOCK, ours) == theirs
    assert to_pulumi(BLOCK, theirs) == ours


def test_a_build_sees_what_dockerignore_lets_in():
    seen = {path.relative_to(ROOT).parts[0] for path in context_files(ROOT)}
    assert seen == {"gateway", "file_formats"} | {
        name for name in CONTEXT if (ROOT / name).is_dir()
    }
    assert not [path for path in context_files(ROOT) if path.suffix == ".pyc"]


@pytest.fixture
def cloud(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with running() as cloud:
        yield cloud


@pytest.fixture
def sagemaker(cloud):
    client = boto3.client("sagemaker", region_name=REGION, endpoint_url=cloud.url)
    for name in ("old", "new"):
        client.create_model(ModelName=name, ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/x")
        size = {"MemorySizeInMB": 1024, "MaxConcurrency": 2}
        variant = {"VariantName": "AllTraffic", "ModelName": name, "ServerlessConfig": size}
        client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    return client


def update(client):
    client.update_endpoint(EndpointName="e", EndpointConfigName="new")


def state(client):
    found = client.describe_endpoint(EndpointName="e")
    return found["EndpointStatus"], found["EndpointConfigName"]


@pytest.mark.filterwarnings("default")
def test_an_endpoint_lives_as_sagemaker_says(cloud, sagemaker):
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    assert state(sagemaker) == ("InService", "old")
    cloud.seconds = 3600
    update(sagemaker)
    assert state(sagemaker) == ("Updating", "old")
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        update(sagemaker)
    sagemaker.delete_endpoint_config(EndpointConfigName="old")
    assert cloud.events[-1].serving == ["e"]


@pytest.mark.filterwarnings("default")
def test_an_update_that_fails_leaves_the_old_one_serving(cloud, sagemaker):
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    cloud.rolling_back = "e"
    update(sagemaker)
    assert state(sagemaker) == ("InService", "old")


@pytest.mark.filterwarnings("default")
def test_a_failed_endpoint_can_only_be_deleted(cloud, sagemaker):
    cloud.failing = "e"
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    assert state(sagemaker) == ("Failed", "old")
    with pytest.raises(ClientError, match="Cannot update in status Failed"):
        update(sagemaker)
    with pytest.raises(ClientError, match="already existing"):
        sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="old")
    sagemaker.delete_endpoint(EndpointName="e")


def test_without_a_cli_one_sentence_says_what_to_install(tmp_path):
    bare = {"PATH": "/nonexistent", "XDG_CACHE_HOME": str(tmp_path), "HOME": os.environ["HOME"]}
    command = [sys.executable, "-m", "tests.up.cli"]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "https://www.pulumi.com/docs/install/" in done.stderr
    assert f"Go {cli.GO[0]}.{cli.GO[1]} or newer" in done.stderr
    asked = subprocess.run([*command, "--at-hand"], cwd=ROOT, env=bare, check=False)
    assert asked.returncode == 1
