"""An immutable tag must change with everything that goes into the image, and with nothing else."""

import re
import shutil

import pytest

from infra.image import CONTEXT, context_digest
from tests.running import ROOT

KEPT = (ROOT / ".dockerignore").read_text("utf-8").splitlines()


@pytest.fixture
def checkout(tmp_path):
    for name in CONTEXT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_build_sees_only_what_the_tag_is_made_of():
    assert KEPT[1] == "*"
    assert {line[1:] for line in KEPT if line.startswith("!")} <= set(CONTEXT)


def test_the_dockerfile_copies_only_what_the_tag_is_made_of():
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    assert copied
    for source in " ".join(copied).split():
        assert source.partition("/")[0] in CONTEXT


@pytest.mark.parametrize("name", ["Dockerfile", ".dockerignore", "serving/__init__.py"])
def test_a_change_changes_the_tag(checkout, name):
    before = context_digest(checkout)
    with (checkout / name).open("a") as stream:
        stream.write("\n# changed\n")
    assert context_digest(checkout) != before


def test_byte_code_and_other_files_do_not(checkout):
    before = context_digest(checkout)
    cache = checkout / "serving" / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / "more.pyc").write_bytes(b"")
    (checkout / "README.md").write_text("other")
    assert context_digest(checkout) == before
