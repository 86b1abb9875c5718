"""The probes, and what is answered before there are models."""

from collections.abc import Callable
from typing import Any

import bottle

from serving.contract.answers import default_error, error_body
from serving.errors import Loading, Stopping, Unavailable

App = Callable[..., Any]


class Front:
    """WSGI: `/ping` and `/livez` always; the rest by the app it is opened with.

    `/ping` is 200 only between `open` and `stop`: models are hashed, loaded and
    warmed up, and the server is not leaving. `/livez` is 200 while the process
    runs: a supervisor that restarts on it must not do so during a load or drain.
    """

    def __init__(self) -> None:
        self._app: App | None = None
        self._closed: Unavailable | None = Loading("The models are loading. Try again.", 5)
        self._probes = bottle.Bottle()
        self._probes.catchall = False  # Bottle's own answer would be HTML
        self._probes.get("/ping", callback=self._ping)
        self._probes.get("/livez", callback=lambda: "")
        self._probes.default_error_handler = self._error

    def open(self, app: App) -> None:
        """The models are ready: from now on ``app`` answers."""
        self._app = app
        if isinstance(self._closed, Loading):
            self._closed = None

    def stop(self) -> None:
        """Tell whoever asks `/ping` to send requests elsewhere; they are still answered."""
        self._closed = Stopping("The server is stopping. Try another one.")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        is_probe = environ.get("PATH_INFO") in ("/ping", "/livez")
        app = self._probes if is_probe or self._app is None else self._app
        return app(environ, start_response)

    def _ping(self) -> bytes:
        return b"" if self._closed is None else error_body(self._closed)

    def _error(self, http_error: bottle.HTTPError) -> bytes:
        if http_error.status_code == 404 and self._closed is not None:
            return error_body(self._closed)
        return default_error(http_error)
