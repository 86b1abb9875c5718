"""The document of the contract against the running server, by generated requests."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import MODELS, Server
from tests.serving.contract_document import contract_document

CONFIG = Path(__file__).parent / "schemathesis.toml"


@pytest.mark.parametrize("examples", [5, pytest.param(1000, marks=pytest.mark.soak)])
@pytest.mark.timeout(900)
def test_every_check_passes(examples, record, tmp_path):
    document = tmp_path / "contract.json"
    document.write_text(json.dumps(contract_document()))
    with Server(MODELS / "en_de") as server:
        found = subprocess.run(
            [
                *(Path(sys.executable).parent / "schemathesis", "--config-file", CONFIG),
                *("run", document, "--url", server.url, "--checks", "all", "--no-color"),
                *("--max-examples", str(examples), "--seed", "1", "--workers", "2"),
            ],
            cwd=tmp_path,
            check=False,
            text=True,
            capture_output=True,
        )
        assert found.returncode == 0, found.stdout + found.stderr
        assert not [line for line in server.log if "traceback" in line]
    print(found.stdout)
    cases = re.search(r"(\d+) generated", found.stdout)[1]
    record(
        "schemathesis, all checks, on the container's contract",
        "0 failures at 1000 examples an operation",
        f"{cases} requests, 0 failures",
    )
