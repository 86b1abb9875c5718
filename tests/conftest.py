"""Fixtures that several subjects share."""

from collections.abc import Iterator

import pytest

from tests.reliability.recording import record  # noqa: F401
from tests.running import Server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server with the embedded models for all tests that only talk to it."""
    with Server() as running:
        yield running
