"""One grammar for all that goes wrong: what was wrong, with which value; then what to do.

Whole sentences that begin with a capital, or with the name of what is wrong, and end with a full
stop. What to do is a sentence of its own, not a clause behind a colon or a semicolon.
"""

import ast
import re

import pytest
import yaml

from tests.running import ROOT
from tests.test_architecture import OURS

SAID_BY = {
    *("BadRequest", "TooLarge", "UnsupportedMediaType", "UnknownPair", "NotAcceptable"),
    *("Forbidden", "NotFound", "MethodNotAllowed", "Unavailable", "Loading", "Stopping"),
    *("Busy", "TimedOut", "Failure", "Refused", "Unreachable", "ServiceFailed", "Interrupted"),
    *("WorkerLost", "_alarm", "_late", "_unavailable", "bad_request"),
}
NAMED = {"message"}
"""Variables that hold a sentence until it is raised."""
SETTINGS = {"aws", "maxConcurrency"}  # aws:region; of a model
SETTINGS |= set(yaml.safe_load((ROOT / "Pulumi.yaml").read_text("utf-8"))["config"])

# What LibreTranslate and DeepL say word for word, or begin with, has no full stop.
ORIGINALS = re.compile(
    "|".join(
        (
            "Invalid (request: |API key$|JSON format$|glossary entries provided$)",
            ".* is not supported$",
            ".* is not available as a target language",
            "(Document|Glossary|Glossary dictionary) not found$",
            "Document translation is not done$",
            "Use of a glossary requires",
        )
    )
)
ADVICE = re.compile(
    r"[:;] (add|ask|bring|call|check|choose|convert|copy|correct|download|give|install|leave|make|"
    r"mend|name|put|read|remove|rename|run|save|see|send|set|show|sign|start|stop|take|translate|"
    r"try|turn|unset|use|wait|write)\b"
)


def text_of(node):
    """A string as it is written, with {…} for what is put in; None for what is no string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{…}" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = text_of(node.left), text_of(node.right)
        return "".join(part or "{…}" for part in parts) if any(parts) else None
    return None


def said(tree):
    """Line and text of each string that is raised, or held until it is."""
    for node in ast.walk(tree):
        found = []
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if (name.endswith("Error") and name != "OSError") or name in SAID_BY:
                found = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Assign) and any(ast.unparse(t) in NAMED for t in node.targets):
            found = [node.value]
        for value in found:
            # A word alone is a code or a name.
            if (text := text_of(value)) and " " in text:
                yield node.lineno, text


SENTENCES = [
    (f"{path.relative_to(ROOT)}:{line}", text)
    for package in sorted(OURS)
    for path in sorted((ROOT / package).rglob("*.py"))
    for line, text in said(ast.parse(path.read_text("utf-8")))
]


def faults(text):
    if not re.match(r"[A-Z{\"'`-]|\.env\b", text) and re.split(r"\W", text)[0] not in SETTINGS:
        yield "begins with a small letter"
    if not ORIGINALS.match(text) and not re.search(r"(\.|^[^ ]*: \{…\}|[:.] ?\{…\})$", text):
        yield "does not end with a full stop"
    if match := ADVICE.search(text):
        yield f"says what to do behind {match[0][0]!r}"
    if "?" in text:
        yield "asks"


def test_there_are_hundreds():
    assert len(SENTENCES) > 300


@pytest.mark.parametrize("package", sorted(OURS))
def test_every_sentence_keeps_the_grammar(package):
    wrong = [
        f"{place}: {text!r} {fault}"
        for place, text in SENTENCES
        if place.startswith(f"{package}/")
        for fault in faults(text)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "the model is gone.",
        "The model is gone",
        "X is 'y': use z.",
        "The port is 5; choose another.",
        "Which of the two?",
    ],
)
def test_what_breaks_it_is_found(text):
    assert list(faults(text))
