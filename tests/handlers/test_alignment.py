"""Links between a translation's tokens and the source's."""

import pytest

from handlers import AlignedTranslation, ModelFolder, Options
from handlers.default import DefaultHandler
from handlers.engine.alignment import link
from tests.running import MODELS

SOURCE, TARGET = ["▁The", "▁hou", "se", "."], ["▁Das", "▁Haus", "."]
WEIGHTS = [[0.3, 0.3, 0.2, 0.2], [0.0, 0.9, 0.1, 0.0], [0.0, 0.0, 0.1, 0.9]]


def test_links_a_token_to_what_it_is_clearly_made_of():
    assert link(SOURCE, TARGET, WEIGHTS, "Das Haus.") == ((4, 8, 4, 7), (8, 9, 9, 10))


@pytest.mark.parametrize(
    ("weights", "text"),
    [(WEIGHTS, "Das Haus!"), (WEIGHTS[1:], "Das Haus."), ([[], [], []], "Das Haus.")],
)
def test_links_nothing_where_the_tokens_are_not_the_text(weights, text):
    assert link(SOURCE, TARGET, weights, text) == ()


def test_the_models_attention_finds_words():
    handler = DefaultHandler(ModelFolder(MODELS / "en_pt"))
    text = "The committee approved the new contract yesterday."
    plain, aligned = (
        handler.translate([text], Options(alignment=wanted))[0] for wanted in (False, True)
    )
    assert isinstance(aligned, AlignedTranslation)
    assert not isinstance(plain, AlignedTranslation)
    assert plain.text == aligned.text
    said = {
        aligned.text[each.start : each.end]: text[each.source_start : each.source_end]
        for each in aligned.links
    }
    assert said["contrato"] == "contract"
    assert said["novo"] == "new"
