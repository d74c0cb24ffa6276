"""Getting what a link leads to: gone on with after a cut, and compared with its SHA-256."""

import os
import re
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPResponse
from typing import Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from .failures import Failure, Refused, Unreachable
from .links import Link, parse_link
from .saving import Part, Stream, name_in, require_new, target_of
from .settings import origin_of
from .terminal import Terminal
from .web import REDIRECTS, Answer, Patience, Web, failure_of, successful

_BLOCK = 256 * 2**10
_SHA256 = re.compile(r'"([0-9a-f]{64})"')


class Sink(Protocol):
    """Where the bytes of a download go."""

    @property
    def size(self) -> int:
        """Return how many bytes are there."""

    def write(self, data: bytes) -> None:
        """Add some bytes."""

    def restart(self) -> None:
        """Forget what is there."""

    def sha256(self) -> str:
        """Return the SHA-256 of what is there."""


@dataclass
class _Remote:
    """What is at an address: under what name, how many bytes, and which.

    Which bytes a file with a limit of downloads has is told with the first of them.
    """

    address: str
    headers: dict[str, str]
    name: str
    size: int | None
    etag: str | None

    @property
    def sha256(self) -> str | None:
        """Return the SHA-256 of the bytes; of an image made to size, and of a zip, nobody tells it."""
        found = _SHA256.fullmatch(self.etag or "")
        return found[1] if found and not urlsplit(self.address).query else None


@dataclass(frozen=True)
class Downloader:
    """Gets links; `password` is called for one that has a password, and may raise."""

    web: Web
    terminal: Terminal
    password: Callable[[], str]

    def save(self, link: Link, output: str | None, *, replace: bool) -> dict[str, Any]:
        """Save what a link leads to, and return what was saved."""
        remote = self._look(link)
        target = target_of(output, remote.name)
        if not replace:
            require_new(target)
        told = remote.etag
        with Part(target, told or os.urandom(8).hex()) as part:
            try:
                self._fetch(remote, part)
            except BaseException:
                if told is None:  # nobody could tell whether the rest fits
                    part.discard()
                raise
            self._require_whole(remote, part)
            part.finish(replace=replace)
        return {"path": str(target), "size": target.stat().st_size, "sha256": remote.sha256}

    def write(self, link: Link, stream: BinaryIO) -> dict[str, Any]:
        """Write what a link leads to into a stream."""
        remote, sink = self._look(link), Stream(stream)
        self._fetch(remote, sink)
        self._require_whole(remote, sink)
        return {"path": "-", "size": sink.size, "sha256": remote.sha256}

    def _look(self, link: Link) -> _Remote:
        """Ask for the headers of what a link leads to, behind redirections and a password."""
        address, headers = self._address_of(link), {"Accept": "*/*"}
        for _ in range(REDIRECTS):
            answer = self.web.patiently(partial(self._head, address, headers))
            if onward := self.web.follow(address, answer):
                if origin_of(onward) != origin_of(address):
                    headers.pop("Authorization", None)
                address = onward
            elif answer.status == 401 and "Authorization" not in headers:
                pair = b64encode(f":{self.password()}".encode()).decode()
                headers["Authorization"] = f"Basic {pair}"
            else:
                return _remote(address, headers, successful(answer))
        raise Refused(f"{link.address} leads around in circles")

    def _head(self, address: str, headers: dict[str, str]) -> Answer:
        answer = self.web.ask("HEAD", address, headers)
        if answer.status >= 400 and (failure := failure_of(answer)).may_pass:
            raise failure
        return answer

    def _address_of(self, link: Link) -> str:
        """Return where the bytes are that a link stands for."""
        if link.kind == "s":
            answer = self.web.patiently(lambda: self._head(link.address, {}))
            onward = self.web.follow(link.address, answer)
            if onward is None:
                raise failure_of(answer)
            target = parse_link(onward, None)
            if target.kind == "s":
                raise Refused(f"{link.address} leads around in circles")
            return self._address_of(target)
        if link.kind == "m":
            said = self.web.get(link.address).json()
            return str(said.get("url_d") or said["url_zip"])
        if link.kind == "c":
            return link.of_kind("c", f"{link.name.removesuffix('.zip')}.zip")
        return link.address if link.query else link.of_kind("d")

    def _fetch(self, remote: _Remote, sink: Sink) -> None:
        """Get the bytes that are not there yet."""
        patience = Patience(self.web)
        self.terminal.way_on = "the same command goes on with it" if remote.etag else ""
        while True:
            before = sink.size
            try:
                return self._fetch_once(remote, sink)
            except Failure as failure:
                if sink.size > before:
                    patience.reset()
                patience.wait(failure)

    def _fetch_once(self, remote: _Remote, sink: Sink) -> None:
        if sink.size and (remote.etag is None or remote.size is None or sink.size > remote.size):
            sink.restart()
        if sink.size == remote.size:
            return
        headers = dict(remote.headers)
        if sink.size and remote.etag:
            headers |= {"Range": f"bytes={sink.size}-", "If-Range": remote.etag}
        with self.web.exchange("GET", remote.address, headers) as response:
            self._begin(response, sink)
            remote.etag = remote.etag or response.headers.get("ETag")
            while data := response.read(_BLOCK):
                sink.write(data)
                self.terminal.progress(remote.name, sink.size, remote.size)
        if remote.size is not None and sink.size < remote.size:
            raise Unreachable("the connection was cut")

    def _begin(self, response: HTTPResponse, sink: Sink) -> None:
        """Make sure that what comes goes behind what is there."""
        if response.status not in (200, 206):
            raise failure_of(Answer(response.status, response.headers, response.read(_BLOCK)))
        start = sink.size if response.status == 206 else 0
        said = response.headers.get("Content-Range", f"bytes {start}-")
        if start != sink.size or not said.startswith(f"bytes {start}-"):
            sink.restart()
        if response.status == 206 and not said.startswith(f"bytes {sink.size}-"):
            raise Unreachable("the server sends another part than was asked for")

    def _require_whole(self, remote: _Remote, sink: Sink) -> None:
        """Raise Unreachable, and forget the bytes, if they are not those that the server has."""
        self.terminal.way_on = ""
        is_long_enough = remote.size is None or sink.size == remote.size
        if is_long_enough and remote.sha256 in (None, sink.sha256()):
            return
        with suppress(Failure):
            sink.restart()
        raise Unreachable("what came is not what the server has: get it again")


def _remote(address: str, headers: dict[str, str], answer: Answer) -> _Remote:
    length = answer.headers.get("Content-Length", "")
    last = unquote(urlsplit(address).path.rpartition("/")[2])
    size = int(length) if length.isascii() and length.isdigit() else None
    return _Remote(address, headers, name_in(answer.headers, last), size, answer.headers.get("ETag"))
