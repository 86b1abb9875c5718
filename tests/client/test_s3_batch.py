"""batch s3://… s3://…: real boto3 against moto, the payloads against the real server."""

import json
import os
import shlex
import signal
import urllib.request
from datetime import timedelta

import boto3
import pytest
from moto.sagemaker import models as sagemaker
from moto.sagemaker.models import sagemaker_backends
from moto.server import ThreadedMotoServer

from client.transform_job import container_settings
from tests.client.running import CommandLine, wait_for
from tests.client.test_endpoint import AWS
from tests.client.transform import Replay
from tests.docs.blocks import blocks
from tests.running import ROOT

BATCH = {
    "instanceType": "ml.c6i.xlarge",
    "instanceCount": 2,
    "models": {"en_de": "dev-en-de-1a2b", "en_en-XA": "dev-pseudo"},
}
PLACES = ("s3://texts/in", "s3://texts/out/")
PSEUDO = ("--pair", "en_en-XA", "--stack", "dev")


@pytest.fixture(scope="module")
def moto_url():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def aws(moto_url, monkeypatch):
    """The environment of an account with one bucket."""
    environment = {**AWS, "AWS_DEFAULT_REGION": AWS["AWS_REGION"], "AWS_ENDPOINT_URL": moto_url}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(
        Bucket="texts", CreateBucketConfiguration={"LocationConstraint": AWS["AWS_REGION"]}
    )
    yield environment
    urllib.request.urlopen(urllib.request.Request(f"{moto_url}/moto-api/reset", b"")).close()


@pytest.fixture
def s3(aws):
    client = boto3.client("s3")
    client.put_object(Bucket="texts", Key="in/a.txt", Body=b"One\nTwo\n" * 500)
    client.put_object(Bucket="texts", Key="in/deep/b.txt", Body=b"Three\n")
    client.put_object(Bucket="texts", Key="in/", Body=b"")
    client.put_object(Bucket="texts", Key="in-other/c.txt", Body=b"Never\n")
    return client


@pytest.fixture
def cli(aws, s3, tmp_path):
    (tmp_path / "outputs.json").write_text(json.dumps({"batch": BATCH}))
    (tmp_path / "pulumi").write_text(f"#!/bin/sh\ncat {tmp_path}/outputs.json\n")
    (tmp_path / "pulumi").chmod(0o755)
    return CommandLine(**aws, PATH=f"{tmp_path}:{os.environ['PATH']}")


@pytest.fixture
def jobs(aws):
    return sagemaker_backends["123456789012"][AWS["AWS_REGION"]].transform_jobs


@pytest.fixture
def in_progress(monkeypatch):
    """Jobs start in progress, as SageMaker's do; moto has them completed at once."""
    finished = sagemaker.FakeTransformJob.__init__

    def begin(job, *arguments, **named):
        finished(job, *arguments, **named)
        job.transform_job_status = "InProgress"
        job.transform_end_time = job.transform_start_time + timedelta(seconds=90)

    monkeypatch.setattr(sagemaker.FakeTransformJob, "__init__", begin)


@pytest.fixture
def replay(jobs, s3, pseudo, in_progress):
    return Replay(jobs, s3, pseudo.url)


def the_job(jobs):
    wait_for(lambda: jobs)
    (job,) = jobs.values()
    return job


def object_text(s3, key):
    return s3.get_object(Bucket="texts", Key=key)["Body"].read().decode()


def test_a_job_from_start_to_report(cli, jobs, replay, s3):
    with cli.start("batch", *PLACES, *PSEUDO, "--price", "0.204") as process:
        job = the_job(jobs)
        replay.run(job)
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 0, err
    name = job.transform_job_name
    assert err.splitlines() == [
        f"Job {name}: 2 files on 2 × ml.c6i.xlarge.",
        "2 files, 4006 bytes, in s3://texts/out/; "
        "2 × ml.c6i.xlarge for 90 s = 0.0500 instance hours, about $0.01.",
    ]
    assert object_text(s3, "out/a.txt.out").splitlines() == ["[Öñé ~]", "[Ţŵö ~]"] * 500
    assert object_text(s3, "out/deep/b.txt.out") == "[Ţĥŕéé ~~]\n"


def test_the_request(cli, jobs, replay):
    with cli.start("batch", *PLACES, *PSEUDO, "--payload-mb", 3, "--concurrent", 5) as process:
        replay.run(the_job(jobs))
        process.communicate(timeout=60)
    job = the_job(jobs)
    assert (job.model_name, job.batch_strategy) == ("dev-pseudo", "MultiRecord")
    assert (job.max_payload_in_mb, job.max_concurrent_transforms) == (3, 5)
    assert job.environment == {**container_settings(3), "SERVING_PAIR": "en_en-XA"}
    assert job.transform_input == {
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://texts/in/"}},
        "ContentType": "text/plain",
        "SplitType": "Line",
    }
    assert job.transform_output == {
        "S3OutputPath": "s3://texts/out/",
        "Accept": "text/plain",
        "AssembleWith": "Line",
    }
    assert job.transform_resources == {"InstanceType": "ml.c6i.xlarge", "InstanceCount": 2}


def test_the_same_command_watches_the_job_it_started(cli, jobs, replay):
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        assert process.stderr.readline().startswith(b"Job translate-en-en-XA-")
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert err == (
        "translate.py: Interrupted. A job that was started goes on in AWS, "
        "and the same command watches it.\n"
    )
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        first = process.stderr.readline().decode()
        replay.run(the_job(jobs))
        process.communicate(timeout=60)
    assert first.endswith("-1 is at work on these inputs; watching it.\n")
    assert (process.returncode, len(jobs)) == (0, 1)


def test_finished_work_is_not_paid_for_again(cli, jobs, replay):
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        replay.run(the_job(jobs))
        process.communicate(timeout=60)
    end = cli.run("batch", *PLACES, *PSEUDO)
    assert (end.code, len(jobs)) == (0, 1)
    assert "has done these inputs; nothing is billed again." in end.err


def test_changed_inputs_are_another_job(cli, jobs, replay, s3):
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        replay.run(the_job(jobs))
        process.communicate(timeout=60)
    s3.put_object(Bucket="texts", Key="in/a.txt", Body=b"Changed\n")
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        wait_for(lambda: len(jobs) == 2)
        replay.run(list(jobs.values())[1])
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert object_text(s3, "out/a.txt.out").startswith("[Çĥåñĝéð ")


def test_a_failed_job_says_why_and_the_next_run_is_a_new_one(cli, jobs, replay):
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        job = the_job(jobs)
        job.failure_reason = "ClientError: Model server did not respond"
        job.transform_job_status = "Failed"
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 5
    assert err.splitlines()[-1] == (
        f"translate.py: Job {job.transform_job_name} failed: "
        "ClientError: Model server did not respond"
    )
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        wait_for(lambda: len(jobs) == 2)
        replay.run(list(jobs.values())[1])
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert [name[-2:] for name in jobs] == ["-1", "-2"]


def test_a_stopped_job(cli, jobs, in_progress):
    with cli.start("batch", *PLACES, *PSEUDO) as process:
        the_job(jobs).transform_job_status = "Stopped"
        err = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, "is stopped. Run the command again" in err) == (5, True)


def test_missing_outputs_are_not_called_done(cli, jobs):
    """moto completes a job at once and writes nothing."""
    end = cli.run("batch", *PLACES, *PSEUDO)
    assert end.code == 5
    assert "completed, but 2 of 2 outputs are missing, the first a.txt.out" in end.err


def test_the_command_of_the_page(cli, jobs, replay, s3, tmp_path):
    (command,) = (block for block in blocks(ROOT / "docs" / "cli.md", "sh") if "s3://" in block)
    script, *arguments = shlex.split(command.replace("my-bucket/batch/in/letters", "texts/in"))
    assert script == "./translate.py"
    with cli.start(*(word.replace("my-bucket", "texts") for word in arguments)) as process:
        replay.run(the_job(jobs))
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 0, err
    assert the_job(jobs).model_name == "dev-en-de-1a2b"
    assert object_text(s3, "batch/out/letters/deep/b.txt.out").count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["s3://texts/none/", "s3://texts/out/"],
            2,
            "s3://texts/none/ holds no file to translate.",
        ),
        (["s3://missing/in/", "s3://texts/out/"], 4, "AWS says NoSuchBucket"),
        (["s3://", "s3://texts/out/"], 2, "'s3://' is no S3 folder. Write s3://BUCKET/FOLDER/."),
        (
            [*PLACES, "--pair", "en_fr"],
            2,
            "The stack has no model for en_fr. It has en_de, en_en-XA.",
        ),
    ],
    ids=str,
)
def test_mistakes(cli, arguments, code, message):
    end = cli.run("batch", *arguments, "--stack", "dev")
    assert (end.code, message in end.err, end.err.count("\n")) == (code, True, 1), end.err


def test_a_stack_without_batch_settings(cli, tmp_path):
    (tmp_path / "outputs.json").write_text("{}")
    end = cli.run("batch", *PLACES, "--stack", "dev")
    assert (end.code, "Stack 'dev' has no output 'batch'" in end.err) == (2, True)
