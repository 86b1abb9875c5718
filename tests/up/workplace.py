"""A user's desk: a checkout of this repository, Pulumi's CLI, and an AWS that is not one."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.function_code import CACHE
from tests.running import ROOT
from tests.up import cli, terraform_provider
from tests.up.cloud import Cloud

PASSPHRASE = "only for tests"
DOUBLES = {
    "pulumi-resource-docker-build": "docker_build_provider",
    "pulumi-resource-random": "random_provider",
}
LIMIT = 600  # seconds for a command
EN_DE = {"folder": "models/en_de", "memory": 1024, "maxConcurrency": 2}


@dataclass
class Said:
    """What a command answered; `text` has both of its streams."""

    code: int
    text: str

    def count(self, verb: str) -> int:
        """How many resources were, say, created."""
        found = re.search(rf"(\d+) {verb}$", self.text, re.MULTILINE)
        return int(found[1]) if found else 0

    def errors(self) -> list[str]:
        """The lines of the engine's list of errors."""
        return [line.strip() for line in self.text.splitlines() if re.match(r"\s+error: ", line)]


class Desk:
    """`folder` keeps the state, the logs, and the checkouts; each desk has a backend of its own."""

    def __init__(self, folder: Path, program: Path, cloud: Cloud) -> None:
        self.folder, self.program, self.cloud = folder, program, cloud
        for name in ("bin", "state", "home", "cache"):
            (folder / name).mkdir(parents=True)
        self.state, self.log = folder / "state", folder / "log.txt"
        self.host = cli.find_language_host(program)
        self.terraform = terraform_provider.find_binary()
        self._write_plugins()
        self.environment = self._environment(program)

    def _write_plugins(self) -> None:
        aws = "aws_provider" if self.terraform else "moto_provider"
        for name, module in {"pulumi-resource-aws": aws, **DOUBLES}.items():
            self._write_plugin(name, f"-P -m tests.up.{module}")
        if self.host is None:
            self._write_plugin(cli.HOST, f"-P {ROOT / 'tests' / 'up' / 'language_host.py'}")

    def _write_plugin(self, name: str, arguments: str) -> None:
        path = self.folder / "bin" / name
        python = shlex.quote(sys.executable)
        root, log = shlex.quote(str(ROOT)), shlex.quote(str(self.folder / f"{name}.log"))
        path.write_text(
            f'#!/bin/sh\nPYTHONPATH={root} exec {python} -W ignore {arguments} "$@" 2>>{log}\n'
        )
        path.chmod(0o755)

    def _environment(self, program: Path) -> dict[str, str]:
        own = ("PATH", "HOME", "LANG", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy",
               "http_proxy", "no_proxy", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_INDEX_URL",
               "PIP_CERT", "PIP_CONFIG_FILE", "XDG_CACHE_HOME")  # fmt: skip
        kept = {key: os.environ[key] for key in own if key in os.environ}
        path = [str(self.folder / "bin"), str(program.parent), kept["PATH"]]
        return {
            **kept,
            "PATH": os.pathsep.join(path),
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "AWS_ENDPOINT_URL": self.cloud.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "DOUBLES_CACHE": str(self.folder / "cache"),
            "DOUBLES_TERRAFORM_PROVIDER": str(self.terraform or ""),
        }

    def checkout(self, name: str, umask: str = "022", fetched: bool = True) -> "Checkout":
        """The tracked files, in a folder of their own, with the modes that this umask leaves.

        `fetched` saves the download of the function's packages where this checkout has them.
        """
        folder = self.folder / name
        folder.mkdir()
        pack = "git ls-files -z | tar c --null -T - --mode=a=rwX"
        unpack = f"umask {umask}; tar x --no-same-permissions -C {shlex.quote(str(folder))}"
        script = f"set -o pipefail; {pack} | ({unpack})"
        subprocess.run(["bash", "-c", script], cwd=ROOT, check=True)
        return self.at(folder, fetched)

    def at(self, folder: Path, fetched: bool = True) -> "Checkout":
        """A folder that holds the program already."""
        (folder / ".venv").symlink_to(sys.prefix)
        if fetched:
            for packages in (ROOT / CACHE).glob("packages-*"):
                shutil.copytree(packages, folder / CACHE / packages.name)
        return Checkout(folder, self)


class Checkout:
    """A folder in which `pulumi` is run, as a user types it."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.folder, self.desk = folder, desk

    def configure(self, stack: str, region: str = "eu-west-1", **settings: Any) -> None:
        """Write the stack's file, as its team would."""
        self.write(stack, {"aws:region": region, **settings})

    def write(self, stack: str, config: dict[str, Any]) -> None:
        text = yaml.safe_dump({"config": {"aws:region": "eu-west-1", **config}})
        (self.folder / f"Pulumi.{stack}.yaml").write_text(text)

    def take_stack(self, other: "Checkout", stack: str) -> None:
        """The stack's file from another checkout, as a team shares it."""
        name = f"Pulumi.{stack}.yaml"
        shutil.copyfile(other.folder / name, self.folder / name)

    def start(self, *args: str, **variables: str) -> subprocess.Popen[str]:
        return self._start(["pulumi", *args, "--non-interactive"], variables)

    def shell(self, script: str) -> Said:
        """Run what a page tells to type, with every question answered by yes."""
        answers = {"PULUMI_SKIP_CONFIRMATIONS": "true"}
        return self.finish(self._start(["bash", "-euo", "pipefail", "-c", script], answers))

    def _start(self, command: list[str], variables: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**self.desk.environment, **variables},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def finish(self, process: subprocess.Popen[str], secret: bool = False) -> Said:
        """What it said to its end; what is secret is not logged."""
        started = time.monotonic()
        text, _ = process.communicate(timeout=LIMIT)
        seconds, shown = time.monotonic() - started, "..." if secret else text
        with self.desk.log.open("a") as log:
            log.write(f"{process.args}\n{shown}\n= {process.returncode}, {seconds:.1f} s\n\n")
        return Said(process.returncode, text)

    def pulumi(self, *args: str, secret: bool = False, **variables: str) -> Said:
        """Run the command to its end; whether it succeeded is the caller's question."""
        return self.finish(self.start(*args, **variables), secret)

    def run(self, *args: str, **variables: str) -> Said:
        """Run a command that has to succeed."""
        said = self.pulumi(*args, **variables)
        assert said.code == 0, said.text
        return said

    def up(self, stack: str = "dev", *args: str, **variables: str) -> Said:
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", stack, *args, **variables)

    def outputs(self, stack: str = "dev") -> dict[str, Any]:
        options = ("--json", "--show-secrets", "--stack", stack)
        said = self.pulumi("stack", "output", *options, secret=True)
        assert said.code == 0, said.text
        found: dict[str, Any] = json.loads(said.text)
        return found

    def resources(self, stack: str = "dev") -> list[dict[str, Any]]:
        """The stack's state."""
        exported = json.loads(self.run("stack", "export", "--stack", stack).text)
        found: list[dict[str, Any]] = exported["deployment"].get("resources", [])
        return found

    def change_model(self, pair: str = "en_de", note: str = "changed") -> None:
        """A new version of a model: its manifest says something new."""
        path = self.folder / "models" / pair / "model.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "note": note}))
