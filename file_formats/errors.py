"""Why a file cannot be translated."""


class FormatError(ValueError):
    """One sentence or two for whoever sent the file: what is wrong with it, and what to do."""
