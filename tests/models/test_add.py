"""`python -m models add`: what is taken, what is written, what is refused."""

import json
import shutil

import pytest

from handlers import ModelError, ModelFolder
from model_folder.archive import write_archive
from models.add import Request, add
from tests.models.sources import argos_package, converted_folder
from tests.running import SMALL


@pytest.fixture
def models(tmp_path):
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def added(source, models, facts=None, **options):
    facts = {"license": "CC0-1.0"} if facts is None else facts
    return add(Request(source=source, models=models, facts=facts, **options))


def test_an_argos_package_knows_its_pair_and_version(tmp_path, models):
    source = argos_package(tmp_path / "translate-en_de-1_9.argosmodel")
    folder, smoke = added(source, models)
    assert folder.path == models / "en_de"
    assert (folder.name, folder.version) == ("translate-en_de-1_9", "1.9")
    assert smoke.text == "Hallo Welt!"
    assert sorted(folder.manifest["files"]) == [
        "README.md",
        "ctranslate2_model/config.json",
        "ctranslate2_model/model.bin",
        "ctranslate2_model/shared_vocabulary.json",
        "sentencepiece.model",
    ]


@pytest.mark.parametrize(("theirs", "ours"), [("pb", "en_pt-BR"), ("zt", "en_zh-Hant")])
def test_argos_own_codes_become_bcp_47(tmp_path, models, theirs, ours):
    folder, _ = added(argos_package(tmp_path / "a.argosmodel", to_code=theirs), models)
    assert folder.pair == ours


@pytest.mark.parametrize(
    "pieces", ["sentencepiece.model", "sentencepiece.bpe.model", "spm.model", "de.model"]
)
def test_a_converted_folder_with_any_usual_tokeniser_name(tmp_path, models, pieces):
    source = converted_folder(tmp_path / "mine", pieces)
    folder, smoke = added(source, models, pair="en_de")
    assert smoke.text == "Hallo Welt!"
    assert folder.manifest["name"] == "mine"
    assert (models / "en_de" / "sentencepiece.model").is_file()


def test_two_tokenisers_stay_two(tmp_path, models):
    source = converted_folder(tmp_path / "mine", "source.spm")
    shutil.copyfile(source / "source.spm", source / "target.spm")
    folder, _ = added(source, models, pair="en_de")
    assert {"source.spm", "target.spm"} < set(folder.manifest["files"])


def test_an_archive_of_ours_comes_back_as_it_was(tmp_path, models):
    facts = ModelFolder(SMALL)
    write_archive(SMALL, sorted(facts.hashes), tmp_path / "model.tar.gz")
    folder, _ = added(tmp_path / "model.tar.gz", models, facts={})
    assert folder.manifest["attribution"] == facts.manifest["attribution"]
    assert folder.manifest["files"] == facts.manifest["files"]
    assert folder.version == "2026.11"


def test_a_folder_put_into_models_by_hand_gets_its_manifest(models):
    shutil.copytree(SMALL, models / "en_de", ignore=shutil.ignore_patterns("model.json"))
    folder, _ = added(models / "en_de", models, pair="en_de")
    folder.verify()
    assert folder.manifest["license"] == "CC0-1.0"


def test_what_the_user_says_wins(tmp_path, models):
    facts = {"license": "MIT", "name": "ours", "version": "3", "attribution": "us"}
    source = argos_package(tmp_path / "a.argosmodel")
    folder, _ = added(source, models, pair="en_de-AT", facts=facts)
    assert facts.items() <= folder.manifest.items()
    assert folder.pair == "en_de-AT"


def test_an_existing_pair_is_replaced_only_when_asked(tmp_path, models):
    source = converted_folder(tmp_path / "mine")
    added(source, models, pair="en_de", facts={"license": "old"})
    with pytest.raises(ModelError, match=r"en_de exists. Add --replace"):
        added(source, models, pair="en_de")
    folder, _ = added(source, models, pair="en_de", facts={"license": "new"}, replace=True)
    assert folder.manifest["license"] == "new"


def test_a_licence_in_a_card_is_found(tmp_path, models):
    source = converted_folder(tmp_path / "mine")
    (source / "README.md").write_text("---\ntags:\n- x\nlicense: cc-by-4.0\n---\n# Mine\n")
    folder, _ = added(source, models, facts={}, pair="en_de")
    assert folder.manifest["license"] == "cc-by-4.0"


def no_pieces(path):
    return converted_folder(path, "tokens.txt")


def foreign_pieces(path):
    folder = converted_folder(path, "tokens.txt")
    (folder / "bpe.model").write_text("#version: 0.2\nt h\nth e</w>\n")
    return folder


def many_pieces(path):
    folder = converted_folder(path, "a.model")
    shutil.copyfile(folder / "a.model", folder / "b.model")
    return folder


def damaged(path):
    folder = converted_folder(path)
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:100_000])
    return folder


def no_model(path):
    path.mkdir()
    (path / "notes.txt").write_text("nothing")
    return path


def configured(path, config):
    path.mkdir()
    (path / "config.json").write_text(config)
    return path


def no_vocabulary(path):
    folder = converted_folder(path)
    (folder / "shared_vocabulary.json").unlink()
    return folder


@pytest.mark.parametrize(
    ("make", "options", "sentence"),
    [
        (no_pieces, {}, "no SentencePiece model found. Put the file"),
        (foreign_pieces, {}, "bpe.model is not a SentencePiece model; other tokenisers"),
        (many_pieces, {}, "holds a.model, b.model. Name one of them with --sentencepiece"),
        (damaged, {}, "is not a model that CTranslate2"),
        (no_model, {}, "mine is no model that can be added. Name a folder converted"),
        (no_vocabulary, {}, "holds no vocabulary. Convert the model again"),
        (lambda path: configured(path, "{"), {}, "config.json is not JSON: .* Copy it again"),
        (
            lambda path: configured(path, '{"model_type": "gpt2"}'),
            {},
            "is a 'gpt2' model; those of marian and m2m_100 translate",
        ),
        (lambda path: path, {}, "mine does not exist. Download the model first"),
        (converted_folder, {"pair": ""}, "does not say its languages. Add --pair"),
        (converted_folder, {"pair": "English"}, "--pair 'English' is no pair. Write"),
        (converted_folder, {"facts": {}}, "needs 'license'. Give it with --license"),
    ],
)
def test_what_cannot_be_added_is_refused_and_leaves_nothing(
    tmp_path, models, make, options, sentence
):
    with pytest.raises(ModelError, match=sentence):
        added(make(tmp_path / "mine"), models, **{"pair": "en_de", **options})
    assert list(models.iterdir()) == []


def test_converting_without_torch_says_how_to_get_it(tmp_path, models, monkeypatch):
    source = no_model(tmp_path / "opus")
    (source / "config.json").write_text(json.dumps({"model_type": "marian"}))
    monkeypatch.setattr("models.extra.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"needs torch and transformers. Run `make models-extra`"):
        added(source, models, pair="en_de")


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("kill -ABRT $$", r"ended with signal 6, as of a damaged model\."),
        ("exec sleep 60", r"no translation within 0.5 seconds"),
        ("exit 3", r"no message"),
    ],
)
def test_a_model_that_ends_or_stops_its_process_is_one_sentence(
    tmp_path, models, monkeypatch, script, sentence
):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    monkeypatch.setattr("models.smoke._TIMEOUT", 0.5)
    with pytest.raises(ModelError, match=sentence):
        added(converted_folder(tmp_path / "mine"), models, pair="en_de")
    assert list(models.iterdir()) == []
