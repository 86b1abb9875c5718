"""The servers measured, as processes of their own on 127.0.0.1."""

import json
import os
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.corpus import ROOT

_PLAIN = Path(__file__).parent / "plain"
_SETTINGS = {"SERVING_CACHE_ENTRIES": "0", "SERVING_TIMEOUT": "110", "SERVING_QUEUE": "254"}


def _environment(**more: str) -> dict[str, str]:
    """Compiled modules are kept beside the sources, as in an image."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **more}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """``with Server(...) as server:`` it answers at ``server.url``; ended at the end."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ready_s = 0.0
        self._processes: list[subprocess.Popen[Any]] = []

    def start(self) -> None:
        raise NotImplementedError

    def is_ready(self) -> bool:
        return (
            _status(self.port, b"GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") == 200
        )

    def __enter__(self) -> "Server":
        started = time.perf_counter()
        self.start()
        while not self.is_ready():
            if time.perf_counter() - started > 60:
                raise RuntimeError(f"{type(self).__name__} did not start")
            time.sleep(0.002)
        self.ready_s = time.perf_counter() - started
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def memory(self) -> float:
        """MB resident in all processes together."""
        return sum(process.memory_info().rss for process in self._family()) / 2**20

    def peak(self) -> float:
        """The same at its highest, each process by itself."""
        status = (Path(f"/proc/{process.pid}/status").read_text() for process in self._family())
        return sum(int(text.split("VmHWM:")[1].split()[0]) for text in status) / 1024

    def _family(self) -> list[psutil.Process]:
        parents = [psutil.Process(process.pid) for process in self._processes]
        return parents + [child for parent in parents for child in parent.children(recursive=True)]

    def _run(self, *command: str, **environment: str) -> None:
        self._processes.append(
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=_environment(**environment),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


class Ours(Server):
    """This project's, with one model; without its cache unless asked for."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__()
        self._folder = folder
        self._settings = _SETTINGS | environment

    def start(self) -> None:
        self._run(sys.executable, "-m", "serving", *self._arguments(), **self._settings)

    def _arguments(self) -> list[str]:
        return ["--port", str(self.port), "--models", str(self._folder)]


class Recorded(Ours):
    """The same, and each batch of its engine in a file: `benchmarks.recording`."""

    def __init__(self, folder: Path, batches: Path) -> None:
        super().__init__(folder)
        self._batches = str(batches)

    def start(self) -> None:
        command = ["-m", "benchmarks.recording", self._batches, *self._arguments()]
        self._run(sys.executable, *command, **self._settings)


class Plain(Server):
    """Flask, gunicorn with a synchronous worker a CPU, nginx in front."""

    def __init__(self, folder: Path, cpus: int, **environment: str) -> None:
        super().__init__()
        self._model, self._cpus, self._settings = folder, cpus, environment

    def start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="plain-"))
        template = string.Template((_PLAIN / "nginx.conf").read_text())
        config = self._folder / "nginx.conf"
        config.write_text(template.substitute(folder=self._folder, port=self.port))
        self._folder.chmod(0o755)
        socket_ = f"unix:{self._folder}/gunicorn.sock"
        workers = ["--workers", str(self._cpus), "--timeout", "120", "--bind", socket_]
        application = "benchmarks.plain.app:app"
        self._run(
            *(sys.executable, "-m", "gunicorn", *workers, application),
            MODEL=str(self._model),
            **self._settings,
        )
        self._run("nginx", "-c", str(config), "-p", str(self._folder), "-e", "stderr")

    def is_ready(self) -> bool:
        """Its ping is answered before a model is loaded; a translation is not."""
        body = b"Hello world!"
        head = b"POST /invocations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        return _status(self.port, head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)) == 200


class Raw:
    """`benchmarks.raw` as a process; ``raw.ask("document")`` is its result."""

    def __init__(self, folder: Path, lines: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.raw", str(folder), str(lines)],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(30)
        self._process.stdout.close()  # type: ignore[union-attr]

    def ask(self, *command: Any) -> Any:
        """Raises `ValueError` if the process has died."""
        print(json.dumps(command), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())  # type: ignore[union-attr]


def seconds_to_first_translation(folder: Path) -> float:
    """Of a script that only imports the engine, loads the model and translates once."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.first_translation", str(folder)],
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        return time.perf_counter() - started


def _status(port: int, request: bytes) -> int:
    """Of the answer; 0 while nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(request)
            return int(connection.recv(64).split(b" ")[1])
    except (OSError, IndexError):
        return 0
