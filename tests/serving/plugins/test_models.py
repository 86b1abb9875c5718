"""Models that do not load: refused with plugin and folder named."""

import json

import pytest

from handlers import ModelFolder, Translation
from serving.errors import StartError
from serving.plugins.claims import Claim
from serving.plugins.models import load_model, load_models


class Offers:
    """Plugins with one claim."""

    def __init__(self, factory):
        self.factory = factory

    def claim(self, folder):
        return Claim("*", "*", self.factory, "handlers.mine", "handlers/mine.py")


class Echo:
    def __init__(self, folder):
        self.folder = folder

    def translate(self, segments, options):
        return [Translation(segment) for segment in segments]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "en_de").mkdir()
    return ModelFolder(tmp_path / "en_de")


def test_a_factory_that_fails_is_named(folder):
    def fail(folder):
        raise ValueError("no dictionary")

    expected = r"Plugin handlers\.mine \(handlers/mine\.py\) cannot serve .*ValueError: no dict"
    with pytest.raises(StartError, match=expected):
        load_model(folder, Offers(fail))


def test_a_handler_without_translate_is_named(folder):
    with pytest.raises(StartError, match=r"handlers\.mine .*AttributeError.*translate"):
        load_model(folder, Offers(lambda folder: object()))


def test_a_handler_that_answers_too_much_is_named(folder):
    class Twice(Echo):
        def translate(self, segments, options):
            return super().translate([*segments, *segments], options)

    with pytest.raises(StartError, match="translate returned 2 translations for 1 segment"):
        load_model(folder, Offers(Twice))


def test_models_keep_the_order_of_their_folders(tmp_path):
    for name in ("fr_en", "de_en", "en_de"):
        (tmp_path / name).mkdir()
    folders = [ModelFolder(path) for path in sorted(tmp_path.iterdir())]
    models = load_models(folders, Offers(Echo))
    assert [model.folder.pair for model in models] == ["de_en", "en_de", "fr_en"]


def test_demonstrations_come_last_and_are_listed_as_such(tmp_path):
    for name, manifest in (("en_de", {"demonstration": True}), ("en_fr", {}), ("en_pt", {})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.json").write_text(json.dumps(manifest))
    models = load_models([ModelFolder(path) for path in sorted(tmp_path.iterdir())], Offers(Echo))
    assert [model.folder.pair for model in models] == ["en_fr", "en_pt", "en_de"]
    assert [model.describe()["demonstration"] for model in models] == [False, False, True]
