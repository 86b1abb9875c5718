"""The default handler reads the layouts people have; a random model stands in for theirs."""

import json
import shutil

import pytest

from benchmarks.random_model import make_model, make_pieces, pieces_of
from handlers import ModelError, ModelFolder, Options, Segment
from handlers.default import DefaultHandler
from handlers.engine.decoding import output_cap
from tests.running import ROOT

SENTENCES = (ROOT / "tests" / "data" / "sample.en").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """SentencePiece models of two languages and a model over both vocabularies."""
    folder = tmp_path_factory.mktemp("parts")
    make_pieces(folder / "source.spm", SENTENCES)
    make_pieces(folder / "target.spm", SENTENCES[:100])
    own = [*pieces_of(folder / "source.spm"), *pieces_of(folder / "target.spm")]
    vocabulary = list(dict.fromkeys([*own, "eng_Latn", "deu_Latn", ">>deu<<"]))
    make_model(folder / "model", vocabulary)
    return folder


def native(parts, folder):
    shutil.copytree(parts / "model", folder / "ctranslate2_model")
    shutil.copy(parts / "source.spm", folder / "sentencepiece.model")


def opus(parts, folder):
    shutil.copytree(parts / "model", folder)
    shutil.copy(parts / "source.spm", folder)
    shutil.copy(parts / "target.spm", folder)


def argos(parts, folder):
    shutil.copytree(parts / "model", folder / "model")
    shutil.copy(parts / "source.spm", folder / "sentencepiece.model")
    (folder / "metadata.json").write_text('{"from_code": "en", "to_code": "de"}')


@pytest.fixture(params=[native, opus, argos])
def folder(request, parts, tmp_path):
    request.param(parts, tmp_path / "en_de")
    return tmp_path / "en_de"


def write_manifest(folder, **keys):
    (folder / "model.json").write_text(json.dumps(keys))


def sent(handler, monkeypatch, text):
    """The tokens and arguments that reach the engine for ``text``."""
    calls = []
    submit = handler._engine.translate_batch

    class Recorder:
        def translate_batch(self, tokens, **arguments):
            calls.append((tokens, arguments))
            return submit(tokens, **arguments)

    monkeypatch.setattr(handler, "_engine", Recorder())
    handler.translate([text], Options())
    ((tokens, arguments),) = calls
    return tokens[0], arguments


def test_each_layout_translates(folder):
    handler = DefaultHandler(ModelFolder(folder))
    first, second = handler.translate(["Hello.", "My toy is broken."], Options(alternatives=1))
    assert first.text and second.text and second.alternatives


@pytest.mark.parametrize(
    ("layout", "says", "last"),
    [
        (opus, {"add_source_eos": False, "decoder_start_token": "</s>"}, "</s>"),
        (native, {"add_source_eos": False, "decoder_start_token": "</s>"}, "</s>"),
        (opus, {"add_source_eos": True, "decoder_start_token": "</s>"}, "."),
        (opus, {"add_source_eos": False, "decoder_start_token": "<s>"}, "."),
    ],
    ids=["Transformers", "Transformers, one tokeniser", "Marian", "OpenNMT, two tokenisers"],
)
def test_a_model_gets_the_end_token_it_was_trained_with(
    parts, tmp_path, monkeypatch, layout, says, last
):
    layout(parts, tmp_path / "en_de")
    (config,) = (tmp_path / "en_de").rglob("config.json")
    config.write_text(json.dumps({**json.loads(config.read_text()), **says}))
    tokens, _ = sent(DefaultHandler(ModelFolder(tmp_path / "en_de")), monkeypatch, "Hello.")
    assert tokens[-1] == last


def test_prefixes_of_a_multilingual_model_are_put_and_taken_off(parts, tmp_path, monkeypatch):
    native(parts, tmp_path / "en_de")
    write_manifest(
        tmp_path / "en_de",
        source_prefix=["eng_Latn"],
        source_suffix=["</s>"],
        target_prefix=["deu_Latn"],
    )
    handler = DefaultHandler(ModelFolder(tmp_path / "en_de"))
    tokens, arguments = sent(handler, monkeypatch, "Hello.")
    assert (tokens[0], tokens[-1]) == ("eng_Latn", "</s>")
    assert arguments["target_prefix"] == [["deu_Latn"]] * 2  # its own, and the filler's
    assert "deu_Latn" not in handler.translate(["Hello."], Options())[0].text


def test_a_target_prefix_of_an_argos_package_is_used(parts, tmp_path, monkeypatch):
    argos(parts, tmp_path / "en_de")
    metadata = {"from_code": "en", "to_code": "de", "target_prefix": ">>deu<<"}
    (tmp_path / "en_de" / "metadata.json").write_text(json.dumps(metadata))
    _, arguments = sent(DefaultHandler(ModelFolder(tmp_path / "en_de")), monkeypatch, "Hello.")
    assert arguments["target_prefix"] == [[">>deu<<"]] * 2


def test_decoding_defaults_come_from_the_manifest(parts, tmp_path, monkeypatch):
    native(parts, tmp_path / "en_de")
    write_manifest(tmp_path / "en_de", decoding={"beam_size": 4, "repetition_penalty": 1.5})
    _, arguments = sent(DefaultHandler(ModelFolder(tmp_path / "en_de")), monkeypatch, "Hello.")
    assert (arguments["beam_size"], arguments["repetition_penalty"]) == (4, 1.5)


@pytest.mark.parametrize(
    ("decoding", "sentence"),
    [
        ({"beams": 4}, "unknown key 'beams'; known are beam_size, "),
        ({"beam_size": "4"}, "'beam_size' is '4', not a number"),
    ],
)
def test_a_wrong_decoding_default_is_refused(parts, tmp_path, decoding, sentence):
    native(parts, tmp_path / "en_de")
    write_manifest(tmp_path / "en_de", decoding=decoding)
    with pytest.raises(ModelError, match=sentence):
        DefaultHandler(ModelFolder(tmp_path / "en_de"))


def test_a_hit_cap_is_a_warning(folder):
    (translation,) = DefaultHandler(ModelFolder(folder)).translate(["My toy is broken."], Options())
    assert translation.warnings == ("output_truncated",)


def test_the_cap_follows_the_input_in_steps():
    assert [output_cap(tokens) for tokens in (1, 8, 9, 24, 200, 1000)] == [
        32,
        32,
        48,
        64,
        416,
        2016,
    ]


def test_tokens_of_a_segment_are_not_made_again(folder, monkeypatch):
    handler = DefaultHandler(ModelFolder(folder))
    segment = Segment("Hello.", handler.tokenize(["Good morning."])[0])
    tokens, _ = sent(handler, monkeypatch, segment)
    assert tokens[: len(segment.tokens)] == segment.tokens


def test_before_and_after_wrap_the_model(folder):
    class Shouting(DefaultHandler):
        def before(self, text):
            return text.replace("!!", "!")

        def after(self, text):
            return text.upper()

    plain, shouting = (kind(ModelFolder(folder)) for kind in (DefaultHandler, Shouting))
    expected = plain.translate(["Stop!"], Options())[0].text.upper()
    assert shouting.translate(["Stop!!"], Options())[0].text == expected


def test_a_broken_model_is_refused_in_one_sentence(folder):
    (model,) = folder.rglob("model.bin")
    model.write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match="is not a model that CTranslate2"):
        DefaultHandler(ModelFolder(folder))


def test_a_broken_tokeniser_is_refused_in_one_sentence(parts, tmp_path):
    native(parts, tmp_path / "en_de")
    (tmp_path / "en_de" / "sentencepiece.model").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="is not a SentencePiece model"):
        DefaultHandler(ModelFolder(tmp_path / "en_de"))


def test_a_folder_without_a_tokeniser_says_which(parts, tmp_path):
    shutil.copytree(parts / "model", tmp_path / "en_de")
    with pytest.raises(ModelError, match=r"neither sentencepiece\.model nor source\.spm"):
        DefaultHandler(ModelFolder(tmp_path / "en_de"))
