"""The errors that reach a caller: a status, a code for programs, a sentence for people."""

FAILED = "The server failed. Try again; its log says more."


class ServingError(Exception):
    """Refuses one request. The message goes to the caller: nothing internal in it."""

    status = 500
    code = "internal_error"

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
        """Seconds after which the same request may succeed."""


class BadRequest(ServingError):
    status, code = 400, "bad_request"


class Forbidden(ServingError):
    status, code = 403, "forbidden"


class NotFound(ServingError):
    status, code = 404, "not_found"


class MethodNotAllowed(ServingError):
    status, code = 405, "method_not_allowed"


class NotAcceptable(ServingError):
    status, code = 406, "not_acceptable"


class TooLarge(ServingError):
    status, code = 413, "too_large"


class UnsupportedMediaType(ServingError):
    status, code = 415, "unsupported_media_type"


class UnknownPair(ServingError):
    status, code = 422, "unknown_pair"


class Unavailable(ServingError):
    """The same request may succeed later, at another replica or after a restart."""

    status, code = 503, "unavailable"

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message, retry_after)


class Busy(Unavailable):
    code = "busy"


class TimedOut(Unavailable):
    code = "timeout"


class Loading(Unavailable):
    code = "loading"


class Stopping(Unavailable):
    code = "stopping"


class HandlerError(Exception):
    """A handler broke its contract. The message is for the log: no text of a caller in it."""


class StartError(Exception):
    """The server cannot start; the message is one sentence for the operator."""
