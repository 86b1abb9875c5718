"""What a server keeps, as the unit and compose.yaml have it: there again after a restart."""

import hashlib
import json
import re

import pytest
import yaml

from tests.running import MODELS, ROOT, Server, fetch
from tests.self_host.conftest import FOLDER

KEY = "web." + "s" * 43
WHO = {"X-API-Key": KEY}
HEADERS = {**WHO, "Content-Type": "application/json"}
GLOSSARY = {
    "name": "ours",
    "source_lang": "en",
    "target_lang": "de",
    "entries": "world\tErde",
    "entries_format": "tsv",
}

pytestmark = pytest.mark.slow


def of_the_unit(folder):
    lines = re.findall(
        r"^Environment=(\w+)=(.*)$", (FOLDER / "translate.service").read_text(), re.M
    )
    there = {"%d/": f"{folder}/", "/var/lib/translate": str(folder)}
    return {name: put(value, there) for name, value in lines}


def of_compose(folder):
    """The image's own variables, and the file's."""
    image = re.findall(
        r"^(?:ENV|   ) (GATEWAY_\w+)=(\S+)$", (ROOT / "Dockerfile").read_text(), re.M
    )
    server = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["server"]
    assert "state:/state" in server["volumes"]
    there = {
        "/run/secrets": str(folder),
        "/state": str(folder),
        "${DOMAIN:-localhost}": "localhost",
    }
    return {name: put(value, there) for name, value in [*image, *server["environment"].items()]}


def put(value, there):
    for old, new in there.items():
        value = value.replace(old, new)
    return value


@pytest.mark.parametrize("read", [of_the_unit, of_compose])
def test_glossaries_documents_and_counts_outlast_a_restart(tmp_path, read):
    """Neither has a home that it may write to."""
    (tmp_path / "keys").write_text(json.dumps({"web": hashlib.sha256(KEY.encode()).hexdigest()}))
    environment = {**read(tmp_path), "HOME": "/proc", "GATEWAY_PIVOT": ""}
    with server(environment) as first:
        made = fetch(f"{first.url}/v2/glossaries", json.dumps(GLOSSARY).encode(), HEADERS)
        assert made.status == 201, made.body
        question = {"text": ["Hello world!"], "target_lang": "DE"}
        assert (
            fetch(f"{first.url}/v2/translate", json.dumps(question).encode(), HEADERS).status == 200
        )
        used = fetch(f"{first.url}/v2/usage", None, WHO).json["character_count"]
        assert used == len("Hello world!")
    with server(environment) as second:
        kept = fetch(f"{second.url}/v2/glossaries", None, WHO).json["glossaries"]
        assert [glossary["name"] for glossary in kept] == ["ours"]
        assert fetch(f"{second.url}/v2/usage", None, WHO).json["character_count"] == used
    assert (tmp_path / "documents").is_dir()


def server(environment):
    made = Server(MODELS / "en_de")
    del made.environment["GATEWAY_GLOSSARIES"]
    made.environment |= environment
    return made
