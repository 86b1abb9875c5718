"""What the measurements ran on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from handlers import cpus

_PACKAGES = ("ctranslate2", "sentencepiece", "waitress", "bottle", "flask", "gunicorn")
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "amx_int8")


def describe() -> dict[str, str]:
    return {
        "cpu": _cpu_model(),
        "cpus": str(cpus()),
        "instructions": " ".join(flag for flag in _FLAGS if flag in _flags()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.2f} before the start",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "commit": _commit(),
    }


def _cpuinfo() -> str:
    return Path("/proc/cpuinfo").read_text("utf-8")


def _cpu_model() -> str:
    lines = (line for line in _cpuinfo().splitlines() if line.startswith("model name"))
    return next(lines, ":" + platform.machine()).partition(":")[2].strip()


def _flags() -> list[str]:
    lines = (line for line in _cpuinfo().splitlines() if line.startswith("flags"))
    return next(lines, "").split()


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
