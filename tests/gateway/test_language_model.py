"""The model that tells languages apart: as py3langid itself reads it, packed and unpacked."""

import lzma
from pathlib import Path

import pytest
from py3langid import langid

from gateway.language_model import LanguageModel, installed_model
from tests.gateway.test_detection import TEXTS
from tests.running import ROOT

DATA = ROOT / "benchmarks" / "data"
SENTENCES = [
    line
    for name in ("sentences.en", "pairs.pt")
    for line in (DATA / name).read_text("utf-8").splitlines()[::40]
]
ODD = ["", " ", "123 + 4", "😀", "\ud800", "HELLO WORLD", "ÜBER", "a\u0301 b", "\0\0", "ß" * 500]
LONG = [" ".join(SENTENCES)[:2000], "ab" * 1000, "\n".join(TEXTS.values())]


@pytest.fixture(scope="module")
def packed():
    return LanguageModel(Path(langid.__file__).parent / "data" / "model.npz.xz")


@pytest.fixture(scope="module")
def reference():
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)


def test_each_probability_is_py3langids_own(packed, reference):
    texts = [*SENTENCES, *TEXTS.values(), *ODD, *LONG]
    assert len(texts) > 75
    for text in texts:
        expected = dict(reference.rank(text))
        assert packed.probabilities(text) == pytest.approx(expected, abs=1e-5), ascii(text)


def test_unpacked_it_is_the_same(packed, tmp_path):
    path = tmp_path / "model.npz"
    path.write_bytes(lzma.decompress(installed_model().read_bytes()))
    unpacked = LanguageModel(path)
    for text in (*TEXTS.values(), *ODD):
        assert unpacked.probabilities(text) == packed.probabilities(text)


def test_something_else_is_refused(tmp_path):
    import zipfile

    path = tmp_path / "model.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("nextmove.npy", b"no array, but some bytes")
    with pytest.raises(ValueError, match=r"nextmove\.npy is no array of py3langid's model"):
        LanguageModel(path)
