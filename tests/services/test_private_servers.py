"""The servers that tests start: reachable, restartable, and gone when the test run is."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pymysql
import pytest

from tests.servers import MariaDB, Memcached, Nginx, ServerError, ServerProcess
from tests.servers.app import ROOT

HELLO = "server { listen 127.0.0.1:{port}; location / { return 200 hello; } }"
START_AND_SLEEP = """
import pathlib, sys, time
from tests.servers import AppServer, MariaDB, Memcached, Nginx
folder = pathlib.Path(sys.argv[1])
servers = [MariaDB(folder / "m"), Memcached(folder / "c"), Nginx(folder / "n", sys.argv[2]),
           AppServer(folder / "a", forked=True)]
print(*[server.start().pid for server in servers], flush=True)
time.sleep(60)
"""


class Absent(ServerProcess):
    """A server whose program is not installed."""

    def command(self) -> list[str]:
        from tests.servers.process import find_program

        return [find_program("no-such-server")]


def test_mariadb_restarts_on_its_port_and_keeps_what_was_committed(tmp_path: Path) -> None:
    with MariaDB(tmp_path / "m") as server:
        server.create_database()
        server.execute("CREATE TABLE pastebin_1.t (n INT)")
        server.kill()
        with pytest.raises(pymysql.MySQLError):
            server.execute("SELECT 1")
        server.restart()
        server.execute("INSERT INTO pastebin_1.t VALUES (1)")


def test_memcached_restarts_on_its_port(tmp_path: Path) -> None:
    with Memcached(tmp_path / "c") as server:
        port = server.port
        server.restart()
        socket.create_connection(("127.0.0.1", port)).close()


def test_a_missing_program_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no-such-server is not installed"):
        Absent(tmp_path).start()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="nonsense"):
        Nginx(tmp_path / "n", "nonsense;").start()


def test_a_killed_run_leaves_no_server(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", START_AND_SLEEP, str(tmp_path), HELLO],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # who is killed removes nothing
        stdout=subprocess.PIPE,
        text=True,
    )
    with run:
        assert run.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in run.stdout.readline().split()]
        servers += [worker for server in servers for worker in server.children()]
        assert len(servers) >= 6
        run.kill()
    _, alive = psutil.wait_procs(servers, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_ports_are_taken_anew_on_a_clash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Memcached(tmp_path / "first") as first:
        ports = iter([first.port, first.port + 1])
        monkeypatch.setattr("tests.servers.process.free_port", lambda: next(ports))
        started = time.monotonic()
        with Memcached(tmp_path / "second") as second:
            assert second.port == first.port + 1
        assert time.monotonic() - started < 10
