"""Where `--output` leads, and how a file gets there: in one move, as private as it was."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from client.errors import UsageError

_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class OutputFile:
    """``path`` is what symbolic links lead to, so that they stay."""

    def __init__(self, named: Path) -> None:
        """Raises `UsageError` for a folder, and for a file in none."""
        try:
            self._status: os.stat_result | None = named.stat()
        except FileNotFoundError:
            self._status = None
        if self._status and stat.S_ISDIR(self._status.st_mode):
            raise UsageError(f"{named} is a folder. Name a file for --output.")
        self.path = Path(os.path.realpath(named))
        if not self.path.parent.is_dir():
            raise UsageError(f"{self.path.parent} is no folder. Make it first, for --output.")

    @property
    def is_regular(self) -> bool:
        """Whether it is, or will be, a file that can be replaced; else a device or a pipe."""
        return self._status is None or stat.S_ISREG(self._status.st_mode)

    def replace(self, parts: Iterable[bytes]) -> None:
        """Shows all of ``parts`` at once, or leaves what was there."""
        beside = self.path.with_name(f"{self.path.name}.part")
        beside.unlink(missing_ok=True)  # of an earlier run, or planted
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | _NEW, self._first_mode()), "wb") as file:
                self._keep_mode(file)
                file.writelines(parts)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    def _first_mode(self) -> int:
        return 0o666 if self._status is None else 0o600

    def _keep_mode(self, file: BinaryIO) -> None:
        if self._status is None:
            return
        with suppress(PermissionError):  # only root may give a file away
            os.fchown(file.fileno(), self._status.st_uid, self._status.st_gid)
        os.fchmod(file.fileno(), self._status.st_mode & 0o777)


def open_private(path: Path) -> BinaryIO:
    """A file of our own to read and append to. Raises `UsageError` for a link, pipe or device."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    if path.is_symlink():
        raise _not_ours(path)
    descriptor = os.open(path, flags, 0o600)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_ours(path)
    return os.fdopen(descriptor, "a+b")


def _not_ours(path: Path) -> UsageError:
    return UsageError(f"{path} is no file of ours, but a link, a pipe or a device. Remove it.")
