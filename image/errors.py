"""The one error of this package."""


class ImageError(Exception):
    """An image that cannot be built or pushed; the text says what to do."""
