"""One file into another: chunks in flight, every finished one kept, the result in one move."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from client.document_file import DocumentFile, format_of, open_file
from client.errors import Interrupted, UsageError
from client.glossary_file import is_file
from client.in_flight import in_order
from client.journal import Journal
from client.output_file import OutputFile
from client.pair import AUTO, Pair
from client.progress import Bar, note
from client.public_api import PublicApi
from client.text_file import TextFile
from client.transport import Limits, Transport, limits_of
from client.wishes import PLAIN, Wishes

_FORMAT = 3
_WARNINGS_SHOWN = 5


@dataclass(frozen=True)
class FileTranslation:
    """What to translate and how; two equal `settings` give the same output."""

    transport: Transport
    pair: Pair
    parallel: int
    glossary: str = ""
    """A file of terms, or a glossary's name."""
    wishes: Wishes = PLAIN
    format: str | None = None
    """Of all files, whatever their names say."""

    @cached_property
    def limits(self) -> Limits:
        return limits_of(self.transport)

    def open(self, path: Path) -> TextFile | DocumentFile:
        """Raises `Refused` for a format that is not translated, and for what cannot be read."""
        source = open_file(path, format_of(path, self.format), self.pair.target)
        if isinstance(source, TextFile):
            return replace(source, by_paragraph=self.wishes.split != "none")
        return source

    def settings(self, source: TextFile | DocumentFile) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "sha256": source.sha256,
            "pair": str(self.pair),
            "wishes": [self.format, self.wishes.fields()],
            "service": self.transport.service,
            "limits": [self.limits.texts, self.limits.characters],
            **({"glossary": _identity(self.glossary)} if self.glossary else {}),
        }

    def run(self, source: TextFile | DocumentFile, output: OutputFile, bar: Bar) -> None:
        """Leaves ``output`` complete, or as it was and a journal beside it to go on from."""
        with Journal(journal_path(output.path), self.settings(source)) as journal:
            _tell(journal, output.path)
            try:
                self._translate(source, journal, bar)
            except KeyboardInterrupt as error:
                raise Interrupted("Interrupted. The same command goes on from here.") from error
            source.check_unchanged()
            warnings = _assemble(source, journal, output)
            journal.path.unlink()
        _warn(warnings)

    def translated(self, source: DocumentFile) -> Iterator[bytes]:
        """The translated file, without a journal."""
        pair = self._pair(source)
        found = in_order(
            lambda chunk: source.translate(chunk, self.transport, pair, self.wishes),
            source.chunks(self.limits),
            self.parallel,
        )
        results = list(found)
        _warn([warning for _, warnings in results for warning in warnings])
        return source.assemble(iter([text for text, _ in results]))

    def _translate(self, source: TextFile | DocumentFile, journal: Journal, bar: Bar) -> None:
        pair = self._pair(source)

        def one(chunk: Any) -> int:
            if chunk.index not in journal:
                text, warnings = source.translate(chunk, self.transport, pair, self.wishes)
                journal.add(chunk.index, text, warnings)
            return int(chunk.size)

        count = 0
        for size in in_order(one, source.chunks(self.limits), self.parallel):
            bar.update(size)
            count += 1
        if len(journal) != count:
            raise UsageError(f"{journal.path} is damaged. Remove it, and run the command again.")

    def _pair(self, source: TextFile | DocumentFile) -> Pair:
        """A document's language is detected once: its cells are too short for one each."""
        if self.pair.source != AUTO or not isinstance(source, DocumentFile):
            return self.pair
        if not isinstance(self.transport, PublicApi):
            return self.pair
        return Pair(self.transport.detect(source.sample()), self.pair.target)


def _warn(warnings: list[str]) -> None:
    for warning in warnings[:_WARNINGS_SHOWN]:
        note(f"Warning: {warning}")
    if more := warnings[_WARNINGS_SHOWN:]:
        note(f"… and {len(more)} more warnings.")


def _identity(glossary: str) -> str:
    """Of a file its content: other terms make another translation."""
    if not is_file(glossary):
        return glossary
    return hashlib.sha256(Path(glossary).read_bytes()).hexdigest()


def journal_path(output: Path) -> Path:
    return output.with_name(f"{output.name}.journal.part")


def _tell(journal: Journal, output: Path) -> None:
    if journal.begun_anew:
        note(f"{output}: input, pair, service or settings differ from the last run; starting over.")
    elif len(journal):
        note(f"{output}: going on after {len(journal)} finished chunks.")


def _assemble(source: TextFile | DocumentFile, journal: Journal, output: OutputFile) -> list[str]:
    warnings: list[str] = []

    def texts() -> Iterator[str]:
        for record in journal.records():
            warnings.extend(record["warnings"])
            yield record["text"]

    output.replace(source.assemble(texts()))
    return warnings
