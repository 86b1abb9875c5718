"""The server says what the model says: held-out sentences through a real socket."""

import ctranslate2
import pytest
import sacrebleu
import sentencepiece
from sentencex import segment

from tests.running import MODELS, ROOT

DATA = ROOT / "tests" / "data"


def lines(language):
    return (DATA / f"sample.{language}").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def raw():
    """The model called in the plainest way, sentence by sentence."""
    folder = MODELS / "en_de"
    pieces = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/sentencepiece.model")
    translator = ctranslate2.Translator(f"{folder}/ctranslate2_model")

    def translate(line):
        sentences = [sentence.strip() for sentence in segment("en", line)]
        results = translator.translate_batch(
            pieces.encode(sentences, out_type=str), beam_size=2, max_batch_size=1, use_vmap=True
        )
        return " ".join(pieces.decode(result.hypotheses[0]) for result in results)

    return [translate(line) for line in lines("en")]


@pytest.fixture(scope="module")
def served(server):
    reply = server.translate(*lines("en"))
    return [translation["text"] for translation in reply.json["translations"]]


def test_every_line_is_the_models_own(served, raw):
    assert served == raw


def test_a_document_is_its_lines(server, served):
    assert server.text("\n".join(lines("en"))).body.decode().split("\n") == served


def test_the_model_knows_what_it_translates(raw):
    """Else the tests above would compare one nonsense with the same."""
    assert sacrebleu.corpus_chrf(raw, [lines("de")]).score > 50
