"""The large model ends its sentences: what is measured is no retry."""

from pathlib import Path

from benchmarks.corpus import sentences
from benchmarks.large_model import ANSWER, make
from handlers import ModelFolder, Options
from handlers.default import DefaultHandler


def test_the_large_model_answers_every_sentence_at_once_and_ends(tmp_path: Path) -> None:
    handler = DefaultHandler(ModelFolder(make(tmp_path, layers=1)))
    translations = handler.translate(sentences()[:200], Options(alternatives=1))
    said = "".join(ANSWER).replace("▁", " ").strip()
    assert sum(translation.text == said for translation in translations) >= 198
    assert not any(translation.warnings for translation in translations)
    # What the beam follows besides ends as soon.
    others = [text for translation in translations for text in translation.alternatives]
    assert len(others) >= 198
    assert max(len(text.split()) for text in others) <= len(ANSWER) + 1
