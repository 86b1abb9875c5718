"""A serving process from its first signal handler to its exit code."""

import faulthandler
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from handlers import cpus
from serving.admission import Admission
from serving.app import make_app
from serving.errors import StartError
from serving.exit import STOPPED, STUCK
from serving.fork_guard import refuse_forks
from serving.front import Front
from serving.memory import return_freed_memory
from serving.public_api import PublicApi
from serving.server import address, make_server
from serving.settings import Settings
from serving.translator import Translator
from serving.watchdog import watch

log = logging.getLogger(__name__)

_ENGINE_NICENESS = 5

_SWITCH = 0.0005
"""Seconds a thread may compute while others want to. The default of 5 ms, many times over,
is what a sentence would wait while a document is taken apart."""

Load = Callable[[], Translator]
Announce = Callable[[Translator, str], None]


class Process:
    """Listens first, then loads in a worker thread; leaves when told to.

    The main thread only runs the server's loop: Python runs signal handlers
    there, and never while it is inside C++ code.
    """

    def __init__(self, settings: Settings, public_api: PublicApi | None = None) -> None:
        self._settings = settings
        self._public_api = public_api
        self._front = Front()
        self._server = make_server(self._front, settings)
        self._admission: Admission | None = None
        self._code = STOPPED
        self._error: StartError | None = None

    def run(self, load: Load, announce: Announce) -> int:
        """Serves until the end; returns the exit code. Raises `StartError`."""
        faulthandler.enable()
        sys.setswitchinterval(_SWITCH)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._leave)
        log.info("loading", extra={"fields": {"url": address(self._server)}})
        threading.Thread(target=self._load, args=(load, announce), name="load", daemon=True).start()
        self._server.run()
        if self._error is not None:
            raise self._error
        log.info("stopped", extra={"fields": {"exit_code": self._code}})
        return self._code

    def _load(self, load: Load, announce: Announce) -> None:
        _be_polite()
        try:
            translator = load()
        except StartError as error:
            self._error = error
        except Exception as error:
            log.exception("loading failed")
            self._error = StartError(f"Loading failed: {type(error).__name__}. The log says where.")
        else:
            self._open(translator)
            announce(translator, address(self._server))
            return
        self._server.stop()

    def _open(self, translator: Translator) -> None:
        refuse_forks()
        return_freed_memory()
        settings = self._settings
        self._admission = Admission(translator, settings)
        watch(self._admission.longest, settings.timeout + settings.stuck_timeout)
        app = make_app(self._admission, settings)
        if self._public_api is not None:
            app = self._public_api.around(app, self._admission)
        self._front.open(app)
        log.info("ready", extra={"fields": self._facts(translator)})

    def _facts(self, translator: Translator) -> dict[str, Any]:
        models = translator.models
        return {
            "pairs": [model.folder.pair for model in models],
            "cpus": cpus(),
            "lanes": self._settings.lanes,
            "engines": sorted({getattr(model.handler, "engine", "") for model in models} - {""}),
        }

    def _leave(self, number: int, _: Any) -> None:
        if self._server.draining:
            os._exit(128 + number)
        self._front.stop()
        self._server.drain(self._abandon)

    def _abandon(self) -> None:
        if self._admission is not None:
            self._code = STUCK if self._admission.longest() else STOPPED
            self._admission.abandon()


def _be_polite() -> None:
    """Lower the priority of this thread, and of those that the engine starts from it.

    So a probe or a refusal is answered while every CPU translates.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _ENGINE_NICENESS)
