"""Firefox Translations models: Mozilla's engine, in processes of its own.

The engine belongs to the thread that made it, holds Python's lock for a whole sentence, and
answers a call from another thread with a panic. So each of as many processes as there are CPUs
has one of its own. It decodes greedily: no beam, no alternatives, no score.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from handlers import ModelError, ModelFolder, Options, Register, Translation, cpus, hookimpl
from model_folder.firefox import find_firefox

_PROGRAM = Path(__file__).parent / "workers" / "firefox_program.py"
_LONGEST = 96
"""Tokens. From about 105 on these models leave out ever more of a sentence, without a word."""


@hookimpl
def register_handlers(register: Register) -> None:
    register("*", "*", FirefoxHandler, can_load=holds_firefox_model)


def holds_firefox_model(folder: ModelFolder) -> bool:
    return find_firefox(folder.path) is not None


class FirefoxHandler:
    """Serves a folder with the files that Firefox downloads: `model_folder.firefox`."""

    options = ()
    """It decodes greedily, whatever is asked for."""

    def __init__(self, folder: ModelFolder) -> None:
        # Not at the top: without such a folder nothing of this is needed.
        from handlers.engine.decoding import Decoding
        from handlers.engine.pieces import Pieces
        from handlers.workers.pool import Pool
        from handlers.workers.worker import WorkerLost

        files = find_firefox(folder.path)
        if files is None:
            raise ModelError(f"{folder.path} holds no Firefox model. Put its files there.")
        if find_spec("fxtranslate") is None:
            raise ModelError(
                f"{folder.path} is a Firefox model, which needs the package fxtranslate. "
                "Install handlers/requirements.txt."
            )
        self.max_tokens = min(Decoding.of(folder).max_tokens, _LONGEST)
        self._pieces = Pieces(files.source_vocabulary, files.target_vocabulary)
        command = [sys.executable, "-I", str(_PROGRAM), *map(str, files.arguments)]
        try:
            self._pool = Pool(command, cpus())
        except WorkerLost as error:
            raise ModelError(f"{folder.path} ends Firefox's engine. Download it again.") from error
        for said in self._pool.said:
            if "error" in said:
                self._pool.close()
                raise ModelError(
                    f"{files.model} is not a model that Firefox's engine can load "
                    f"({said['error']}). Download it again."
                )
        self.engine = f"{cpus()} x Firefox, {self._pool.said[0]['ready']}"

    def tokenize(self, texts: Sequence[str]) -> list[list[str]]:
        return self._pieces.encode(texts)

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        return [Translation(text) for text in self._pool.ask(map(str, segments))]

    def close(self) -> None:
        """End the engine's processes. Where nobody calls this, they end with this process."""
        self._pool.close()
