"""The one error of this package."""

import pulumi


class SettingsError(pulumi.RunError):
    """A setting that cannot be deployed. Pulumi prints its one sentence, without a traceback."""
