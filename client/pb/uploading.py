"""Sharing what an argument names: by a form, by a resumable upload, or as a collection."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urljoin

from .body import Bytes, FilePart, Form, FormFile
from .failures import LocalFault, Refused, Unreachable
from .file_upload import FileUpload
from .history import History, Shared
from .pipe_upload import PIECE, PipeUpload
from .resumable import Tus
from .sources import Folder, LocalFile, Pipe, Source, name_for, read_fully
from .terminal import Terminal
from .terms import Terms
from .web import Web, successful

RESUMABLE_SIZE = 8 * 2**20  # from here on an upload that breaks off is worth going on with
FORM_FILES = 100  # what a form may hold
COLLECTION_FILES = 500  # what a collection may hold
COLLECTION_BYTES = 64 * 2**10  # what a server takes as the list of its files
KEY_LENGTH = 43  # of a management key


@dataclass(frozen=True)
class Uploader:
    """Shares files, pipes and folders on one server, and keeps what became of them in the history."""

    web: Web
    base: str
    history: History
    terminal: Terminal
    may_resume: bool = True

    def share(self, source: Source, terms: Terms) -> dict[str, Any]:
        """Share something and return what the server says of it. Its link is in `link`."""
        said = self._share(source, terms)
        said = {**said, "link": said.get("url_c") or said["url_s"]}
        self._note(source, said)
        return said

    def _share(self, source: Source, terms: Terms) -> dict[str, Any]:
        match source:
            case Folder():
                return self._folder(source, terms)
            case Pipe():
                return self._pipe(source, terms)
            case _:
                return self._file(source, terms, RESUMABLE_SIZE)

    def _file(self, source: LocalFile, terms: Terms, resumable_size: int) -> dict[str, Any]:
        if self.may_resume and source.size >= resumable_size:
            said = FileUpload(self._tus, self.history, self.terminal).send(source, terms)
            if said is not None:
                return said
        return self._form([source], list(terms.fields().items()), source.name)

    def _pipe(self, source: Pipe, terms: Terms) -> dict[str, Any]:
        first = read_fully(source.stream, PIECE)
        name = source.name or name_for(first)
        if len(first) < PIECE:
            file = FormFile(name, len(first), lambda: Bytes(first))
            return self._send_form(lambda: [file], list(terms.fields().items()))
        said = PipeUpload(self._tus, self.terminal).send(source, first, name, terms)
        if said is None:
            raise Refused("this server takes a pipe of 8 MiB or more not at all: send a file")
        return said

    def _folder(self, source: Folder, terms: Terms) -> dict[str, Any]:
        """Share a folder as a collection: a small one by one form, another file by file."""
        terms = replace(terms, title=terms.title or source.name[:200])
        for name in source.skipped:
            self.terminal.say(f"{name} is no file and is left out")
        if len(source.files) <= FORM_FILES and source.size < RESUMABLE_SIZE:
            fields = [*terms.fields().items(), ("collection", terms.title or "")]
            return self._form(source.files, fields, source.name)
        if len(source.files) > COLLECTION_FILES:
            raise LocalFault(f"{source.path} has more than {COLLECTION_FILES} files: use --each, or pack it")
        return self._collection(source, terms)

    def _collection(self, source: Folder, terms: Terms) -> dict[str, Any]:
        """Share each file, then put all under one link; done again, what was sent is not sent again."""
        _require_fits(source, terms)
        made = []
        for file in source.files:
            said = self._file(_by_itself(file), Terms(visibility="unlisted"), 0)
            self._keep(
                file.name, file.size, {**said, "link": said["url_s"]}
            )  # `pb rm` ends it if the rest fails
            made.append(said)
        keys = [said["url_m"].rpartition("/")[2] for said in made]
        data = _collection_of(keys, source, terms)
        headers = {"Content-Type": "application/json"}
        address = urljoin(self.base, "c")
        answer = self.web.patiently(lambda: successful(self.web.ask("POST", address, headers, Bytes(data))))
        for said in made:
            self.history.note_end(said["url_m"])
            if "upload" in said:
                self.history.note_end(said["upload"])
        return answer.json()

    def _form(self, files: list[LocalFile], fields: list[tuple[str, str]], label: str) -> dict[str, Any]:
        """Send files by one form."""
        total = sum(file.size for file in files)
        with ExitStack() as stack:
            opened = [stack.enter_context(file.open()) for file in files]

            def parts() -> list[FormFile]:
                meter = _Meter(self.terminal, label, total)
                return [
                    FormFile(file.name, file.size, partial(FilePart, source, 0, file.size, meter))
                    for file, source in zip(files, opened, strict=True)
                ]

            return self._send_form(parts, fields)

    def _send_form(
        self, parts: Callable[[], list[FormFile]], fields: list[tuple[str, str]]
    ) -> dict[str, Any]:
        def post() -> dict[str, Any]:
            form = Form(fields, parts())
            headers = {"Content-Type": form.content_type}
            return successful(self.web.ask("POST", self.base, headers, form)).json()

        said = self.web.patiently(post)
        if not all(isinstance(one, str) for one in (said.get("url_m"), said.get("url_c", said.get("url_s")))):
            raise Unreachable("the answer makes no sense: is this the address of a pastebin server?")
        return said

    @property
    def _tus(self) -> Tus:
        return Tus(self.web, self.base)

    def _note(self, source: Source, said: dict[str, Any]) -> None:
        """Keep a link in the history, and that its upload is no longer unfinished."""
        size = 0 if isinstance(source, Pipe) else source.size
        name = source.name if isinstance(source, Folder) else str(said["filename"])
        self._keep(name, size, said)
        if "upload" in said:
            self.history.note_end(said["upload"])

    def _keep(self, name: str, size: int, said: dict[str, Any]) -> None:
        """Keep a link in the history."""
        links = [said[one] for one in ("url_p", "url_i", "url_d", "url_c", "url_zip") if one in said]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.history.note(Shared(said["link"], said["url_m"], name, size, now, said.get("expires"), links))


def _collection_of(keys: list[str], source: Folder, terms: Terms) -> bytes:
    """Return the JSON that makes a collection of files that are there."""
    members = [{"key": key, "path": file.name} for key, file in zip(keys, source.files, strict=True)]
    said = json.dumps({**terms.fields(), "files": members}, ensure_ascii=False)
    return said.encode("utf-8", "replace")


def _require_fits(source: Folder, terms: Terms) -> None:
    """Raise LocalFault, before anything is sent, for names that are too long together."""
    keys = ["k" * KEY_LENGTH] * len(source.files)
    if len(_collection_of(keys, source, terms)) > COLLECTION_BYTES:
        raise LocalFault(f"the names in {source.path} are too long together: use --each, or pack it")


def _by_itself(file: LocalFile) -> LocalFile:
    """Return a file of a folder under its own name."""
    return replace(file, name=file.path.name)


class _Meter:
    """Shows how much of a form is sent."""

    def __init__(self, terminal: Terminal, label: str, total: int) -> None:
        self._terminal = terminal
        self._label = label
        self._total = total
        self._sent = 0

    def __call__(self, data: bytes) -> None:
        self._sent += len(data)
        self._terminal.progress(self._label, self._sent, self._total)
