"""A server on the loopback interface with files, in the ways in which real ones misbehave."""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.loopback import Loopback, RequestHandler


class _Handler(RequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, wanted = self.path.partition("?")[0], self.headers.get("Range", "")
        self.double.asked.append((path, wanted))
        self.close_connection = True
        if path in self.double.moved:
            return self.answer(302, headers={"Location": self.double.moved[path]})
        data = self.double.files.get(path)
        if data is None:
            return self.send_error(404)
        start = int(match[1]) if (match := re.fullmatch(r"bytes=(\d+)-", wanted)) else 0
        if start and start >= len(data):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self._send(path, data[start:])
        return None

    def _send(self, path: str, data: bytes) -> None:
        half, tenth = len(data) // 2, max(1, len(data) // 10)
        if path in self.double.cut:
            self.double.cut.discard(path)
            self.wfile.write(data[:half])
        elif path in self.double.stalled:
            self.wfile.write(data[:half])
            self.double.gone.wait(60)
        elif path in self.double.slow:
            for place in range(0, len(data), tenth):
                self.double.gone.wait(0.2)
                self.wfile.write(data[place : place + tenth])
        else:
            self.wfile.write(data)


@dataclass
class Shelf(Loopback):
    """`files` by path; `cut` paths break off at their first request, `moved` ones send on,
    `stalled` ones stop in the middle for good, `slow` ones come in ten parts with pauses."""

    handler = _Handler

    files: dict[str, bytes] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    stalled: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    gone: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str]] = field(default_factory=list)  # path, Range

    def __exit__(self, *_: object) -> None:
        self.gone.set()
        super().__exit__()

    def put(self, path: str, data: bytes) -> dict[str, Any]:
        """Its facts, as a catalogue has them."""
        self.files[path] = data
        return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def catalogue(path, base, **sources):
    """`sources` as `source={"en_fr": {file: facts}}`, in the shape of models/sources.json."""
    path.write_text(
        json.dumps(
            {
                source: {
                    "license": "MPL-2.0" if source == "firefox" else "CC-BY-4.0",
                    "attribution": f"the makers of {source}",
                    "base": base,
                    "models": {
                        pair: {
                            "name": f"{source}-{pair}",
                            "version": "1",
                            "comet": {"firefox": 0.87, "argos": 0.8}.get(source),
                            "files": files,
                        }
                        for pair, files in models.items()
                    },
                }
                for source, models in sources.items()
            }
        )
    )
    return path
