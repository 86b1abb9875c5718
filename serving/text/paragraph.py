"""A hard-wrapped paragraph: unwrapped, translated, and wrapped again."""

from dataclasses import replace

from serving.jobs import Job
from serving.text.context import Context
from serving.text.divide.entities import read
from serving.text.divide.wrapping import Wrapped
from serving.text.joining import Result
from serving.text.translation import translate_source


def translate_wrapped(wrapped: Wrapped, context: Context) -> Job[Result]:
    """Translate the paragraph as one text, and break it at its old width."""
    source = wrapped.spared(read(wrapped.joined, context.find_kept))
    result = yield from translate_source(source, context)
    translation = result.translation
    text, *others = map(wrapped.wrap, (translation.text, *translation.alternatives))
    return replace(result, translation=replace(translation, text=text, alternatives=tuple(others)))
