"""A folder of text files into another, as SageMaker's batch transform would name them."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from client.document_file import DocumentFile
from client.errors import Refused, UsageError
from client.file_translation import FileTranslation
from client.journal import read_record
from client.output_file import OutputFile, open_private
from client.progress import Bar, note, show_progress
from client.text_file import TextFile

_FINISHED = ".translated.jsonl"


class FolderBatch:
    """``in/a/b.txt`` → ``out/a/b.txt.out``, ``in/c.docx`` → ``out/c.docx``.

    What is finished and unchanged is not done again.
    """

    def __init__(self, source: Path, output: Path, translation: FileTranslation) -> None:
        self.source, self.output, self.translation = source, output, translation
        self._refusals: list[str] = []
        self._done = self._kept = 0

    def run(self) -> None:
        """Raises `Refused` at the end for the files that could not be translated."""
        files = self._files()
        self.output.mkdir(parents=True, exist_ok=True)
        finished = self._read_finished()
        size = sum(file.stat().st_size for file in files)
        with closing(show_progress(size, self.source.name)) as bar:
            for file in files:
                self._one(file, finished, bar)
        note(f"{self._done} files translated, {self._kept} were finished before.")
        if self._refusals:
            raise Refused(f"{len(self._refusals)} of {len(files)} files could not be translated.")

    def _one(self, file: Path, finished: dict[str, Any], bar: Bar) -> None:
        name = file.relative_to(self.source)
        try:
            text = self.translation.open(file)
            output = self._output(name, text)
            settings = self.translation.settings(text)
            if finished.get(str(name)) == settings and output.is_file():
                self._kept += 1
                bar.update(file.stat().st_size)
                return
            output.parent.mkdir(parents=True, exist_ok=True)
            self.translation.run(text, OutputFile(output), bar)
            bar.update(file.stat().st_size - text.size)  # of a document, its texts are counted
        except Refused as refusal:
            self._refusals.append(str(name))
            note(f"{name} is left out. {refusal}")
            return
        self._done += 1
        self._write_finished(str(name), settings)

    def _output(self, name: Path, text: TextFile | DocumentFile) -> Path:
        """A document keeps its extension: by it programs know what it is."""
        is_document = isinstance(text, DocumentFile)
        return self.output / (name if is_document else name.with_name(f"{name.name}.out"))

    def _files(self) -> list[Path]:
        if not self.source.is_dir():
            raise UsageError(f"{self.source} is no folder. Name one that holds text files.")
        if self.source.resolve() == self.output.resolve():
            raise UsageError(f"{self.output} is the input folder. Name another for the output.")
        files = [path for path in sorted(self.source.rglob("*")) if self._is_input(path)]
        if not files:
            raise UsageError(f"{self.source} holds no file to translate.")
        return files

    def _is_input(self, path: Path) -> bool:
        hidden = any(part.startswith(".") for part in path.relative_to(self.source).parts)
        ours = path.resolve().is_relative_to(self.output.resolve())
        return path.is_file() and not hidden and not ours

    def _read_finished(self) -> dict[str, Any]:
        path = self.output / _FINISHED
        lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
        records = filter(None, map(read_record, lines))
        return {str(record.get("file")): record.get("settings") for record in records}

    def _write_finished(self, name: str, settings: dict[str, Any]) -> None:
        with open_private(self.output / _FINISHED) as file:
            file.write(json.dumps({"file": name, "settings": settings}).encode() + b"\n")
