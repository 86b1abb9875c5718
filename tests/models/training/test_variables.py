"""A model's variables, read and written again, in the engine that they are for."""

import json
import shutil

import numpy as np
import pytest

from handlers import ModelError, ModelFolder, Options
from handlers.default import DefaultHandler
from model_folder.layout import VOCABULARY_MAP
from models.training.start import Size, random_variables
from models.training.tokens import train_pieces
from models.training.variables import read_variables, write_model
from tests.running import ROOT

EMBEDDED = ROOT / "models" / "en_de"
ENGINE = "ctranslate2_model"


def translate(folder, *texts):
    handler = DefaultHandler(ModelFolder(folder, "en_de"))
    return [(found.text, found.score) for found in handler.translate(texts, Options(beam_size=2))]


def test_an_embedded_model_written_again_says_the_same(tmp_path):
    found = read_variables(EMBEDDED / ENGINE / "model.bin")
    config = json.loads((EMBEDDED / ENGINE / "config.json").read_bytes())
    words = {}
    for side in ("source", "target"):
        names = (f"{name}_vocabulary.json" for name in ("shared", side))
        path = next(p for name in names if (p := EMBEDDED / ENGINE / name).is_file())
        words[side] = json.loads(path.read_bytes())
    write_model(found, config, words, tmp_path / ENGINE, "int8")
    for name in ("sentencepiece.model", f"{ENGINE}/{VOCABULARY_MAP}"):
        shutil.copyfile(EMBEDDED / name, tmp_path / name)
    texts = ("Hello world!", "The weather is nice today.", "I have two brothers.")
    assert translate(tmp_path, *texts) == translate(EMBEDDED, *texts)


def test_a_random_model_loads_and_translates(tmp_path):
    text = tmp_path / "text"
    text.write_bytes((ROOT / "LICENSE").read_bytes())
    pieces = train_pieces(text, tmp_path / "sentencepiece", 400)
    variables = random_variables(Size(16, 32, 2, 2, 1), len(pieces))
    config = {"add_source_eos": True, "decoder_start_token": "<s>"}
    words = {"source": pieces, "target": pieces}
    write_model(variables, config, words, tmp_path / ENGINE, "float32")
    again = read_variables(tmp_path / ENGINE / "model.bin")
    assert (again.layers("encoder"), again.layers("decoder")) == (2, 1)
    assert again.setting("encoder/num_heads") == 2
    name = "decoder/layer_0/attention/linear_1/weight"
    assert np.array_equal(again.arrays[name], variables.arrays[name])
    assert len(translate(tmp_path, "You may add Your own notices", "Licensor")) == 2


def test_what_is_no_transformer_is_refused(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"\x06\0\0\0\x0c\0WhisperSpec\0\x03\0\0\0")
    with pytest.raises(ModelError, match="is a WhisperSpec of version 6; only a TransformerSpec"):
        read_variables(path)
