"""Handlers that want to hear of the server's end, and what they do then.

Installed for a test by putting this folder on PYTHONPATH; serves any language → ``qac``.
"""

import time

from handlers import Translation, hookimpl
from tests.reliability.plugin.guest_handlers import Panic, leave

SECRET = "secret-71c"
ENDS = {
    "en": lambda: None,
    "de": lambda: leave(ValueError(SECRET)),
    "es": lambda: leave(SystemExit(SECRET)),
    "fr": lambda: leave(KeyboardInterrupt(SECRET)),
    "it": lambda: leave(Panic(SECRET)),
    "pt": lambda: time.sleep(1e6),
}


@hookimpl
def register_handlers(register):
    register("*", "qac", Closing)


class Closing:
    """Writes into its folder's file ``said`` what it is called for."""

    def __init__(self, folder):
        self.said = folder.path / "said"
        self.end = ENDS[folder.source]

    def translate(self, segments, options):
        if "slow" in segments[0]:
            time.sleep(1.5)
            self.note("translated")
        return [Translation(str(segment)) for segment in segments]

    def close(self):
        self.note("closed")
        self.end()

    def note(self, word):
        with self.said.open("a") as file:
            file.write(f"{word}\n")
