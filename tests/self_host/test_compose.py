"""compose.yaml against the Compose specification's own schema, and what it says."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.running import ROOT
from tests.self_host.conftest import behind, free_port, program, running

# github.com/compose-spec/compose-go v2.1.3, schema/compose-spec.json, Apache-2.0.
SCHEMA = json.loads(Path(__file__).with_name("compose-spec.json").read_text("utf-8"))
VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


def composed(**environment):
    text = VARIABLE.sub(
        lambda match: environment.get(match[1]) or match[2], (ROOT / "compose.yaml").read_text()
    )
    return yaml.safe_load(text)


@pytest.fixture
def server():
    return composed(DOMAIN="translate.example.org")["services"]["server"]


def test_it_is_what_compose_understands():
    jsonschema.validate(composed(), SCHEMA)


def test_a_word_that_compose_does_not_know_would_be_found():
    wrong = composed()
    wrong["services"]["server"]["restarts"] = "always"
    with pytest.raises(jsonschema.ValidationError, match="restarts"):
        jsonschema.validate(wrong, SCHEMA)


def test_the_server_can_do_nothing_but_serve(server):
    assert server["read_only"] is True
    assert server["cap_drop"] == ["ALL"]
    assert server["security_opt"] == ["no-new-privileges:true"]
    assert server["volumes"] == ["./models:/models:ro", "state:/state"]
    assert "ports" not in server
    assert server["restart"] == "unless-stopped"


def test_it_waits_for_the_drain_and_knows_where_it_is(server):
    assert server["stop_grace_period"] == "25s"
    assert server["environment"]["GATEWAY_URL"] == "https://translate.example.org"
    assert composed()["services"]["server"]["environment"]["GATEWAY_URL"] == "https://localhost"


def test_it_is_a_stage_of_the_dockerfile_with_a_health_check(server):
    stages = re.findall(r"^FROM \S+ AS (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert server["build"]["target"] in stages
    proxy = composed()["services"]["proxy"]
    assert proxy["depends_on"] == {"server": {"condition": "service_healthy"}}


@pytest.mark.slow
def test_the_proxys_command_leads_to_the_server(tmp_path):
    """As it stands, with other ports, and a certificate that nobody has to make."""
    name, *words = composed()["services"]["proxy"]["command"]
    port = free_port()
    with behind(port, SERVING_TRUSTED_PROXY="*") as server:
        told = {"localhost": f":{port}", "server:8080": server.url[7:]}
        words = [told.get(word, word) for word in words]
        folder = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        with running([program(name, name), *words], port, env=folder):
            line = (
                f"curl -s http://localhost:{port}/translate -d q=Hello! -d source=en -d target=de"
            )
            found = subprocess.run(line.split(), capture_output=True, text=True, check=True)
    assert "Hallo" in json.loads(found.stdout)["translatedText"]
