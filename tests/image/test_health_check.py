"""The Dockerfile's health check, against the real server."""

import json
import os
import re
import subprocess
import sys

import pytest

from serving.settings import Settings
from tests.running import ROOT


def health_check(**environment: str) -> int:
    """Its exit code."""
    line = re.search(
        r"^HEALTHCHECK.*?CMD (\[.*?\])$", (ROOT / "Dockerfile").read_text(), re.M | re.S
    )
    _, *arguments = json.loads(line[1])
    inherited = {
        n: v for n, v in os.environ.items() if not n.startswith(("SERVING_", "SAGEMAKER_"))
    }
    done = subprocess.run(
        [sys.executable, *arguments], env=inherited | environment, capture_output=True, timeout=30
    )
    return done.returncode


@pytest.mark.parametrize(
    "names",
    [["SERVING_PORT"], ["SAGEMAKER_BIND_TO_PORT"], ["SERVING_PORT", "SAGEMAKER_BIND_TO_PORT"]],
)
def test_it_asks_the_port_that_the_server_listens_on(server, names):
    wrong = {"SERVING_PORT": "", "SAGEMAKER_BIND_TO_PORT": "9"}  # the first one set wins
    assert health_check(**{**wrong, names[0]: str(server.port)}) == 0
    ports = Settings.from_environment({**wrong, names[0]: str(server.port)})
    assert ports.port == server.port


def test_it_asks_no_proxy(server):
    assert health_check(SERVING_PORT=str(server.port), http_proxy="http://127.0.0.1:9") == 0


def test_it_fails_where_nothing_listens():
    assert health_check(SERVING_PORT="9") != 0
