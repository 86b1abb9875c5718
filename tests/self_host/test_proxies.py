"""nginx and Caddy, with TLS and a prefix, in front of the server: the files of self-host/."""

import json
import re
import shutil
import ssl
import urllib.parse
from urllib.error import HTTPError

import pytest

from tests.client.running import CommandLine
from tests.gateway.test_page import ARGUMENTS
from tests.self_host.conftest import FOLDER, behind, caddy, free_port, nginx

JSON = {"Content_Type": "application/json"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxy(request, tmp_path_factory, certificate):
    """The server at https://localhost:PORT/mt/."""
    port, folder = free_port(), tmp_path_factory.mktemp(request.param)
    with behind(port) as server:
        if request.param == "nginx":
            text = (FOLDER / "nginx.conf").read_text().replace("127.0.0.1:8080", server.url[7:])
            with nginx(folder, port, certificate, text) as running:
                yield running
        else:
            text = (FOLDER / "Caddyfile").read_text().replace("127.0.0.1:8080", server.url[7:])
            site = text.replace("example.org {", f"https://localhost:{port} {{\n\ttls internal")
            with caddy(folder, port, site) as running:
                yield running


def test_the_prefix_without_its_slash_leads_to_the_page(proxy):
    with proxy.ask("") as answer:
        assert answer.url == f"{proxy.url}/"
        assert b"<title>Translate</title>" in answer.read()


@pytest.mark.parametrize("page", ["/", "/docs", "/docs/"])
def test_every_link_of_a_page_leads_somewhere(proxy, page):
    with proxy.ask(page) as answer:
        links = re.findall(r'<a href="([^"]+)"', answer.read().decode())
    assert links
    for link in links:
        there = urllib.parse.urljoin(proxy.url + page, link)
        assert there.startswith(f"{proxy.url}/")
        with proxy.ask(there.removeprefix(proxy.url)) as answer:
            assert answer.status == 200


def test_a_text_is_translated(proxy):
    question = json.dumps({"q": "Hello world!", "source": "en", "target": "de"}).encode()
    with proxy.ask("/translate", question, **JSON) as answer:
        assert json.load(answer)["translatedText"] == "Hallo Welt!"


def test_the_commands_of_the_reference_are_for_this_address(proxy):
    with proxy.ask("/docs") as answer:
        assert f"$ curl {proxy.url}/languages" in answer.read().decode()


def test_the_link_of_a_file_leads_back_through_the_proxy(proxy):
    parts = [
        '--x\r\nContent-Disposition: form-data; name="source"\r\n\r\nen\r\n',
        '--x\r\nContent-Disposition: form-data; name="target"\r\n\r\nde\r\n',
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n',
        "Hello world!\r\n--x--\r\n",
    ]
    kind = {"Content_Type": "multipart/form-data; boundary=x"}
    with proxy.ask("/translate_file", "".join(parts).encode(), **kind) as answer:
        link = json.load(answer)["translatedFileUrl"]
    assert link.startswith(f"{proxy.url}/download_file/")
    with proxy.ask(link.removeprefix(proxy.url)) as file:
        assert file.read() == b"Hallo Welt!"


def test_pages_of_others_stay_out(proxy):
    with pytest.raises(HTTPError) as refused:
        proxy.ask("/languages", Origin="https://elsewhere.example")
    assert refused.value.code == 403
    refused.value.close()
    own = proxy.url.removesuffix("/mt")
    with proxy.ask("/languages", Origin=own) as answer:
        assert answer.status == 200


def test_the_command_line_goes_through_it(proxy, tmp_path):
    bundle = tmp_path / "bundle.pem"
    certificates = proxy.trusted.get_ca_certs(binary_form=True)
    bundle.write_text("".join(map(ssl.DER_cert_to_PEM_cert, certificates)))
    cli = CommandLine(SSL_CERT_FILE=str(bundle))
    end = cli.run("--url", f"{proxy.url}/translate", "Hello world!", "Thank you.")
    assert (end.code, end.text) == (0, "Hallo Welt!\nDanke.\n")


def test_the_page_translates_below_the_prefix(proxy):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium (make test does)")
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto(f"{proxy.url}/")
        page.get_by_label("To", exact=True).select_option("de")
        page.get_by_label("Text to translate").fill("Hello world!")
        page.get_by_role("button", name="Translate", exact=True).click()
        expect(page.locator("output")).to_have_text("Hallo Welt!")
        browser.close()


def test_several_servers_are_one(tmp_path, certificate):
    """Each caller stays with one of them; all of them are used."""
    port = free_port()
    text = (FOLDER / "nginx.conf").read_text()
    upstream = (FOLDER / "nginx-several.conf").read_text()
    text = text.replace("http://127.0.0.1:8080/", "http://translate/")
    half = {"SERVING_CONCURRENCY": "1"}
    with behind(port, **half) as one, behind(port, **half) as other:
        for number, server in (("8081", one), ("8082", other)):
            upstream = upstream.replace(f"127.0.0.1:{number}", server.url[7:])
        with nginx(tmp_path, port, certificate, text, upstream) as proxy:
            question = json.dumps({"q": "Hello!", "source": "en", "target": "de"}).encode()
            for caller in range(16):
                key = {"X_API_Key": f"caller.{caller % 8}"}
                proxy.ask("/translate", question, **JSON, **key).close()
        counts = [
            sum(line["message"] == "request" and line.get("status") == 200 for line in server.log)
            for server in (one, other)
        ]
    assert sum(counts) == 16
    assert all(counts) and not any(count % 2 for count in counts)
