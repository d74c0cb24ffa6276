"""Resumable uploads: the requests of tus 1.0.0."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from .body import Body, Bytes
from .failures import Busy, Failure, Unreachable
from .web import Answer, Patience, Web, failure_of, successful

VERSION = {"Tus-Resumable": "1.0.0"}
CONFLICT = 409

ReadFrom = Callable[[int, int], Body]  # the bytes of a source from an offset on, so many


@dataclass(frozen=True)
class Tus:
    """The resumable uploads of one server."""

    web: Web
    base: str

    def create(self, length: int | None, metadata: Mapping[str, str]) -> str | None:
        """Begin an upload and return its address; None where the server has no such uploads."""
        announced = {"Upload-Defer-Length": "1"} if length is None else {"Upload-Length": str(length)}
        headers = {**VERSION, **announced, "Upload-Metadata": _encoded(metadata)}
        address = urljoin(self.base, "tus")
        answer = self.web.patiently(lambda: self._created(address, headers))
        return None if answer is None else urljoin(address, answer.headers.get("Location", ""))

    def settled_state(self, upload: str) -> dict[str, Any]:
        """Return the state of an upload after what was under way has ended: HEAD sees to that."""
        self._offset(upload, Patience(self.web))
        return self.state(upload)

    def state(self, upload: str) -> dict[str, Any]:
        """Return what the server says of an upload, and of its file once it is complete."""
        return self.web.get(upload).json()

    def drop(self, upload: str) -> None:
        """Give an upload up; what cannot be reached now ends by itself in a day or two."""
        try:
            self.web.ask("DELETE", upload, VERSION)
        except Failure:
            return

    def send(self, upload: str, start: int, end: int, read_from: ReadFrom, total: int | None = None) -> int:
        """Send the bytes up to `end`, `total` with them if they are the last of a length not told before.

        Return the offset. Broken off, it goes on where the server says.
        """
        patience, offset = Patience(self.web), start
        while True:
            try:
                offset = self._append(upload, offset, read_from(offset, end - offset), total)
                patience.reset()
                if offset >= end:
                    return offset
            except Failure as failure:
                patience.wait(failure)
                before, offset = offset, self._offset(upload, patience)
                if offset > before:
                    patience.reset()
                if offset > end:
                    return offset
                # At the end all has arrived and the answer was lost: to append nothing asks for it again.

    def _created(self, address: str, headers: dict[str, str]) -> Answer | None:
        answer = self.web.ask("POST", address, headers, Bytes(b""))
        if answer.status in (404, 405):
            return None
        return successful(answer)

    def _append(self, upload: str, offset: int, body: Body, total: int | None) -> int:
        headers = {
            **VERSION,
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
            **({} if total is None else {"Upload-Length": str(total)}),
        }
        answer = self.web.ask("PATCH", upload, headers, body)
        if answer.status == CONFLICT:
            raise Busy("another part of this upload is on its way")
        now = _offset_in(successful(answer))
        if body.size and now <= offset:
            raise Unreachable("the server keeps nothing of what is sent")
        return now

    def _offset(self, upload: str, patience: Patience) -> int:
        while True:
            try:
                answer = self.web.ask("HEAD", upload, VERSION)
                if answer.status >= 400:
                    raise failure_of(answer)
                return _offset_in(answer)
            except Failure as failure:
                patience.wait(failure)


def arrived(tus: Tus, upload: str, sha256: str) -> dict[str, Any]:
    """Return what an upload became, as its management address says it, if the server has what was sent."""
    state = tus.state(upload)
    if state.get("prefix_sha256") != sha256 or not isinstance(state.get("url_m"), str):
        raise Unreachable("what arrived is not what was sent")
    return tus.web.get(state["url_m"]).json()


def _offset_in(answer: Answer) -> int:
    text = answer.headers.get("Upload-Offset", "")
    if not text.isascii() or not text.isdigit():
        raise Unreachable("the answer has no Upload-Offset: is a proxy in between?")
    return int(text)


def _encoded(metadata: Mapping[str, str]) -> str:
    pairs = ((name, b64encode(value.encode("utf-8", "replace")).decode()) for name, value in metadata.items())
    return ",".join(f"{name} {value}" for name, value in pairs)
