"""Signs and quotation marks that a translation lost."""

import pytest

from serving.text.mend import symbols
from tests.serving.text.translating import Each, translate


@pytest.mark.parametrize(
    ("source", "translated", "lost"),
    [
        ("It costs $5", "Custa $5", False),
        ("It costs $5", "Custa 5 dólares", False),
        ("It costs $5", "Custa 5", True),
        ("75 % of it", "75 por cento", False),
        ("75 % of it", "75 de", True),
        ("“Yes,” he said", "„Ja“, sagte er", False),
        ('He said "no"', "Er sagte nein", True),
        ('a 5" screen', "ein 5-Zoll-Bildschirm", False),
        ("a < b", "a b", True),
        ("a < b", "a < b > c", False),
        ("5 € or 6 €", "5 € ou 6 euros", False),
        ("{see there}", "veja lá", True),
        ("Room #5", "Quarto nº 5", False),
        ("It is here", "Está aqui", False),
    ],
)
def test_what_is_lost_is_seen(source, translated, lost):
    assert symbols.is_lost(source, translated) is lost


def test_it_is_a_warning():
    [found] = translate(["He said “no” to {name}"], Each(lambda s: s.replace("“", "")))
    assert found.warnings == ("symbols_changed",)


def test_what_is_protected_counts_for_nothing():
    [found] = translate(["Hi {name}, 5 %s of you"], Each(str))
    assert found.warnings == ()
