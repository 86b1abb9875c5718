"""For how long one and the same thing has lasted."""


class Stopwatch:
    """Is asked now and then; starts anew whenever it is asked about another thing."""

    def __init__(self) -> None:
        self._thing: object = None
        self._since = 0.0

    def seconds(self, thing: object, now: float) -> float:
        """Since ``thing`` was first asked about; 0 for None."""
        if thing is not self._thing:
            self._thing, self._since = thing, now
        return 0.0 if thing is None else now - self._since
