"""A model folder: where one pair's model lies and what its manifest says."""

import hashlib
import re
from functools import cached_property
from pathlib import Path

from handlers.contract.manifest import MANIFEST, ModelError, read_manifest

_CODE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
_CHUNK = 4 << 20  # bytes
_PAIR = re.compile(rf"({_CODE})_({_CODE})")


class ModelFolder:
    """One pair's model, at ``path``.

    The pair comes from ``pair`` if given (``"en_de"``), else from the manifest's
    ``source`` and ``target``, else from the folder's name.
    """

    def __init__(self, path: Path | str, pair: str | None = None) -> None:
        self.path = Path(path)
        self.manifest = read_manifest(self.path)
        self.source, self.target = self._find_pair(pair)

    @property
    def pair(self) -> str:
        """As in the folder's name: ``en_de``."""
        return f"{self.source}_{self.target}"

    @property
    def name(self) -> str:
        return str(self.manifest.get("name", self.pair))

    @property
    def version(self) -> str:
        """The manifest's version, else the first 12 digits of the content's hash."""
        return str(self.manifest.get("version", self.sha256[:12]))

    @cached_property
    def sha256(self) -> str:
        """Of all files: their names and their hashes, in sorted order."""
        lines = (f"{name} {digest}\n" for name, digest in sorted(self.hashes.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def verify(self) -> None:
        """Compare every file with the manifest's sha256, before anything is parsed.

        A flipped byte in ``model.bin`` mostly loads without complaint and then
        translates wrongly, so only this protects. Raises `ModelError` for a
        missing, altered or unlisted file. Without listed files there is nothing
        to compare with.
        """
        listed = self.manifest.get("files")
        if listed is None:
            return
        for name, facts in listed.items():
            self._verify_file(name, facts["sha256"])
        if unlisted := sorted(set(self.hashes) - set(listed) - {MANIFEST}):
            raise ModelError(
                f"{self.path}: {unlisted[0]} is not listed in {MANIFEST}. "
                "Remove it, or write the manifest anew: python -m models pack"
            )

    def _verify_file(self, name: str, expected: str) -> None:
        found = self.hashes.get(name)
        if found is None:
            raise ModelError(f"{self.path}: {name} is missing. Copy the model folder again.")
        if found != expected:
            raise ModelError(
                f"{self.path}: {name} is altered: its sha256 is {found}, but {MANIFEST} "
                f"says {expected}. Copy the model folder again."
            )

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Each file's path and sha256, hidden ones left out."""
        return {
            path.relative_to(self.path).as_posix(): _sha256(path)
            for path in self.path.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }

    def _find_pair(self, pair: str | None) -> tuple[str, str]:
        source, target = self.manifest.get("source"), self.manifest.get("target")
        if pair is None and source and target:
            pair = f"{source}_{target}"
        match = _PAIR.fullmatch(pair or self.path.name)
        if match is None:
            raise ModelError(
                f"{self.path}: cannot tell the pair from {pair or self.path.name!r}. Name the "
                f"folder source_target (en_de), put source and target into its {MANIFEST}, "
                "or set SERVING_PAIR."
            )
        return match[1], match[2]


def is_pair_name(name: str) -> bool:
    """Whether ``name`` reads as a model folder's, like ``en_de`` or ``en_pt-BR``."""
    return _PAIR.fullmatch(name) is not None


def _sha256(path: Path) -> str:
    """In large chunks: each is a wait for Python's lock, which a starting server keeps busy."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
