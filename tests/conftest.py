"""Fixtures that several subjects share."""

import signal
from collections.abc import Iterator

import pytest

from tests.reliability.recording import record  # noqa: F401
from tests.running import Server

# Started in the background of a shell we ignore SIGINT, and so would what tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server with the embedded models for all tests that only talk to it."""
    with Server() as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: a mistake shows at once."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
