"""A disk without room: 507, nothing left behind, and a smaller file still fits."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.servers import AppServer
from tests.servers.app import DATABASE
from tests.services.client import (
    MEBIBYTE,
    LargeContent,
    assert_orphans_are_swept,
    chunked,
    download,
    eventually,
    exchange,
    parse_answer,
    request_head,
    upload,
)

# The small disk is mounted in the server's own namespace: it goes when the server goes, however it ends.
ON_A_SMALL_DISK = """
mount -t tmpfs -o size={size}m tmpfs "$1" || exit
[ ! -e pastebin.sqlite ] || cp pastebin.sqlite "$1" || exit
shift
exec "$0" "$@"
"""


LIST_ROWS = """
import sqlite3, sys
print(*(row[0] for row in sqlite3.connect(sys.argv[1]).execute('SELECT sha256 FROM "Content"')))
"""


class SmallDiskServer(AppServer):
    """A server whose contents, or whose whole data folder, are on a disk of 24 MiB."""

    def __init__(self, folder: Path, *, database_too: bool) -> None:
        super().__init__(folder)
        self.disk = self.data if database_too else self.data / "files"
        self.database_too = database_too

    def prepare(self) -> None:
        """Make the folders; a database for the small disk waits beside it."""
        super().prepare()
        if self.database_too:
            (self.data / DATABASE).rename(self.folder / DATABASE)
        self.disk.mkdir(exist_ok=True)

    def command(self) -> list[str]:
        """Return the command that mounts the disk and serves."""
        script = ON_A_SMALL_DISK.format(size=24)
        unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        return [*unshare, "sh", "-c", script, sys.executable, str(self.disk), *super().command()[1:]]

    def inside(self) -> list[str]:
        """Enter the server's namespace, once it runs."""
        if self.process is None:
            return []
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", str(self.pid), "--mount", *user, "--"]

    @property
    def files(self) -> Path:
        """Return the folder of the files: once the server runs, through its namespace."""
        return super().files if self.process is None else Path(f"/proc/{self.pid}/root{super().files}")

    def contents(self) -> list[str]:
        """Return the SHA-256 of each stored content: SQLite would leave the namespace by its path."""
        command = [*self.inside(), sys.executable, "-c", LIST_ROWS, str(self.data / "pastebin.sqlite")]
        rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        return sorted([*rows, *(path.name for path in self.stored_files())])


@pytest.fixture(scope="module", params=[False, True], ids=["contents", "contents-and-database"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a server with a disk of 24 MiB, which the last of the tests fills."""
    with SmallDiskServer(tmp_path_factory.mktemp("small"), database_too=request.param) as server:
        yield server


def assert_507_and_nothing_left(server: AppServer, answer: Any, contents: list[Path]) -> None:
    """Assert a clear refusal that left nothing."""
    assert answer.status == 507, answer
    assert answer.json()["error"]["code"] == "storage_full"
    assert eventually(lambda: not server.leftovers()), server.leftovers()
    assert server.contents() == contents


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_a_file_that_does_not_fit(server: AppServer, way: str) -> None:
    first = upload(server.url, f"first, {way}".encode(), "first.txt")
    assert first.status_code == 201
    contents = server.contents()
    large = LargeContent(40)
    if way == "length":
        pieces = [request_head(f"Content-Length: {large.form_size()}", "Connection: close"), *large.form()]
    else:
        pieces = [request_head("Transfer-Encoding: chunked", "Connection: close"), *chunked(large.form())]
    answer = parse_answer(exchange(server, pieces))
    assert_507_and_nothing_left(server, answer, contents)
    assert download(first.json()["url_d"]).content == f"first, {way}".encode()
    small = upload(server.url, bytes(2 * MEBIBYTE), f"small, {way}.bin")
    assert small.status_code == 201
    assert download(small.json()["url_d"]).content == bytes(2 * MEBIBYTE)


def test_filling_the_disk_to_the_brim(server: AppServer) -> None:
    before = len(server.contents())
    stored: dict[str, bytes] = {}
    sizes = [4 * MEBIBYTE] * 8 + [MEBIBYTE] * 8 + [64 * 1024] * 30 + [4096] * 30
    refused = 0
    for number, size in enumerate(sizes):
        content = number.to_bytes(4, "big") * (size // 4)
        answer = upload(server.url, content, f"{number}.bin")
        if answer.status_code == 201:
            stored[answer.json()["url_d"]] = content
        else:
            assert answer.status_code == 507, answer.text
            refused += 1
    assert refused > 5
    assert not server.leftovers()
    assert {address for address, content in stored.items() if download(address).content != content} == set()
    assert_orphans_are_swept(server)
    assert len(server.contents()) == before + len(stored)
