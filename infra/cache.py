"""What lies in .cache, where several `pulumi up` may write at once."""

import secrets
from pathlib import Path


def part_of(path: Path) -> Path:
    """A name beside `path` for what becomes that file once it is whole; no two are the same."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")


def move_in(made: Path, target: Path) -> None:
    """Give a whole folder its name in the cache, unless somebody else was faster."""
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise
