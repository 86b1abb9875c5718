"""Bytes that once broke something, or look like it; and some at random each time."""

import io
import json
import logging
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import lambda_entry
from tests.fuzz.targets import TARGETS, check
from tests.serving.text.hostile import NAUGHTY, UNITS

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(path for path in CORPUS.rglob("*") if path.is_file())
SIGNS = st.sampled_from([*UNITS, *NAUGHTY, "Go. ", "C\u00a0.", "&#" + "9" * 5000 + ";", "WORDS "])
TEXTS = st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=12).map("".join)
FIELDS = ("q", "text", "texts", "source", "target", "source_lang", "target_lang", "format")
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), SIGNS, st.just("\ud800")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SIGNS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.sampled_from([*FIELDS, "keep", "alternatives", "ignore_tags"]), VALUES)
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def leave_no_trace():
    """The targets switch the access log off and put an app into the Lambda entry."""
    log, make_handler = logging.getLogger("gateway.access"), lambda_entry._make_handler
    yield
    log.disabled = False
    lambda_entry._make_handler = make_handler


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_is_kept_breaks_nothing(path):
    check(TARGETS[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_each_target_has_a_corpus(name):
    assert list((CORPUS / name).iterdir())


@QUICK
@given(st.integers(0, 255), TEXTS)
def test_no_text_breaks_the_pipeline(choice, text):
    check(TARGETS["text"], bytes([choice]) + text.encode("utf-8", "ignore"))


@pytest.mark.parametrize("name", ["readers", "forms"])
@QUICK
@given(st.integers(0, 255), OBJECTS)
def test_no_object_breaks_a_reader(name, choice, fields):
    check(TARGETS[name], bytes([choice]) + json.dumps(fields).encode())


@pytest.mark.parametrize("name", TARGETS)
@QUICK
@given(st.binary(max_size=300))
def test_no_bytes_break_anything(name, data):
    check(TARGETS[name], data)


@QUICK
@given(SIGNS, st.text(max_size=20), st.binary(max_size=20), st.data())
def test_no_damaged_archive_breaks_the_unpacking(name, other, content, data):
    archive = io.BytesIO()
    if data.draw(st.booleans()):
        with zipfile.ZipFile(archive, "w") as package:
            package.writestr(other.replace("\ud800", "").partition("\0")[0] or "a", content)
    else:
        with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as package:
            member = tarfile.TarInfo(name)
            member.size, member.pax_headers = len(content), {"comment": other}
            package.addfile(member, io.BytesIO(content))
    damaged = bytearray(archive.getvalue()[:3500])
    for at in data.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=3)):
        damaged[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
    check(TARGETS["archive"], bytes(damaged))


def test_a_broken_promise_is_found(monkeypatch):
    from serving.text.mend import endings

    monkeypatch.setattr(endings, "restore", lambda translated, source: translated + "!")
    with pytest.raises(AssertionError, match="text changed"):
        check(TARGETS["text"], b"\0Hello world")


def test_make_looks_at_every_target():
    makefile = (CORPUS.parents[2] / "Makefile").read_text("utf-8")
    assert f"TARGETS := {' '.join(TARGETS)}\n" in makefile
