"""The server with a handler that misbehaves on demand."""

from pathlib import Path

import pytest

from tests.running import Server

PLUGIN = Path(__file__).parent / "plugin"
# An order that is remembered, or waits in a batch behind others, is not obeyed in its time.
OBEYS_EACH = {
    "SERVING_CACHE_ENTRIES": "0",
    "SERVING_MAX_BATCH_TOKENS": "1",
    "SERVING_CONCURRENCY": "8",
}


class ScriptedServer(Server):
    """Serves only en → qaa, with `plugin/reliability_handlers.py`."""

    def __init__(self, folder: Path, load: str = "", **environment: str) -> None:
        pair = folder / "en_qaa"
        pair.mkdir(exist_ok=True)
        if load:
            (pair / "load").write_text(load)
        super().__init__(folder, **{**OBEYS_EACH, "PYTHONPATH": str(PLUGIN), **environment})


@pytest.fixture
def scripted(tmp_path):
    """``with scripted(SERVING_QUEUE="2") as server: …``"""
    return lambda load="", **environment: ScriptedServer(tmp_path, load, **environment)
