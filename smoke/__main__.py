"""`python -m smoke --stack dev --refresh`, or `--url URL` with the key in TRANSLATE_API_KEY.

Asks a deployment what its callers rely on, and prints what falls short. Exit code 1 where anything
does.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator

from client.errors import Failure
from client.stack import PROJECT, Stack
from client.web import check_url
from smoke.checks import CHECKS, Finding
from smoke.expected import Expected, of_stack
from smoke.service import Service


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        service, expected = _find(options)
        findings = list(_print(_findings(service, expected, options)))
    except Failure as failure:
        print(f"smoke: {failure}", file=sys.stderr)
        return 2
    short = [finding for finding in findings if finding.short]
    if short:
        print(f"\n{len(short)} of {len(findings)} checks of {service.url} fall short.")
        return 1
    print(f"\nAll {len(findings)} checks of {service.url} hold.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m smoke", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="a deployed stack, found with the pulumi command")
    where.add_argument("--url", help="a server; its key is in TRANSLATE_API_KEY")
    parser.add_argument("--pairs", nargs="+", metavar="PAIR", help="that a --url must serve")
    parser.add_argument("--origins", nargs="*", metavar="ORIGIN", help="that may call a --url")
    parser.add_argument(
        "--refresh", action="store_true", help="whether AWS is as the stack says (--stack only)"
    )
    parser.add_argument(
        "--patience", type=float, default=180.0, metavar="SECONDS", help="for a model's start (180)"
    )
    return parser


def _find(options: argparse.Namespace) -> tuple[Service, Expected]:
    if options.stack:
        stack = Stack(options.stack)
        return Service(check_url(stack.url), stack.key, options.patience), of_stack(stack)
    key = os.environ.get("TRANSLATE_API_KEY")
    service = Service(check_url(options.url), key, options.patience)
    return service, Expected(pairs=options.pairs, needs_key=bool(key), origins=options.origins)


def _findings(
    service: Service, expected: Expected, options: argparse.Namespace
) -> Iterator[Finding]:
    for check in CHECKS:
        try:
            yield from check(service, expected)
        except (OSError, Failure) as error:
            name = check.__name__.removeprefix("check_")
            yield Finding(name, f"it cannot be asked: {error}")
    if options.stack and options.refresh:
        yield _refreshed(options.stack)


def _refreshed(stack: str) -> Finding:
    """Whether AWS has what the stack's settings say: a preview after a look at AWS is empty."""
    command = ["pulumi", "preview", "--refresh", "--expect-no-changes", "--stack", stack]
    done = subprocess.run(  # noqa: S603
        [*command, "--non-interactive"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    short = f"pulumi preview --refresh says: {lines[-1] if lines else done.returncode}"
    return Finding("configuration = state", short if done.returncode else "")


def _print(findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        told = finding.short or finding.note
        print(f"{'FAIL' if finding.short else 'ok':5}{finding.check}{f': {told}' if told else ''}")
        yield finding


if __name__ == "__main__":
    sys.exit(main())
