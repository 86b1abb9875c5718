"""A term is met by the first step that holds, and the translation says by which."""

import pytest

from handlers import AlignedTranslation, Link, Translation
from tests.serving.text.translating import translate

TERMS = {"contract": "Vertrag"}


class Scripted:
    """Translates by a table; options decide which columns are seen."""

    def __init__(self, table, masks=("Tom",)):
        self.table = table
        self.masks = masks
        self.asked = []

    def translate(self, segments, options):
        return [self._one(str(segment), options) for segment in segments]

    def _one(self, segment, options):
        self.asked.append(segment)
        first, *rest = self.table.get(segment, (segment,))
        others = tuple(each for each in rest if isinstance(each, str))
        links = tuple(each for each in rest if isinstance(each, Link))
        if not options.alignment:
            return Translation(first, others[: options.alternatives])
        return AlignedTranslation(first, others[: options.alternatives], links=links)


def meet(table, text="A contract ends.", terms=TERMS, **wishes):
    handler = Scripted(table)
    (found,) = translate([text], handler, terms=terms, **wishes)
    return found, handler


def how(found):
    return {term.source: term.met for term in found.terms}


def test_what_is_there_already_stays():
    found, handler = meet({"A contract ends.": ("Zwei Verträge enden.",)})
    assert (found.text, how(found)) == ("Zwei Verträge enden.", {"contract": "found"})
    assert handler.asked == ["A contract ends."]


def test_an_alternative_of_the_beam_is_next():
    found, _ = meet({"A contract ends.": ("Ein Abkommen endet.", "Ein Pakt.", "Ein Vertrag.")})
    assert (found.text, how(found)) == ("Ein Vertrag.", {"contract": "alternative"})
    assert found.alternatives == ()


def test_then_what_is_aligned_gives_way():
    table = {"A contract ends.": ("Ein Abkommen endet.", Link(4, 8, 2, 10), Link(8, 12, 2, 10))}
    found, _ = meet(table)
    assert (found.text, how(found)) == ("Ein Vertrag endet.", {"contract": "aligned"})
    assert found.warnings == ()


def test_at_the_beginning_with_a_capital():
    table = {"Contracts end.": ("Acordos acabam.", Link(0, 7, 0, 9))}
    found, _ = meet(table, "Contracts end.", {"contract": "contrato"}, target="pt")
    assert found.text == "Contratos acabam."


@pytest.mark.parametrize(
    "links",
    [
        (),
        (Link(4, 12, 0, 1),),  # made of another word
        (Link(0, 3, 2, 10), Link(4, 9, 11, 15), Link(10, 13, 11, 15), Link(14, 19, 2, 10)),
        (Link(90, 99, 2, 10),),  # beyond the text
    ],
)
def test_what_is_not_clearly_aligned_is_written_in_the_source(links):
    table = {
        "A contract ends.": ("Das Papier hat endet.", *links),
        "A Vertrag ends.": ("Verträge enden.",),
    }
    found, _ = meet(table)
    assert (found.text, how(found)) == ("Verträge enden.", {"contract": "in_source"})


def test_a_mask_puts_it_in_where_nothing_else_holds():
    table = {
        "A contract ends.": ("Ein Abkommen endet.",),
        "A Vertrag ends.": ("Es endet.",),
        "A Tom ends.": ("Ein Tom endet.",),
    }
    found, _ = meet(table)
    assert (found.text, how(found)) == ("Ein Vertrag endet.", {"contract": "inserted"})
    assert found.warnings == ("term_inserted",)


def test_pieces_around_it_are_the_last_resort():
    found, _ = meet({"A contract ends.": ("Etwas.",), "A Vertrag ends.": ("Etwas.",)})
    assert "Vertrag" in found.text
    assert found.warnings == ("translated_in_pieces", "term_inserted") or "term_inserted" in (
        found.warnings
    )


def test_of_two_terms_each_tells_its_own():
    table = {
        "A contract and a house.": ("Ein Haus und ein Abkommen.", Link(17, 25, 2, 10)),
    }
    terms = {"contract": "Vertrag", "house": "Haus"}
    found, _ = meet(table, "A contract and a house.", terms)
    assert found.text == "Ein Haus und ein Vertrag."
    assert how(found) == {"contract": "aligned", "house": "found"}


def test_a_step_that_loses_another_term_does_not_hold():
    table = {
        "A contract and a house.": ("Ein Haus und ein Abkommen.", "Vertrag"),
        "A Vertrag and a house.": ("Ein Vertrag.",),
        "A Tom and a house.": ("Ein Tom.",),
        "A Tom and a Boston.": ("Ein Tom und ein Boston.",),
    }
    terms = {"contract": "Vertrag", "house": "Haus"}
    found, _ = meet(table, "A contract and a house.", terms)
    assert found.text == "Ein Vertrag und ein Haus."
    assert how(found) == {"contract": "inserted", "house": "inserted"}


def test_a_term_is_there_as_often_as_the_source_has_it():
    text = "A contract is a contract."
    found, _ = meet({text: ("Ein Vertrag.", "Vertrag ist Vertrag.")}, text)
    assert (found.text, how(found)) == ("Vertrag ist Vertrag.", {"contract": "alternative"})


@pytest.mark.parametrize("text", ["See https://a.example/contract now.", "{contract} ends."])
def test_never_within_a_protected_string(text):
    found, _ = meet({}, text)
    assert (found.terms, found.text) == ((), text)


def test_a_protected_string_with_the_term_does_not_meet_it():
    text = "A contract at https://a.example/Vertrag"
    table = {"A contract at Tom": ("Ein Abkommen unter Tom", Link(4, 12, 2, 10))}
    found, _ = meet(table, text)
    assert found.text == "Ein Vertrag unter https://a.example/Vertrag"


def test_text_in_capitals_has_its_terms_in_capitals():
    table = {"A contract ends.": ("Ein Abkommen endet.",), "A Tom ends.": ("Ein Tom endet.",)}
    table["A Vertrag ends."] = ("Es endet.",)
    found, _ = meet(table, "A CONTRACT ENDS.")
    assert found.text == "EIN VERTRAG ENDET."


def test_alternatives_without_the_term_are_left_out():
    table = {"A contract ends.": ("Ein Vertrag endet.", "Ein Pakt endet.", "Verträge enden.")}
    found, _ = meet(table, alternatives=2)
    assert found.alternatives == ("Verträge enden.",)


def test_a_handler_that_heeds_no_options_is_asked_for_no_others():
    class Firefox(Scripted):
        options = ()

    handler = Firefox(
        {"A contract ends.": ("Ein Abkommen endet.",), "A Vertrag ends.": ("Verträge",)}
    )
    (found,) = translate(["A contract ends."], handler, terms=TERMS)
    assert handler.asked == ["A contract ends.", "A Vertrag ends."]
    assert how(found) == {"contract": "in_source"}


def test_without_the_term_nothing_changes():
    found, _ = meet({"A house ends.": ("Ein Haus endet.",)}, "A house ends.")
    assert (found.text, found.terms) == ("Ein Haus endet.", ())


@pytest.mark.parametrize(
    ("text", "terms", "translated"),
    [
        (
            "The committee approved the new contract yesterday.",
            {"contract": "acordo", "committee": "comissão"},
            "A comissão aprovou o novo acordo ontem.",
        ),
        (
            "Contracts are signed by the board of directors.",
            {"contract": "acordo", "board of directors": "conselho de administração"},
            "Os acordos são assinados pelo conselho de administração.",
        ),
        (
            "Please press {button} to save the <b>house</b>.",
            {"press": "aperte", "house": "mansão", "button": "tecla"},
            "Por favor, aperte {button} para salvar a <b>mansão</b>.",
        ),
    ],
)
def test_the_embedded_model_meets_them(en_pt, text, terms, translated):
    kind = "html" if "<" in text else "text"
    (found,) = translate([text], en_pt, "en", "pt", terms=terms, format=kind)
    assert found.text == translated
    assert "term_inserted" not in found.warnings


def test_terms_do_not_change_a_text_without_them(en_pt):
    texts = ["Good morning!", "The house is old."]
    plain = translate(texts, en_pt, "en", "pt")
    assert translate(texts, en_pt, "en", "pt", terms={"contract": "acordo"}) == plain
