"""A client that can do what no good client does: stop in the middle, lie, send garbage."""

import hashlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.servers import AppServer, Nginx

BOUNDARY = "frontier-5c1d0e"
END_OF_FORM = f"\r\n--{BOUNDARY}--\r\n".encode()
MEBIBYTE = 2**20


def start_of_form(filename: str = "file.bin") -> bytes:
    """Return the bytes of an upload form before the file's own."""
    head = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
    return f"--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()


def at(server: AppServer, address: str) -> str:
    """Return an address of the service as it is reached here, whatever host it names."""
    return server.url + urlsplit(address).path


def request_head(*headers: str, method: str = "POST", path: str = "/", host: str = "127.0.0.1") -> bytes:
    """Return a request's head that announces an upload form; `headers` add to it."""
    form = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", form, *headers]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def upload(base: str, content: bytes, filename: str = "file.bin", **options: Any) -> requests.Response:
    """Upload by form in one piece."""
    options.setdefault("timeout", 60)
    return requests.post(f"{base}/", files={"file": (filename, content)}, **options)


def download(url: str, **options: Any) -> requests.Response:
    """Fetch an address."""
    return requests.get(url, timeout=60, **options)


@dataclass
class Answer:
    """What came back over a socket."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.body)


def parse_answer(raw: bytes) -> Answer:
    """Return the first answer in what was received."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    return Answer(int(lines[0].split()[1]), headers, body)


def exchange(server: AppServer | Nginx, pieces: Iterable[bytes], timeout: float = 60) -> bytes:
    """Send `pieces` over one connection, then return all that comes back until the server closes.

    A server may answer and close before it has read everything; what it said still counts.
    """
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return receive_all(connection)


def receive_all(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    received = bytearray()
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return bytes(received)


def chunked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `pieces` in chunked transfer encoding."""
    for piece in pieces:
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


@dataclass
class LargeContent:
    """Bytes too many to hold: `mebibytes` pieces of 1 MiB, each different, repeatable from `seed`."""

    mebibytes: int
    seed: bytes = b"large"

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes."""
        block = hashlib.shake_128(self.seed).digest(MEBIBYTE - 8)
        for number in range(self.mebibytes):
            yield number.to_bytes(8, "big") + block

    def sha256(self) -> str:
        """Return the digest of all of it."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def form(self, filename: str = "large.bin") -> Iterator[bytes]:
        """Yield the upload form."""
        yield start_of_form(filename)
        yield from self.pieces()
        yield END_OF_FORM

    def form_size(self, filename: str = "large.bin") -> int:
        """Return how many bytes the form has."""
        return len(start_of_form(filename)) + self.mebibytes * MEBIBYTE + len(END_OF_FORM)


def eventually(condition: Callable[[], Any], seconds: float = 10) -> bool:
    """Tell whether `condition` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def sha256_of(path: Path) -> str:
    """Return the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def assert_still_serving(server: AppServer) -> None:
    """Assert that an upload works and its bytes come back."""
    content = f"still serving at {time.monotonic_ns()}".encode()
    answer = upload(server.url, content, "alive.txt")
    assert answer.status_code == 201, answer.text
    assert download(answer.json()["url_d"]).content == content


def assert_nothing_left(server: AppServer, contents: list[str]) -> None:
    """Assert that the store holds `contents` and, at the latest soon, no temporary file."""
    assert eventually(lambda: not server.leftovers()), server.leftovers()
    assert server.contents() == contents


def assert_orphans_are_swept(server: AppServer) -> None:
    """Assert that `check` is content, also after a sweep a day later.

    What an upload without a row has left is a content that nobody sees. The service may not
    remove it at once: a commit whose confirmation was lost may have happened.
    """
    assert server.run("check").returncode == 0
    yesterday = time.time() - 86400
    for path in server.stored_files():
        os.utime(path, (yesterday, yesterday))
    swept = server.run("sweep")
    assert swept.returncode == 0, swept.stderr
    assert server.run("check").returncode == 0
