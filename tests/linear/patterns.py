"""Every regular expression of the packages that read what others wrote."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.running import ROOT

PACKAGES = ("serving", "gateway", "client", "handlers", "file_formats")
# A pattern made of something else than its own text, and why none of that is a caller's.
MADE_OF = {
    "serving/text/mend/masks.py restore": "the masks, words of this module",
    "serving/text/glossary/inflection.py plural": "the endings of that module's tables",
    "gateway/pages.py _hashes": "the names of two elements; the page is our own",
}
_WHOLE = ("match", "fullmatch", "sub", "split", "findall")


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and which of its methods are called there."""

    where: str
    pattern: re.Pattern
    methods: frozenset[str]

    def calls(self, text: str) -> Iterator[None]:
        """Call it from the start only, or from everywhere, as it is used; yield after each call."""
        subject = text.encode("utf-8") if isinstance(self.pattern.pattern, bytes) else text
        for method in self._whole:
            getattr(self.pattern, method)(*(("", subject) if method == "sub" else (subject,)))
            yield
        if not self.methods or not self.methods <= set(_WHOLE):
            yield from map(_nothing, self.pattern.finditer(subject))
            yield

    @property
    def _whole(self) -> list[str]:
        return [method for method in _WHOLE if method in self.methods]


def _nothing(match: re.Match) -> None:
    """Let go of the match."""


def modules() -> Iterator[str]:
    for package in PACKAGES:
        yield package
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                yield module.name


def found_patterns() -> list[Found]:
    """Those a module has, and those that a function names where it uses them."""
    found = []
    for name in modules():
        module = importlib.import_module(name)
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        for attribute, pattern in _held(vars(module)):
            methods = _methods(tree, attribute)
            found.append(Found(f"{name}.{attribute}", pattern, frozenset(methods)))
        for call in _calls(tree):
            if call.args and isinstance(call.args[0], ast.Constant) and call.func.attr != "compile":
                pattern = re.compile(call.args[0].value, _flags(call))
                found.append(Found(f"{name}:{call.lineno}", pattern, frozenset((call.func.attr,))))
    return found


def made_elsewhere() -> list[str]:
    """Functions that make a pattern of what is no text of their own module."""
    found = []
    for name in modules():
        path = Path(importlib.import_module(name).__file__)
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                found += [
                    f"{path.relative_to(ROOT).as_posix()} {getattr(function, 'name', 'lambda')}"
                    for call in _calls(function)
                    if call.func.attr == "compile" or not isinstance(call.args[0], ast.Constant)
                ]
    return sorted(set(found))


def _held(names: dict) -> Iterator[tuple[str, re.Pattern]]:
    for name, value in names.items():
        if name.startswith("__"):
            continue
        several = value.values() if isinstance(value, dict) else value
        if isinstance(value, re.Pattern):
            yield name, value
        elif isinstance(value, dict | tuple | list | frozenset):
            yield from ((name, one) for one in several if isinstance(one, re.Pattern))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """``re.…(pattern, …)``"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = node.func.value
            if isinstance(of, ast.Name) and of.id == "re" and node.func.attr != "escape":
                yield node


def _methods(tree: ast.AST, name: str) -> set[str]:
    """Empty where the pattern itself is handed on: anything may be done with it."""
    called = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == name
    ]
    read = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
    ]
    return set(called) if len(called) == len(read) else set()


def _flags(call: ast.Call) -> int:
    names = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    flags = [getattr(re, name) for name in names if isinstance(getattr(re, name, 0), re.RegexFlag)]
    return sum(flags)
