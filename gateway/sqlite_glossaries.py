"""Glossaries in a file of SQLite: a restart forgets none, and processes may share it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.errors import GatewayError
from gateway.glossary import Glossary, GlossaryInfo
from gateway.glossary_store import Change, Remembered

_TABLE = """
CREATE TABLE IF NOT EXISTS glossaries (
    owner TEXT, id TEXT, created TEXT, info TEXT, content TEXT, revision INTEGER,
    PRIMARY KEY (owner, id)
) WITHOUT ROWID"""
_PUT = "REPLACE INTO glossaries VALUES (?, ?, ?, ?, ?, ?)"
_BUSY = 5.0  # seconds to wait for another process


class SqliteGlossaries:
    """`gateway.glossary_store.GlossaryStore`; the file is made when it is first needed."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._remembered = Remembered()

    def infos(self, owner: str) -> list[GlossaryInfo]:
        query = "SELECT info FROM glossaries WHERE owner = ? ORDER BY created, id"
        with self._connection() as connection:
            return [_read_info(info) for (info,) in connection.execute(query, (owner,))]

    def get(self, owner: str, glossary_id: str) -> Glossary | None:
        with self._connection() as connection:
            found = self._find(connection, owner, glossary_id)
        return found and found[1]

    def create(self, owner: str, glossary: Glossary) -> None:
        with self._connection() as connection:
            self._put(connection, owner, 1, glossary)

    def change(self, owner: str, glossary_id: str, change: Change) -> Glossary | None:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = self._find(connection, owner, glossary_id)
            if found is None:
                return None
            revision, glossary = found
            changed = change(glossary)
            self._put(connection, owner, revision + 1, changed)
        return changed

    def delete(self, owner: str, glossary_id: str) -> bool:
        with self._connection() as connection:
            which = (owner, glossary_id)
            done = connection.execute("DELETE FROM glossaries WHERE owner = ? AND id = ?", which)
            self._remembered.drop(*which)
            return done.rowcount > 0

    def _find(
        self, connection: sqlite3.Connection, owner: str, glossary_id: str
    ) -> tuple[int, Glossary] | None:
        query = "SELECT revision, {} FROM glossaries WHERE owner = ? AND id = ?"
        which = (owner, glossary_id)
        row = connection.execute(query.format("NULL"), which).fetchone()
        known = self._remembered.get(*which)
        if row is None:
            return None
        if known is None or known[0] != str(row[0]):
            row = connection.execute(query.format("content"), which).fetchone()
            known = str(row[0]), Glossary.from_json(row[1])
            self._remembered.note(owner, *known)
        return row[0], known[1]

    def _put(
        self, connection: sqlite3.Connection, owner: str, revision: int, glossary: Glossary
    ) -> None:
        info, content = _write_info(glossary.info), glossary.as_json()
        values = (owner, glossary.id, glossary.created, info, content, revision)
        connection.execute(_PUT, values)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one transaction of one thread at a time."""
        with self._lock:
            try:
                connection = self._open()
                with connection:
                    yield connection
            except (sqlite3.Error, OSError) as error:
                message = f"The glossaries cannot be used: {error}. See GATEWAY_GLOSSARIES."
                raise GatewayError(500, "glossaries_unusable", message) from error

    def _open(self) -> sqlite3.Connection:
        if self._opened is None:
            if self._path != ":memory:":
                Path(self._path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = sqlite3.connect(self._path, timeout=_BUSY, check_same_thread=False)
            opened.execute(_TABLE)
            self._opened = opened
        return self._opened


def _write_info(info: GlossaryInfo) -> str:
    counts = [[*pair, count] for pair, count in info.counts.items()]
    return json.dumps([info.id, info.name, info.created, counts])


def _read_info(text: str) -> GlossaryInfo:
    glossary_id, name, created, counts = json.loads(text)
    return GlossaryInfo(
        glossary_id, name, created, {(source, target): count for source, target, count in counts}
    )
