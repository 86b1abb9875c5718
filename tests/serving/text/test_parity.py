"""Protected strings come back byte for byte, whatever the model does."""

from collections import Counter

import pytest

from tests.serving.text.samples import KEPT, with_protected
from tests.serving.text.translating import Each, identity, reversing, translate

TEXTS = list(with_protected())


def missing(handler, every: int = 1, **wishes) -> list[tuple[str, str]]:
    """Texts of which a protected string is lost, doubled or altered; what came instead."""
    texts = TEXTS[::every]
    found = translate([text for text, _ in texts], handler, keep=KEPT, **wishes)
    return [
        (text, candidate)
        for (text, wanted), translation in zip(texts, found, strict=True)
        for candidate in (translation.text, *translation.alternatives)
        if any(candidate.count(p) != text.count(p) for p in wanted)
    ]


def test_there_are_over_300_texts():
    assert len(TEXTS) > 300


@pytest.mark.parametrize(
    "handler",
    [
        identity(),
        reversing(),
        Each(lambda segment: ""),
        Each(lambda segment: segment + segment),
        Each(lambda segment: segment.upper()),
        Each(lambda segment: segment.replace(" ", "")),
        Each(lambda segment: f"{segment} {{name}} %s Tom 89 1957 😀 <b> https://x.de"),
        Each(lambda segment: "Tom Boston 1957 89 90 80"),
        Each(lambda segment: "\0\n"),
    ],
    ids=[
        "same",
        "reversed",
        "nothing",
        "doubled",
        "shouting",
        "glued",
        "inventing",
        "masks",
        "nul",
    ],
)
def test_no_handler_can_harm_them(handler):
    assert missing(handler) == []


def test_the_random_model_cannot_harm_them(random_model):
    assert missing(random_model, every=4, beam_size=1) == []


def test_alternatives_are_whole_or_left_out(random_model, en_de):
    assert missing(random_model, every=24, alternatives=2) == []
    assert missing(en_de, every=16, alternatives=2) == []


def test_the_embedded_models_cannot_harm_them(en_de, de_en):
    assert missing(en_de, every=4) == []
    assert missing(de_en, every=5) == []


def test_masks_mostly_work_with_the_embedded_models(en_de):
    names = [
        f"{start} {{name}} {end}"
        for start in ("I know", "Where is", "This is")
        for end in ("?", "!", "today.", "and my sister.")
    ]
    found = translate(names, en_de)
    whole = Counter("translated_in_pieces" in translation.warnings for translation in found)
    assert whole[False] >= 10, found
