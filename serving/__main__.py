"""`python -m serving`: the local server, and what `serve` runs in the container."""

import os
from types import FrameType

from serving.lifecycle.signals import on_leave


def _leave(_: int, frame: FrameType | None) -> None:
    """There is nothing to finish before the server listens."""
    os._exit(0)


def main(prog: str = "python -m serving", own_models: str = "") -> None:
    """``own_models``: where the models lie that were added, if not beside the embedded ones."""
    on_leave(_leave)
    # Not at the top: a signal that comes before it is handled ends the process with its
    # number, and is lost on the first process of a container.
    from serving.lifecycle.command import main
    from serving.lifecycle.exit import exit_now

    exit_now(main(prog=prog, own_models=own_models))


if __name__ == "__main__":
    main()
