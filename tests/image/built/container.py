"""The built image's root file system, mounted, and a process in it as SageMaker runs one."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.running import fetch

# SageMaker's own variables, as its containers see them.
SAGEMAKER = {
    "AWS_REGION": "eu-central-1",
    "SAGEMAKER_SAFE_PORT_RANGE": "16000-16999",
    "SAGEMAKER_MULTI_MODEL": "false",
}
# Root and model read-only; /tmp is writable, and in the server's image /state, a volume that has
# its owner, as Docker makes one; then the image's own command, as the given user.
SCRIPT = """
mount --bind "$root" "$root"
mount --bind "$model" "$root/$at"
mount -o remount,ro,bind "$root/$at"
mount -o remount,ro,bind "$root"
mount -t tmpfs -o size=64m tmpfs "$root/tmp"
if [ -d "$root/state" ]; then
  mount -t tmpfs -o "size=64m,mode=700,uid=$(stat -c %u "$root/state")" tmpfs "$root/state"
fi
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot --userspec="$user" "$root" /usr/bin/env --ignore-environment "$@"
"""


def buildah(*arguments):
    done = subprocess.run(["buildah", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def inspect(image):
    return json.loads(buildah("inspect", "--type", "image", image))["Docker"]["config"]


@contextlib.contextmanager
def mounted(image):
    """The root file system of a fresh container of `image`."""
    name = buildah("from", "--pull-never", image)
    try:
        root = Path(buildah("mount", name))
        for place in ("opt/ml/model", "models"):
            (root / place).mkdir(parents=True, exist_ok=True)  # as the runtime does
        yield root
    finally:
        buildah("rm", name)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Container:
    """`docker run IMAGE serve`, without Docker: SageMaker's mounts, user and environment."""

    def __init__(
        self, root, config, model, *command, user="0:0", at="opt/ml/model", environment=None
    ):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        pairs = [text.split("=", 1) for text in config["Env"]]
        given = SAGEMAKER if environment is None else environment
        own = {**dict(pairs), **given, "SAGEMAKER_BIND_TO_PORT": str(self.port)}
        self.environment = [f"{name}={value}" for name, value in own.items()]
        self.line = [*config["Entrypoint"], *(command or config["Cmd"])]
        self.folder = config["WorkingDir"]
        self.place = {"root": str(root), "model": str(model), "at": at, "user": user}

    def start(self, line):
        """`line` in the container's place; its process is the container's first."""
        words = [f"--chdir={self.folder}", *self.environment, *line]
        return subprocess.Popen(
            ["unshare", "--mount", "sh", "-euc", SCRIPT, "sh", *words],
            env={**os.environ, **self.place},
            stdout=subprocess.DEVNULL,
            stderr=self.stderr,
        )

    def __enter__(self):
        self.stderr = tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.process = self.start(self.line)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.stderr.close()

    def errors(self):
        self.stderr.seek(0)
        return self.stderr.read().decode()

    def ping(self):
        """Status and seconds; None while nothing listens."""
        began = time.monotonic()
        with contextlib.suppress(OSError):
            return fetch(f"{self.url}/ping").status, time.monotonic() - began
        return None

    def wait_until_ready(self, seconds=60):
        """Seconds from the start to the first 200; every answer came within SageMaker's 2 s."""
        while (spent := time.monotonic() - self.began) < seconds:
            assert self.process.poll() is None, self.errors()
            if answer := self.ping():
                assert answer[1] < 2, f"/ping took {answer[1]:.2f} s"
                if answer[0] == 200:
                    return spent
            time.sleep(0.05)
        raise AssertionError(f"not ready within {seconds} s: {self.errors()}")

    def post(self, body, content_type="text/plain"):
        return fetch(f"{self.url}/invocations", body, {"Content-Type": content_type})

    def peak_memory(self):
        """VmHWM in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def stop(self, seconds=30):
        """SIGTERM, as SageMaker sends it 30 s before SIGKILL; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)
