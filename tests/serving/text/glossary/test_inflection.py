"""Plural and case as far as endings tell, and no other word."""

import pytest

from serving.text.glossary.inflection import fold, forms, is_form, is_part, plural


@pytest.mark.parametrize(
    ("language", "word", "others"),
    [
        ("en", "contract", "contract Contract contracts CONTRACTS"),
        ("en", "city", "city cities"),
        ("en", "box", "boxes"),
        ("en", "leaf", "leaves"),
        ("de", "Vertrag", "Vertrag Vertrags Vertrages Verträge Verträgen"),
        ("de", "Haus", "Häuser Häusern Hause"),
        ("de", "Lehrerin", "Lehrerinnen"),
        ("de", "Ergebnis", "Ergebnisse Ergebnissen"),
        ("de", "Vater", "Väter"),
        ("de", "neu", "neue neuer neues neuen neuem"),
        ("pt", "contrato", "contratos"),
        ("pt", "leão", "leões"),
        ("pt", "jornal", "jornais"),
        ("pt", "homem", "homens"),
        ("pt", "papel", "papéis"),
        ("pt", "inglês", "ingleses"),
        ("es", "luz", "luces"),
        ("fr", "cheval", "chevaux"),
        ("it", "libro", "libri"),
        ("sv", "bil", "bilar bilarna bilens"),
        ("ja", "契約", "契約"),
    ],
)
def test_knows_the_forms_of_a_word(language, word, others):
    for other in others.split():
        assert is_form(other, word, language), other


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("en", "contract", "contractor"),
        ("en", "universe", "university"),
        ("en", "new", "knew"),
        ("en", "news", "new"),
        ("de", "Miete", "Mieter"),
        ("de", "schon", "schön"),
        ("de", "Kauf", "Kaufvertrag"),
        ("pt", "casa", "caso"),
        ("pt", "secretária", "secretaria"),
        ("ru", "договор", "договоры"),
        ("en", "A4", "A4s"),
    ],
)
def test_takes_no_other_word_for_a_form(language, word, other):
    assert not is_form(other, word, language)


def test_an_adjective_before_its_noun_is_declined():
    for form in ("maschinelles", "maschinellen", "maschinellem", "maschinelle"):
        assert is_form(form, "maschinelles", "de", is_last=False)
    assert not is_form("maschinellem", "maschinelles", "de")


@pytest.mark.parametrize(
    ("word", "compound", "is_in"),
    [
        ("Vertrag", "Kaufvertrag", True),
        ("Vertrag", "Kaufverträge", True),
        ("Vertrag", "Vertragspartner", True),
        ("Vertrag", "Verträglichkeit", True),  # an ending more than endings tell
        ("Tag", "Vertrag", False),  # too short to look for
        ("Bahn", "Autobahnbrücke", False),
    ],
)
def test_a_german_compound_begins_or_ends_with_a_word(word, compound, is_in):
    assert is_part(word, compound, "de") == is_in
    assert not is_part(word, compound, "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "city cities boy boys box boxes church churches house houses"),
        ("pt", "acordo acordos avião aviões homem homens jornal jornais papel papéis voz vozes"),
        ("pt", "fóssil fóssis mulher mulheres ônibus ônibus"),
        ("es", "luz luces casa casas papel papeles"),
        ("fr", "prix prix cheval chevaux maison maisons bateau bateaux"),
        ("de", "Haus Haus"),
    ],
)
def test_makes_a_plural_that_is_a_form(language, words):
    singulars, plurals = words.split()[::2], words.split()[1::2]
    for word, wanted in zip(singulars, plurals, strict=True):
        assert plural(word, language) == wanted
        assert fold(wanted) in forms(word, language)
