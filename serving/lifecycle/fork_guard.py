"""No fork once a model is loaded: its threads would be missing, and the child would hang."""

import sys

_FORKS = ("os.fork", "os.forkpty")


def refuse_forks() -> None:
    """For the rest of the process. ``subprocess`` still works: it starts a new program."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _: object) -> None:
    if event in _FORKS:
        raise RuntimeError(
            f"{event} after a model was loaded would hang the child. "
            "Use threads, or start a program with subprocess."
        )
