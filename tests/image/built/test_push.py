"""Pushed to a real registry, as `make push` does: the manifest that SageMaker takes."""

import base64
import hashlib
import json
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from image import builder
from image.errors import ImageError
from image.push import push
from tests.image.built.container import free_port

ACCEPT = "application/vnd.oci.image.manifest.v1+json, " + builder.MEDIA_TYPE
LOGIN = ("AWS", "a-token-of-twelve-hours")
HASH = "$2b$05$abcdefghijklmnopqrstuurt/0iwRIakmUgrmo9ikrXzGiYFRruXe"  # bcrypt, of that token


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Key and certificate of 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    line = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=test -days 1"
    words = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key", "-out", "certificate"]
    subprocess.run([*line.split(), *words], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def registry(tmp_path, certificate, monkeypatch):
    """Debian's docker-registry on loopback, with TLS and ECR's kind of login."""
    address = f"127.0.0.1:{free_port()}"
    files = {"certificate": str(certificate / "certificate"), "key": str(certificate / "key")}
    settings = {
        "version": "0.1",
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "data")}},
        "http": {"addr": address, "tls": files},
        "auth": {"htpasswd": {"realm": "test", "path": str(tmp_path / "htpasswd")}},
    }
    (tmp_path / "htpasswd").write_text(f"{LOGIN[0]}:{HASH}\n")
    (tmp_path / "config.yml").write_text(json.dumps(settings))  # JSON is YAML
    line = ["docker-registry", "serve", str(tmp_path / "config.yml")]
    with (tmp_path / "log").open("w") as log:  # started first: it would read REGISTRY_*
        process = subprocess.Popen(line, stdout=log, stderr=log)
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "auth.json"))
    monkeypatch.setenv("SSL_CERT_FILE", files["certificate"])  # for buildah, and for fetch
    try:
        wait_for(f"https://{address}/v2/")
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(url):
    for _ in range(200):
        try:
            fetch(url)
        except urllib.error.URLError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing answers at {url}")


def fetch(url):
    token = base64.b64encode(":".join(LOGIN).encode()).decode()
    headers = {"Accept": ACCEPT, "Authorization": f"Basic {token}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        return response.headers, response.read()


def test_the_manifest_is_docker_v2_schema_2_and_has_the_digest_told(image, registry, report):
    reference = push(image, f"{registry}/translation", LOGIN, builder.Buildah())
    repository, _, digest = reference.partition("@")
    assert repository == f"{registry}/translation"
    headers, body = fetch(f"https://{registry}/v2/translation/manifests/{digest}")
    assert headers["Content-Type"] == builder.MEDIA_TYPE
    assert digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
    manifest = json.loads(body)
    assert manifest["mediaType"] == builder.MEDIA_TYPE
    assert {layer["mediaType"].split(".docker.")[1] for layer in manifest["layers"]} == {
        "image.rootfs.diff.tar.gzip"
    }
    own = sum(layer["size"] for layer in manifest["layers"][1:])
    report(f"{own / 1e6:.0f} MB compressed beyond the base's layer")


def test_the_tag_is_the_version(image, registry):
    push(image, f"{registry}/translation", LOGIN, builder.Buildah())
    _, body = fetch(f"https://{registry}/v2/translation/tags/list")
    assert json.loads(body)["tags"] == ["test"]


def test_a_wrong_login_is_one_sentence(image, registry):
    with pytest.raises(ImageError, match=r"`buildah login` failed: .*"):
        push(image, f"{registry}/translation", ("AWS", "expired"), builder.Buildah())
