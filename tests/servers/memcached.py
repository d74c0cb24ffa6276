"""A private memcached."""

import os
import signal
import socket

from .process import HOST, ServerProcess, find_program


class Memcached(ServerProcess):
    """memcached with 64 MB; `address` goes into `pastebin.memcached_servers`."""

    name = "memcached"

    @property
    def address(self) -> str:
        """Return host:port."""
        return f"{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Return the command line."""
        user = ["-u", "root"] if os.geteuid() == 0 else []
        return [find_program("memcached"), "-l", HOST, "-p", str(self.port), "-U", "0", "-m", "64", *user]

    def is_answering(self) -> bool:
        """Ask for the version."""
        return self._ask(b"version").startswith(b"VERSION")

    def stop(self) -> int:
        """End it at once: it has nothing to keep, and hears of SIGTERM only within a second."""
        self.kill()
        return -signal.SIGKILL

    def flush(self) -> None:
        """Forget everything."""
        self._ask(b"flush_all")

    def seconds_left(self, key: str) -> int:
        """Return after how many seconds the value under a key ends."""
        answer = self._ask(f"mg {key} t".encode())
        return int(answer.removeprefix(b"HD t"))

    def _ask(self, command: bytes) -> bytes:
        with socket.create_connection((HOST, self.port), timeout=5) as connection:
            connection.sendall(command + b"\r\n")
            return connection.recv(100)
