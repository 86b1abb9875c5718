"""Which words of a translation translate given words of the source, by the engine's attention."""

from handlers import AlignedTranslation, Link


def place_of(answer: AlignedTranslation, start: int, end: int) -> tuple[int, int] | None:
    """The range of ``answer.text`` that translates ``start:end`` of what the engine was given.

    None if no word does, or if the words do not stand together. One word between them that
    translates something else, an article for instance, goes with them.
    """
    own = [link for link in answer.links if _is_word(answer.text, link)]
    made = [link for link in own if link.source_start < end and link.source_end > start]
    if not made:
        return None
    first, last = made[0].start, made[-1].end
    between = [link for link in own if first < link.start < last and link not in made]
    if len(between) > 1:
        return None
    while first and answer.text[first - 1].isalnum():
        first -= 1
    while last < len(answer.text) and answer.text[last].isalnum():
        last += 1
    return first, last


def _is_word(text: str, link: Link) -> bool:
    return any(map(str.isalnum, text[link.start : link.end]))
