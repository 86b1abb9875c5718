"""One small family of errors: a status, a stable code and one sentence for the caller."""

from __future__ import annotations


class GatewayError(Exception):
    """A request that ends here.

    `status` is an HTTP status, `code` a stable snake_case word by which a dialect may choose
    another status, `message` one sentence for a person, `retry_after` seconds or None;
    `detail` says more, in dialects that have a place for it.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        retry_after: int | None = None,
        detail: str = "",
    ):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after
        self.detail = detail


class BackendError(GatewayError):
    """What the backend refused or could not do; status and code as in the container's error."""


class SettingsError(ValueError):
    """A setting that cannot be used: names it, its value and the cure."""


def broken() -> GatewayError:
    """The answer to a request on which the server's own code failed."""
    return GatewayError(500, "internal_error", "Something went wrong on the server.")


def bad_request(message: str, code: str = "invalid_request") -> GatewayError:
    return GatewayError(400, code, message)
