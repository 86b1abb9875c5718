"""A handler that does what the text tells it to: the faults a real one may have.

Installed for a test by putting this folder on PYTHONPATH; serves ``en`` → ``qaa``.
"""

import ctypes
import os
import subprocess
import sys
import threading
import time

from handlers import ModelError, Translation, hookimpl


@hookimpl
def register_handlers(register):
    register("en", "qaa", Scripted)


def set_clock(seconds):
    """The time of day, set forward or back for this process alone."""
    now = time.time
    time.time = lambda: now() + seconds


class Scripted:
    """``sleep SECONDS``, ``naps COUNT``, ``clock SECONDS``, ``grow CHARACTERS``, ``hang``,
    ``crash``, ``raise``, ``fork``, ``spawn``, ``count``; any other text comes back as it is.
    The folder's file ``load`` delays the load by that many seconds, or fails it.
    """

    def __init__(self, folder):
        self.calls = 0
        self.lock = threading.Lock()
        script = folder.path / "load"
        if script.exists():
            if script.read_text() == "fail":
                raise ModelError(f"{folder.path} is not a model. Copy it again.")
            time.sleep(float(script.read_text()))

    def translate(self, segments, options):
        return [Translation(self.obey(str(segment))) for segment in segments]

    def obey(self, text):
        word, _, argument = text.partition(" ")
        if word == "count":
            return f"calls {self.calls}"
        with self.lock:
            self.calls += 1
        actions = {
            "sleep": lambda: time.sleep(float(argument)),
            "naps": lambda: [time.sleep(0.1) for _ in range(int(argument))],
            "clock": lambda: set_clock(float(argument)),
            "hang": lambda: time.sleep(1e6),
            "crash": lambda: ctypes.string_at(0),
            "raise": lambda: int("the user's text"),
            "fork": os.fork,
            "spawn": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        }
        actions.get(word, lambda: None)()
        return "x" * int(argument) if word == "grow" else text
