"""The errors of this package: Pulumi prints each one's sentence, without a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import pulumi

SAID_SO = 32  # ends a program whose reason was said: Pulumi's Python host then adds no line


class SettingsError(SystemExit):
    """A setting that cannot be deployed; it ends the program once its sentence is said."""

    def __init__(self, sentence: str) -> None:
        super().__init__(SAID_SO)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


class EndpointError(pulumi.RunError):
    """An endpoint that does not serve what the stack asks for."""


@contextmanager
def saying_why() -> Iterator[None]:
    """Tell the user of a SettingsError before it ends the program."""
    try:
        yield
    except SettingsError as error:
        pulumi.log.error(str(error))
        raise
