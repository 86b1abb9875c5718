"""The media type of a request, and the one that the caller wants for the answer."""

from serving.errors import NotAcceptable, UnsupportedMediaType

TEXT = "text/plain"
JSON = "application/json"


def content_type(header: str) -> str:
    """Raises `UnsupportedMediaType` for all but the two, and for other charsets than UTF-8."""
    essence, parameters = _split(header)
    if essence not in (TEXT, JSON):
        raise UnsupportedMediaType(
            f"Content-Type {header!r} is not supported. Send {TEXT} or {JSON}."
        )
    charset = parameters.get("charset", "utf-8").strip('"').lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"The charset {charset} is not supported. Send UTF-8.")
    return essence


def accepted(header: str, own: str) -> str:
    """The best of the two for an ``Accept`` header; ``own``, the request's, on a tie."""
    if not header.strip():
        return own
    ranges = [_split(item) for item in header.split(",")]
    other = JSON if own == TEXT else TEXT
    best = max((own, other), key=lambda media: _quality(media, ranges))
    if _quality(best, ranges) == 0:
        raise NotAcceptable(f"Accept {header!r} names neither {TEXT} nor {JSON}.")
    return best


def _quality(media: str, ranges: list[tuple[str, dict[str, str]]]) -> float:
    """Of the most specific range that matches (RFC 9110 §12.5.1)."""
    for pattern in (media, f"{media.partition('/')[0]}/*", "*/*"):
        for essence, parameters in ranges:
            if essence == pattern:
                return _number(parameters.get("q", "1"))
    return 0.0


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return 0.0


def _split(header: str) -> tuple[str, dict[str, str]]:
    essence, *rest = header.split(";")
    pairs = (item.partition("=") for item in rest)
    return essence.strip().lower(), {
        name.strip().lower(): value.strip() for name, _, value in pairs
    }
