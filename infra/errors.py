"""The errors of this package: Pulumi prints each one's sentence, without a traceback."""

import atexit
import os
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
    """An endpoint that does not serve what the stack asks for. Pulumi itself says its sentence."""


@contextmanager
def saying_why() -> Iterator[None]:
    """Tell the user of a SettingsError before it ends the program."""
    try:
        yield
    except SettingsError as error:
        pulumi.log.error(str(error))
        raise


@contextmanager
def saying_no_more() -> Iterator[None]:
    """Let the program end with SAID_SO after an EndpointError.

    It is raised while Pulumi waits for resources. A SystemExit would end the loop under them;
    hence Pulumi winds up as after any error, and only the last word is ours.
    """
    try:
        yield
    except EndpointError:
        atexit.register(os._exit, SAID_SO)
        raise
