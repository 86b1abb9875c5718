"""The gateway as a zip for Lambda: its source and its locked dependencies, built without Docker."""

import base64
import hashlib
import lzma
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from infra.bytecode import bytecode, interpreter
from infra.cache import move_in, part_of
from infra.errors import SettingsError

HANDLER = "gateway.lambda_entry.handler"
WORKER_HANDLER = "gateway.worker_entry.handler"
PYTHON = "3.12"
ARCHITECTURE = "arm64"
# aarch64 wheels for the C library of Lambda's Amazon Linux 2023 (glibc 2.34) and older ones.
PLATFORMS = [f"manylinux_2_{minor}_aarch64" for minor in (34, 28, 27, 17)] + [
    "manylinux2014_aarch64"
]
ROOT = "/var/task/"  # where Lambda unpacks it
UNPACKED_LIMIT, ZIPPED_LIMIT = 250_000_000, 50_000_000  # bytes, Lambda's
CACHE = Path(".cache", "function")
PACKED, UNPACKED = "py3langid/data/model.npz.xz", "py3langid/data/model.npz"
# What packages bring along and no function runs; RECORD holds hashes of scripts, and these a path
# of the machine.
_LEFT_OUT = {"__pycache__", "tests", "bin", "include"}
_NOT_USED = {"numpy"}  # py3langid's: the gateway reads its model by itself
_PIPS_OWN = ("/RECORD", "/INSTALLER", "/REQUESTED", "/direct_url.json")
_SOURCES = (".pyc", ".pyi", ".a", ".c", ".h", "/requirements.txt", "/requirements.lock")
_LEFT_OUT_ENDS = (*_SOURCES, *_PIPS_OWN)


@dataclass(frozen=True)
class FunctionCode:
    """A zip file and Lambda's name for its content, the base64 of its SHA-256."""

    path: Path
    sha256: str


def build_function_code(root: Path) -> FunctionCode:
    """Zip the gateway below `root`; the same files give the same bytes.

    Where the function's own version of Python is at hand, bytecode is among them.

    Raises SettingsError if its packages cannot be had, or if it gets too large for Lambda.
    """
    lock = root / "gateway" / "requirements.lock"
    packages = install_packages(lock, root / CACHE)
    ours = {
        name: path
        for package in ("gateway", "file_formats")
        for name, path in _files(root / package, f"{package}/")
    }
    files = ours | dict(_files(packages, ""))
    _check_size("unpacked", sum(path.stat().st_size for path in files.values()), UNPACKED_LIMIT)
    python = interpreter(PYTHON)
    made_of = f"{packages.name} {'with' if python else 'without'} bytecode"
    path = root / CACHE / f"gateway-{_digest(made_of, ours)[:16]}.zip"
    if not path.exists():
        compiled = bytecode(files, python, PYTHON, ROOT) if python else {}
        _write_zip(files, compiled, path)
    _check_size("zipped", path.stat().st_size, ZIPPED_LIMIT)
    sha256 = hashlib.sha256(path.read_bytes()).digest()
    return FunctionCode(path, base64.b64encode(sha256).decode())


def install_packages(lock: Path, cache: Path) -> Path:
    """The locked packages for the function's Python and processor; downloaded once a lock file.

    The model that tells languages apart is unpacked among them.
    """
    wanted = locked_for_function(lock.read_text("utf-8"))
    digest = hashlib.sha256(f"{wanted}{PYTHON}{PLATFORMS}{UNPACKED}".encode()).hexdigest()
    folder = cache / f"packages-{digest[:16]}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        requirements = Path(scratch, "requirements.txt")
        requirements.write_text(wanted, "utf-8")
        target = Path(scratch, "packages")
        _pip_install(requirements, target)
        _unpack_language_model(target)
        move_in(target, folder)
    return folder


def locked_for_function(lock: str) -> str:
    """The lock file's entries that hold for the function's Python: pip would ask its own.

    What no function runs is left out, though a package asks for it."""
    environment = {"python_version": PYTHON, "python_full_version": f"{PYTHON}.0"}
    environment |= {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
    environment |= {"platform_machine": "aarch64", "implementation_name": "cpython"}
    kept = []
    for entry in lock.replace("\\\n", " ").splitlines():
        text, *hashes = entry.split(" --hash=")
        if not text.strip() or text.startswith("#"):
            continue
        requirement = Requirement(text)
        holds = requirement.marker is None or requirement.marker.evaluate(environment)
        if holds and requirement.name not in _NOT_USED:
            pinned = f"{requirement.name}{requirement.specifier}"
            kept.append(" ".join([pinned, *(f"--hash={value.strip()}" for value in hashes)]))
    return "\n".join(kept) + "\n"


def _pip_install(requirements: Path, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(target), "--no-compile", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--implementation", "cp", "--python-version", PYTHON]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    # pip compares a package's own Python requirement with the Python that runs pip.
    command += ["--ignore-requires-python", "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise SettingsError(
            f"The gateway's packages could not be fetched ({reason[0]}). Check the network, and"
            f" that `{sys.executable} -m pip` works."
        )


def _unpack_language_model(packages: Path) -> None:
    """Unpacking takes a second of processor time, which each cold start would pay."""
    model = packages / PACKED
    if model.exists():
        (packages / UNPACKED).write_bytes(lzma.decompress(model.read_bytes()))
        model.unlink()


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        kept = _LEFT_OUT.isdisjoint(name.parts) and not f"/{name.as_posix()}".endswith(
            _LEFT_OUT_ENDS
        )
        if path.is_file() and kept:
            yield prefix + name.as_posix(), path


def _check_size(state: str, size: int, limit: int) -> None:
    if size > limit:
        raise SettingsError(
            f"The gateway function takes {size / 1e6:.0f} MB {state}, over Lambda's"
            f" {limit / 1e6:.0f} MB. Remove packages from gateway/requirements.txt."
        )


def _digest(made_of: str, files: dict[str, Path]) -> str:
    digest = hashlib.sha256(made_of.encode())  # the packages' name stands for all below it
    for name, path in sorted(files.items()):
        digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _write_zip(files: dict[str, Path], compiled: dict[str, bytes], target: Path) -> None:
    part = part_of(target)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted([*files, *compiled]):
            archive.writestr(_member(name), compiled.get(name) or files[name].read_bytes())
    part.replace(target)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)  # dated 1980-01-01
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16  # Lambda runs as another user, who has to read it
    return member
