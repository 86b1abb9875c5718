"""A page of another origin may do the same through API Gateway, which answers preflights itself and
drops the function's own CORS headers, as with a local server."""

import pytest

from gateway.app import make_app
from gateway.settings import Settings
from tests.calling import Caller
from tests.doubles.tagging_backend import TaggingBackend
from tests.infra.program import run
from tests.infra.recorded import Recorded

ORIGIN = "https://www.example.com"


def words(header):
    return {word.strip().lower() for word in header.split(",")}


@pytest.fixture(scope="module")
def configured():
    return run(Recorded(), corsOrigins=[ORIGIN]).one("Api").inputs["corsConfiguration"]


@pytest.fixture(scope="module")
def app():
    settings = Settings(auth="none", cors_origins=(ORIGIN,))
    return Caller(make_app(TaggingBackend([("en", "de")]), settings))


def test_preflights_allow_the_same(configured, app):
    answer = app.call("OPTIONS", "/translate", origin=ORIGIN).headers
    assert words(",".join(configured["allowHeaders"])) == words(
        answer["Access-Control-Allow-Headers"]
    )
    assert words(",".join(configured["allowMethods"])) == words(
        answer["Access-Control-Allow-Methods"]
    )
    assert str(configured["maxAge"]) == answer["Access-Control-Max-Age"]
    assert configured["allowOrigins"] == [ORIGIN] == [answer["Access-Control-Allow-Origin"]]


def test_pages_may_read_the_same(configured, app):
    answer = app.get("/languages", origin=ORIGIN).headers
    exposed = words(answer["Access-Control-Expose-Headers"])
    assert words(",".join(configured["exposeHeaders"])) == exposed
    assert exposed >= {"retry-after", "x-request-id", "x-trace-id"}


def test_a_page_may_send_its_key_in_any_header_that_is_read(configured):
    assert {"authorization", "x-api-key"} <= words(",".join(configured["allowHeaders"]))
