"""The one error of this package."""


class ModelError(Exception):
    """A model folder, archive or source that cannot be used; the text says what to do."""
