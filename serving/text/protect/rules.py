"""The list of what is protected. A new rule is one module with a ``find`` and a line here.

Every rule sees every text, so each first looks for a sign of what it finds: few texts have one.
"""

from collections.abc import Sequence

from serving.text.protect.code import find_code
from serving.text.protect.emoji import find_emoji
from serving.text.protect.handles import find_handles
from serving.text.protect.links import find_links
from serving.text.protect.markdown import find_markdown
from serving.text.protect.placeholders import find_placeholders
from serving.text.protect.spans import Find, Span, find_spans
from serving.text.protect.tags import find_tags
from serving.text.protect.terms import find_nothing

COPIED: tuple[Find, ...] = (
    find_placeholders,
    find_links,
    find_handles,
    find_code,
    find_tags,
)


def protected_spans(
    text: str, find_terms: Find = find_nothing, also: Sequence[Span] = ()
) -> list[Span]:
    """Every span of ``text`` that a rule protects; ``find_terms`` finds the request's own."""
    return find_spans(text, (*COPIED, find_emoji, find_markdown, find_terms, lambda _: also))


def invents(translated: str) -> bool:
    """Whether a model made up a placeholder, a link or a tag that no one asked for."""
    for find in COPIED:
        for _ in find(translated):
            return True
    return False
