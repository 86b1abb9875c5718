"""Which builder is taken, and what it is told; their programs are stand-ins that note their words.

What buildah really builds and pushes is tested in `built/`.
"""

import json
import sys

import pytest

from image import build, builder
from image.errors import ImageError

NOTE = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["NOTES"], "a") as notes:
    print(json.dumps(sys.argv), file=notes)
print(os.environ.get("ANSWER", ""))
sys.exit(int(os.environ.get("EXIT", "0")))
"""


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A PATH of the named programs only, and what they were called with."""

    def install(*names):
        for name in names:
            (tmp_path / name).write_text(NOTE)
            (tmp_path / name).chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("NOTES", str(tmp_path / "notes"))
    install.calls = lambda: list(map(json.loads, (tmp_path / "notes").read_text().splitlines()))
    return install


def test_docker_is_taken_where_its_engine_answers(programs):
    programs("docker", "buildah")
    assert isinstance(builder.find(), builder.Docker)


def test_buildah_is_taken_where_no_engine_answers(programs, monkeypatch):
    programs("docker", "buildah")
    monkeypatch.setenv("EXIT", "1")
    assert isinstance(builder.find(), builder.Buildah)


def test_buildah_is_taken_when_asked_for(programs):
    programs("docker", "buildah")
    assert isinstance(builder.find("buildah"), builder.Buildah)


@pytest.mark.parametrize(("name", "said"), [(None, "No builder"), ("docker", "docker")])
def test_without_any_the_sentence_says_what_to_install(programs, name, said):
    with pytest.raises(ImageError, match=rf"{said} was not found. Start Docker .* install buildah"):
        builder.find(name)


def test_docker_writes_no_attestations_and_docker_media_types(programs, tmp_path):
    programs("docker")
    builder.Docker().build("st:1", {"VERSION": "1"}, {"pip": tmp_path})
    words = programs.calls()[-1]
    assert words[1:3] == ["buildx", "build"]
    assert {"--provenance=false", "--sbom=false", "linux/amd64"} < set(words)
    assert "type=docker,oci-mediatypes=false,name=st:1" in words
    assert {"--build-arg=VERSION=1", f"--secret=id=pip,src={tmp_path}"} < set(words)


def test_a_push_of_another_media_type_is_refused(programs, monkeypatch):
    programs("docker")
    monkeypatch.setenv("ANSWER", "application/vnd.oci.image.index.v1+json sha256:0")
    with pytest.raises(ImageError, match=r"which SageMaker refuses. Turn off Docker's"):
        builder.Docker().push("st:1", "registry/st:1")


def test_a_push_returns_the_registrys_digest(programs, monkeypatch):
    programs("docker")
    monkeypatch.setenv("ANSWER", f"{builder.MEDIA_TYPE} sha256:0123")
    assert builder.Docker().push("st:1", "registry/st:1") == "sha256:0123"


def test_a_failed_build_is_one_sentence(programs, monkeypatch, capsys):
    programs("buildah")
    monkeypatch.setenv("EXIT", "3")
    assert build.main(["st:1", "--builder", "buildah"]) == 1
    errors = capsys.readouterr().err
    assert "image: `buildah build` failed with exit code 3" in errors
    assert "could not be resolved" in errors, "the base's digest is not invented"
    assert "--build-arg=BASE_DIGEST=unknown" in programs.calls()[-1]


def test_the_base_is_an_exact_version_and_no_invented_digest():
    name, _, tag = build.default_base().partition(":")
    assert name == "docker.io/library/python"
    assert tag.split("-")[0].count(".") == 2
    assert "@" not in tag


def test_only_what_the_machine_has_is_lent_to_the_build(tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text("")
    lent = {"pip": [str(tmp_path / "none"), str(tmp_path / "pip.conf")], "certificates": ["/none"]}
    monkeypatch.setattr(build, "SECRETS", lent)
    assert build.secrets() == {"pip": tmp_path / "pip.conf"}


def test_no_base_line_in_the_dockerfile_is_told(tmp_path, monkeypatch):
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    with pytest.raises(ImageError, match=r"no line `ARG BASE=...`"):
        build.default_base()
