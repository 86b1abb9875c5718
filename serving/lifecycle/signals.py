"""The signals that end the server."""

import signal
from collections.abc import Callable
from types import FrameType

Handler = Callable[[int, FrameType | None], object] | signal.Handlers


def on_leave(handler: Handler) -> None:
    """Have ``handler`` called for SIGTERM, SIGINT and SIGHUP, which a closed terminal sends.

    A SIGHUP that is ignored already stays so: ``nohup`` says that the server is to go on.
    """
    signals = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    for number in signals:
        signal.signal(number, handler)
