"""DeepL's parameters: those that change nothing here, those refused, and what the others wish."""

from __future__ import annotations

import re
from typing import Any

from gateway.errors import GatewayError, bad_request
from gateway.parameters import Parameters, word

# Value by value, what is true of every translation here: asking for it changes nothing.
ALREADY_SO: dict[str, set[str]] = {
    "formality": {"default", "prefer_less", "prefer_more"},
    "model_type": {"latency_optimized", "prefer_quality_optimized", "quality_optimized"},
    "preserve_formatting": {"0", "1", "true", "false"},
    "outline_detection": {"0", "1", "true", "false"},
    "tag_handling_version": {"v1", "v2"},
    "enable_beta_languages": {"0", "1", "true", "false"},
}
# They would change the text.
REFUSED = ("translation_memory_id",)
MAX_TAGS = 1000
_SPLITS = {"0": "none", "1": "sentences", "nonewlines": "punctuation"}
_TAGS = re.compile(r"[A-Za-z0-9_:.,-]*")


def check_honoured(parameters: Parameters) -> None:
    """Raises, in DeepL's words where it has some, for what would change the text and is not done.

    All else is a hint (`context`, `custom_instructions`, `style_id`, whatever comes next): tools
    send what their settings hold with every request, and better translated without than not at all.
    """
    for name in sorted(parameters.names() & set(REFUSED)):
        if parameters.first(name) not in ("", []):
            raise _refused(name)
    for name in sorted(parameters.names() & ALREADY_SO.keys()):
        if word(parameters.first(name)) not in ALREADY_SO[name]:
            raise _refused(name)


def _refused(name: str) -> GatewayError:
    if name == "formality":
        return bad_request("'formality' is not supported for given 'target_lang'.")
    if name in ALREADY_SO:
        return bad_request(f"Value for '{name}' not supported.")
    return bad_request(f"Parameter '{name}' is not supported by this server.")


def target_choice(parameters: Parameters) -> str:
    asked = parameters.first("target_lang")
    if not asked:
        raise bad_request("Parameter 'target_lang' not specified.")
    if not isinstance(asked, str):
        raise bad_request("Value for 'target_lang' not supported.")
    return asked


def wishes(parameters: Parameters) -> dict[str, Any]:
    """The fields of a `TranslationRequest` that DeepL's parameters ask for."""
    return {
        "format": markup(parameters),
        "ignore_tags": names(parameters, "ignore_tags"),
        "splitting_tags": names(parameters, "splitting_tags"),
        "non_splitting_tags": names(parameters, "non_splitting_tags"),
        "split": split(parameters),
    }


def markup(parameters: Parameters) -> str:
    """`text`, `xml` or `html`."""
    value = parameters.first("tag_handling")
    if value is None:
        return "text"
    if value not in ("xml", "html"):
        raise bad_request("Value for 'tag_handling' not supported. Use xml or html.")
    return str(value)


def split(parameters: Parameters) -> str:
    """DeepL splits at newlines unless told otherwise; with HTML it does not."""
    value = parameters.first("split_sentences")
    if value is None:
        return "punctuation" if markup(parameters) == "html" else "sentences"
    if word(value) not in _SPLITS:
        raise bad_request("Value for 'split_sentences' not supported. Use 0, 1 or nonewlines.")
    return _SPLITS[word(value)]


def names(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Tag names: a list, repeated fields, or one string with commas."""
    items = parameters.every(name)
    if not all(isinstance(item, str) and _TAGS.fullmatch(item) for item in items):
        raise bad_request(f"Value for '{name}' not supported. Use tag names.")
    found = dict.fromkeys(tag for item in items for tag in item.split(",") if tag)
    if len(found) > MAX_TAGS:
        raise bad_request(
            f"Value for '{name}' not supported: {len(found)} names exceed the limit of {MAX_TAGS}."
        )
    return tuple(found)
