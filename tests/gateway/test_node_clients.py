"""npm's clients, real and pinned: deepl-node and translate."""

import json
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from tests.doubles.lambda_events import HttpApi
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, function
from tests.gateway.test_documents import letter
from tests.running import ROOT

HERE = Path(__file__).with_name("node")
INSTALLED = ROOT / ".cache" / "node"  # outside the tests, so that a clean tree stays clean


@pytest.fixture(scope="module")
def node():
    """A folder with the packages of node/package-lock.json."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node.js and npm are not installed: apt-get install nodejs npm")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = (HERE / "package-lock.json").read_text()
    done = INSTALLED / "installed.json"
    for file in HERE.iterdir():
        shutil.copy(file, INSTALLED)
    if not done.exists() or done.read_text() != lock:
        ci = subprocess.run(["npm", "ci", "--silent"], cwd=INSTALLED, timeout=110, check=False)
        if ci.returncode:
            pytest.skip("npm's packages cannot be fetched from the registry")
        done.write_text(lock)
    return INSTALLED


def test_the_official_and_a_free_client_translate(node, server):
    run = subprocess.run(
        ["node", "clients.mjs", server.url],
        cwd=node,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    seen = json.loads(run.stdout)
    assert seen["many"] == [["Hallo Welt!", "en", 12], ["Danke!", "en", 10]]
    assert seen["one"] == "Good morning!"
    assert seen["targets"] == ["de", "en-GB", "en-US", "pt-BR", "pt-PT"]
    assert seen["sources"] == ["de", "en", "pt"]
    assert seen["used"] >= 12 + 10 + 13
    assert "'formality' is not supported for given 'target_lang'." in seen["refused"]
    assert {"Ours", "Renamed"} <= set(seen["glossary"].pop("names"))
    assert seen["glossary"] == {
        "text": "Hallo Erde!",
        "ready": True,
        "created": True,
        "entries": {"world": "Erde"},
        "counts": [1, 1],
        "replaced": 2,
        "left": ["en"],
        "gone": "GlossaryNotFoundError",
    }
    assert seen["libre"] == seen["libreAtPath"] == "Hallo Welt!"


def test_the_official_client_translates_documents(node, server, tmp_path):
    (tmp_path / "letter.docx").write_bytes(letter())
    (tmp_path / "page.html").write_text("<p>Good <b>morning</b>!</p>")
    (tmp_path / "broken.docx").write_bytes(b"no zip")
    names = ["letter.docx", "page.html", "broken.docx"]
    command = ["node", "documents.mjs", server.url, str(tmp_path), *names]
    run = subprocess.run(command, cwd=node, capture_output=True, text=True, check=True, timeout=60)
    seen = json.loads(run.stdout)
    assert [seen[name]["status"] for name in names] == ["done", "done", "error"]
    assert seen["letter.docx"]["billed"] == len("Hello you")
    assert docx.Document(tmp_path / "de-letter.docx").paragraphs[0].text.startswith("Hallo")
    assert (tmp_path / "de-page.html").read_text() == "<p>Guten <b>Morgen</b>!</p>"
    assert "is not a zip file" in seen["broken.docx"]["error"]
    assert all("again" in seen[name] and seen[name]["again"] for name in names)
    assert "letters at places" in seen["pdf"]
    assert seen["handle"] == [32, 64]


def test_the_official_client_survives_a_cold_start(node, server):
    containers = dict.fromkeys(ENDPOINTS.values(), server.url)
    statuses = []
    with (
        SageMakerRuntime(containers, cold_seconds=3.0) as runtime,
        function(runtime, GATEWAY_HOLD_SECONDS="0.5") as handler,
    ):

        def watched(event, context):
            result = handler(event, context)
            statuses.append(result["statusCode"])
            return result

        with HttpApi(watched) as api:
            command = ["node", "cold.mjs", api.url]
            run = subprocess.run(
                command, cwd=node, capture_output=True, text=True, check=True, timeout=60
            )
    assert json.loads(run.stdout) == "Hallo Welt!"
    assert statuses[0] == 504
    assert statuses[-1] == 200
