"""A small client of tus that breaks off where the tests want it."""

import hashlib
import random
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import requests

from tests.servers import AppServer, Nginx
from tests.services.client import at

OCTETS = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class TusClient:
    """Uploads `content` to a server; what fails on the way is asked for and gone on with."""

    server: AppServer | Nginx
    content: bytes
    filename: str = "file.bin"
    path: str = ""
    acknowledged: int = 0

    def create(self, **headers: str) -> requests.Response:
        """Begin the upload."""
        metadata = {"Upload-Metadata": f"filename {b64encode(self.filename.encode()).decode()}"}
        given = {**TUS, "Upload-Length": str(len(self.content)), **metadata, **headers}
        answer = requests.post(f"{self.server.url}/tus", headers=given, timeout=60)
        assert answer.status_code == 201, answer.text
        self.path = answer.headers["Location"]
        return answer

    @property
    def url(self) -> str:
        """Return where the upload is now."""
        return f"{self.server.url}{self.path}"

    def head(self) -> requests.Response:
        """Ask how much has come."""
        return requests.head(self.url, headers=TUS, timeout=60)

    def offset(self) -> int:
        """Return how much has come; it is never less than what was acknowledged."""
        answer = self.head()
        assert answer.status_code == 200, answer.headers
        offset = int(answer.headers["Upload-Offset"])
        assert offset >= self.acknowledged
        return offset

    def patch(self, offset: int, size: int, *, is_checked: bool = False, **options: Any) -> requests.Response:
        """Send a chunk."""
        given = {**TUS, "Upload-Offset": str(offset), "Content-Type": OCTETS}
        body = self.content[offset : offset + size]
        if is_checked:
            given["Upload-Checksum"] = f"sha1 {b64encode(hashlib.sha1(body).digest()).decode()}"
        answer = requests.patch(self.url, data=body, headers=given, timeout=60, **options)
        if answer.status_code == 204:
            self.acknowledged = int(answer.headers["Upload-Offset"])
        return answer

    def half_a_chunk(self, offset: int, told: int) -> bytes:
        """Return the beginning of a request that tells of more than is sent, for a raw connection."""
        lines = (
            f"PATCH {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            *(f"{name}: {value}" for name, value in TUS.items()),
            f"Upload-Offset: {offset}",
            f"Content-Type: {OCTETS}",
            f"Content-Length: {told}",
        )
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def finish(self, dice: random.Random) -> requests.Response:
        """Send what is missing in chunks of any size; return the last answer.

        A request that was cut off may come in after the question for the offset, and moves it then: we ask
        again, as every client does.
        """
        offset = self.offset()
        while True:
            size = dice.randint(1, max(1, len(self.content) // 2))
            answer = self.patch(offset, size)
            if answer.status_code == 409:
                moved = self.offset()
                assert offset < moved == int(answer.headers["Upload-Offset"])
                offset = moved
                continue
            assert answer.status_code == 204, answer.text
            offset = int(answer.headers["Upload-Offset"])
            if offset == len(self.content):
                return answer

    def assert_whole(self, answer: requests.Response) -> None:
        """Assert that the file which an answer tells of has the bytes."""
        address = answer.headers["Pb-Location"].replace("/p/", "/d/")
        found = requests.get(at(self.server, address), timeout=60).content
        assert hashlib.sha256(found).digest() == hashlib.sha256(self.content).digest()

    @staticmethod
    def key_in(answer: requests.Response) -> str:
        """Return the management key of an answer."""
        match = re.search(r"/m/([\w-]{43})>", answer.headers["Link"])
        assert match is not None
        return match[1]
