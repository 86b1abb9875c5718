"""The image for a machine of one's own, run as compose.yaml has it: page, API, keys in a file."""

import hashlib
import json
import os

import pytest

from tests.image.built.container import Container, inspect, mounted
from tests.image.built.test_contents import UNWANTED, files
from tests.running import MODELS, fetch

KEY = "web.a-secret"
LARGEST = 330 * 10**6  # bytes beyond the base


@pytest.fixture(scope="module")
def image():
    return os.environ["SERVER_UNDER_TEST"]


@pytest.fixture(scope="module")
def config(image):
    return inspect(image)


@pytest.fixture(scope="module")
def root(image):
    with mounted(image) as path:
        yield path


@pytest.fixture
def started(root, config):
    keys = {"web": hashlib.sha256(KEY.encode()).hexdigest()}
    (root / "run" / "secrets").mkdir(parents=True, exist_ok=True)
    (root / "run" / "secrets" / "keys").write_text(json.dumps(keys))
    environment = {
        "GATEWAY_API_KEYS_FILE": "/run/secrets/keys",
        "GATEWAY_URL": "https://translate.example",
        "GATEWAY_PIVOT": "en",
        "GATEWAY_COUNTS": "/state/counts.sqlite3",
        "GATEWAY_DOCUMENTS": "/state/documents",
        "SERVING_TRUSTED_PROXY": "*",
    }
    with Container(
        root, config, MODELS, user=config["User"], at="models", environment=environment
    ) as container:
        container.wait_until_ready()
        yield container


def test_it_serves_page_and_api_as_its_own_user_on_a_read_only_disk(started):
    page = fetch(f"{started.url}/")
    assert (page.status, b"<title>Translate</title>" in page.body) == (200, True)
    question = json.dumps({"q": "Hello world!", "source": "en", "target": "de"}).encode()
    kind = {"Content-Type": "application/json"}
    assert fetch(f"{started.url}/translate", question, kind).status == 400
    known = fetch(f"{started.url}/translate", question, {**kind, "X-API-Key": KEY})
    assert known.json["translatedText"] == "Hallo Welt!"
    entries = {"entries": "world\tErde", "entries_format": "tsv"}
    glossary = json.dumps({"name": "a", "source_lang": "en", "target_lang": "de", **entries})
    made = fetch(f"{started.url}/v2/glossaries", glossary.encode(), {**kind, "X-API-Key": KEY})
    assert made.status == 201, made.body
    assert started.post(b"Hello world!").status == 404  # /invocations knows no keys
    assert started.stop() == 0, started.errors()


def test_the_health_check_tells_that_it_is_ready(started, config):
    assert started.start(config["Healthcheck"]["Test"][1:]).wait(15) == 0


def test_it_is_the_endpoints_image_and_the_gateway(root, report):
    with mounted(os.environ["IMAGE_BASE"]) as base:
        before = files(base)
    found = files(root)
    added = {name: size for name, size in found.items() if name not in before}
    program = {name for name in added if name.startswith("opt/program/gateway")}
    assert "opt/program/gateway/static/index.html" in program
    assert [name for name in added if name.startswith("opt/") and UNWANTED.search(name)] == []
    assert not [name for name in added if name.startswith("tmp/")]
    size = sum(added.values())
    report(f"server image: {size / 1e6:.0f} MB in {len(added)} files beyond the base")
    assert size <= LARGEST
