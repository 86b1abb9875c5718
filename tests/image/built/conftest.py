"""The image under test, its configuration and its mounted root."""

import os
from pathlib import Path

import pytest

from tests.image.built import container

EN_DE = Path(__file__).parents[3] / "models" / "en_de"


@pytest.fixture(scope="session")
def image():
    return os.environ["IMAGE_UNDER_TEST"]


@pytest.fixture(scope="session")
def config(image):
    return container.inspect(image)


@pytest.fixture(scope="session")
def root(image):
    with container.mounted(image) as path:
        yield path


@pytest.fixture
def run(root, config):
    """Starts the image with a model and further options of `Container`."""

    def start(*command, model=EN_DE, **options):
        return container.Container(root, config, model, *command, **options)

    return start


@pytest.fixture
def report(capsys):
    """Prints a figure for docs/image.md."""

    def show(text):
        with capsys.disabled():
            print(f"\n  {text}")

    return show
