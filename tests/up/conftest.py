"""What the tests of a stack's life share: one cloud, one desk, and the CLI."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.up import cli, terraform_provider
from tests.up.cloud import Cloud, running
from tests.up.workplace import Desk

HERE = Path(__file__).parent
PROGRAM = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and "desk" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.up)
            item.add_marker(pytest.mark.timeout(900))
            # moto's server warns in threads of its own.
            item.add_marker(pytest.mark.filterwarnings("default"))


@pytest.fixture(scope="session")
def program() -> Path:
    found = cli.find()
    assert found, "there is no Pulumi CLI: run `make test-up`, which builds one"
    return found


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        with running() as cloud:
            yield cloud


@pytest.fixture(scope="session")
def desk(request: pytest.FixtureRequest, program: Path, cloud: Cloud) -> Desk:
    folder = request.getfixturevalue("tmp_path_factory").mktemp("desk")
    request.config.stash[PROGRAM] = program
    return Desk(folder, program, cloud)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What was real."""
    if program := config.stash.get(PROGRAM, None):
        said = subprocess.run([program, "version"], capture_output=True, text=True, check=False)
        host = cli.find_language_host(program) or "our own language host"
        terraform = terraform_provider.find_binary()
        terminalreporter.write_line(f"pulumi {said.stdout.strip()}: {program}")
        terminalreporter.write_line(f"programs were run by {host}")
        terminalreporter.write_line(f"plans and calls were made by {terraform}")
