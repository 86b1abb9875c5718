"""Handlers with a model, loaded once."""

import shutil

import pytest

from handlers import ModelFolder
from handlers.default import DefaultHandler
from tests.random_model import make_model, pieces_of
from tests.running import MODELS


@pytest.fixture(scope="session")
def random_model(tmp_path_factory) -> DefaultHandler:
    """Says the same for ever, up to the length cap, and copies nothing."""
    folder = tmp_path_factory.mktemp("random") / "en_de"
    pieces = MODELS / "en_de" / "sentencepiece.model"
    make_model(folder / "ctranslate2_model", pieces_of(pieces), ends=False)
    shutil.copy(pieces, folder)
    return DefaultHandler(ModelFolder(folder))


@pytest.fixture(scope="session")
def en_de() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "en_de"))


@pytest.fixture(scope="session")
def de_en() -> DefaultHandler:
    return DefaultHandler(ModelFolder(MODELS / "de_en"))
