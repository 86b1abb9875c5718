"""docs/self-host.md: its commands, and that what it shows is what the files have."""

import re
import shlex
import subprocess

import pytest

from serving.settings import Settings, names
from tests.docs.blocks import blocks
from tests.docs.test_settings import rows
from tests.running import MODELS, ROOT, Server, fetch
from tests.self_host.conftest import FOLDER

PAGE = ROOT / "docs" / "self-host.md"
INSTALL, KEYS, COMPOSE, RUN, UNIT = blocks(PAGE, "sh")


def test_the_snippets_are_the_files():
    shown = blocks(PAGE, "nginx") + blocks(PAGE, "caddy")
    files = ("nginx.conf", "nginx-several.conf", "Caddyfile")
    for snippet, name in zip(shown, files, strict=True):
        assert (FOLDER / name).read_text("utf-8").endswith(f"\n{snippet}")


@pytest.mark.slow
def test_the_key_that_is_made_opens_the_server(tmp_path):
    made = subprocess.run(["bash", "-c", KEYS], cwd=tmp_path, capture_output=True, text=True)
    key = re.fullmatch(r"Your key: (web\.\S{43})\n", made.stdout)[1]
    keys = str(tmp_path / "keys.json")
    with Server(MODELS / "en_de", "--host", "0.0.0.0", GATEWAY_API_KEYS_FILE=keys) as server:
        assert fetch(f"{server.url}/v2/usage").status == 403
        assert fetch(f"{server.url}/v2/usage", None, {"X-API-Key": key}).status == 200


def test_settings_that_the_page_and_the_files_name_are_settings():
    known = {name for row in rows("The public API") for name in re.findall(r"\w+", row[0])}
    for setting in Settings.__dataclass_fields__.values():
        known.update(names(setting))
    texts = [PAGE, ROOT / "compose.yaml", *FOLDER.iterdir()]
    named = {
        name
        for text in texts
        for name in re.findall(r"\b(?:SERVING|GATEWAY|ENGINE)_[A-Z_]+\b", text.read_text("utf-8"))
    }
    assert named
    assert named <= known


def test_docker_is_told_what_the_image_has():
    """Its line cannot run here: port, mounts and name are those of Dockerfile and Makefile."""
    docker, run, *words, image = shlex.split(RUN.replace("\\\n", " "))
    pairs = list(zip(words[::2], words[1::2], strict=True))
    options = dict(pairs)
    mounts = [value.split(":") for name, value in pairs if name == "-v"]
    dockerfile, makefile = ((ROOT / name).read_text("utf-8") for name in ("Dockerfile", "Makefile"))
    assert (docker, run) == ("docker", "run")
    assert f"EXPOSE {options['-p'].partition(':')[2]}\n" in dockerfile
    assert mounts == [["./models", "/models", "ro"], ["./keys.json", "/keys.json", "ro"]]
    assert "ENV SERVING_MODELS=/models " in dockerfile
    assert options["-e"] == "GATEWAY_API_KEYS_FILE=/keys.json"
    assert f"SERVER_IMAGE ?= {image}:latest\n" in makefile


def test_files_that_the_commands_name_are_there():
    for command in (COMPOSE, RUN, UNIT):
        for name in re.findall(r"(?:self-host/\S+|compose\.yaml|\./models)\b", command):
            assert (ROOT / name).exists()
