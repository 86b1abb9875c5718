"""The container contract over a real socket."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from itertools import islice

import bottle
import pytest

from handlers import Translation
from serving.contract.app import make_app
from serving.contract.body import read_json
from serving.errors import BadRequest
from serving.metrics import Metrics
from serving.request import Answer
from serving.service.admission import Admission
from serving.service.translator import Translator
from serving.settings import Settings
from tests.calling import Caller
from tests.client.transform import payloads
from tests.running import Server

HEADER = "X-Amzn-SageMaker-Custom-Attributes"


def test_plain_text_in_plain_text_out(server):
    reply = server.text("Hello world!")
    assert (reply.status, reply.body.decode()) == (200, "Hallo Welt!")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_every_line_is_translated_and_every_break_kept(server):
    text = "\r\n  Hello world!  \r\n\r\n\n- Good morning.\t42\u2028How are you?\n"
    reply = server.text(text).body.decode()
    hello, good, how = (
        server.text(line).body.decode()
        for line in ("Hello world!", "Good morning.", "How are you?")
    )
    assert reply == f"\r\n  {hello}  \r\n\r\n\n- {good}\t42\u2028{how}\n"


def test_json_keeps_order_and_length(server):
    reply = server.translate("Good morning.", "", "Hello world!", "   ")
    texts = [translation["text"] for translation in reply.json["translations"]]
    assert reply.status == 200
    assert texts == [server.text("Good morning.").body.decode(), "", "Hallo Welt!", "   "]
    assert reply.json["model"].keys() == {"name", "version"}


def test_no_texts_no_translations(server):
    assert server.translate().json["translations"] == []


def test_alternatives_are_others_and_scored(server):
    (translation,) = server.translate("Good morning.", alternatives=2).json["translations"]
    assert 1 <= len(translation["alternatives"]) <= 2
    assert translation["text"] not in translation["alternatives"]
    assert translation["score"] < 0


def test_the_pair_comes_in_the_attributes_too(server):
    body = json.dumps({"text": "Guten Morgen!"}).encode()
    attributes = "request_id=seven; source=de; target=en"
    reply = server.post(
        body, Content_Type="application/json", X_Amzn_SageMaker_Custom_Attributes=attributes
    )
    assert reply.json["translations"][0]["text"] == "Good morning!"
    assert reply.headers[HEADER] == "request_id=seven"


def test_a_request_without_an_id_gets_one(server):
    first, second = (server.text("Hello").headers[HEADER] for _ in range(2))
    assert first.startswith("request_id=") and first != second


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json", "application/json"),
        ("text/plain;q=0.2, application/json;q=0.9", "application/json"),
        ("*/*", "text/plain; charset=utf-8"),
        ("text/*", "text/plain; charset=utf-8"),
    ],
)
def test_accept_chooses_the_form(server, accept, expected):
    attributes = "source=en;target=de"
    reply = server.post(
        b"Hello world!",
        Content_Type="text/plain",
        Accept=accept,
        X_Amzn_SageMaker_Custom_Attributes=attributes,
    )
    assert (reply.status, reply.headers["Content-Type"]) == (200, expected)


def test_models_are_listed(server):
    models = {model["pair"]: model for model in server.get("/models").json["models"]}
    assert models["en_de"]["handler"] == "DefaultHandler"
    assert models["en_de"]["origin"] == "handlers/default.py"
    assert len(models["de_en"]["sha256"]) == 64


LINES = b"".join(b"Line %d of the text\n" % number for number in range(60_000))


@pytest.fixture
def pseudo(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    return tmp_path / "en_en-XA"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SERVING_QUEUE": "0", "SERVING_CONCURRENCY": "1"},
        {"SERVING_MAX_CHARACTERS": "2000000"},
        {"SERVING_MAX_CHARACTERS": "2000000", "SERVING_MAX_TOKENS": "2000000"},
    ],
    ids=["as it is", "one place", "many characters", "many characters and tokens"],
)
def test_what_the_execution_parameters_offer_is_taken(pseudo, settings):
    """A file of lines as SageMaker sends it with SplitType Line, as many at once as offered."""
    with Server(pseudo, **settings) as server:
        offered = server.get("/execution-parameters").json
        together = offered["BatchStrategy"] == "MULTI_RECORD"
        assert together == ("SERVING_MAX_TOKENS" in settings)
        maximum = offered["MaxPayloadInMB"] * 2**20
        bodies = payloads(LINES, maximum) if together else iter(LINES.splitlines(keepends=True))
        with ThreadPoolExecutor(offered["MaxConcurrentTransforms"]) as pool:
            posted = list(pool.map(lambda body: server.text(body.decode(), ""), islice(bodies, 20)))
    assert {reply.status for reply in posted} == {200}, posted[0].body


def test_a_jobs_requests_together_stay_below_sagemakers_limit(monkeypatch):
    monkeypatch.setattr("serving.settings.cpus", lambda: 48)
    offered = Settings(
        max_body=10**9, max_characters=10**9, max_tokens=10**9
    ).execution_parameters()
    assert offered["MaxConcurrentTransforms"] * offered["MaxPayloadInMB"] <= 100


JSON = "application/json"
BAD = [
    (b"", "text/plain", 400, "The body is empty. Send a text."),
    (b"\xff\xfe", "text/plain", 400, "The body is not UTF-8: byte 0 is invalid."),
    (b"{", JSON, 400, "The body is not JSON at character 1."),
    (b"[]", JSON, 400, "The body is a list, but must be a JSON object."),
    (b'{"text": NaN}', JSON, 400, "NaN is not JSON. Send a number or null."),
    (b'{"text": "a", "text": "b"}', JSON, 400, "Field 'text' comes twice."),
    (b'{"colour": 1}', JSON, 400, "Unknown field 'colour'."),
    (b"{}", JSON, 400, "Send either text, a string, or texts, a list of strings."),
    (b'{"text": "a", "texts": []}', JSON, 400, "Send either text"),
    (b'{"text": 7}', JSON, 400, "text is a number, but must be a string."),
    (b'{"texts": "a"}', JSON, 400, "texts is a string, but must be a list of strings."),
    (b'{"texts": ["a", null]}', JSON, 400, "texts[1] is null, but must be a string."),
    (b'{"text": "a\\u0000b"}', JSON, 400, "text has a NUL character at 1. Remove it."),
    (b'{"text": "a\\ud800"}', JSON, 400, "text has half a surrogate pair at 1. Mend it."),
    (b'{"text": "a", "format": "\\ud800"}', JSON, 400, 'format is "?", but must be one of text,'),
    (b'{"text": "a", "split": ["\\ud800"]}', JSON, 400, 'split is ["?"], but must be one of'),
    (b'{"text": "a", "beam_size": "\\ud800"}', JSON, 400, 'beam_size is "?", but must be a whole'),
    (b'{"text": "a", "alternatives": {"\\ud800": 1}}', JSON, 400, 'alternatives is {"?": 1}, but'),
    (b'{"text": "a", "source": "\\ud800"}', JSON, 400, "source has half a surrogate pair at 0."),
    (b'{"text": "a", "keep": ["\\ud800"]}', JSON, 400, "keep[0] has half a surrogate pair at 0."),
    (b'{"\\ud800": 1}', JSON, 400, "Unknown field '\\ud800'."),
    (b'{"text": "a", "beam_size": 1e999}', JSON, 400, "beam_size is Infinity, but must be a whole"),
    (b'{"text": "a", "alternatives": 99}', JSON, 400, "alternatives is 99, but must be a whole"),
    (b'{"text": "a", "alternatives": true}', JSON, 400, "alternatives is true, but must be"),
    (b'{"text": "a", "beam_size": 5000}', JSON, 400, "beam_size is 5000, but must be a whole"),
    (b'{"text": "a", "format": "pdf"}', JSON, 400, 'format is "pdf", but must be one of text,'),
    (b'{"text": "a", "source": 1}', JSON, 400, "source is a number, but must be a language code"),
    (
        b'{"text": "a"}',
        JSON,
        400,
        "source is missing. Served are de → en, en → de, en → pt, pt → en.",
    ),
    (b'{"text": "a", "source": "en"}', JSON, 400, "target is missing."),
    (
        b'{"text": "a", "source": "en", "target": "fr"}',
        JSON,
        422,
        "en → fr is not served. Served are de → en, en → de, en → pt, pt → en.",
    ),
    (b"[" * 20_000, JSON, 400, "The JSON is nested deeper than 32 levels."),
    (b"[" * 100_000, JSON, 413, "The JSON has 100000 commas, colons and opening brackets"),
    (b"[" * 33 + b"]" * 33, JSON, 400, "The JSON is nested deeper than 32 levels."),
    (b"a=b", "application/x-www-form-urlencoded", 415, "is not supported. Send text/plain or"),
    (
        b"Hello",
        "text/plain; charset=latin-1",
        415,
        "The charset latin-1 is not supported. Send UTF-8.",
    ),
    (b'{"text": "' + b"a" * 100_001 + b'"}', JSON, 413, "The request has 100001 characters; the"),
    (json.dumps({"texts": [""] * 4097}).encode(), JSON, 413, "texts has 4097 items; the limit is"),
]


@pytest.mark.parametrize(("body", "kind", "status", "sentence"), BAD)
def test_bad_input_gets_its_sentence(server, body, kind, status, sentence):
    reply = server.post(body, Content_Type=kind)
    assert reply.status == status
    assert reply.headers["Content-Type"] == "application/json"
    assert sentence in reply.json["error"]["message"]


def test_a_field_that_comes_twice_among_many_is_found_at_once():
    """The last one twice is the worst for whoever looks for each in all."""
    names = [*range(10_000), 9_999]
    body = ("{" + ",".join(f'"{name}":1' for name in names) + "}").encode()
    started = time.process_time()
    with pytest.raises(BadRequest, match="Field '9999' comes twice"):
        read_json(body, {}, Settings())
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(("source", "target"), [("en", "de-AT"), ("EN-us", "DE"), ("en-GB", "de")])
def test_a_region_is_passed_over_where_only_the_language_is_served(server, source, target):
    reply = server.translate("Hello world!", source=source, target=target)
    assert reply.json["translations"][0]["text"] == "Hallo Welt!"


@pytest.mark.parametrize("target", ["de-Latn", "de-1901", "d", "en-XA"])
def test_what_is_more_than_a_region_is_not_passed_over(server, target):
    assert server.translate("a", target=target).status == 422


def test_the_limits_of_a_request_can_be_asked(server):
    settings = Settings()
    assert server.get("/models").json["limits"] == {
        "characters": settings.max_characters,
        "tokens": settings.max_tokens,
        "texts": settings.max_texts,
    }


def test_an_error_has_a_code_for_programs(server):
    reply = server.translate("a", target="fr")
    assert reply.json["error"]["code"] == "unknown_pair"


def test_accepting_neither_form_is_406(server):
    reply = server.post(b"Hello", Content_Type="text/plain", Accept="image/png")
    assert (reply.status, reply.json["error"]["code"]) == (406, "not_acceptable")


def test_several_texts_cannot_be_plain(server):
    body = json.dumps({"texts": ["a", "b"], "source": "en", "target": "de"}).encode()
    reply = server.post(body, Content_Type=JSON, Accept="text/plain")
    assert reply.status == 406
    assert "2 texts cannot be answered as text/plain" in reply.json["error"]["message"]


def test_an_unknown_path_is_404_in_json():
    contract = make_app(Admission(Translator([], 100), Settings()), Settings())
    reply = Caller(contract).get("/nowhere")
    assert (reply.status, reply.json["error"]["code"]) == (404, "not_found")


def test_the_wrong_method_is_405_in_json(server):
    reply = server.get("/invocations")
    assert (reply.status, reply.json["error"]["code"]) == (405, "method_not_allowed")


class OfAnotherClient:
    """A translator whose translation is where another request is served in the same thread."""

    def __init__(self, answer):
        self.answer = answer
        self.metrics = Metrics()

    def place(self, size):
        return nullcontext()

    def translate(self, request):
        other = {"REQUEST_METHOD": "POST", "PATH_INFO": "/other", "HTTP_ACCEPT": "text/html"}
        bottle.request.bind({**other, "HTTP_" + HEADER.upper().replace("-", "_"): "request_id=b"})
        bottle.response.bind()
        bottle.response.status = 418
        bottle.response.set_header("X-Other", "b")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


ONE = Answer([Translation("Hallo")], "en_de", "n", "v", 5, 1, 1, 0, {"text": 1.0, "queue": 0.0})


@pytest.mark.parametrize(
    ("answer", "status", "kind", "body"),
    [
        (ONE, 200, "text/plain; charset=utf-8", "Hallo"),
        (BadRequest("No."), 400, "application/json", "No."),
        (KeyError("secret"), 500, "application/json", "internal_error"),
    ],
)
def test_after_a_translation_nothing_is_read_of_what_is_the_threads(answer, status, kind, body):
    """A short request waits in the loop's thread, and Bottle keeps request and response by thread:
    after the wait they are another client's."""
    app = make_app(OfAnotherClient(answer), Settings())
    sent = {HEADER.replace("-", "_"): "request_id=a;source=en;target=de", "ACCEPT": "text/plain"}
    reply = Caller(app).post("/invocations", body=b"Hello", kind="text/plain", **sent)
    headers = {name.lower(): value for name, value in reply.headers.items()}
    assert (reply.status, headers["content-type"]) == (status, kind)
    assert body in reply.body.decode()
    assert headers[HEADER.lower()] == "request_id=a"
    assert "x-other" not in headers
