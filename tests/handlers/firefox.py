"""Firefox's engine itself, on the models that the tests serve."""

from fxtranslate import Translator

from benchmarks.firefox_model import make as make_folder
from benchmarks.firefox_model import published

__all__ = ["engine", "make_folder"]


def engine(pair: str) -> Translator:
    """In this thread."""
    model, vocabulary, shortlist = (path.read_bytes() for path in published(pair))
    return Translator(model, vocabulary, vocabulary, shortlist)
