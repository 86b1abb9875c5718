"""Fixtures that several subjects share."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.recording import record  # noqa: F401
from tests.running import SMALL, Server

# Started in the background of a shell we ignore SIGINT, and so would what tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server with the embedded models for all tests that only talk to it."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model with random weights that always runs into its length cap."""
    # Not at the top: most tests do without numpy.
    from benchmarks.random_model import make_model, pieces_of

    folder = tmp_path_factory.mktemp("endless") / "en_de"
    pieces = SMALL / "sentencepiece.model"
    make_model(folder / "ctranslate2_model", pieces_of(pieces), ends=False)
    shutil.copy(pieces, folder)
    return folder


def pytest_make_parametrize_id(val: object) -> str | None:
    """The beginning of a long value: the names of tests are read, and printed on each failure."""
    if isinstance(val, bytes):
        val = repr(val)
    return f"{val[:60]}..." if isinstance(val, str) and len(val) > 80 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: a mistake shows at once."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
