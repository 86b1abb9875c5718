"""Handlers with a model, loaded once."""

from pathlib import Path

import pytest

from handlers import ModelFolder
from handlers.default import DefaultHandler
from tests.running import MODELS, SMALL


@pytest.fixture(scope="session")
def random_model(endless: Path) -> DefaultHandler:
    """Says the same for ever, up to the length cap, and copies nothing."""
    return DefaultHandler(ModelFolder(endless))


@pytest.fixture(scope="session")
def en_de() -> DefaultHandler:
    return DefaultHandler(ModelFolder(SMALL))


@pytest.fixture(scope="session")
def de_en() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "de_en"))


@pytest.fixture(scope="session")
def en_pt() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "en_pt"))
