"""A process held to a share of the machine, without any privilege.

What the kernel does for a container with a quota (CFS bandwidth control): in each period of 100 ms
a process may compute for so long, and stands still until the next. Here SIGSTOP stops it, and
SIGCONT wakes it. Its CPUs are limited by its affinity, and it ends when it has more memory.
"""

import math
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

PERIOD = 0.1  # seconds
_LOOK = 0.004  # seconds between two looks at the process's clock


class Share:
    """``with Share(command, environment, cpus=0.58, memory=2**30) as share: …``"""

    def __init__(
        self, command: Sequence[str], environment: dict[str, str], cpus: float, memory: int
    ) -> None:
        """``memory`` in bytes."""
        self._command, self._environment = command, environment
        self._cpus, self._memory = cpus, memory
        self._ends = threading.Event()
        self.peak = 0
        self.is_out_of_memory = False

    def __enter__(self) -> "Share":
        own = sorted(os.sched_getaffinity(0))[: math.ceil(self._cpus)]
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        os.sched_setaffinity(self.process.pid, own)
        # Linux: the clock of another process (clock_getcpuclockid(3)).
        self._clock = (~self.process.pid << 3) | 2
        self._throttle = threading.Thread(target=self._hold, daemon=True)
        self._throttle.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._throttle.join()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.communicate()

    @property
    def cpu_seconds(self) -> float:
        """That it has computed."""
        return time.clock_gettime(self._clock)

    def _hold(self) -> None:
        try:
            while not self._ends.is_set() and self.process.poll() is None:
                self._hold_for_a_period()
        except (OSError, ProcessLookupError):  # it has ended by itself
            return

    def _hold_for_a_period(self) -> None:
        end, limit = time.monotonic() + PERIOD, self.cpu_seconds + PERIOD * self._cpus
        self._look_at_memory()
        while (left := end - time.monotonic()) > 0:
            if self.cpu_seconds >= limit:
                self.process.send_signal(signal.SIGSTOP)
                time.sleep(left)
                self.process.send_signal(signal.SIGCONT)
                return
            time.sleep(min(_LOOK, left))

    def _look_at_memory(self) -> None:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        self.peak = max(self.peak, pages * os.sysconf("SC_PAGE_SIZE"))
        if self.peak > self._memory:
            self.is_out_of_memory = True
            self.process.kill()
