"""The files that can be translated, by their names; who reads them is `file_formats.document`.

Apart from the readers, so that who only lists them does not load them all.
"""

from pathlib import PurePath

from file_formats.errors import FormatError

_OOXML = "application/vnd.openxmlformats-officedocument"
_OASIS = "application/vnd.oasis.opendocument"
_UTF8 = "; charset=utf-8"
MEDIA_TYPES = {
    ".txt": f"text/plain{_UTF8}",
    ".md": f"text/markdown{_UTF8}",
    ".html": f"text/html{_UTF8}",
    ".xml": "application/xml",
    ".srt": f"application/x-subrip{_UTF8}",
    ".vtt": f"text/vtt{_UTF8}",
    ".csv": f"text/csv{_UTF8}",
    ".tsv": f"text/tab-separated-values{_UTF8}",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".po": f"text/x-gettext-translation{_UTF8}",
    ".xliff": "application/xliff+xml",
    ".docx": f"{_OOXML}.wordprocessingml.document",
    ".pptx": f"{_OOXML}.presentationml.presentation",
    ".xlsx": f"{_OOXML}.spreadsheetml.sheet",
    ".odt": f"{_OASIS}.text",
    ".ods": f"{_OASIS}.spreadsheet",
    ".odp": f"{_OASIS}.presentation",
    ".epub": "application/epub+zip",
}
ALSO = {
    ".htm": ".html",
    ".xhtml": ".html",
    ".markdown": ".md",
    ".yml": ".yaml",
    ".xlf": ".xliff",
    ".pot": ".po",
}
_REASONS = {
    ".pdf": "A PDF holds letters at places, not sentences. Translate the file that it was made of.",
    **dict.fromkeys(
        (".doc", ".xls", ".ppt", ".rtf"),
        "It is of Office before 2007. Save it as .docx, .xlsx or .pptx.",
    ),
}


def suffix_of(name: str) -> str:
    """The format that a file's name tells. Raises `FormatError` for one that is not known."""
    suffix = PurePath(name).suffix.lower()
    suffix = ALSO.get(suffix, suffix)
    if suffix not in MEDIA_TYPES:
        reason = _REASONS.get(suffix, f"Known are {', '.join(MEDIA_TYPES)}.")
        shown = suffix.encode("ascii", "replace").decode()[:20] or "without an extension"
        raise FormatError(f"Files {shown} are not translated. {reason}")
    return suffix
