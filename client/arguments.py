"""The options, and the environment variables that stand in for them."""

import argparse
import os
import sys
from typing import Any, NoReturn

from client.errors import EXIT_CODES, UsageError

LOCAL = "http://127.0.0.1:8080"

_EXAMPLES = """\
examples:
  ./translate.py 'Hello world!'
  ./translate.py --pair de_en < brief.txt
  ./translate.py --file in.txt --output out.txt
  ./translate.py --stack prod 'Hello world!'
  ./translate.py batch texts/ translated/
  ./translate.py batch s3://bucket/in/ s3://bucket/out/ --pair en_de --stack prod
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}. See ./translate.py --help.")

    def print_help(self, file: Any = None) -> None:
        """argparse's own passes over an error in writing."""
        (file or sys.stdout).write(self.format_help())


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Raises `UsageError`. ``batch IN OUT`` arrives in ``text``."""
    return _parser().parse_intermixed_args(arguments)


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code:<4}{meaning}" for code, meaning in EXIT_CODES.items())
    parser = _Parser(
        prog="translate.py",
        description="Translate text, files and folders.",
        epilog=f"{_EXAMPLES}\nexit codes:\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("text", nargs="*", help="texts; without any, standard input is read")
    _add_what(parser)
    _add_where(parser)
    _add_how(parser)
    _add_batch(parser)
    return parser


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", help="language of the text (TRANSLATE_SOURCE, else en)")
    parser.add_argument("--target", help="language wanted (TRANSLATE_TARGET, else de)")
    parser.add_argument("--pair", help="both at once, such as en_de")
    parser.add_argument("--file", metavar="IN", help="translate this file, line by line")
    parser.add_argument("--output", metavar="OUT", help="where to; resumable")
    parser.add_argument("--json", action="store_true", help="print the service's full answer")
    parser.add_argument("--list", action="store_true", help="list the pairs served")


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


def _name(value: str) -> str:
    """Refuses what an unset shell variable leaves, which would mean the default service."""
    if not value:
        raise ValueError
    return value


def _count(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError(f"{value} is not between 1 and 100")
    return number


def _seconds(value: str) -> float:
    number = float(value)
    if not 0 <= number < 1e6:
        raise argparse.ArgumentTypeError(f"{value} is not a number from 0 up")
    return number


_name.__name__, _count.__name__, _seconds.__name__ = "name", "whole number", "number"
