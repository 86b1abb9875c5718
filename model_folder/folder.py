"""A model folder: where one pair's model lies and what its manifest says."""

import hashlib
from functools import cached_property
from pathlib import Path

from model_folder.calibration import Calibration
from model_folder.errors import ModelError
from model_folder.files import hash_files, total_size
from model_folder.manifest import MANIFEST, find_manifest, read_manifest
from model_folder.pair import Pair, parse_pair
from model_folder.sizes import estimate_peak


class ModelFolder:
    """One pair's model, at ``path``.

    Three may tell the pair: whoever asks (``pair``), the manifest's ``source`` and ``target``,
    the folder's name. One is enough; those that tell one must agree.
    """

    def __init__(self, path: Path | str, pair: str | None = None) -> None:
        """Raises `ModelError` for a malformed manifest, and where the pair is not clear."""
        self.path = Path(path)
        if not self.path.is_dir():
            raise ModelError(f"{self.path} is no folder. Name one that holds a model.")
        self.manifest = read_manifest(self.path)
        found = self._find_pair(pair)
        self.source, self.target = found.source, found.target

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

    @property
    def demonstration(self) -> bool:
        """Whether the manifest says so: the model shows the service, and translates badly."""
        return bool(self.manifest.get("demonstration", False))

    @cached_property
    def calibration(self) -> Calibration | None:
        """What makes a confidence of a score; None where nobody has calibrated the model."""
        return Calibration.of(self.manifest)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return total_size(self.path)

    @property
    def peak_memory(self) -> int:
        """Bytes that a process with this model takes under load: measured, else estimated."""
        return self.manifest.get("peak_memory") or estimate_peak(self.size)

    @cached_property
    def sha256(self) -> str:
        """Of all files: their names and their hashes, in sorted order."""
        lines = (f"{name} {digest}\n" for name, digest in sorted(self.hashes.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Each file's path and sha256, hidden ones left out."""
        return hash_files(self.path)

    def verify(self) -> None:
        """Compare every file with the manifest's sha256, before anything is parsed.

        A flipped byte in ``model.bin`` mostly loads without complaint and then
        translates wrongly, so only this protects. Raises `ModelError` for a
        missing, altered or unlisted file. Where the manifest has no ``files``, there
        is nothing to compare with.
        """
        listed = self.manifest.get("files")
        if listed is None:
            return
        for name, facts in sorted(listed.items()):
            self._verify_file(name, facts["sha256"])
        if unlisted := sorted(set(self.hashes) - set(listed) - {MANIFEST}):
            raise ModelError(
                f"{self.path}: {unlisted[0]} is not listed in {MANIFEST}. "
                f"Remove it, or list it with `python -m models hash {self.path}`."
            )

    def _verify_file(self, name: str, expected: str) -> None:
        found = self.hashes.get(name)
        if found is None:
            raise ModelError(f"{self.path}: {name} is missing. Copy the model folder again.")
        if found != expected:
            raise ModelError(
                f"{self.path}: {name} is altered: its sha256 is {found}, but {MANIFEST} "
                f"says {expected}. Copy the model folder again, or, if the change is yours, run "
                f"`python -m models hash {self.path}`."
            )

    def _find_pair(self, asked: str | None) -> Pair:
        told = self._told(asked)
        if not told:
            raise ModelError(
                f"{self.path}: {self._own_name!r} names no pair. Name the folder source_target "
                f"(en_de), put source and target into its {MANIFEST}, or set SERVING_PAIR "
                "(in a stack: pair)."
            )
        (first, pair), *others = told.items()
        for other, contrary in others:
            if not pair.is_same(contrary):
                raise ModelError(
                    f"{self.path}: {first} says {pair}, but {other} says {contrary}. "
                    "Correct one of them."
                )
        return pair

    def _told(self, asked: str | None) -> dict[str, Pair]:
        """The pair by who tells it; the first has the spelling that is kept."""
        source, target = self.manifest.get("source"), self.manifest.get("target")
        file = find_manifest(self.path)
        told = {"pair": self._parse("pair", asked)} if asked else {}
        if file and source and target:
            told[file.name] = self._parse(file.name, f"{source}_{target}")
        if own := parse_pair(self._own_name):
            told["the folder's name"] = own
        return told

    @property
    def _own_name(self) -> str:
        return self.path.absolute().name  # of "." too

    def _parse(self, teller: str, text: str) -> Pair:
        pair = parse_pair(text)
        if pair is None:
            raise ModelError(
                f"{self.path}: {teller} says {text!r}, which is no pair. "
                "Write BCP 47 codes, as in en_de or en_pt-BR."
            )
        return pair
