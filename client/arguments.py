"""The options, and the environment variables that stand in for them."""

import argparse
import os
import sys
from typing import Any, NoReturn

from client.errors import EXIT_CODES, UsageError
from client.program import COMMAND, NAME, version
from file_formats.names import MEDIA_TYPES

LOCAL = "http://127.0.0.1:8080"

_EXAMPLES = f"""\
examples:
  {COMMAND} 'Hello world!'
  {COMMAND} --pair de_en < brief.txt
  {COMMAND} -s en -t pt -f in.txt -o out.txt
  {COMMAND} --stack prod 'Hello world!'
  {COMMAND} glossary create ours terms.tsv --pair en_de
  {COMMAND} batch texts/ translated/
  {COMMAND} batch s3://bucket/in/ s3://bucket/out/ --pair en_de --stack prod
  {COMMAND} usage --stack prod --days 7
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See {COMMAND} --help.")

    def print_help(self, file: Any = None) -> None:
        """argparse's own passes over an error in writing."""
        (file or sys.stdout).write(self.format_help())


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Raises `UsageError`. ``batch IN OUT`` and ``usage`` arrive in ``text``."""
    return _parser().parse_intermixed_args(arguments)


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code:<4}{meaning}" for code, meaning in EXIT_CODES.items())
    parser = _Parser(
        prog=NAME,
        description="Translate text, files and folders.",
        epilog=f"{_EXAMPLES}\nexit codes:\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "text", nargs="*", help="texts; without any, standard input is read; on a terminal, lines"
    )
    _add_what(parser)
    _add_where(parser)
    _add_how(parser)
    _add_batch(parser)
    _add_about(parser)
    _add_usage(parser)
    return parser


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-s", "--source", help="language of the text, or auto (TRANSLATE_SOURCE, else en)"
    )
    parser.add_argument("-t", "--target", help="language wanted (TRANSLATE_TARGET, else de)")
    parser.add_argument("--pair", help="both at once, such as en_de or en-de")
    parser.add_argument(
        "-f", "--file", metavar="IN", help="translate this file; its extension tells the format"
    )
    parser.add_argument("-o", "--output", metavar="OUT", help="where to; resumable")
    parser.add_argument(
        "--glossary",
        type=_name,
        metavar="NAME",
        help="how to translate words: a glossary's name or id, or a .tsv or .csv file",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print all that the service tells of a text, as JSON on one line",
    )
    parser.add_argument("--list", action="store_true", help="list the pairs served")
    _add_wishes(parser)


def _add_wishes(parser: argparse.ArgumentParser) -> None:
    wishes = parser.add_argument_group("translation")
    wishes.add_argument(
        "--format",
        choices=[suffix[1:] for suffix in MEDIA_TYPES],
        help="of the file, or of the texts (txt, html, xml), whatever their name says",
    )
    wishes.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="TERM",
        help="do not translate it; repeatable",
    )
    wishes.add_argument(
        "--split",
        choices=("sentences", "punctuation", "none"),
        default="sentences",
        help="where texts are cut: also at line ends, at punctuation only, nowhere (sentences)",
    )
    wishes.add_argument(
        "--alternatives", type=_count, default=0, metavar="N", help="other translations, indented"
    )


def _add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("service").add_mutually_exclusive_group()
    where.add_argument("--url", type=_name, help=f"a server (TRANSLATE_URL, else {LOCAL})")
    where.add_argument(
        "--endpoint", type=_name, metavar="NAME", help="a SageMaker endpoint, called with boto3"
    )
    where.add_argument(
        "--stack", type=_name, metavar="NAME", help="a deployed stack, found with pulumi"
    )
    parser.add_argument(
        "--api-key",
        default=os.environ.get("TRANSLATE_API_KEY"),
        help="key of the public API (better: TRANSLATE_API_KEY)",
    )


def _add_how(parser: argparse.ArgumentParser) -> None:
    how = parser.add_argument_group("patience")
    how.add_argument(
        "--patience",
        type=_seconds,
        default=180.0,
        metavar="SECONDS",
        help="how long to ask a busy or starting service again (180)",
    )
    how.add_argument(
        "--parallel", type=_count, default=4, metavar="N", help="requests under way at once (4)"
    )


def _add_batch(parser: argparse.ArgumentParser) -> None:
    batch = parser.add_argument_group("batch IN OUT (two folders, or two s3:// folders)")
    batch.add_argument(
        "--payload-mb", type=_count, default=1, metavar="MB", help="largest payload (1)"
    )
    batch.add_argument(
        "--concurrent",
        type=_count,
        default=0,
        metavar="N",
        help="payloads at once on an instance (the container says what fits)",
    )
    batch.add_argument(
        "--price", type=_seconds, metavar="USD", help="of an instance hour, to report the cost"
    )


def _add_about(parser: argparse.ArgumentParser) -> None:
    about = parser.add_argument_group("about")
    about.add_argument("--version", action="version", version=f"{NAME} {version()}")
    about.add_argument(
        "--completion",
        choices=("bash", "zsh", "tcsh"),
        help="print what completes this command in a shell",
    )


def completion(shell: str) -> str:
    """What the shell is to read. Raises `UsageError` where shtab is not installed."""
    try:
        import shtab
    except ImportError as error:
        raise UsageError("--completion needs shtab. Install it.") from error
    return str(shtab.complete(_parser(), shell))


def _add_usage(parser: argparse.ArgumentParser) -> None:
    usage = parser.add_argument_group("usage --stack NAME (what each key has used)")
    usage.add_argument("--days", type=int, default=30, metavar="N", help="of so many days (30)")
    usage.add_argument("--csv", action="store_true", help="a line a day and key, as CSV")


def _name(value: str) -> str:
    """Refuses what an unset shell variable leaves, which would mean the default service."""
    if not value:
        raise ValueError
    return value


def _count(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{value} is not between 1 and 100.")
    return number


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 <= number < 1e6:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 0 up.")
    return number


_name.__name__, _count.__name__, _seconds.__name__ = "name", "whole number", "number"
