"""A server on the loopback interface, as pages of others and programs call it."""

import http.client

import pytest

from serving.laptop.loopback import keep_to_own_pages
from serving.settings import Settings
from tests.calling import Caller
from tests.running import Server

HELLO = b"q=Hello&source=en&target=de"
FORM = "application/x-www-form-urlencoded"


def app(environ, start_response):
    start_response("200 OK", [])
    return [b"translated"]


def caller(origins=(), host="127.0.0.1", hosts=""):
    return Caller(keep_to_own_pages(app, Settings(host=host, hosts=hosts), origins))


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "localhost:8080",
            "LOCALHOST:1",
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]:8080",
        ),
        *("[::1]", "127.9.9.9:80", "192.0.2.7:8080", "laptop.localhost:8080"),
        *("host.docker.internal:8080", "host.containers.internal"),
    ],
)
def test_is_called_by_its_own_names(host):
    assert caller().post("/invocations", HOST=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "xlocalhost",
        "127.0.0.1.nip.io",
    ],
)
@pytest.mark.parametrize("path", ["/", "/invocations", "/translate", "/models", "/spec"])
def test_a_page_that_rebound_its_name_gets_nothing(host, path):
    answer = caller().post(path, HOST=host, ORIGIN=f"http://{host}")
    assert (answer.status, answer.json["error"]["code"]) == (403, "forbidden")
    assert answer.json["error"]["message"] == (
        f"This server is not called {host}. Call it localhost, or start it with that name in "
        "SERVING_HOSTS."
    )


def test_other_names_are_allowed_by_a_setting():
    api = caller(hosts="translate.example, other.example")
    for host in ("translate.example", "Other.Example:443"):
        assert api.post("/invocations", HOST=host).status == 200
    assert api.post("/invocations", HOST="evil.example").status == 403


def test_its_own_page_may_use_it():
    answer = caller().post("/translate", HOST="localhost:8080", ORIGIN="http://localhost:8080")
    assert answer.status == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:3000", "moz-extension://1a2b"]
)
def test_pages_of_other_origins_may_not(origin):
    answer = caller().post("/invocations", HOST="localhost:8080", ORIGIN=origin)
    assert answer.status == 403
    assert answer.json["error"]["message"] == (
        f"Pages of {origin} may not use this server. Start it with that origin in "
        "GATEWAY_CORS_ORIGINS."
    )
    allowed = caller(origins=[origin])
    assert allowed.post("/invocations", HOST="localhost:8080", ORIGIN=origin).status == 200


def test_every_page_may_where_a_setting_says_so():
    answer = caller(origins=["*"]).post("/translate", HOST="a.example", ORIGIN="https://b.example")
    assert answer.status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_on_other_interfaces_neither_is_looked_at(host):
    answer = caller(host=host).post("/invocations", HOST="a.example", ORIGIN="https://b.example")
    assert answer.status == 200


def ask(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", path, HELLO, {"Content-Type": FORM, **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders())


def test_the_laptops_server_keeps_other_pages_out(server):
    status, headers = ask(server, "/translate")
    assert status == 200
    assert "Access-Control-Allow-Origin" not in headers
    own = f"http://127.0.0.1:{server.port}"
    assert ask(server, "/translate", Origin=own)[0] == 200
    assert ask(server, "/translate", Origin="https://evil.example")[0] == 403
    assert ask(server, "/translate", Host="evil.example")[0] == 403
    assert ask(server, "/invocations", Host="evil.example")[0] == 403


def test_a_setting_lets_the_pages_of_an_origin_in(tmp_path):
    (tmp_path / "en_en-XA").mkdir()
    shop = "https://shop.example"
    with Server(tmp_path, GATEWAY_CORS_ORIGINS=shop) as running:
        status, headers = ask(running, "/languages", Origin=shop)
        assert (status, headers["Access-Control-Allow-Origin"]) == (200, shop)
        assert ask(running, "/languages", Origin="https://evil.example")[0] == 403
