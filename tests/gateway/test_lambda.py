"""The whole way through the cloud: event, function, boto3, endpoint, container, model."""

import hashlib
import json
import os

import pytest

from gateway.errors import SettingsError
from tests.doubles.lambda_events import answer_of, http_api_event
from tests.doubles.sagemaker_runtime import SageMakerRuntime
from tests.gateway.cloud import ENDPOINTS, function

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def runtime(server):
    with SageMakerRuntime(dict.fromkeys(ENDPOINTS.values(), server.url)) as running:
        yield running


@pytest.fixture
def handler(runtime):
    with function(runtime) as made:
        yield made


def call(handler, method, target, headers=None, body=b""):
    status, _, answer = answer_of(
        handler(http_api_event(method, target, headers or {}, body), None)
    )
    return status, answer


def test_an_event_becomes_a_translation(handler, runtime):
    body = json.dumps({"q": "Hello world!", "source": "en", "target": "de"}).encode()
    status, answer = call(handler, "POST", "/translate", {**JSON, "X-Request-ID": "order-7"}, body)
    assert (status, json.loads(answer)["translatedText"]) == (200, "Hallo Welt!")
    assert {called.endpoint for called in runtime.calls} == {"translate-en-de"}
    assert runtime.calls[-1].attributes == "request_id=order-7"


def test_a_form_arrives_in_base64(handler):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = call(handler, "POST", "/translate", form, b"q=Hallo+Welt!&source=de&target=en")
    assert (status, json.loads(answer)["translatedText"]) == (200, "Hello world!")


HALF = "\ud800"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": json.dumps({"q": HALF, "source": "en", "target": "de"})}, 400),
        ({"body": json.dumps({"q": "a", "source": HALF, "target": "de"})}, 400),
        ({"body": '{"q": "' + HALF + '", "source": "en", "target": "de"}'}, 400),
        ({"body": HALF, "headers": {"content-type": "text/plain"}}, 400),
        ({"rawQueryString": f"q={HALF}&source=en&target=de", "body": ""}, 400),
        ({"rawQueryString": "q=\u4f60&source=en&target=zz", "body": ""}, 400),
        ({"rawPath": f"/x{HALF}"}, 404),
        ({"rawPath": "/\u4f60\u597d"}, 404),
        ({"headers": {"x-api-key": HALF, "content-type": HALF, "x-request-id": HALF}}, 400),
    ],
    ids=ascii,
)
def test_characters_that_are_none_are_refused(handler, change, status, capfd):
    event = http_api_event("POST", "/translate", JSON, b"{}")
    status_found, _, answer = answer_of(handler({**event, **change}, None))
    assert status_found == status
    assert "error" in json.loads(answer)
    assert capfd.readouterr().err == "", "a traceback"


def test_text_arrives_in_any_script(handler):
    event = http_api_event("POST", "/translate", {"content-type": "text/plain"}, "Grüße".encode())
    event["rawQueryString"] = "source=de&target=de"
    assert answer_of(handler(event, None))[2].decode() == "Grüße"


def test_detection_and_pivot_work_there_too(runtime):
    with function(runtime, GATEWAY_PIVOT="en") as handler:
        body = json.dumps({"text": ["Guten Morgen, wie geht es Ihnen?"], "target_lang": "EN-US"})
        status, answer = call(handler, "POST", "/v2/translate", JSON, body.encode())
    assert status == 200
    assert json.loads(answer)["translations"][0]["detected_source_language"] == "DE"


def test_files_are_off_there(handler):
    status, answer = call(handler, "POST", "/translate_file")
    assert status == 403
    assert json.loads(answer) == {"error": "File translation is off on this server."}
    status, answer = call(handler, "GET", "/frontend/settings")
    assert json.loads(answer)["filesTranslation"] is False


def test_keys_are_known_by_their_digests(runtime):
    key = "web." + "s" * 43
    digests = json.dumps({"web": hashlib.sha256(key.encode()).hexdigest()})
    with function(runtime, GATEWAY_AUTH="keys", GATEWAY_API_KEYS=digests) as handler:
        assert call(handler, "GET", "/v2/usage")[0] == 403
        assert call(handler, "GET", "/v2/usage", {"X-API-Key": key})[0] == 200


def test_needs_keys_unless_told_otherwise(runtime):
    with function(runtime) as handler:
        del os.environ["GATEWAY_AUTH"]
        assert call(handler, "GET", "/v2/usage")[0] == 403


def test_a_setting_that_cannot_be_used_stops_the_function(runtime):
    with function(runtime, GATEWAY_RATE_LIMIT="many") as handler, pytest.raises(SettingsError):
        call(handler, "GET", "/health")


def test_the_page_is_served(handler):
    result = handler(http_api_event("GET", "/", {}), None)
    assert result["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "<title>Translate</title>" in result["body"]


def test_answers_that_are_no_text_come_in_base64(handler):
    """Nothing the function serves today; a download would be."""
    from apig_wsgi import make_lambda_handler

    def binary(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/x-subrip")])
        return [b"\xff\xfe"]

    result = make_lambda_handler(binary)(http_api_event("GET", "/x", {}), None)
    assert result["isBase64Encoded"]
    assert answer_of(result)[2] == b"\xff\xfe"


def test_logs_one_json_line_a_request(handler, capfd):
    call(handler, "GET", "/health")
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [(line["path"], line["status"]) for line in lines] == [("/health", 200)]
