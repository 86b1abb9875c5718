"""Signed calls of AWS without boto3: what botocore would sign, send and ask."""

import os
import socket
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import Session

from gateway import aws_http
from gateway.aws_http import AwsError, AwsHttp, ConnectionLost, TooLate, Unreachable
from tests.doubles.loopback import Loopback, RequestHandler

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
SERVICES = {"sagemaker-runtime": "runtime.sagemaker", "dynamodb": "dynamodb"}
EVERY_REGION = sorted(
    {
        region
        for partition in ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b")
        for region in Session().get_available_regions("dynamodb", partition)
    }
)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("AWS_", "_X_AMZN"))]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


class Service(Loopback):
    class handler(RequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            body, double = self.body(), self.double
            double.seen.append((self.path, dict(self.headers), body, self.client_address[1]))
            status, headers, answer = double.answers.get(self.path, (200, {}, body))
            double.wait(timeout=5)
            self.answer(status, answer, headers)

    def __init__(self):
        self.seen, self.answers, self.wait = [], {}, lambda timeout: None


@pytest.fixture
def service(monkeypatch):
    with Service() as double:
        monkeypatch.setenv("AWS_ENDPOINT_URL", double.url)
        yield double


def made(read_timeout=5.0):
    return AwsHttp("sagemaker-runtime", "runtime.sagemaker", "sagemaker", 1, read_timeout)


@pytest.mark.parametrize("token", ["", "of/a+session=="])
@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/endpoints/a-b/invocations", b'{"texts": ["x"]}', {"Accept": "application/json"}),
        ("/", b"", {"X-Amz-Target": "DynamoDB_20120810.GetItem"}),
        ("/a%20b", "Grüße".encode(), {"X-Amzn-SageMaker-Custom-Attributes": "request_id=a  b"}),
    ],
)
def test_the_signature_is_botocores(service, monkeypatch, path, body, headers, token):
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    made().post(path, body, headers)
    ((_, sent, received, _),) = service.seen
    assert received == body
    names = sent["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    assert {"host", "x-amz-date", *map(str.lower, headers)} <= set(names)
    signed = {name: value for name, value in sent.items() if name.lower() in names}
    request = AWSRequest("POST", f"{os.environ['AWS_ENDPOINT_URL']}{path}", signed, body)
    request.context["timestamp"] = sent["X-Amz-Date"]
    secret = ENVIRONMENT["AWS_SECRET_ACCESS_KEY"]
    credentials = Credentials(ENVIRONMENT["AWS_ACCESS_KEY_ID"], secret, token or None)
    auth = SigV4Auth(credentials, "sagemaker", "eu-west-1")
    signature = auth.signature(
        auth.string_to_sign(request, auth.canonical_request(request)), request
    )
    assert sent["Authorization"].endswith(f"Signature={signature}")
    assert sent["Authorization"].startswith(
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{auth.credential_scope(request)},"
    )


@pytest.mark.parametrize("service_name", SERVICES)
def test_each_region_has_botocores_address(monkeypatch, service_name):
    assert len(EVERY_REGION) > 30
    monkeypatch.setattr(aws_http, "_tls", lambda: None)
    session = Session()
    for region in EVERY_REGION:
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        ours = AwsHttp(service_name, SERVICES[service_name], "x", 1, 1)
        assert ours.url == session.create_client(service_name, region).meta.endpoint_url


def test_a_trace_of_lambda_goes_along_unsigned(service, monkeypatch):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988")
    made().post("/", b"", {})
    assert service.seen[0][1]["X-Amzn-Trace-Id"] == "Root=1-5759e988"
    assert "x-amzn-trace-id" not in service.seen[0][1]["Authorization"]


def test_one_connection_serves_call_after_call(service):
    client = made()
    for _ in range(3):
        assert client.post("/", b"again", {}).body == b"again"
    assert len({port for *_, port in service.seen}) == 1


def test_calls_at_once_have_connections_of_their_own(service):
    barrier = threading.Barrier(4)
    service.wait = barrier.wait
    client = made()
    with ThreadPoolExecutor(4) as pool:
        bodies = [str(number).encode() for number in range(4)]
        answers = list(pool.map(lambda body: client.post("/", body, {}).body, bodies))
    assert answers == bodies
    assert len({port for *_, port in service.seen}) == 4


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"x-amzn-ErrorType": "ThrottlingException:http://internal"}, b"{}", "ThrottlingException"),
        ({}, b'{"__type": "com.amazonaws.dynamodb.v20120810#Unmet", "Item": {}}', "Unmet"),
        ({}, b"<html>", "503"),
        ({}, b"[1]", "503"),
    ],
)
def test_a_refusal_has_its_code(service, headers, body, code):
    service.answers["/"] = (503, headers, body)
    with pytest.raises(AwsError) as raised:
        made().post("/", b"", {})
    assert raised.value.code == code
    assert isinstance(raised.value.document, dict)


def test_an_answer_that_comes_too_late_is_not_waited_for(service):
    service.wait = lambda timeout: threading.Event().wait(1)
    with pytest.raises(TooLate):
        made(read_timeout=0.1).post("/", b"", {})


def test_a_connection_that_the_service_closed_meanwhile_is_not_used(service):
    client = made()
    service.answers["/"] = (200, {"Connection": "close"}, b"")
    client.post("/", b"", {})
    client.post("/", b"", {})
    assert len({port for *_, port in service.seen}) == 2


def test_a_connection_that_ends_before_the_answer_is_lost(monkeypatch):
    def close(listener):
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
        threading.Thread(target=close, args=(listener,), daemon=True).start()
        with pytest.raises(ConnectionLost):
            made().post("/", b"", {})


def test_without_credentials_nothing_is_sent(service, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(Unreachable, match="AWS_SECRET_ACCESS_KEY is not set"):
        made().post("/", b"", {})
    assert not service.seen


def test_addresses_are_public_ones_where_the_environment_says_so(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:9")
    monkeypatch.setattr(aws_http, "_tls", lambda: None)
    assert made().url == "http://127.0.0.1:9"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert made().url == "https://runtime.sagemaker.eu-west-1.amazonaws.com"


def test_certificates_are_checked_as_boto3_checks_them():
    context = aws_http._tls()
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) > 100
