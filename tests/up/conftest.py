"""What the tests of a stack's life share: one cloud, one desk, and the CLI."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.up import cli
from tests.up.cloud import Cloud, running
from tests.up.workplace import Desk

HERE = Path(__file__).parent
DESK = pytest.StashKey[Desk]()


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
    assert found, "there is no Pulumi CLI. Run `make test-up`, which builds one"
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
    desk = request.config.stash[DESK] = Desk(folder, program, cloud)
    return desk


@pytest.fixture(scope="session")
def terraform(desk: Desk) -> Path:
    """For what only the real provider can judge."""
    if desk.terraform is None:
        pytest.skip("Terraform's AWS provider is not on this machine: see TF_PLUGIN_DIR")
    return desk.terraform


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What was real, and what could not be judged."""
    if desk := config.stash.get(DESK, None):
        command = [desk.program, "version"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        plans = desk.terraform or (
            "a recorded table: TF_PLUGIN_DIR has no Terraform AWS provider 5, so nobody judged"
            " whether AWS's provider takes the inputs, what it sends, and what a refresh finds"
        )
        terminalreporter.write_line(f"pulumi {said.stdout.strip()}: {desk.program}")
        terminalreporter.write_line(f"programs were run by {desk.host or 'our own language host'}")
        terminalreporter.write_line(f"plans and calls were made by {plans}")
