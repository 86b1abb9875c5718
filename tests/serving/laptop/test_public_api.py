"""Page, API and contract on one port, and where the API is not offered."""

import gzip
import hashlib
import subprocess
import time
from contextvars import copy_context

import pytest
import requests
from urllib3.filepost import encode_multipart_formdata

from gateway.backend import TranslationRequest
from gateway.errors import BackendError
from serving.contract.app import make_app
from serving.errors import StartError
from serving.lanes.caller import Caller as Waiting
from serving.lanes.caller import arrived
from serving.lanes.turns import in_turn
from serving.laptop.local_backend import LocalBackend
from serving.laptop.public_api import PublicApi
from serving.service.admission import Admission
from serving.service.translator import Translator
from serving.settings import Settings
from tests.calling import Caller
from tests.running import MODELS, Server

KEY = "web." + "s" * 43
KEYS = '{"web": "' + hashlib.sha256(KEY.encode()).hexdigest() + '"}'
EMPTY = Admission(Translator([], 100), Settings())


@pytest.fixture
def mounted(monkeypatch):
    def mount(host="127.0.0.1", **environment):
        for name, value in environment.items():
            monkeypatch.setenv(f"GATEWAY_{name}", value)
        public_api = PublicApi.prepare(host)
        contract = make_app(EMPTY, Settings())
        return Caller(public_api.around(contract, EMPTY) if public_api else contract)

    return mount


def test_one_port_has_page_api_and_contract(server):
    assert b"<title>Translate</title>" in server.get("/").body
    assert server.get("/health").json == {"status": "ok"}
    assert server.get("/ping").status == 200
    assert server.text("Hello world!").body == b"Hallo Welt!"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_on_the_loopback_interface_no_key_is_needed(mounted, host):
    api = mounted(host)
    assert api.get("/frontend/settings").json["keyRequired"] is False
    assert api.post("/invocations").json["error"]["code"] == "bad_request"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "translate.example"])
def test_elsewhere_the_contract_stays_alone(mounted, host):
    api = mounted(host)
    assert api.get("/frontend/settings").status == 404
    assert api.post("/invocations").status == 400


@pytest.mark.slow
def test_elsewhere_it_is_said_why_and_what_to_set():
    with Server(MODELS / "en_de", "--host", "0.0.0.0") as server:
        said = server.wait_for_log(
            "the public API is not offered; there are no API keys, and others can reach 0.0.0.0. "
            "Set GATEWAY_API_KEYS or GATEWAY_API_KEYS_FILE (docs/api.md, Keys and limits), or "
            "GATEWAY_AUTH=none to let everybody translate who reaches it."
        )
        assert said["level"] == "warning"
        assert server.text("Hello world!").body == b"Hallo Welt!"


def test_behind_a_public_address_a_server_on_the_loopback_interface_is_not_open(mounted):
    url = {"URL": "https://translate.example/mt"}
    assert mounted("127.0.0.1", **url).get("/frontend/settings").status == 404
    assert "others can reach https://translate.example/mt" in PublicApi.why_not("127.0.0.1")
    assert mounted("127.0.0.1", **url, AUTH="none").get("/frontend/settings").status == 200
    assert PublicApi.prepare("127.0.0.1").hosts == ("translate.example",)
    assert PublicApi.prepare("127.0.0.1").origins == ("https://translate.example",)


def test_keys_come_from_a_file_too(mounted, tmp_path):
    (tmp_path / "keys.json").write_text(KEYS)
    api = mounted("0.0.0.0", API_KEYS_FILE=str(tmp_path / "keys.json"))
    assert api.get("/v2/usage").status == 403
    assert api.get("/v2/usage", X_API_KEY=KEY).status == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "keys.json cannot be read: No such file or directory."),
        ("[]", "keys.json is not a JSON object"),
    ],
)
def test_a_file_of_keys_that_cannot_be_read_stops_the_start(mounted, tmp_path, content, sentence):
    if content:
        (tmp_path / "keys.json").write_text(content)
    with pytest.raises(StartError, match=sentence):
        mounted("0.0.0.0", API_KEYS_FILE=str(tmp_path / "keys.json"))


def test_elsewhere_the_api_can_be_opened_explicitly(mounted):
    assert mounted("0.0.0.0", AUTH="none").get("/frontend/settings").json["keyRequired"] is False


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_with_keys_nothing_translates_without_one(mounted, host):
    api = mounted(host, API_KEYS=KEYS)
    assert api.get("/frontend/settings").json["keyRequired"] is True
    assert api.get("/v2/usage").status == 403
    assert api.get("/v2/usage", X_API_KEY=KEY).status == 200
    for path in ("/models", "/metrics", "/execution-parameters"):
        assert api.get(path).json == {
            "error": {"code": "forbidden", "message": "Send a valid API key as X-API-Key."}
        }
        assert api.get(path, X_API_KEY="web.wrong").status == 403
        assert api.get(path, X_API_KEY=KEY).status == 200
        assert api.get(path, AUTHORIZATION=f"Bearer {KEY}").status == 200
    assert api.post("/invocations").json == {
        "error": "There is nothing at this address. See /docs."
    }


def test_keys_can_be_configured_and_switched_off(mounted):
    assert mounted(API_KEYS=KEYS, AUTH="none").get("/v2/usage").status == 200


@pytest.mark.parametrize(
    ("host", "environment", "origins"),
    [
        ("127.0.0.1", {}, None),
        ("127.0.0.1", {"CORS_ORIGINS": "*"}, "*"),
        ("127.0.0.1", {"API_KEYS": KEYS}, "*"),
        ("0.0.0.0", {"AUTH": "none"}, "*"),
    ],
)
def test_pages_of_other_origins_may_read_answers_but_on_a_laptop(
    mounted, host, environment, origins
):
    answer = mounted(host, **environment).get("/health")
    assert answer.headers.get("Access-Control-Allow-Origin") == origins


def test_a_wrong_setting_stops_the_start(mounted):
    with pytest.raises(StartError, match=r"GATEWAY_FILES is 'yes'\. Use on or off"):
        mounted(FILES="yes")


def test_the_image_without_a_gateway_serves_the_contract_alone(mounted, monkeypatch):
    monkeypatch.setattr("serving.laptop.public_api.find_spec", lambda name: None)
    assert mounted().get("/health").status == 404


def test_a_refusal_of_the_translator_reaches_the_caller():
    with pytest.raises(BackendError) as raised:
        LocalBackend(EMPTY).translate(TranslationRequest(("Hello",), "en", "fr"))
    assert (raised.value.status, raised.value.code) == (422, "unknown_pair")


@pytest.mark.parametrize(
    ("path", "key"),
    [("/translate", "error"), ("/v2/translate", "message"), ("/invocations", "error")],
)
def test_a_body_beyond_the_servers_limit_is_refused_in_the_addresss_form(server, path, key):
    body = b" " * (Settings().max_body + 1)
    answer = server.post(body, path, **{"Content-Type": "application/json"})
    sentence = f"The body is larger than {Settings().max_body} bytes. Send it in parts."
    shown = {"code": "too_large", "message": sentence} if path == "/invocations" else sentence
    assert (answer.status, answer.json) == (413, {key: shown})


@pytest.mark.parametrize("chunked", [False, True], ids=["known length", "chunked"])
def test_a_file_may_be_larger_than_a_body_and_nothing_else(server, chunked):
    page = b"<p>Good morning!</p><!--" + b"x" * 5_000_000 + b"-->"
    form = {"source": "en", "target": "de"}
    encoded, kind = encode_multipart_formdata({**form, "file": ("a.html", page)})
    body = iter([encoded]) if chunked else encoded
    headers = {"Content-Type": kind}
    answer = requests.post(f"{server.url}/translate_file", data=body, headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    found = requests.get(answer.json()["translatedFileUrl"], timeout=60).content
    assert found == page.replace(b"Good morning!", b"Guten Morgen!")
    refused = requests.post(
        f"{server.url}/translate",
        data=encoded,
        headers={**headers, "Connection": "close"},
        timeout=60,
    )
    assert refused.status_code == 413
    assert refused.json()["error"].startswith("The body is larger than 4194304 bytes.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "answer"),
    [({}, "Hallo Welt!"), ({"GATEWAY_API_KEYS": KEYS}, '{"translatedText": "Hallo Welt!",')],
    ids=["open", "with keys"],
)
def test_the_command_of_the_start_line_works(environment, answer):
    with Server(MODELS / "en_de", **environment) as server:
        _, line = server.process.stdout.readline(), server.process.stdout.readline()
        command = line.strip().replace("YOUR_KEY", KEY)
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(answer)  # and how sure the model is


@pytest.mark.parametrize(("path", "key"), [("/translate", "error"), ("/v2/translate", "message")])
@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"a" * (1 << 20), {}), (gzip.compress(b"a" * 20_000), {"Content_Encoding": "gzip"})],
    ids=["large", "packed"],
)
def test_a_large_request_has_one_deadline(path, key, body, headers):
    """Its wait for a turn is part of it."""
    admission = Admission(Translator([], 100), Settings(timeout=1))
    app = PublicApi.prepare("127.0.0.1").around(make_app(admission, Settings()), admission)
    with in_turn(Waiting()):
        reply = copy_context().run(Caller(app).post, path, body=body, **headers)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "1")
    assert "X-Request-ID" in reply.headers
    assert reply.json == {
        key: "The translation took longer than 1 s. Send less text at once, or try again."
    }


@pytest.mark.parametrize(
    ("path", "has_place"),
    [("/translate", True), ("/translate_file", False), ("/v2/document", False)],
)
def test_each_part_of_a_file_has_a_place_and_a_time_of_its_own(monkeypatch, path, has_place):
    admission = Admission(Translator([], 100), Settings())
    found = []

    def app(environ, start_response):
        found.append((admission.longest() > 0, arrived.get() is not None))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    monkeypatch.setattr(PublicApi, "_make", lambda *_: app)
    api = PublicApi.prepare("127.0.0.1").around(make_app(admission, Settings()), admission)
    context = copy_context()
    context.run(arrived.set, time.monotonic() - 100)
    context.run(Caller(api).post, path, body=b"a" * 20_000)
    assert found == [(has_place, has_place)]


def test_a_large_text_takes_turns_whoever_asks():
    backend = LocalBackend(Admission(Translator([], 100), Settings(timeout=1)))
    large = TranslationRequest(("a" * 20_000,), "en", "de")
    with in_turn(Waiting()), pytest.raises(BackendError) as late:
        copy_context().run(backend.translate, large)
    assert late.value.code == "timeout"
