"""What the measurements ran on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from handlers import cpus

_PACKAGES = ("ctranslate2", "sentencepiece", "waitress", "bottle", "flask", "gunicorn")
MAX_LOAD = 0.5
MAX_USED, MAX_STOLEN = 0.1, 0.02  # parts of all CPUs
_LOOK = 3.0  # seconds
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


def kind(facts: dict[str, str]) -> str:
    """What makes figures comparable: as `describe` tells it, without what changes by the day."""
    return f"{facts['cpus']} x {facts['cpu']}, {facts['instructions']}, {facts['memory']}"


def busy() -> str:
    """Why nothing should be measured now, in a sentence; empty if nothing speaks against it."""
    load = os.getloadavg()[0]
    if load > MAX_LOAD:
        return f"The load average is {load:.2f}, above {MAX_LOAD}."
    before = stolen()
    used = psutil.cpu_percent(interval=_LOOK) / 100
    if used > MAX_USED:
        return f"Other programs use {100 * used:.0f} % of the CPUs."
    if (part := stolen_since(before)) > MAX_STOLEN:
        return f"Other machines take {100 * part:.0f} % of the CPUs."
    return ""


def stolen() -> tuple[float, float]:
    """Seconds that the hypervisor gave to others, and all, of all CPUs since the start."""
    times = psutil.cpu_times()
    return getattr(times, "steal", 0.0), sum(times)


def stolen_since(before: tuple[float, float]) -> float:
    """As a part of all time since then."""
    steal, whole = (now - then for now, then in zip(stolen(), before, strict=True))
    return steal / whole if whole else 0.0


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
