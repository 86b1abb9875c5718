"""Schemathesis on the OpenAPI document: every operation, valid and invalid, all checks.

Both ways the API runs: in the local server, and as Lambda events, each over a socket. The
backend has no model, so that what is tested is the wire format.
"""

import os
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import schemathesis
from apig_wsgi import make_lambda_handler
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from gateway.app import make_app
from gateway.settings import Settings
from serving.settings import Settings as ServerSettings
from serving.wire.server import address, make_server
from tests.doubles.lambda_events import HttpApi
from tests.doubles.tagging_backend import TaggingBackend
from tests.gateway.recording import Recorder

UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}
QUICK = settings(max_examples=4, derandomize=True, **UNHURRIED)
FULL = settings(max_examples=100, **UNHURRIED)
REFUSALS = ["400", "403", "404", "405", "413", "5xx"]
CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
)
local = schemathesis.pytest.from_fixture("local_spec")
cloud = schemathesis.pytest.from_fixture("cloud_spec")


@pytest.fixture(scope="module")
def app():
    return make_app(TaggingBackend(), Settings(auth="none", character_limit=200))


@pytest.fixture(scope="module")
def local_spec(app):
    server = make_server(app, ServerSettings(host="127.0.0.1", port=0))
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield schemathesis.openapi.from_url(f"{address(server)}/spec", config=CONFIG)
    finally:
        server.stop()
        thread.join()


@pytest.fixture(scope="module")
def cloud_spec(app):
    with HttpApi(make_lambda_handler(app)) as api, recorded(api.url) as url:
        yield schemathesis.openapi.from_url(f"{url}/spec", config=CONFIG)


@contextmanager
def recorded(url):
    """Through a recorder, where RECORD_REQUESTS names a file."""
    if "RECORD_REQUESTS" not in os.environ:
        yield url
        return
    with Recorder(url, Path(os.environ["RECORD_REQUESTS"])) as recorder:
        yield recorder.url


@local.parametrize()
@QUICK
def test_every_operation_keeps_its_promises(case):
    validate(case)


@cloud.parametrize()
@QUICK
def test_every_operation_keeps_them_in_lambda(case):
    validate(case)


@pytest.mark.soak
@local.parametrize()
@FULL
def test_a_hundred_times_locally(case):
    validate(case)


@pytest.mark.soak
@cloud.parametrize()
@FULL
def test_a_hundred_times_in_lambda(case):
    validate(case)


def validate(case):
    # What a file may hold depends on its name, which lines are terms and which two languages are a
    # pair: no schema can say that.
    is_unsaid = case.path in ("/translate_file", "/v2/document") or "/glossaries" in case.path
    unsaid = [positive_data_acceptance] if is_unsaid else []
    case.call_and_validate(excluded_checks=unsaid)
