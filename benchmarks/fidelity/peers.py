"""How other programs carry tags over, with the same model: LibreTranslate's and MinT's own code.

Neither is installed here. A folder has their packages (docs/text.md says how it is made).
"""

import logging.config
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from handlers import Handler, Options, Translation
from serving.text.divide.sentences import split_sentences

Translate = Callable[[Sequence[str], str], list[Translation]]


class Bare:
    """A model as both programs want one: sentence by sentence, nothing else."""

    def __init__(self, handler: Handler, source: str) -> None:
        self._handler = handler
        self._source = source

    def translate(self, text: str) -> str:
        """For LibreTranslate."""
        return " ".join(self.batch_translate("", "", list(split_sentences(text, self._source))))

    def batch_translate(self, _: str, __: str, sentences: Sequence[str]) -> list[str]:
        """For MinT."""
        stripped = [sentence.strip() for sentence in sentences]
        return [own.text for own in self._handler.translate(stripped, Options())]


def peers(folder: Path, handler: Handler, source: str, target: str) -> dict[str, Translate]:
    """By name. Raises `ImportError` for a package that is not in ``folder``."""
    sys.path[:0] = [str(folder), str(folder / "mint")]
    model = Bare(handler, source)
    translate_html = _argos().translate_html
    html_translator = _mint().HTMLTranslator

    def mint(markup: str) -> Any:
        own = html_translator.__new__(html_translator)
        own.source_lang, own.target_lang, own.translation_model = source, target, model
        own.translatables = {}
        return own.translate(markup)

    return {
        "LibreTranslate": _each(lambda markup: translate_html(model, markup)),
        "MinT": _each(mint),
    }


def _each(translate: Callable[[str], Any]) -> Translate:
    return lambda texts, _: [Translation(str(translate(text))) for text in texts]


def _argos() -> Any:
    """Without its engine and its models, which are ours here."""
    engine = _module("argostranslate.translate", ITranslation=object)
    _module("argostranslate", utils=_module("argostranslate.utils", info=_ignore), translate=engine)
    root = next(Path(p) for p in sys.path if (Path(p) / "argostranslate").is_dir())
    sys.modules["argostranslate"].__path__ = [str(root / "argostranslate")]
    return import_module("translatehtml")


def _mint() -> Any:
    _module("translator.models", BaseModel=object, ModelFactory=None, ModelNotFoundException=None)
    _module("translator.models.config", ModelConfiguration=object)
    package = _module("translator")
    root = next(Path(p) for p in sys.path if (Path(p) / "translator" / "html.py").is_file())
    package.__path__ = [str(root / "translator")]
    configure, logging.config.fileConfig = logging.config.fileConfig, _ignore
    try:
        base = import_module("translator.base")
        vars(package).update(BaseTranslator=base.BaseTranslator, TranslatorMeta=base.TranslatorMeta)
        return import_module("translator.html")
    finally:
        logging.config.fileConfig = configure


def _module(name: str, **names: Any) -> ModuleType:
    module = sys.modules.setdefault(name, ModuleType(name))
    vars(module).update(names)
    return module


def _ignore(*_: object, **__: object) -> None:
    pass
