"""A serving process from its first signal handler to its exit code."""

import faulthandler
import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from handlers import cpus
from serving.contract.app import make_app
from serving.contract.front import Front
from serving.emf import embedded
from serving.errors import StartError
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache
from serving.laptop.loopback import keep_to_own_pages
from serving.laptop.public_api import FILES, PublicApi
from serving.lifecycle.exit import STOPPED, STUCK
from serving.lifecycle.fork_guard import refuse_forks
from serving.lifecycle.freed_memory import tidy
from serving.lifecycle.signals import on_leave
from serving.lifecycle.watchdog import watch
from serving.metrics import Metrics
from serving.plugins.closing import close_handlers
from serving.plugins.models import Model
from serving.service.admission import Admission
from serving.service.translator import Translator
from serving.settings import Settings
from serving.wire.server import address, make_server

log = logging.getLogger(__name__)

Announce = Callable[[Translator, str], None]


class Process:
    """Listens while the models load; leaves when told to.

    The main thread only runs the server's loop, short requests in it: Python runs
    signal handlers there, and never while it is inside C++ code. So of a model only
    the tokeniser is called from it.
    """

    def __init__(self, settings: Settings, public_api: PublicApi | None = None) -> None:
        self._settings = settings
        self._public_api = public_api
        self._front = Front()
        self._server = make_server(self._front, settings)
        if public_api is not None:
            self._server.error_body = public_api.error_body
            self._server.allow(FILES, public_api.largest_body)
        self._admission: Admission | None = None
        self._code = STOPPED
        self._error: StartError | None = None

    def run(self, loading: "Future[list[Model]]", announce: Announce) -> int:
        """Serves until the end; returns the exit code. Raises `StartError`."""
        faulthandler.enable()
        on_leave(self._leave)
        log.info("loading", extra={"fields": {"url": address(self._server)}})
        wait = threading.Thread(target=self._wait, args=(loading, announce), daemon=True)
        wait.start()
        self._server.run()
        if self._error is not None:
            raise self._error
        if self._code == STOPPED and loading.done():
            close_handlers(loading.result())
        log.info("stopped", extra={"fields": {"exit_code": self._code}})
        return self._code

    def _wait(self, loading: "Future[list[Model]]", announce: Announce) -> None:
        try:
            translator = self._translator(loading.result())
            self._open(translator)
        except StartError as error:
            self._error = error
        except BaseException as error:
            log.exception("start failed")
            self._error = StartError(f"Start failed: {type(error).__name__}. The log says where.")
        else:
            announce(translator, address(self._server))
            return
        self._server.stop()

    def _translator(self, models: list[Model]) -> Translator:
        settings = self._settings
        return Translator(
            models,
            settings.max_tokens,
            Batcher(settings.lanes, settings.max_batch_tokens),
            Cache(settings.cache_entries, settings.cache_bytes),
            bool(settings.recase),
        )

    def _open(self, translator: Translator) -> None:
        refuse_forks()
        gc.freeze()  # else it would be searched for garbage again and again, 10 ms each time
        gc.enable()
        tidy()
        settings = self._settings
        self._admission = Admission(translator, settings)
        watch(self._admission.longest, settings.timeout + settings.stuck_timeout)
        app = make_app(self._admission, settings)
        origins: Collection[str] = ()
        hosts: Collection[str] = ()
        if self._public_api is not None:
            app = self._public_api.around(app, self._admission)
            origins, hosts = self._public_api.origins, self._public_api.hosts
        seconds = _note_start(self._admission.metrics)
        self._front.open(keep_to_own_pages(app, settings, origins, hosts))
        log.info("ready", extra={"fields": self._facts(translator) | self._start(seconds)})

    def _facts(self, translator: Translator) -> dict[str, Any]:
        models = translator.models
        return {
            "pairs": [model.folder.pair for model in models],
            "cpus": cpus(),
            "lanes": self._settings.lanes,
            "engines": sorted({model.guest.engine for model in models} - {""}),
        }

    def _start(self, seconds: float) -> dict[str, Any]:
        """As CloudWatch's metrics: in a container that scales from zero, a cold start."""
        dimensions = {"Pair": self._admission.models[0].folder.pair} if self._admission else {}
        metrics = {"ColdStarts": 1, "ColdStartSeconds": round(seconds, 2)}
        return embedded(self._settings.metrics_namespace, dimensions, metrics)

    def _leave(self, number: int, _: Any) -> None:
        if self._server.draining:
            os._exit(128 + number)
        self._front.stop()
        self._server.drain(self._abandon)

    def _abandon(self) -> None:
        if self._admission is not None:
            self._code = STUCK if self._admission.longest() else STOPPED
            self._admission.abandon()


def _note_start(metrics: Metrics) -> float:
    """Note the seconds since the process began, Python's own start included, and return them."""
    began = float(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
    seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")
    metrics.set("translation_start_seconds", to=round(seconds, 2))
    return seconds
