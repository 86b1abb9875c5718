"""The text pipeline over a handler in this process."""

from collections.abc import Sequence
from typing import Any

from file_formats.document import read_document
from handlers import Options, Translation
from serving.lanes.batcher import Batcher
from serving.lanes.cache import Cache
from serving.lanes.caller import Caller
from serving.plugins.models import Model
from serving.request import Request
from serving.service.asking import Asking
from serving.service.pipeline import translate_texts


class Identity:
    """A model that changes nothing: whatever is changed then, the service did."""

    def translate(self, segments: Sequence[str], options: Options) -> list[Translation]:
        return [Translation(str(segment)) for segment in segments]


class Service:
    """``Service(handler, "en", "pt")(texts, "html")``; for ``".srt"`` the texts are files."""

    def __init__(self, handler: Any, source: str, target: str = "pt") -> None:
        self._model = Model(None, None, handler)  # type: ignore[arg-type]
        self._batcher = Batcher(lanes=1)
        self._pair = source, target

    def __call__(self, texts: Sequence[str], form: str) -> list[Translation]:
        if form.startswith("."):
            return [self._file(text, form) for text in texts]
        asking = Asking(self._model, self._batcher, Cache(0, 0), Caller(), 10**9)
        request = Request(tuple(texts), format=form)
        found = translate_texts(request, *self._pair, self._model.guest, asking)
        return [result.translation for result in found]

    def _file(self, text: str, suffix: str) -> Translation:
        document = read_document(text.encode(), suffix, self._pair[1])
        found = [own for piece in document.pieces for own in self([piece.text], piece.format)]
        warnings = dict.fromkeys(code for own in found for code in own.warnings)
        written = document.write([own.text for own in found]).decode()
        return Translation(written, warnings=tuple(warnings))
