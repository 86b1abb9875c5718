"""Handlers with a model, loaded once."""

import pytest

from handlers import ModelFolder
from handlers.default import DefaultHandler
from tests.random_model import build_random_model
from tests.running import MODELS


@pytest.fixture(scope="session")
def random_model(tmp_path_factory) -> DefaultHandler:
    return DefaultHandler(ModelFolder(build_random_model(tmp_path_factory.mktemp("m") / "en_de")))


@pytest.fixture(scope="session")
def en_de() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "en_de"))


@pytest.fixture(scope="session")
def de_en() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "de_en"))
