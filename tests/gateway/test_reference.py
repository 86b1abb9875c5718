"""docs/api.md's public part is the OpenAPI document's text, and its commands do what it says."""

import json
import re
import subprocess
import time

import pytest
import requests

from gateway.keys import Keyring
from gateway.openapi import document
from gateway.reference import Example, as_markdown, calls
from tests.running import MODELS, ROOT, Server

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
PUBLIC = PAGE.partition("## Public API")[2]
EXAMPLES = [
    example
    for tag in document()["tags"]
    for call in calls(document(), tag["name"])
    for example in call.examples
]
CHANGING = re.compile(
    r"download_file/[\w-]{43}|(?<=character_count\": )\d+|\d{4}-\d\d-\d\d(?=T00:00:00Z)"
    r"|(?<=glossary_id\": \")[\w-]+|(?<=creation_time\": \")[^\"]+"
    r"|(?<=\"confidence\": )0\.\d+|(?<=document_id\": \")\w+|(?<=document_key\": \")\w+"
    r"|^0\.\d{3}, 0\.\d{3}$"  # the header of confidences
)
WORDS = {"name": "Words", "source_lang": "en", "target_lang": "de", "entries": "world\tErde"}


@pytest.fixture(scope="module")
def fresh():
    with Server(MODELS, GATEWAY_PIVOT="en") as server:  # as `make run` does
        yield server


def run(command, folder):
    shell = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=True).stdout


def same(text):
    """Without what differs from one run to the next."""
    return CHANGING.sub("*", text.replace("download_file/SECRET", "download_file/" + "S" * 43))


def test_the_reference_is_the_documents():
    for paragraph in as_markdown(document()).split("\n\n"):
        assert paragraph in PUBLIC, "write docs/api.md anew from gateway.reference.as_markdown"


def test_every_operation_has_a_command_but_the_download():
    for tag in document()["tags"]:
        for call in calls(document(), tag["name"]):
            assert call.examples or call.heading == "GET /download_file/{name}"


@pytest.fixture
def glossary(fresh):
    """The only one there is; its id."""
    address = f"{fresh.url}/v3/glossaries"
    for known in requests.get(address).json()["glossaries"]:
        requests.delete(f"{address}/{known['glossary_id']}")
    return requests.post(f"{fresh.url}/v2/glossaries", json=WORDS).json()["glossary_id"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.command[:50])
def test_every_command_answers_what_the_page_says(fresh, glossary, tmp_path, example: Example):
    (tmp_path / "letter.txt").write_text("Hello world!")
    command = example.command.replace("GLOSSARY", glossary)
    if "DOCUMENT_ID" in command:
        command = with_a_document(command, fresh, tmp_path)
    answer = run(command.replace("http://127.0.0.1:8080", fresh.url), tmp_path)
    assert same(answer.replace(fresh.url, "http://127.0.0.1:8080")) == same(example.output)


def with_a_document(command, fresh, folder):
    """With id and key of a document that is done."""
    (upload,) = [e.command for e in EXAMPLES if e.command.endswith("-F target_lang=DE")]
    handle = json.loads(run(upload.replace("http://127.0.0.1:8080", fresh.url), folder))
    for name, value in handle.items():
        command = command.replace(name.upper(), value)
    status = command.replace("/result", "").replace("http://127.0.0.1:8080", fresh.url)
    while '"done"' not in run(status, folder):
        time.sleep(0.05)
    return command


def test_the_link_of_the_file_leads_to_the_translation(fresh, tmp_path):
    (tmp_path / "letter.txt").write_text("Hello world!")
    (command,) = [e.command for e in EXAMPLES if "translate_file" in e.command]
    answer = run(command.replace("http://127.0.0.1:8080", fresh.url), tmp_path)
    assert run(f"curl -sS {json.loads(answer)['translatedFileUrl']}", tmp_path) == "Hallo Welt!"


def test_the_command_that_makes_a_key_makes_one(tmp_path):
    (command,) = re.findall(r"```sh\n(python3 .*?)```", PUBLIC, re.DOTALL)
    key, digest = (line.split()[-1] for line in run(command, tmp_path).splitlines())
    assert len(key) >= len("web.") + 43
    assert Keyring({"web": digest}).name_of(key) == "web"


def test_the_pictures_are_there():
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PUBLIC):
        assert (ROOT / "docs" / picture).read_bytes().startswith(b"\x89PNG")
