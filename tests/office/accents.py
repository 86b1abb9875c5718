"""A handler whose translation is as wide as its source, letter by letter: vowels with accents."""

from handlers import Translation, hookimpl

ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")


@hookimpl
def register_handlers(register):
    register("en", "de", AccentsHandler)


class AccentsHandler:
    def __init__(self, folder):
        pass

    def translate(self, segments, options):
        return [Translation(segment.translate(ACCENTS)) for segment in segments]
