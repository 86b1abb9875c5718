"""The login to ECR, from moto's; the push itself is tested in `built/`."""

import os
import subprocess

import boto3
import pytest
from moto import mock_aws
from moto.server import ThreadedMotoServer

from image import builder, push
from tests.docs.blocks import blocks
from tests.running import ROOT

# A stand-in for Docker, which cannot run everywhere: shows its words, knows one manifest.
DOCKER = f"""#!/bin/sh
case "$*" in *--format*) echo "{builder.MEDIA_TYPE} sha256:{0:064}" ;; *) echo "$*" ;; esac
"""
PAGE = [line for block in blocks(ROOT / "docs/image.md", "sh") for line in block.splitlines()]
REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/translation"


@pytest.fixture
def ecr(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("ecr", region_name="eu-central-1")


def test_user_and_password_come_from_the_authorization_token(ecr):
    user, password = push.credentials(ecr)
    assert user == "AWS"
    assert password


@pytest.mark.parametrize(
    ("repository", "region"),
    [
        (REPOSITORY, "eu-central-1"),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/translation", "cn-north-1"),
    ],
)
def test_the_region_is_the_repositorys(repository, region):
    assert push.region(repository) == region


@pytest.mark.parametrize("name", ["", "translation", f"{REPOSITORY}:1", "docker.io/x/y"])
def test_another_registry_is_refused(name, capsys):
    assert push.main(["st:1", name]) == 1
    assert f"image: {name!r} is not an ECR repository. Write" in capsys.readouterr().err


def test_the_reference_is_the_repository_with_the_digest():
    class Builder:
        def login(self, registry, user, password):
            self.logged_in = (registry, user, password)

        def push(self, tag, target):
            self.pushed = (tag, target)
            return "sha256:0123"

    chosen = Builder()
    assert push.push("st:0.1.0", REPOSITORY, ("AWS", "x"), chosen) == f"{REPOSITORY}@sha256:0123"
    assert chosen.logged_in == (REPOSITORY.split("/")[0], "AWS", "x")
    assert chosen.pushed == ("st:0.1.0", f"{REPOSITORY}:0.1.0")


def test_a_login_that_fails_is_one_sentence(monkeypatch, capsys):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it remembers other tests' credentials
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/none")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/none")
    assert push.main(["st:1", REPOSITORY]) == 1
    assert "image: Unable to locate credentials" in capsys.readouterr().err


def test_make_push_logs_in_and_prints_what_sagemaker_takes(tmp_path, monkeypatch):
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }
        (command,) = [line for line in PAGE if line.startswith("make push")]
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True
        )
    finally:
        server.stop()
    assert done.returncode == 0, done.stderr
    assert f"{REPOSITORY}@sha256:{0:064}" in done.stdout.splitlines()


def test_make_image_builds_with_what_is_there(tmp_path, monkeypatch):
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert "make image" in PAGE
    done = subprocess.run(["make", "image"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "buildx build --platform linux/amd64" in done.stdout
