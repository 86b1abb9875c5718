"""--endpoint: real boto3 against SageMaker's wire format, the real server behind it."""

import json

import pytest

from tests.client.front import aws_error, model_error
from tests.client.running import CommandLine
from tests.client.test_failures import closed_port

AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def cli(front):
    return CommandLine(**AWS, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=front.url)


def run(cli, *arguments):
    return cli.run("--endpoint", "dev-en-de", *arguments)


def test_hello_world(cli):
    assert run(cli, "Hello world!").text == "Hallo Welt!\n"


def test_json_is_the_containers_answer(cli):
    answer = json.loads(run(cli, "--json", "Hello world!").out)
    assert answer["model"]["name"] == "grown-from-firefox-tiny-en-de"


def test_a_file_is_split_into_requests(cli, front, tmp_path):
    (tmp_path / "in.txt").write_text("Thank you.\n" * 200)
    end = run(cli, "--file", tmp_path / "in.txt", "--output", tmp_path / "out.txt")
    assert (end.code, len(front.bodies)) == (0, 4)
    assert (tmp_path / "out.txt").read_text() == "Danke.\n" * 200


def test_a_refusal_is_unwrapped(cli):
    end = run(cli, "--pair", "xx_yy", "Hello")
    assert end.code == 4
    assert end.err.startswith("translate.py: xx → yy is not served.")


def test_a_container_that_fails_without_json(cli, front):
    front.script.append(model_error(500, "worker died"))
    end = run(cli, "Hello")
    assert (end.code, end.err) == (5, "translate.py: The container failed: worker died\n")


@pytest.mark.parametrize(
    "reply",
    [
        aws_error(429, "ModelNotReadyException", "Not ready."),
        aws_error(400, "ThrottlingException", "Rate exceeded"),
        aws_error(503, "ServiceUnavailable", "Later."),
        aws_error(530, "InternalDependencyException", "Later."),
        model_error(503, '{"error": {"code": "unavailable", "message": "Full."}}'),
        None,
    ],
    ids=lambda reply: str(getattr(reply, "headers", None)),
)
def test_what_passes_is_asked_again(cli, front, reply):
    front.script.append(reply)
    assert run(cli, "Thank you.").text == "Danke.\n"
    assert len(front.bodies) == 2, "boto3 must not retry by itself"


def test_a_missing_endpoint_is_refused_at_once(cli, front):
    front.script.append(aws_error(400, "ValidationError", "Endpoint dev-en-de not found."))
    end = run(cli, "Hello")
    assert (end.code, len(front.bodies)) == (4, 1)
    assert end.err == "translate.py: AWS says ValidationError: Endpoint dev-en-de not found.\n"


def test_patience_runs_out(cli, front):
    front.script.extend([aws_error(429, "ModelNotReadyException", "Not ready.")] * 9)
    end = run(cli, "--patience", 1, "Hello")
    assert (end.code, "Not ready. (tried for 1 s" in end.err) == (5, True)


def test_list_says_what_can_be_listed(cli):
    end = run(cli, "--list")
    assert (end.code, "`--list --stack NAME` asks its API" in end.err) == (2, True)


@pytest.mark.parametrize(
    ("lacking", "message"),
    [
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "No AWS credentials found"),
        (["AWS_REGION"], "No AWS region found. Set AWS_REGION"),
    ],
    ids=str,
)
def test_settings_that_lack(cli, lacking, message, tmp_path):
    for name in lacking:
        del cli.environment[name]
    cli.environment["HOME"] = str(tmp_path)
    end = run(cli, "Hello")
    assert (end.code, message in end.err, end.err.count("\n")) == (2, True, 1), end.err


def test_aws_out_of_reach():
    url = f"http://127.0.0.1:{closed_port()}"
    end = run(CommandLine(**AWS, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=url), "Hello")
    assert (end.code, "AWS cannot be reached" in end.err) == (3, True)
