"""Load on a server: many small requests from wrk, or one document."""

import json
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_BETWEEN = 0.5
"""Seconds in which a server notices that the clients of the load before have left."""

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True)
class Load:
    """What wrk saw; milliseconds."""

    rate: float
    p50: float
    p95: float
    p99: float


def small_requests(url: str, clients: int, seconds: float, lines: Path) -> Load:
    """``clients`` connections, each with one sentence a request, for ``seconds``.

    Raises `RuntimeError` if any answer was an error: a fast refusal is no speed.
    """
    time.sleep(_BETWEEN)
    size = [f"-t{min(2, clients)}", f"-c{clients}", f"-d{max(1, round(seconds))}s"]
    printed = subprocess.run(
        ["wrk", *size, "--timeout=60s", "-s", str(_SCRIPT), url, "--", str(lines)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    facts = json.loads(printed.splitlines()[-1])
    if facts["errors"]:
        raise RuntimeError(f"{facts['errors']} of {facts['requests']} requests to {url} failed")
    rate = facts["requests"] / facts["seconds"]
    return Load(rate, facts["p50_ms"], facts["p95_ms"], facts["p99_ms"])


def document(url: str, lines: list[str], beam_size: int = 2) -> float:
    """Sentences a second of one request with all ``lines``, a sentence a line."""
    started = time.perf_counter()
    (answer,) = translate(url, ["\n".join(lines)], beam_size)
    seconds = time.perf_counter() - started
    if answer.count("\n") != len(lines) - 1:
        raise RuntimeError(f"{answer.count(chr(10)) + 1} lines came back for {len(lines)}")
    return len(lines) / seconds


def array(url: str, texts: list[str], times: int) -> float:
    """Texts a second of one request that has them all, the median of ``times``."""
    rates = []
    for _ in range(times):
        started = time.perf_counter()
        answers = translate(url, texts, 2)
        rates.append(len(answers) / (time.perf_counter() - started))
    return statistics.median(rates)


def translate(url: str, texts: Sequence[str], beam_size: int) -> list[str]:
    """Their translations, in one request."""
    body = json.dumps({"texts": list(texts), "beam_size": beam_size}).encode()
    request = urllib.request.Request(
        f"{url}/invocations", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        return [item["text"] for item in json.load(response)["translations"]]


def post(url: str, text: str) -> str:
    request = urllib.request.Request(
        f"{url}/invocations", text.encode(), {"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        return str(response.read().decode())
