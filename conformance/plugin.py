"""What the checks are given: the model that is served, a translator around it, texts."""

import os
import resource
import time
from pathlib import Path

import pytest

from handlers import ModelFolder, Options
from serving.lanes.batcher import Batcher
from serving.plugins.claims import Plugins
from serving.plugins.models import Model, find_folders, load_model
from serving.request import Request
from serving.service.translator import Translator

_TASKS = Path("/proc/self/task")

_TEXTS = """\
The meeting has been moved to Thursday afternoon.
Please send the invoice to our accounting department.
It rained all day, so we stayed at home and read.
The new version fixes several problems.
Where is the nearest train station?
She opened the window because it was warm.
Thank you for your help.
Two of the three boxes are empty."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance")
    group.addoption("--models", help="a model folder, or a folder of them")
    group.addoption("--pair", default="", help="which of them, as en_fr")
    group.addoption("--plugin", default="", help="the plugin that has to serve it")
    group.addoption("--texts", default="", help="a file of sentences in the source language")
    group.addoption("--start-seconds", type=float, default=60, help="longest start (default 60)")
    group.addoption("--growth-mb", type=float, default=30, help="most memory gained (default 30)")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--models"):
        raise pytest.UsageError("Name a model folder: --models DIR.")


@pytest.fixture(scope="session")
def folder(pytestconfig: pytest.Config) -> ModelFolder:
    path, pair = Path(pytestconfig.getoption("--models")), pytestconfig.getoption("--pair")
    found = find_folders(path)
    wanted = [one for one in found if pair in ("", one.pair)]
    if len(wanted) != 1:
        served = ", ".join(one.pair for one in found)
        raise pytest.UsageError(f"{path} holds {served}. Name one of them: --pair.")
    return wanted[0]


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture(scope="session")
def start() -> dict[str, float]:
    """`seconds`, once the model is loaded."""
    return {}


@pytest.fixture(scope="session")
def model(folder: ModelFolder, plugins: Plugins, start: dict[str, float]) -> Model:
    """The last check closes it."""
    began = time.perf_counter()
    loaded = load_model(folder, plugins)
    start["seconds"] = time.perf_counter() - began
    return loaded


@pytest.fixture(scope="session")
def translator(model: Model) -> Translator:
    return Translator([model], 10**9, Batcher(lanes=2))


@pytest.fixture(scope="session")
def texts(pytestconfig: pytest.Config) -> list[str]:
    name = pytestconfig.getoption("--texts")
    lines = (Path(name).read_text("utf-8") if name else _TEXTS).splitlines()
    return [line for line in lines if line.strip()][:64]


def ask(model: Model, *segments: str) -> list[str]:
    """The handler's own answers, as the server takes them."""
    return [found.text for found in model.guest.translate(segments, Options())]


def through(translator: Translator, *texts: str, format: str = "text") -> list[str]:
    """What a caller of the server gets."""
    answer = translator.translate(Request(texts=texts, format=format))
    return [found.text for found in answer.translations]


def memory() -> int:
    """Bytes that this process and its own hold now."""
    if not _TASKS.is_dir():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pages = (Path("/proc", pid, "statm").read_text().split()[1] for pid in ("self", *_children()))
    return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE")


def processes() -> list[str]:
    """Commands that this process has started and that still run, but for Python's own helper."""
    commands = (Path("/proc", pid, "cmdline").read_bytes() for pid in _children())
    shown = (command.replace(b"\0", b" ").decode("utf-8", "replace") for command in commands)
    return [command for command in shown if command and "resource_tracker" not in command]


def _children() -> list[str]:
    return [pid for task in _TASKS.glob("*/children") for pid in task.read_text().split()]
