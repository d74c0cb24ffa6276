"""Resumable uploads: made, appended to, completed by the road of every upload, given up, forgotten."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime

from ...errors import (
    BadRequest,
    Forbidden,
    NotFound,
    StorageFull,
    TooLarge,
    TooManyRequests,
    WrongOffset,
)
from ...storage import Appender, Unfinished, UnfinishedFolder
from ..passwords import Passwords
from ..stored_file import StoredFile
from ..terms import Terms, TermsPolicy
from .completion import Completion, record_for
from .concatenation import consume_parts, join, made_of, require_parts
from .reception import Read, Reception, require_checksum
from .records import Chunk, NewUpload, UploadRecord, UploadState
from .sweeping import sweep

# When somebody with too many open uploads may ask again, in seconds.
PAUSE_SECONDS = 60


class ResumableService:
    """Uploads by their names: 32 random hex digits, which are the right to go on with them."""

    def __init__(
        self,
        folder: UnfinishedFolder,
        completion: Completion,
        passwords: Passwords,
        policy: TermsPolicy,
        *,
        per_address: int,
        max_size: int,
    ) -> None:
        self._folder = folder
        self._completion = completion
        self._passwords = passwords
        self._policy = policy
        self._per_address = per_address
        self._max_size = max_size

    def create(
        self,
        wanted: NewUpload,
        address: str,
        maker: str | None = None,
        *,
        parts: tuple[str, ...] = (),
        concat: str = "",
        name: str = "",
    ) -> str:
        """Begin an upload and return its name, which is random unless it follows from something.

        Raises BadTerm, Forbidden, TooLarge, StorageFull, TooManyRequests for an address with many of them.
        """
        terms = dict(wanted.terms)
        Terms.from_fields(terms, self._policy, datetime.now(UTC), is_owned=maker is not None)
        password = terms.pop("password", "")
        self.require_room(wanted.length or 0, wanted.max_size)
        hashed = self._passwords.hash(password) if password else None
        record = UploadRecord.new(wanted, terms, password=hashed, maker=maker, parts=parts, concat=concat)
        return self._begin(record, self._completion.keys.group(address), name or secrets.token_hex(16))

    def _begin(self, record: UploadRecord, group: str, name: str) -> str:
        # One more than there may be is for one that is made of parts: those may be all there are.
        if self._folder.count(group) >= self._per_address + bool(record.parts):
            raise TooManyRequests("Too many uploads are unfinished. End some of them first.", PAUSE_SECONDS)
        self._folder.create(name, group, record.note())
        return name

    def most(self, max_size: int | None) -> int:
        """Return how many bytes an upload may have, given how many its maker's token lets it have."""
        return self._max_size if max_size is None else min(max_size, self._max_size)

    def require_room(self, size: int, max_size: int | None, *, present: int = 0) -> None:
        """Raise TooLarge or StorageFull for an upload of so many bytes that cannot become a file.

        `present` of them are on the disk already.
        """
        if size > self.most(max_size):
            raise TooLarge(f"A file may have at most {self.most(max_size)} bytes here.")
        if size > present and size - present > self._folder.room():
            raise StorageFull("The server's disk has no room for this file. Try again later.")

    def find(self, name: str, asker: str | None = None) -> StoredFile | None:
        """Return the file that an upload became, None for one that is none yet.

        Raises NotFound for what is unknown or somebody else's, or whose file has ended; Gone for a while
        after its time.
        """
        with self._opened(name) as content:
            record = self._completion.record(content, asker)
            is_file = record.done_at is not None and not record.is_partial
            return self._completion.file_of(name) if is_file else None

    def state(self, name: str, address: str) -> UploadState:
        """Return where an upload stands, after whoever sends bytes; one that is whole is completed.

        `address` is who asks.
        """
        with self._opened(name) as content, content.exclusive():
            record = self._completion.record(content)
            if record.done_at is None and not record.is_partial:
                if content.size == record.length:
                    return self._completion.complete(content, record, address)
                if (file := self._completion.held(name)) is not None:  # completed just before a power cut
                    return self._completion.done(content, record, file)
            return self._completion.told(content, record)

    def look(self, name: str) -> UploadState:
        """Return where an upload stands without waiting for anybody, and what its first bytes are."""
        with self._opened(name) as content, content.state.locked():
            record = self._completion.record(content)
            if record.done_at is not None or record.is_fetch:
                return self._completion.told(content, record)
            offset, sha256 = content.prefix_sha256()
            return replace(self._completion.told(content, record), offset=offset, prefix_sha256=sha256)

    def ends_at(self, name: str) -> datetime | None:
        """Return when an unfinished upload is forgotten, without waiting; None for one that is none."""
        with suppress(NotFound), self._opened(name) as content:
            record = self._completion.record(content)
            return None if record.done_at is not None else self._completion.ends_at(content, record)
        return None

    def is_fetch(self, name: str) -> bool:
        """Tell whether there is such an upload, whose bytes come from another server."""
        with suppress(NotFound), self._opened(name) as content, content.state.locked():
            return self._completion.record(content).is_fetch
        return False

    def append(self, name: str, chunk: Chunk, read: Read, address: str) -> UploadState:
        """Append what `read` gives, sent by `address`; with the last byte the upload becomes a file.

        What arrived before a failure stays, unless a checksum or a limit speaks against it. Raises
        WrongOffset, WrongChecksum, TooLarge, BadRequest, Locked, GaveWay, and what `complete` raises.
        """
        with self._opened(name) as content:
            with content.exclusive():
                before = self._completion.record(content)
                record = self._ready(content, before, chunk)
                state = None
                if chunk.size == 0 or record.done_at is not None:
                    _save_if_new(content, before, record)
                    state = self._ended(content, record, address, may_be_done=True)
                else:
                    limit = self.most(record.max_size) if record.length is None else record.length
                    appender = Appender(content, is_checked=chunk.checksum is not None)
            if state is not None:
                if chunk.size is None and read(1):  # without the lock: a client may be slow
                    raise TooLarge("This upload has all its bytes.")
                return state
            reception = Reception(chunk, limit)
            reception.receive(read, appender)
            with appender.finishing():
                if reception.is_void:
                    appender.rollback()
                else:
                    _save_if_new(content, before, record)
                if reception.failure is not None:
                    content.sync()
                    raise reception.failure
                appender.confirm()
                return self._ended(content, record, address, may_be_done=appender.start == record.length)

    def _ready(self, content: Unfinished, record: UploadRecord, chunk: Chunk) -> UploadRecord:
        """Return the record with what a chunk tells, if it may be appended."""
        size = content.size if record.done_at is None else record.length or 0
        if record.concat.startswith("final") or record.is_fetch:
            raise Forbidden("An upload whose bytes are elsewhere takes none.")
        if chunk.offset != size:
            raise WrongOffset(f"This upload goes on at byte {size}.")
        if chunk.length is not None:
            record = self._with_length(record, chunk.length, size)
        if record.length is not None and (chunk.size or 0) > record.length - size:
            raise TooLarge("There are more bytes than this upload was said to have.")
        if chunk.size == 0:
            require_checksum(chunk, b"")
        return record

    def _with_length(self, record: UploadRecord, length: int, size: int) -> UploadRecord:
        if record.length is not None and record.length != length:
            raise BadRequest("The length of this upload has been told, and is another one.")
        if length < size:
            raise BadRequest("There are more bytes already than this length.")
        if record.length is not None:
            return record
        self.require_room(length, record.max_size, present=size)
        return replace(record, length=length)

    def _ended(
        self, content: Unfinished, record: UploadRecord, address: str, *, may_be_done: bool
    ) -> UploadState:
        """Return the state after a chunk, completed if that was the last one."""
        if record.done_at is None and not record.is_partial and content.size == record.length:
            return self._completion.complete(content, record, address, may_be_done=may_be_done)
        content.sync()
        return self._completion.told(content, record)

    def terminate(self, name: str) -> None:
        """Give an upload up, or forget a finished one; its file stays."""
        with self._opened(name) as content, content.exclusive():
            content.remove()

    def concatenate(
        self, wanted: NewUpload, concat: str, parts: Sequence[str], address: str, maker: str | None
    ) -> UploadState:
        """Make a file of complete parts, in this order; they go when it is there.

        `concat` is what the client said. The same parts again, after an answer was lost or a process was
        killed at whatever moment, are the same file: its name follows from theirs. BadRequest for parts that
        do not fit.
        """
        name = self._completion.keys.final(parts)
        if not self._is_there(name):
            self._begin_final(name, wanted, concat, parts, address, maker)
        with self._opened(name) as content, content.exclusive():
            state = self._joined(content, record_for(content, maker), parts, address)
        consume_parts(self._folder, parts, name)
        return state

    def _begin_final(
        self,
        name: str,
        wanted: NewUpload,
        concat: str,
        parts: Sequence[str],
        address: str,
        maker: str | None,
    ) -> None:
        try:
            records = require_parts(self._folder, parts, maker, self._completion.record)
        except BadRequest:
            if not self._is_there(name):  # else another request was quicker, and has used them
                raise
        else:
            whole, owner = made_of(records, wanted), records[0].maker
            self.create(whole, address, owner, parts=tuple(parts), concat=concat, name=name)

    def _is_there(self, name: str) -> bool:
        content = self._folder.open(name)
        if content is None:
            return False
        content.close()
        return True

    def _joined(
        self, content: Unfinished, record: UploadRecord, parts: Sequence[str], address: str
    ) -> UploadState:
        """Return what became of parts, or make it. What fails leaves the parts as they were."""
        if record.done_at is not None:
            return self._completion.told(content, self._completion.record(content))
        state = None
        try:
            if self._completion.held(content.name) is None:
                join(self._folder, parts, content, record.length)
            state = self._completion.complete(content, record, address)
        finally:
            if state is None:
                content.remove()
        return state

    def forget(self, name: str) -> None:
        """Remove an upload that its maker never heard of, if it is there still."""
        content = self._folder.open(name)
        if content is not None:
            with content, content.state.locked():
                content.remove()

    def sweep(self) -> int:
        """Remove the uploads whose time is over; return how many."""
        return sweep(self._folder, self._completion.lifetime)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Unfinished]:
        content = self._folder.open(name)
        if content is None:
            raise NotFound("There is no such upload.")
        with content:
            yield content


def _save_if_new(content: Unfinished, before: UploadRecord, record: UploadRecord) -> None:
    """Note a length that a chunk has told, once the chunk counts."""
    if record is not before:
        content.save_note(record.note())
