"""Finds the handler plugins and decides which of them serves a pair."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pluggy

import handlers
from handlers import CanLoad, Factory, ModelError, ModelFolder
from handlers.contract import hook
from serving.errors import StartError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "serverless_translation.handlers"
HOOK = "register_handlers"


@dataclass(frozen=True)
class Claim:
    """A plugin's offer to serve ``source`` → ``target``, either of them maybe ``"*"``.

    With ``can_load``, only of folders about which it says True.
    """

    source: str
    target: str
    factory: Factory
    plugin: str
    """The plugin's name."""
    origin: str
    """The file or the package it came from."""
    can_load: CanLoad | None = None

    def matches(self, folder: ModelFolder) -> bool:
        """Raises `StartError` for a ``can_load`` that fails, `ModelError` for what it says."""
        if self.source not in ("*", folder.source) or self.target not in ("*", folder.target):
            return False
        try:
            return self.can_load is None or bool(self.can_load(folder))
        except ModelError:
            raise
        except BaseException as error:
            raise StartError(
                f"Plugin {self.plugin} ({self.origin}) failed in can_load of {folder.path}: "
                f"{_sentence(error)}. Mend or remove it."
            ) from error

    @property
    def specificity(self) -> tuple[int, bool]:
        """How specific the claim is: languages count before formats."""
        return (self.source != "*") + (self.target != "*"), self.can_load is not None


class Plugins:
    """All claims of all plugins. Raises `StartError` naming a plugin that is broken.

    A broken plugin stops the start: otherwise the default handler would silently
    translate in its stead.
    """

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hook.PROJECT)
        self._manager.add_hookspecs(hook)
        self._origins: dict[str, str] = {}
        for name, origin, load in _found():
            self._add(name, origin, load)
        self._check()
        self.claims: list[Claim] = []
        for name in self._origins:
            self._collect(name)

    def claim(self, folder: ModelFolder) -> Claim:
        """The most specific claim on a folder."""
        matching = [claim for claim in self.claims if claim.matches(folder)]
        if not matching:
            raise StartError(f"No plugin serves {folder.path}. Add one to handlers/.")
        best = max(claim.specificity for claim in matching)
        first, *others = [claim for claim in matching if claim.specificity == best]
        if others:
            raise StartError(
                f"Plugins {first.plugin} and {others[0].plugin} both claim {folder.pair}. "
                "Remove one, or make one claim more specific."
            )
        return first

    def _add(self, name: str, origin: str, load: Any) -> None:
        try:
            plugin = load()
            self._manager.register(plugin, name)
        except BaseException as error:
            raise StartError(
                f"Plugin {name} ({origin}) cannot be loaded: {_sentence(error)}. Mend or remove it."
            ) from error
        if not self._manager.get_hookcallers(plugin):
            raise StartError(
                f"Plugin {name} ({origin}) registers no handler. "
                f"Define {HOOK}(register) with @hookimpl, or remove it."
            )
        self._origins[name] = origin

    def _check(self) -> None:
        try:
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            name = self._manager.get_name(error.plugin)
            raise StartError(
                f"Plugin {name}: {str(error).splitlines()[-1]}. The only hook is {HOOK}."
            ) from error

    def _collect(self, name: str) -> None:
        """Call one plugin's hook alone, so that its claims can be told from others'."""
        others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
        caller = self._manager.subset_hook_caller(HOOK, remove_plugins=others)
        try:
            caller(register=partial(self._register, name))
        except StartError:
            raise
        except BaseException as error:
            raise StartError(
                f"Plugin {name} failed in {HOOK}: {_sentence(error)}. Mend or remove it."
            ) from error

    def _register(
        self,
        plugin: str,
        source: str,
        target: str,
        factory: Factory,
        *,
        can_load: CanLoad | None = None,
    ) -> None:
        for claim in self.claims:
            same = (claim.source, claim.target) == (source, target)
            if same and claim.can_load is None and can_load is None:
                raise StartError(
                    f"Plugins {claim.plugin} and {plugin} both register {source!r} → {target!r}. "
                    "Remove one of them."
                )
        origin = self._origins[plugin]
        self.claims.append(Claim(source, target, factory, plugin, origin, can_load))


def _sentence(error: BaseException) -> str:
    """The error's type and text on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _found() -> Iterator[tuple[str, str, Any]]:
    """Name, origin and loader of each plugin: our files first, then packages'."""
    for module in pkgutil.iter_modules(handlers.__path__):
        if not module.ispkg:
            name = f"handlers.{module.name}"
            yield name, f"handlers/{module.name}.py", partial(importlib.import_module, name)
    for entry in _entry_points() if _any_package_names_us() else ():
        package = entry.dist.name if entry.dist else "?"
        yield entry.name, f"package {package}", partial(_load, entry)


def _any_package_names_us() -> bool:
    """Whether there is such a package, without `importlib.metadata`, a tenth of a start."""
    files = (
        file for folder in sys.path for file in Path(folder or ".").glob("*-info/entry_points.txt")
    )
    return any(GROUP in file.read_text("utf-8", "replace") for file in files)


def _entry_points() -> list["EntryPoint"]:
    from importlib.metadata import entry_points

    return sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))


def _load(entry: "EntryPoint") -> ModuleType:
    plugin: ModuleType = entry.load()
    return plugin
