"""What every answer carries."""

import logging

import pytest

ORIGIN = "https://a.example"


def test_every_answer_has_a_request_id_and_safe_headers(api):
    for answer in (api.get("/health"), api.get("/nothing"), api.call("PUT", "/translate")):
        assert len(answer.headers["X-Request-ID"]) == 16
        assert answer.headers["X-Trace-ID"] == answer.headers["X-Request-ID"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_callers_id_goes_to_the_backend_and_back(api, backend):
    body = {"q": "Hello", "source": "en", "target": "de"}
    answer = api.post("/translate", json=body, X_REQUEST_ID="order-7")
    assert answer.headers["X-Request-ID"] == "order-7"
    assert backend.asked[0].request_id == "order-7"


@pytest.mark.parametrize("harmful", ["a b", "x" * 65, "a;source=de", ""])
def test_an_id_that_could_do_harm_is_replaced(api, harmful):
    assert api.get("/health", X_REQUEST_ID=harmful).headers["X-Request-ID"] != harmful


@pytest.mark.parametrize(
    ("origins", "allowed"), [(("*",), "*"), ((ORIGIN,), ORIGIN), (("https://b.example",), None)]
)
def test_pages_of_other_origins_may_call_if_allowed(caller_with, origins, allowed):
    answer = caller_with(cors_origins=origins).get("/health", ORIGIN=ORIGIN)
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert ("Vary" in answer.headers) == (origins != ("*",))


def test_no_page_may_call_where_no_origin_is_set(caller_with):
    answer = caller_with(cors_origins=()).get("/health", ORIGIN=ORIGIN)
    assert not any(name.startswith("Access-Control") for name in answer.headers)


def test_preflights_need_no_key(caller_with):
    answer = caller_with(auth="keys").call("OPTIONS", "/translate", ORIGIN=ORIGIN)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-API-Key" in answer.headers["Access-Control-Allow-Headers"]


def test_logs_one_line_a_request(api, caplog):
    caplog.set_level(logging.INFO, "gateway.access")
    api.post("/translate", form={"q": "Hello", "source": "en", "target": "de"})
    (record,) = caplog.records
    assert record.fields.pop("milliseconds") >= 0
    assert len(record.fields.pop("request_id")) == 16
    assert record.fields == {
        "method": "POST",
        "path": "/translate",
        "status": 200,
        "texts": 1,
        "characters": 5,
        "legs": [["en-de"]],
    }


def test_logs_a_path_in_any_bytes(api, caplog):
    caplog.set_level(logging.INFO, "gateway.access")
    for path, logged in [("/d\xc3\xbc\xf0\x94", "/dü\ufffd"), ("/\xe4\xb8\xad", "/中")]:
        assert api.get(path).status == 404
        assert caplog.records[-1].fields["path"] == logged
