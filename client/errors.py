"""How a run can end: an exit code, and one sentence for the person who typed the command."""

EXIT_CODES = {
    0: "done",
    2: "the command, a file or a setting it names is wrong",
    3: "no service could be reached",
    4: "the service, or the command line for it, refused the input: unknown pair, too large, "
    "not UTF-8, wrong key",
    5: "the service failed, or was still busy when patience ran out",
    130: "interrupted; with --output and batch, the same command goes on from there",
}


class Failure(Exception):
    """Ends the run. The message is one sentence or two: what was wrong, and what to do."""

    code = 5


class UsageError(Failure):
    code = 2


class Unreachable(Failure):
    code = 3


class Refused(Failure):
    code = 4


class ServiceFailed(Failure):
    code = 5


class Interrupted(Failure):
    code = 130


class Busy(ServiceFailed):
    """The same request may succeed later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds the service asked us to wait."""


# SageMaker answers 530 while something behind it starts; 502 and 504 are a proxy's.
_WORTH_ANOTHER_TRY = {429, 502, 503, 504, 530}


def from_status(status: int, message: str, retry_after: str | None = None) -> Failure:
    """The failure for an HTTP answer."""
    if status in _WORTH_ANOTHER_TRY:
        seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
        return Busy(message, seconds)
    return Refused(message) if 400 <= status < 500 else ServiceFailed(message)
