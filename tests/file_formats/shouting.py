"""A translation that can be seen and needs no model: capitals, tags and entities as they were."""

import re

from file_formats.document import read_document

_MARKUP = re.compile(r"(<[^<>]*>|&[#\w]+;)")


def shout(piece):
    if piece.format == "text":
        return piece.text.upper()
    parts = _MARKUP.split(piece.text)
    parts[::2] = [part.upper() for part in parts[::2]]
    return "".join(parts)


def shouted(content, suffix):
    document = read_document(content, suffix, "de")
    return document.write([shout(piece) for piece in document.pieces])


def same(content, suffix):
    """What a translation changes that changes nothing."""
    document = read_document(content, suffix, "de")
    return document.write([piece.text for piece in document.pieces])


def texts(content, suffix):
    return [piece.text for piece in read_document(content, suffix, "de").pieces]
