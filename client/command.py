"""From arguments to the work, and from its end to an exit code."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from client.arguments import completion, read_arguments
from client.connect import connect, connect_glossaries
from client.contract import SHOWN
from client.conversation import converse
from client.document_file import DocumentFile, format_of
from client.errors import Failure, Interrupted, Refused, UsageError
from client.file_translation import FileTranslation
from client.folder_batch import FolderBatch
from client.glossary_command import run_glossary
from client.in_flight import in_order
from client.lines import Chunk, follow_chunks, read_chunks
from client.output_file import OutputFile
from client.own_server import own_server
from client.pair import Pair, choose_pair
from client.program import COMMAND, NAME
from client.progress import note, show_progress
from client.settings_file import add_settings
from client.terminal import harmless, open_closed_streams
from client.text_file import refused_at, translate_chunk
from client.transport import Transport, limits_of
from client.wishes import Wishes

_PIPE_CLOSED = 141
_SERVICES = ("--url", "--stack", "--endpoint")


def main() -> NoReturn:
    """The command line's whole process."""
    open_closed_streams()
    code = run(sys.argv[1:])
    own_server.stop()
    # Requests may still be under way after a failure; nobody waits for their answers.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Does what the arguments say. Returns the exit code; errors are a sentence on stderr."""
    try:
        add_settings(os.environ, not any(word.startswith(_SERVICES) for word in arguments))
        with suppress(SystemExit):  # of --help, which is printed
            _dispatch(read_arguments(arguments))
        sys.stdout.flush()
    except Failure as failure:
        note(f"{NAME}: {failure}")
        return failure.code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - the reader left
        return _PIPE_CLOSED
    except OSError as error:
        note(f"{NAME}: {error.filename or 'writing'}: {error.strerror or error}.")
        return UsageError.code
    except UnicodeError:
        note(f"{NAME}: The text is not valid UTF-8. Convert it first, for example with iconv.")
        return Refused.code
    except KeyboardInterrupt:
        note(f"{NAME}: Interrupted.")
        return Interrupted.code
    return 0


def _dispatch(options: argparse.Namespace) -> None:
    pair = choose_pair(options.pair, options.source, options.target)
    if options.completion:
        _write(completion(options.completion))
    elif options.text[:1] == ["batch"]:
        _batch(options, pair)
    elif options.text == ["usage"]:
        _usage(options)
    elif options.text[:1] == ["glossary"]:
        connected = partial(connect_glossaries, options)
        run_glossary(options.text[1:], pair, options.json, connected, _write)
    elif options.list:
        _list(options, pair)
    elif options.file or options.output:
        _file(options, pair)
    else:
        _text(options, pair)


def _text(options: argparse.Namespace, pair: Pair) -> None:
    if options.text:
        _print(options.text, connect(options, pair), options, pair)
    elif sys.stdin.isatty():
        transport = connect(options, pair)
        converse(pair, lambda text: _print([text], transport, options, pair))
    else:
        _stream(sys.stdin.buffer, "standard input", options, pair)


def _print(texts: list[str], transport: Transport, options: argparse.Namespace, pair: Pair) -> None:
    answer = transport.translate(texts, pair, _wishes(options))
    if options.json:
        _write("".join(map(_as_json, answer.records)))
        return
    for _, warning in answer.warnings:
        note(f"Warning: {warning}")
    for text, record in zip(answer.texts, answer.records, strict=True):
        others = record.get("alternatives") if options.alternatives else ()
        _write("".join(f"{line}\n" for line in (text, *(f"  {other}" for other in others or ()))))


def _stream(
    file: BinaryIO,
    name: str,
    options: argparse.Namespace,
    pair: Pair,
    write: Callable[[str], object] | None = None,
    read: Callable[..., Iterable[Chunk | None]] = follow_chunks,
) -> None:
    """Line by line, as it comes; to standard output without ``write``."""
    transport = connect(options, pair)
    translate = _records if options.json else translate_chunk
    wishes = _wishes(options)
    for text, warnings in in_order(
        lambda chunk: translate(chunk, transport, pair, wishes),
        read(file, name, limits_of(transport)),
        options.parallel,
    ):
        for warning in warnings:
            note(f"Warning: {warning}")
        (write or _write)(text)


def _records(
    chunk: Chunk, transport: Transport, pair: Pair, wishes: Wishes
) -> tuple[str, list[str]]:
    """A line of JSON for each part, warnings in it."""
    with refused_at(chunk):
        answer = transport.translate([text for _, text, _ in chunk.split()], pair, wishes)
    numbered = zip(chunk.parts, answer.records, strict=True)
    return "".join(_as_json({"line": part.line, **record}) for part, record in numbered), []


def _as_json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _file(options: argparse.Namespace, pair: Pair) -> None:
    if options.text or not options.file:
        raise UsageError("--file IN --output OUT goes without texts.")
    if options.json and options.output:
        raise UsageError("--json goes to standard output. Leave out --output, and redirect it.")
    source = Path(options.file)
    if format_of(source, options.format) != ".txt":
        _document(source, options, pair)
    elif not options.output:
        with source.open("rb") as file:
            _stream(file, options.file, options, pair, read=_reader(source, options))
    else:
        _text_file(source, options, pair)


def _text_file(source: Path, options: argparse.Namespace, pair: Pair) -> None:
    output = _output(source, options.output)
    if output.is_regular:
        _replace(source, output, options, pair)
    else:
        with source.open("rb") as file, output.path.open("wb") as device:
            write = partial(_write_to, device)
            _stream(file, options.file, options, pair, write, _reader(source, options))


def _reader(source: Path, options: argparse.Namespace) -> Callable[..., Iterable[Chunk | None]]:
    """By paragraph what is a file, and is not to be counted by lines; else as it comes."""
    if not source.is_file() or options.json or options.split == "none":
        return follow_chunks
    return partial(read_chunks, by_paragraph=True)


def _document(source: Path, options: argparse.Namespace, pair: Pair) -> None:
    _check_document(options)
    if not options.output:
        _print_document(source, options, pair)
        return
    output = _output(source, options.output)
    if not output.is_regular:
        raise UsageError(f"{options.output} is no regular file. Name one for --output.")
    _replace(source, output, options, pair)


def _output(source: Path, named: str) -> OutputFile:
    output = OutputFile(Path(named))
    if output.path.exists() and output.path.samefile(source):
        raise UsageError(f"{named} is the input itself. Name another --output.")
    return output


def _check_document(options: argparse.Namespace) -> None:
    for name in ("json", "alternatives"):
        if getattr(options, name):
            raise UsageError(f"--{name} goes with plain text only. Leave it out.")
    if not options.output and sys.stdout.isatty():
        raise UsageError("A document is no text for a terminal. Name a file with --output.")


def _print_document(source: Path, options: argparse.Namespace, pair: Pair) -> None:
    """To a pipe or file that standard output is; nothing is kept to go on from."""
    translation = _translation(options, pair)
    document = translation.open(source)
    if isinstance(document, DocumentFile):
        for part in translation.translated(document):
            sys.stdout.buffer.write(part)


def _replace(source: Path, output: OutputFile, options: argparse.Namespace, pair: Pair) -> None:
    if source.exists() and not (source.is_file() or source.is_dir()):
        raise UsageError(f"{source} is no file. Translate it as standard input: < {source}.")
    translation = _translation(options, pair)
    text = translation.open(source)
    with closing(show_progress(text.size, source.name)) as bar:
        translation.run(text, output, bar)


def _batch(options: argparse.Namespace, pair: Pair) -> None:
    if len(options.text) != 3:
        raise UsageError(f"Batch takes two folders: {COMMAND} batch IN OUT.")
    _, source, output = options.text
    remote = [place.startswith("s3://") for place in (source, output)]
    if all(remote):
        _batch_in_s3(options, pair, source, output)
    elif any(remote):
        raise UsageError("Batch takes two local folders or two s3:// folders, not one of each.")
    else:
        translation = _translation(options, pair)
        FolderBatch(Path(source), Path(output), translation).run()


def _batch_in_s3(options: argparse.Namespace, pair: Pair, source: str, output: str) -> None:
    if not options.stack:
        raise UsageError("Batch in S3 runs on a deployed model. Add --stack NAME.")
    if options.glossary:
        raise UsageError("Batch in S3 takes no glossary. Translate the folder from here instead.")
    from client.aws import make_client  # boto3 costs half a second: only here
    from client.s3_batch import S3Batch
    from client.s3_folder import parse_s3
    from client.stack import Stack
    from client.transform_job import plan_from_stack

    folders = parse_s3(source), parse_s3(output)
    limits = {"payload_mb": options.payload_mb, "concurrent": options.concurrent}
    plan = plan_from_stack(Stack(options.stack).output("batch"), pair, *folders, **limits)
    S3Batch(plan, make_client("sagemaker"), make_client("s3")).run(options.price)


def _usage(options: argparse.Namespace) -> None:
    if not options.stack:
        raise UsageError("Usage is that of a deployed stack. Add --stack NAME.")
    from client.aws import make_client  # boto3 costs half a second: only here
    from client.stack import Stack
    from client.usage import as_csv, as_table, check_days, read_usage

    days = check_days(options.days)
    stack = Stack(options.stack)
    keys, table = stack.key_names, stack.output("counts")
    usage = read_usage(make_client("dynamodb"), table, keys, days)
    _write(as_csv(usage) if options.csv else as_table(usage, keys))


def _list(options: argparse.Namespace, pair: Pair) -> None:
    models = connect(options, pair).models()
    if options.json:
        _write("".join(map(_as_json, models)))
        return
    for model in models:
        facts = [model.get(name, "") for name in SHOWN]
        if model.get("demonstration") is True:
            facts.append("a demonstration")
        _write("  ".join(filter(None, facts)) + "\n")


def _translation(options: argparse.Namespace, pair: Pair) -> FileTranslation:
    transport = connect(options, pair)
    return FileTranslation(
        transport,
        pair,
        options.parallel,
        options.glossary or "",
        wishes=_wishes(options),
        format=options.format,
    )


def _wishes(options: argparse.Namespace) -> Wishes:
    """What a file's format is, its pieces tell."""
    is_file = options.file or options.text[:1] == ["batch"]
    kind = "text" if is_file or options.format in (None, "txt") else options.format
    if kind not in ("text", "html", "xml"):
        raise UsageError(f"--format {kind} is of files. Name one with --file.")
    return Wishes(kind, tuple(options.keep), options.split, options.alternatives)


def _write(text: str) -> None:
    _write_to(sys.stdout.buffer, text)


def _write_to(file: BinaryIO, text: str) -> None:
    """At once; to a terminal without what it would obey."""
    shown = harmless(text) if file.isatty() else text
    file.write(shown.encode("utf-8", "replace"))  # half a pair, in some other field of an answer
    file.flush()
