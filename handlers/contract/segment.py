"""A segment: text short enough for the model."""


class Segment(str):
    """A string that remembers its tokens, so that no text is tokenised twice.

    ``tokens`` is what the handler's ``tokenize`` made of it, or its characters
    where the handler has none.
    """

    __slots__ = ("tokens",)
    tokens: list[str]

    def __new__(cls, text: str, tokens: list[str]) -> "Segment":
        segment = super().__new__(cls, text)
        segment.tokens = tokens
        return segment
