"""One file into another: chunks in flight, every finished one kept, the result in one move."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from client.errors import Interrupted, Refused, UsageError
from client.glossary_file import is_file
from client.in_flight import in_order
from client.journal import Journal
from client.lines import Chunk
from client.output_file import OutputFile
from client.pair import Pair
from client.progress import Bar, note
from client.text_file import TextFile
from client.transport import Limits, Transport, limits_of

_FORMAT = 1
_WARNINGS_SHOWN = 5


@dataclass(frozen=True)
class FileTranslation:
    """What to translate and how; two equal `settings` give the same output."""

    transport: Transport
    pair: Pair
    parallel: int
    glossary: str = ""
    """A file of terms, or a glossary's name."""

    @cached_property
    def limits(self) -> Limits:
        return limits_of(self.transport)

    def settings(self, source: TextFile) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "sha256": source.sha256,
            "pair": str(self.pair),
            "service": self.transport.service,
            "limits": [self.limits.texts, self.limits.characters],
            **({"glossary": _identity(self.glossary)} if self.glossary else {}),
        }

    def run(self, source: TextFile, output: OutputFile, bar: Bar) -> None:
        """Leaves ``output`` complete, or as it was and a journal beside it to go on from."""
        with Journal(journal_path(output.path), self.settings(source)) as journal:
            _tell(journal, output.path)
            try:
                self._translate(source, journal, bar)
            except KeyboardInterrupt as error:
                raise Interrupted("Interrupted. The same command goes on from here.") from error
            source.check_unchanged()
            warnings = _assemble(journal, output)
            journal.path.unlink()
        for warning in warnings[:_WARNINGS_SHOWN]:
            note(f"Warning: {warning}")
        if more := warnings[_WARNINGS_SHOWN:]:
            note(f"… and {len(more)} more warnings.")

    def _translate(self, source: TextFile, journal: Journal, bar: Bar) -> None:
        def one(chunk: Chunk) -> int:
            if chunk.index not in journal:
                text, warnings = translate_chunk(chunk, self.transport, self.pair)
                journal.add(chunk.index, text, warnings)
            return chunk.size

        count = 0
        for size in in_order(one, source.chunks(self.limits), self.parallel):
            bar.update(size)
            count += 1
        if len(journal) != count:
            raise UsageError(f"{journal.path} is damaged. Remove it, and run the command again.")


def _identity(glossary: str) -> str:
    """Of a file its content: other terms make another translation."""
    if not is_file(glossary):
        return glossary
    return hashlib.sha256(Path(glossary).read_bytes()).hexdigest()


def journal_path(output: Path) -> Path:
    return output.with_name(f"{output.name}.journal.part")


def translate_chunk(chunk: Chunk, transport: Transport, pair: Pair) -> tuple[str, list[str]]:
    """The translated lines with their ends, and warnings that name their lines."""
    with refused_at(chunk):
        answer = transport.translate([text for _, text, _ in chunk.split()], pair)
    warnings = [f"{chunk.where(place)}: {warning}" for place, warning in answer.warnings]
    return chunk.join(answer.texts), warnings


@contextmanager
def refused_at(chunk: Chunk) -> Iterator[None]:
    """A refusal names its lines."""
    try:
        yield
    except Refused as refusal:
        raise Refused(f"{chunk.where(0)} to {chunk.parts[-1].line}: {refusal}") from refusal


def _tell(journal: Journal, output: Path) -> None:
    if journal.begun_anew:
        note(f"{output}: input, pair, service or settings differ from the last run; starting over.")
    elif len(journal):
        note(f"{output}: going on after {len(journal)} finished chunks.")


def _assemble(journal: Journal, output: OutputFile) -> list[str]:
    warnings: list[str] = []

    def parts() -> Iterator[bytes]:
        for record in journal.records():
            warnings.extend(record["warnings"])
            yield record["text"].encode()

    output.replace(parts())
    return warnings
