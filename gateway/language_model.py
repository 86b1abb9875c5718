"""py3langid's model of 142 languages, read by the standard library.

py3langid itself imports NumPy and unpacks 68 MB before its first answer: a second of a cold
start. Here the tables stay as they lie in the file, mapped into memory where it is unpacked,
and of them a text reads the few pages that it needs.
"""

from __future__ import annotations

import ast
import io
import lzma
import math
import mmap
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

UNPACKED, PACKED = "data/model.npz", "data/model.npz.xz"  # within py3langid's folder
_MEMBER_HEAD = struct.Struct("<26xHH")  # of a zip's member: lengths of its name and extra fields
_ARRAY_HEAD = struct.Struct("<6sBxH")  # magic bytes and version of .npy, length of its header
_AT_ONCE = 32  # features, whose weights then stay in the CPU's cache: three times as fast as all
_FORMATS = {"<u2": "H", "<u4": "I", "<i4": "i", "<f4": "f"}


class LanguageModel:
    """Naive Bayes over the features, byte sequences, that an automaton finds in a text."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, or ValueError where the file is no model of py3langid 0.4."""
        arrays = _arrays(path)
        self._next = _numbers(arrays["nextmove"])
        self._row = _numbers(arrays["nextmove_row"])
        self._feature = _numbers(arrays["out_feat"])
        self._prior: list[float] = list(_numbers(arrays["pc"]))
        self._languages = [code.rstrip("\0") for code in _strings(arrays["classes"])]
        self._weights = arrays["ptc"][1]
        self._weights_of = struct.Struct(f"<{len(self._languages)}e")

    def probabilities(self, text: str) -> dict[str, float]:
        """Each language's, by its code, in sum 1; all equal for a text without a known feature."""
        data = _encoded(text)
        scores = self._scores(self._features(data))
        cooled = [score / math.sqrt(len(data) or 1) for score in scores]
        best = max(cooled)
        shares = [math.exp(score - best) for score in cooled]
        total = sum(shares)
        found: dict[str, float] = {}
        for language, share in zip(self._languages, shares, strict=True):  # some have two scripts
            found[language] = found.get(language, 0.0) + share / total
        return found

    def _features(self, data: bytes) -> Counter[int]:
        following, row, feature = self._next, self._row, self._feature
        state, found = 0, []
        for byte in data:
            state = following[(row[state] << 8) + byte]
            found.append(feature[state])
        counts = Counter(found)
        del counts[-1]  # states that end no feature
        return counts

    def _scores(self, features: Counter[int]) -> list[float]:
        """Each language's sum of the weights of all features, those of one count at a time."""
        scores = list(self._prior) if features else [0.0] * len(self._prior)
        by_count: dict[int, list[int]] = {}
        for feature, count in features.items():
            by_count.setdefault(count, []).append(feature)
        for count, alike in by_count.items():
            factor = math.log1p(count)
            for begin in range(0, len(alike), _AT_ONCE):
                weights = map(self._weights_at, alike[begin : begin + _AT_ONCE])
                sums = map(sum, zip(*weights, strict=True))
                scores = [score + factor * more for score, more in zip(scores, sums, strict=True)]
        return scores

    def _weights_at(self, feature: int) -> Iterable[float]:
        return self._weights_of.unpack_from(self._weights, feature * self._weights_of.size)


def installed_model() -> Path:
    """The model's file in the package py3langid: unpacked, as in the function's archive, or packed.

    Raises FileNotFoundError where the package is not installed.
    """
    spec = find_spec("py3langid")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise FileNotFoundError("The package py3langid is not installed.")
    unpacked = Path(folders[0], UNPACKED)
    return unpacked if unpacked.exists() else Path(folders[0], PACKED)


def _encoded(text: str) -> bytes:
    lowered = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", lowered).encode("utf-8", "surrogatepass")


_Array = tuple[str, memoryview]  # NumPy's name of the type, and the bytes


def _arrays(path: Path) -> dict[str, _Array]:
    """The arrays of an .npz file, whose members are not compressed one by one."""
    whole = memoryview(_content(path))
    with zipfile.ZipFile(io.BytesIO(whole) if path.suffix == ".xz" else path) as archive:
        members = archive.infolist()
    return {member.filename.removesuffix(".npy"): _array(whole, member) for member in members}


def _content(path: Path) -> bytes | mmap.mmap:
    if path.suffix == ".xz":
        return lzma.decompress(path.read_bytes())
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _array(whole: memoryview, member: zipfile.ZipInfo) -> _Array:
    start = member.header_offset
    start += _MEMBER_HEAD.size + sum(_MEMBER_HEAD.unpack_from(whole, start))
    array = whole[start : start + member.file_size]
    magic, _, length = _ARRAY_HEAD.unpack_from(array)
    if magic != b"\x93NUMPY" or member.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{member.filename} is no array of py3langid's model: expected .npy.")
    begin = _ARRAY_HEAD.size + length
    head = ast.literal_eval(bytes(array[_ARRAY_HEAD.size : begin]).decode("latin-1"))
    return head["descr"], array[begin:]


def _numbers(array: _Array) -> memoryview:
    kind, data = array
    return data.cast(_FORMATS[kind])  # type: ignore[call-overload]


def _strings(array: _Array) -> Iterable[str]:
    kind, data = array
    size = 4 * int(kind.removeprefix("<U"))
    return (str(data[at : at + size], "utf-32-le") for at in range(0, len(data), size))
