"""The page, the OpenAPI document and its readable form."""

import base64
import hashlib
import re

import pytest


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_load_nothing_from_elsewhere(api, path):
    answer = api.get(path)
    html = answer.body.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    loaded = re.findall(r"""(?:src|srcset|@import|url\()\s*=?\s*["']?([^"')\s>]+)""", html)
    links = re.findall(r"""<link[^>]*href=["']?([^"' >]+)""", html)
    assert all(address.startswith("data:") for address in [*loaded, *links])


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_run_nothing_but_their_own_script(api, path):
    answer = api.get(path)
    policy = answer.headers["Content-Security-Policy"]
    for tag in ("script", "style"):
        for content in re.findall(rf"<{tag}>(.*?)</{tag}>", answer.body.decode(), re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_document_knows_what_is_deployed(caller_with, backend):
    backend.pairs = [("en", "de"), ("en", "pt"), ("zh", "en")]
    schemas = caller_with(character_limit=7).get("/spec").json["components"]["schemas"]
    assert schemas["Source"]["enum"] == ["auto", "en", "zh-Hans"]
    assert schemas["Target"]["enum"] == ["de", "en", "pt", "zh-Hans"]
    assert schemas["DeepLSource"]["enum"] == ["EN", "ZH"]
    assert {"EN-GB", "EN-US", "PT-BR", "PT-PT", "PT", "DE"} < set(schemas["DeepLTarget"]["enum"])
    assert schemas["Text"]["maxLength"] == 7


def test_the_document_asks_for_keys_only_where_they_are_needed(caller_with):
    locked, open_ = (caller_with(auth=auth).get("/spec").json for auth in ("keys", "none"))
    assert locked["paths"]["/translate"]["post"]["security"]
    assert "security" not in locked["paths"]["/languages"]["get"]
    assert "security" not in open_["paths"]["/translate"]["post"]
    assert "securitySchemes" not in open_["components"]


def test_every_address_is_documented(api):
    documented = set(api.get("/spec").json["paths"])
    page = api.get("/docs").body.decode()
    for path in documented:
        assert f"<code>{path}" in page or f" {path}</code>" in page
        name = path.replace("{name}", "x.txt")
        assert api.call("TRACE", name).status == 405, f"{path} is served"


def test_the_reference_may_be_asked_for_as_a_folder(api):
    page = api.get("/docs").body
    assert api.get("/docs/").body == page.replace(b'href="./', b'href="../')


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_every_link_is_relative(api, path):
    """A proxy may offer it all below a prefix."""
    html = api.get(path).body.decode()
    links = re.findall(r"""<a href="([^"]*)""", html)
    assert links and not [link for link in links if link.startswith(("/", "http"))]
    asked = re.findall(r"""\b(?:ask|fetch|send|open)\(["'`]([^"'`]*)""", html)
    assert not [address for address in asked if address.startswith(("/", "http"))]


def test_where_a_proxy_offers_it_is_said_in_commands(caller_with):
    page = caller_with(url="https://example.org/mt").get("/docs").body.decode()
    assert "$ curl https://example.org/mt/languages" in page


def test_the_commands_of_the_reference_use_the_servers_own_address(api):
    page = api.get("/docs", HOST="translate.example:8443").body.decode()
    assert "$ curl http://translate.example:8443/languages" in page
    assert "127.0.0.1" not in page


@pytest.mark.parametrize("host", ["a.example;rm -rf ~", "$(id)", "<b>", "a.example b", ""])
def test_no_command_holds_what_a_shell_would_run(api, host):
    page = api.get("/docs", HOST=host).body.decode()
    assert not host or host not in page.replace("</b>", "")
    assert "/languages" in page


def test_dialect_accepts_the_instance(api):
    """The desktop client Dialect takes a server whose document has this title, and no other."""
    assert api.get("/spec").json["info"]["title"] == "LibreTranslate"
    assert b"<title>Translation API</title>" in api.get("/docs").body
