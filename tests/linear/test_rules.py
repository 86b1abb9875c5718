"""Every function of a text takes linear time; a new one is found by itself."""

import importlib
import inspect
import time
from collections.abc import Callable, Iterator

import pytest

from file_formats.document import read_document
from file_formats.errors import FormatError
from file_formats.names import MEDIA_TYPES
from serving.text.markup.document import read
from serving.text.markup.elements import NamedTags
from serving.text.protect.terms import find_nothing
from tests.linear.patterns import modules
from tests.serving.text.hostile import UNITS
from tests.serving.text.translating import one, reversing

SIZE = 3000  # characters
ENOUGH, MUCH = 0.06, 1.0  # seconds of processor time
ENDS = ("", "x!", "a 😀")
PACKAGES = {".docx", ".pptx", ".xlsx", ".odt", ".ods", ".odp", ".epub"}
CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
TEXT_FILES = [suffix for suffix in MEDIA_TYPES if suffix not in PACKAGES]
# What a function needs beside its text.
BESIDE = {"language": "en", "split": "sentences", "is_html": True, "name": "text", "markup": True}
OWN_TEXT = ("gateway.reference", "gateway.pages", "gateway.openapi", "gateway.lambda_entry")
OTHERS = {
    **{
        f"a {suffix} file": lambda text, suffix=suffix: read_file(text, suffix)
        for suffix in TEXT_FILES
    },
    "subtitles": lambda text: read_file(f"{CUE}{text}\n{text}", ".srt"),
    "subtitles of cues": lambda text: read_file(text.replace("a", CUE), ".srt"),
    "a paragraph of Markdown": lambda text: read_file(f"a {text} b", ".md"),
    "an element": lambda text: read_file(f"<a>{text}</a>", ".xml"),
    "read markup": lambda text: read(text, True, find_nothing, NamedTags({"b"})),
    **{
        f"translate {form}, {split}": lambda text, form=form, split=split: one(
            text, cut(), format=form, split=split, keep=("_", "a"), source="en"
        )
        for form in ("text", "html", "xml")
        for split in ("sentences", "punctuation", "none")
    },
}


def read_file(text, suffix):
    """Read, and written as if every piece were another."""
    try:
        document = read_document(text.encode("utf-8", "replace"), suffix, "de")
    except FormatError:
        return
    document.write([piece.text + " " for piece in document.pieces])


def cut():
    handler = reversing()
    handler.max_tokens = 100
    return handler


def functions_of_texts() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Those that need one text, or two, and what `BESIDE` has."""
    for name in modules():
        if not name.startswith(("serving.text", "gateway", "client.lines", "handlers.pseudo")):
            continue
        module = importlib.import_module(name)
        for function in vars(module).values():
            is_own = inspect.isfunction(function) and function.__module__ == name
            if is_own and not name.startswith(OWN_TEXT) and (call := _caller(function)):
                yield f"{name}.{function.__name__}", call


def _caller(function) -> Callable[[str], object] | None:
    parameters = inspect.signature(function).parameters.values()
    needed = {p.name: p.annotation for p in parameters if p.default is p.empty}
    beside = {name: BESIDE[name] for name, kind in needed.items() if _is_beside(name, kind)}
    texts = [name for name in needed if name not in beside]
    if not texts or any(needed[name] not in (str, "str") for name in texts):
        return None

    def call(text: str) -> object:
        try:
            result = function(**dict.fromkeys(texts, text), **beside)
            return list(result) if inspect.isgenerator(result) else result
        except Exception:
            return None  # refused: what counts is how long that took

    return call


def _is_beside(name: str, kind: object) -> bool:
    """Whether it has the type of what `BESIDE` has: `markup` may be a flag, or a text."""
    return name in BESIDE and kind in (type(BESIDE[name]), type(BESIDE[name]).__name__)


FUNCTIONS = {**dict(functions_of_texts()), **OTHERS}


def seconds(function, text: str) -> float:
    started = time.thread_time()
    function(text)
    return time.thread_time() - started


def is_slow(function, unit: str, end: str) -> bool:
    """A processor that is lent to others for a while seems slow too, but not every time."""
    text, double = (unit * (size // len(unit)) + end for size in (SIZE, 2 * SIZE))

    def grows() -> bool:
        once = min(seconds(function, text) for _ in range(3))
        return once > MUCH or (once > ENOUGH and seconds(function, double) > 3 * once)

    return seconds(function, text) > ENOUGH and all(grows() for _ in range(3))


def test_functions_are_found():
    assert len(FUNCTIONS) > 60
    assert {
        "serving.text.protect.links.find_links",
        "serving.text.markup.tokens.tokenize",
        "gateway.text.billed_characters",
    } <= set(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_rule_takes_linear_time(name):
    units = UNITS[::5] if name in OTHERS else UNITS
    ends = ENDS[:1] if name in OTHERS else ENDS
    slow = [(unit, end) for unit in units for end in ends if is_slow(FUNCTIONS[name], unit, end)]
    assert slow == []


def test_a_slow_rule_would_be_found():
    def slow(text: str) -> list[int]:
        return [text.count("ab", at) for at in range(len(text)) for _ in range(30)]

    # It may hide from one look on a busy machine; a rule is looked at with many units.
    assert any(is_slow(slow, "ab", "") for _ in range(5))
