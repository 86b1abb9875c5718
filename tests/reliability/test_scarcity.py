"""Too few file descriptors, too little memory, closed standard streams."""

import os
import time
from pathlib import Path

import pytest

from tests.reliability.conftest import ScriptedServer
from tests.reliability.raw import Connection, post


def limited(server, limit):
    """The server, started under bash's ``ulimit``, or with its redirections."""
    server.command = ["bash", "-c", f'{limit}; exec "$@"', "bash", *server.command]
    return server


def cpu_seconds(server):
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_without_descriptors_it_waits_and_goes_on_when_there_are_some(tmp_path):
    with limited(ScriptedServer(tmp_path), "ulimit -n 40") as server:
        idle = [Connection(server.port) for _ in range(60)]
        server.wait_for_log("cannot accept a connection: Too many open files")
        before = cpu_seconds(server)
        time.sleep(2)
        assert cpu_seconds(server) - before < 0.4
        for connection in idle:
            connection.socket.close()
        with Connection(server.port, timeout=10) as connection:
            assert connection.ask(post("hello")).status == 200
        assert server.stop() == 0
