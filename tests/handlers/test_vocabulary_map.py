"""A model with a vocabulary map says what the map allows, and the same alone as in company."""

import shutil

import pytest

from benchmarks.random_model import make_model, make_pieces, pieces_of
from handlers import ModelError, ModelFolder, Options
from handlers.default import DefaultHandler
from tests.running import ROOT

SENTENCES = (ROOT / "tests" / "data" / "sample.en").read_text("utf-8").splitlines()[:40]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A random model over all pieces, which never ends a sentence by itself, without a map."""
    folder = tmp_path_factory.mktemp("models") / "en_de"
    folder.mkdir()
    make_pieces(folder / "sentencepiece.model", SENTENCES)
    make_model(folder / "ctranslate2_model", pieces_of(folder / "sentencepiece.model"), ends=False)
    return folder


def mapped(model, tmp_path, lines):
    """The handler of the same model with ``lines`` as its map."""
    folder = tmp_path / "en_de"
    shutil.copytree(model, folder)
    (folder / "ctranslate2_model" / "vmap.txt").write_text(lines, "utf-8")
    return DefaultHandler(ModelFolder(folder))


def words_of(model):
    return [piece for piece in pieces_of(model / "sentencepiece.model") if piece[0] != "<"]


def texts(handler, sentences):
    return [found.text for found in handler.translate(sentences, Options())]


def test_only_what_the_map_allows_is_said(model, tmp_path):
    assert not set("".join(texts(DefaultHandler(ModelFolder(model)), SENTENCES))) <= {"e", " "}
    handler = mapped(model, tmp_path, "\t\u2581\n\u2581I\te\n")
    said = texts(handler, SENTENCES)
    assert set("".join(said)) == {"e", " "}
    speakers = ["\u2581I" in tokens for tokens in handler.tokenize(SENTENCES)]
    assert not any("e" in text for text, is_one in zip(said, speakers, strict=True) if not is_one)


def test_what_one_sentence_allows_does_not_help_its_neighbour(model, tmp_path):
    """The engine joins the maps of a batch, so that it has to get one sentence at a time."""
    lines = "".join(f"{piece}\t{piece}\n" for piece in words_of(model))
    handler = mapped(model, tmp_path, f"\te\n{lines}")
    assert texts(handler, SENTENCES) == [texts(handler, [one])[0] for one in SENTENCES]
    assert len({handler.batch_key(segment) for segment in handler._with_tokens(SENTENCES)}) == 1


def test_alternatives_and_alignment_come_with_a_map_too(model, tmp_path):
    handler = mapped(model, tmp_path, "\te \u2581\n")
    (found,) = handler.translate(SENTENCES[:1], Options(alternatives=2, alignment=True))
    assert found.text and found.alternatives


def test_the_start_line_tells_of_the_map(model, tmp_path):
    assert mapped(model, tmp_path, "\te\n").engine.endswith(", vocabulary map")
    assert "map" not in DefaultHandler(ModelFolder(model)).engine


@pytest.mark.parametrize("lines", ["\n", "no tab\n", "\tunknown words\n", "a\tb\tc\n", "\t\n"])
def test_a_map_of_nothing_useful_leaves_the_process_alive(model, tmp_path, lines):
    assert len(texts(mapped(model, tmp_path, lines), SENTENCES[:3])) == 3


def test_an_empty_map_is_refused(model, tmp_path):
    """CTranslate2 4.8 would end the process with a segmentation fault."""
    with pytest.raises(ModelError, match=r"vmap\.txt is empty\. Copy it again, or remove it"):
        mapped(model, tmp_path, "")


def test_a_folder_in_place_of_a_map_is_refused(model, tmp_path):
    """It would end the process as well."""
    folder = shutil.copytree(model, tmp_path / "en_de")
    (folder / "ctranslate2_model" / "vmap.txt").mkdir()
    with pytest.raises(ModelError, match=r"vmap\.txt is a folder\. Remove it"):
        DefaultHandler(ModelFolder(folder))
