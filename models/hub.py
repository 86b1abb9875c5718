"""A model repository on Hugging Face: its files, pinned to the commit they are of."""

import json
import os
import re
from typing import Any
from urllib.error import URLError
from urllib.parse import quote

from handlers import ModelError
from models.download import Remote, check_address, open_url

_NAME = re.compile(r"hf:([\w.-]+/[\w.-]+?)(?:@([\w.-]+))?")
_LEFT_OUT = (".h5", ".ot", ".msgpack", ".onnx", ".gitattributes")
"""The same weights for other frameworks."""


def is_hub(source: str) -> bool:
    """Whether it is written as `hf:ORGANISATION/NAME`, maybe with `@REVISION`."""
    return source.startswith("hf:")


def look_up(source: str) -> tuple[list[Remote], str]:
    """The repository's files, and its card's licence ("" for none). Raises ModelError."""
    match = _NAME.fullmatch(source)
    if match is None:
        raise ModelError(f"{source!r} is no repository. Write hf:ORGANISATION/NAME.")
    name, revision = match[1], match[2] or "main"
    home = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    about = _ask(f"{home}/api/models/{name}/revision/{quote(revision)}?blobs=true")
    try:
        commit = str(about["sha"])
        files = [
            _remote(f"{home}/{name}/resolve/{commit}/{quote(file['rfilename'])}", file)
            for file in about["siblings"]
            if not file["rfilename"].endswith(_LEFT_OUT) and "/" not in file["rfilename"]
        ]
        return files, str((about.get("cardData") or {}).get("license") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{home} describes {name} in a way that is not known here.") from error


def _remote(url: str, file: dict[str, Any]) -> Remote:
    large = file.get("lfs") or {}
    size = int(large.get("size") or file.get("size") or 0)
    return Remote(url, str(large.get("sha256") or ""), size, str(file.get("blobId") or ""))


def _ask(url: str) -> dict[str, Any]:
    check_address(url)
    try:
        with open_url(url) as answer:
            found: dict[str, Any] = json.loads(answer.read(1 << 24))
    except (URLError, OSError, ValueError) as error:
        raise ModelError(
            f"{url} cannot be read: {' '.join(str(error).split())}. Check the name, and whether "
            "this machine is online; HF_ENDPOINT names a mirror."
        ) from error
    return found
