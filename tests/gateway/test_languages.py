"""Codes as callers write them."""

import tracemalloc

import pytest
import yaml

from gateway import languages
from gateway.languages import find_code, name_of
from serving import fields
from tests.running import ROOT


@pytest.mark.parametrize(
    ("asked", "available", "found"),
    [
        ("DE", ["de"], "de"),
        ("en-GB", ["en"], "en"),
        ("en_US", ["en"], "en"),
        ("pt", ["pt-BR"], "pt-BR"),
        ("pt-PT", ["pt-BR", "pt-PT"], "pt-PT"),
        ("pt-AO", ["pt"], "pt"),
        ("es", ["es-MX"], "es-MX"),
        ("en", ["en-XA"], None),
        ("zh", ["zh-Hant"], None),
        ("pb", ["pt-BR"], "pt-BR"),
        ("zt", ["zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh-TW", ["zh-Hant"], "zh-Hant"),
        ("zh-Hant", ["zh-Hans"], None),
        ("sr-Latn", ["sr"], None),
        ("en-XA", ["en"], None),
        ("en-XA", ["en", "en-XA"], "en-XA"),
        ("fr", ["en"], None),
        ("", ["en"], None),
        ("en.*", ["en-GB"], None),
        ("de" + " " * 34, ["de"], None),
    ],
)
def test_finds_the_deployed_code(asked, available, found):
    assert find_code(asked, available) == found


def test_a_code_leaves_nothing_behind():
    """One was compiled into a pattern, which Python kept."""
    find_code("x", ["de", "en-GB"])
    tracemalloc.start()
    for number in range(20):
        assert find_code(f"x{number}" * 100_000, ["de", "en-GB"]) is None
        assert find_code(f"x{number}", ["de", "en-GB"]) is None
    assert tracemalloc.get_traced_memory()[0] < 10_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("de", "German"),
        ("pt-BR", "Portuguese (Brazilian)"),
        ("es-MX", "Spanish (MX)"),
        ("tlh", "tlh"),
    ],
)
def test_names_languages(code, name):
    assert name_of(code) == name


def test_a_code_has_the_same_limit_everywhere():
    schema = yaml.safe_load((ROOT / "docs" / "openapi-container.yaml").read_text("utf-8"))
    language = schema["components"]["schemas"]["Language"]
    assert languages.MAX_CODE == fields.MAX_CODE == language["maxLength"]
