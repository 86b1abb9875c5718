"""The command line against the real server, directly and through a recording front."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.transform_job import container_settings
from tests.client.front import Front
from tests.client.running import CommandLine
from tests.running import Server


@pytest.fixture
def cli(server: Server) -> CommandLine:
    return CommandLine(TRANSLATE_URL=server.url)


@pytest.fixture
def front(server: Server) -> Iterator[Front]:
    with Front(server.url) as running:
        yield running


@pytest.fixture
def through(front: Front) -> CommandLine:
    """The command line, by way of ``front``."""
    return CommandLine(TRANSLATE_URL=front.url)


@pytest.fixture(scope="session")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the pseudo-localiser alone: no model, so thousands of lines a second."""
    models: Path = tmp_path_factory.mktemp("models")
    (models / "en_en-XA").mkdir()
    with Server(models, **container_settings(payload_mb=1)) as running:
        yield running


@pytest.fixture
def pseudo_cli(pseudo: Server) -> CommandLine:
    return CommandLine(TRANSLATE_URL=pseudo.url, TRANSLATE_TARGET="en-XA")
