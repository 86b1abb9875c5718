"""What the gateway's tests share: an app without keys over a backend without a model."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.app import make_app
from gateway.counters import LocalCounters
from gateway.settings import Settings
from tests.calling import Caller
from tests.doubles.tagging_backend import TaggingBackend
from tests.gateway.recording import Recorder
from tests.running import Server


@pytest.fixture(scope="session")
def server(server: Server) -> Iterator[Server]:
    """The shared server, behind a recorder where RECORD_REQUESTS names a file."""
    if "RECORD_REQUESTS" in os.environ:
        with Recorder(server.url, Path(os.environ["RECORD_REQUESTS"])) as recorder:
            server.url = recorder.url
            yield server
    else:
        yield server


@pytest.fixture
def backend() -> TaggingBackend:
    return TaggingBackend()


@pytest.fixture
def caller_with(backend: TaggingBackend) -> Callable[..., Caller]:
    """Makes a caller of an app with these settings; keys are off unless asked for."""

    def make(**settings: Any) -> Caller:
        counters = LocalCounters(lambda: 1000.0)  # no minute ends within a test
        return Caller(make_app(backend, Settings(**{"auth": "none", **settings}), counters))

    return make


@pytest.fixture
def api(caller_with: Callable[..., Caller]) -> Caller:
    return caller_with()
