"""Codes as callers write them."""

import pytest

from gateway.languages import find_code, name_of


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
    ],
)
def test_finds_the_deployed_code(asked, available, found):
    assert find_code(asked, available) == found


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
