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
    """The model called in the plainest way, one line at a time, sentence by sentence."""
    folder = MODELS / "en_de"
    pieces = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/sentencepiece.model")
    translator = ctranslate2.Translator(f"{folder}/ctranslate2_model")

    def translate(line):
        sentences = [sentence.strip() for sentence in segment("en", line)]
        results = translator.translate_batch(pieces.encode(sentences, out_type=str), beam_size=2)
        return " ".join(pieces.decode(result.hypotheses[0]) for result in results)

    return [translate(line) for line in lines("en")]


def test_every_line_is_the_models_own(server, raw):
    reply = server.translate(*lines("en"))
    assert [translation["text"] for translation in reply.json["translations"]] == raw


def test_chrf_is_the_models_own(server, raw):
    reply = server.text("\n".join(lines("en")))
    served = reply.body.decode().split("\n")
    reference = [lines("de")]
    assert (
        sacrebleu.corpus_chrf(served, reference).score
        == sacrebleu.corpus_chrf(raw, reference).score
    )
    assert sacrebleu.corpus_chrf(served, reference).score > 50
