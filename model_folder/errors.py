"""The one error of this package."""


class ModelError(Exception):
    """A model folder cannot be served or shipped; the message says why and what to do."""
