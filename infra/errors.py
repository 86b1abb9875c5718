"""The errors of this package: Pulumi prints each one's sentence, without a traceback."""

import pulumi


class SettingsError(pulumi.RunError):
    """A setting that cannot be deployed."""


class EndpointError(pulumi.RunError):
    """An endpoint that does not serve what the stack asks for."""
