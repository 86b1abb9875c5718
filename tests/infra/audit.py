"""Checkov, cfn-lint and parliament over what the program would make. `make audit` runs it.

The scanners have an environment of their own; nothing of theirs is imported here.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra import cloudformation, terraform
from tests.infra.conftest import EVERYTHING
from tests.infra.exceptions import ALWAYS, EXCEPTIONS
from tests.infra.program import Deployment, run
from tests.infra.recorded import Recorded
from tests.running import ROOT

WORK = ROOT / ".cache" / "audit"


def main(scanners: Path) -> int:
    """The number of findings."""
    WORK.mkdir(parents=True, exist_ok=True)
    stacks = {"dev": run(Recorded(), "dev"), "prod": run(Recorded(), "prod")}
    stacks["everything"] = run(Recorded(), **EVERYTHING)
    found = []
    for name, deployment in stacks.items():
        found += [f"{name}: {line}" for line in _audit(scanners, name, deployment)]
    found += _dockerfile(scanners)
    for line in found:
        print(line, file=sys.stderr)
    print(f"audit: {len(stacks)} stacks, {len(found)} findings")
    return len(found)


def _audit(scanners: Path, name: str, deployment: Deployment) -> Iterator[str]:
    yield from _checkov_plan(scanners, name, deployment)
    yield from _cfn_lint(scanners, name, deployment)
    for title, document in _documents(deployment):
        yield from _parliament(scanners, title, document)


def _checkov_plan(scanners: Path, name: str, deployment: Deployment) -> Iterator[str]:
    path = WORK / f"{name}.plan.json"
    path.write_text(json.dumps(terraform.plan(deployment)))
    excused = {id_ for id_, when in EXCEPTIONS.items() if name != "everything" or when == ALWAYS}
    for check, resource, title in _checkov(scanners, "terraform_plan", path):
        if check not in excused:
            yield f"{check} {resource}: {title}"


def _dockerfile(scanners: Path) -> Iterator[str]:
    path = ROOT / "Dockerfile"
    for check, _, title in _checkov(scanners, "dockerfile", path):
        if check not in EXCEPTIONS:
            yield f"Dockerfile: {check}: {title}"


def _checkov(scanners: Path, framework: str, path: Path) -> Iterator[tuple[str, str, str]]:
    options = ["--framework", framework, "--skip-download", "--compact", "--quiet"]
    text = _output(scanners, "checkov", "--file", str(path), *options, "--output", "json")
    answer = json.loads(text)
    if not answer.get("summary", answer)["passed"]:
        yield "CHECKOV", str(path), "looked at nothing"
    for failure in answer.get("results", {}).get("failed_checks", []):
        yield failure["check_id"], failure["resource"], failure["check_name"]


def _cfn_lint(scanners: Path, name: str, deployment: Deployment) -> Iterator[str]:
    path = WORK / f"{name}.template.json"
    path.write_text(json.dumps(cloudformation.template(deployment), indent=1))
    missing = cloudformation.left_out(deployment) - cloudformation.WITHOUT
    yield from (f"{kind} is in no template" for kind in sorted(missing))
    yield from _output(scanners, "cfn-lint", "--format", "parseable", str(path)).splitlines()


def _documents(deployment: Deployment) -> Iterator[tuple[str, str]]:
    for resource in deployment.resources:
        kind = resource.type.split(":")[-1]
        if kind == "RolePolicy":
            yield resource.name, resource.inputs["policy"]


def _parliament(scanners: Path, title: str, document: str) -> Iterator[str]:
    for finding in _output(scanners, "parliament", "--string", document).splitlines():
        yield f"{title}: {finding}"


def _output(scanners: Path, tool: str, *arguments: str) -> Any:
    command = [str(scanners / tool), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and not done.stdout.strip():
        raise SystemExit(f"{tool} failed: {done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
