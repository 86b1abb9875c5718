"""A server as docs/self-host.md has it behind a proxy, and proxies with TLS in front of it."""

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import MODELS, ROOT, Server

FOLDER = ROOT / "self-host"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def program(name, package):
    """Where it is installed; the test is skipped where it is not."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is missing: `make proxies` installs Debian's {package}")
    return found


@dataclass
class Proxy:
    url: str
    """With the prefix, and without a slash at its end."""
    trusted: ssl.SSLContext

    def ask(self, path, body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, named)
        return urllib.request.urlopen(request, context=self.trusted, timeout=60)


@contextmanager
def running(command, port, **options):
    """A proxy's process, once something listens on ``port``."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **options) as process:
        try:
            wait_for(port, process)
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def wait_for(port, process):
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    raise AssertionError("the proxy does not listen")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Key and certificate of localhost, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    line = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 1"
    words = ["-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*line.split(), *words], cwd=folder, check=True, capture_output=True)
    return folder


@contextmanager
def behind(port, models=MODELS, **environment):
    """The server, told that ``https://localhost:port/mt`` is its address."""
    settings = {
        "GATEWAY_URL": f"https://localhost:{port}/mt",
        "GATEWAY_AUTH": "none",
        "SERVING_TRUSTED_PROXY": "127.0.0.1",
    }
    with Server(models, **{**settings, **environment}) as server:
        yield server


NGINX = """
daemon off; pid {folder}/pid; error_log stderr warn; user root;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {upstream}
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost;
    ssl_certificate {certificate}/cert.pem; ssl_certificate_key {certificate}/key.pem;
    {locations}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, port, certificate, locations, upstream=""):
    if os.geteuid() != 0:
        pytest.skip("nginx as another user than root takes a configuration of its own")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        NGINX.format(
            folder=folder,
            port=port,
            certificate=certificate,
            locations=locations,
            upstream=upstream,
        )
    )
    command = [program("nginx", "nginx"), "-p", str(folder), "-c", str(configuration)]
    with running(command, port):
        yield Proxy(
            f"https://localhost:{port}/mt",
            ssl.create_default_context(cafile=certificate / "cert.pem"),
        )


CADDY = """
{{
	admin off
	skip_install_trust
	auto_https disable_redirects
	storage file_system {folder}
}}
{site}
"""


@contextmanager
def caddy(folder: Path, port, site):
    configuration = folder / "Caddyfile"
    configuration.write_text(CADDY.format(folder=folder, site=site))
    command = [program("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config"]
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with running([*command, str(configuration)], port, env=environment):
        yield Proxy(f"https://localhost:{port}/mt", _trust(folder, port))


def _trust(folder, port):
    """Caddy's own authority, once it has certified the name."""
    for _ in range(400):
        with suppress(OSError):
            trusted = ssl.create_default_context(cafile=folder / "pki/authorities/local/root.crt")
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                trusted.wrap_socket(plain, server_hostname="localhost"),
            ):
                return trusted
        time.sleep(0.05)
    raise AssertionError("Caddy made no certificate")
