"""Where the files of a Firefox Translations model lie."""

from dataclasses import dataclass
from pathlib import Path

from model_folder.errors import ModelError


@dataclass(frozen=True, slots=True)
class FirefoxFiles:
    """As Firefox downloads them, uncompressed. Two languages may share a vocabulary."""

    model: Path
    source_vocabulary: Path
    target_vocabulary: Path
    shortlist: Path | None

    @property
    def all(self) -> list[Path]:
        """Each file once."""
        return list(dict.fromkeys(self.arguments))

    @property
    def arguments(self) -> list[Path]:
        """In the order in which the engine takes them."""
        files = [self.model, self.source_vocabulary, self.target_vocabulary]
        return [*files, self.shortlist] if self.shortlist else files


def find_firefox(folder: Path) -> FirefoxFiles | None:
    """None where the folder holds no such model.

    Raises `ModelError` for a folder with two of them, or without a vocabulary.
    """
    model = _only(folder, "model.*.intgemm*.bin")
    if model is None:
        return None
    shared = _only(folder, "vocab.*.spm")
    source, target = (_only(folder, f"{side}vocab.*.spm") for side in ("src", "trg"))
    if not (source and target):
        source = target = shared
    if source is None or target is None:
        raise ModelError(
            f"{folder}: {model.name} lies there without its vocabulary, vocab.*.spm or "
            "srcvocab.*.spm and trgvocab.*.spm. Download that too."
        )
    return FirefoxFiles(model, source, target, _only(folder, "lex.*.bin"))


def _only(folder: Path, pattern: str) -> Path | None:
    found = sorted(folder.glob(pattern))
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise ModelError(
            f"{folder} holds {names}, but a folder holds one model. Remove the others."
        )
    return found[0] if found else None
