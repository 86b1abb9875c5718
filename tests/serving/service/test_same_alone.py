"""A text's translation is the same alone, in any batch mix, and in many threads."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers import ModelFolder, Options
from handlers.default import DefaultHandler
from serving.lanes.batcher import Batcher
from serving.plugins.claims import Plugins
from serving.plugins.models import Model
from serving.request import Request
from serving.service.translator import Translator
from tests.running import MODELS, ROOT, SMALL

# With neighbours of other lengths in their batch, these came out with other words.
FRAGILE = ["Have you taken your medicine yet?", "Go get your helmet."]


@pytest.fixture(scope="module", params=[SMALL, MODELS / "en_de"], ids=["padded", "with a map"])
def translator(request):
    folder = ModelFolder(request.param)
    model = Model(folder, Plugins().claim(folder), DefaultHandler(folder))
    return Translator([model], max_tokens=100_000, batcher=Batcher(lanes=2, max_tokens=256))


@pytest.fixture(scope="module")
def sentences():
    lines = (ROOT / "tests/data/sample.en").read_text("utf-8").splitlines()
    return FRAGILE + lines[:60]


def translate(translator, *texts):
    answer = translator.translate(Request(texts=texts))
    return [(found.text, found.score) for found in answer.translations]


@pytest.fixture(scope="module")
def alone(translator, sentences):
    return {text: translate(translator, text)[0] for text in sentences}


def test_in_32_batch_mixes(translator, sentences, alone):
    for seed in range(32):
        mix = random.Random(seed).sample(sentences[2:], 12) + FRAGILE
        assert dict(zip(mix, translate(translator, *mix), strict=True)) == {
            text: alone[text] for text in mix
        }


def test_in_8_threads(translator, sentences, alone):
    def work(seed):
        own = random.Random(seed).sample(sentences, 12)
        return dict(zip(own, (translate(translator, text)[0] for text in own), strict=True))

    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(work, range(8)):
            assert found == {text: alone[text] for text in found}


def test_in_one_document(translator, sentences, alone):
    (document,) = translate(translator, "\n".join(sentences))
    assert document[0].split("\n") == [alone[text][0] for text in sentences]


def test_padded_by_a_filler_as_by_a_neighbour():
    """Bit by bit: also the scores are those of the sentence alone."""
    handler = DefaultHandler(ModelFolder(SMALL))
    short, long = handler._with_tokens(["My toy is broken.", "Why are you ruining my life?"])
    assert len(short.tokens) < len(long.tokens) == handler.batch_key(short)
    together = handler.translate([short, long], Options())
    assert together == [handler.translate([own], Options())[0] for own in (short, long)]
