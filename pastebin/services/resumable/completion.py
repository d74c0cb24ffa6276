"""From an upload whose bytes are all here to a file, and what is known of it before and afterwards."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from ...errors import (
    BadRequest,
    Banned,
    Forbidden,
    Gone,
    NotAnImage,
    NotFound,
    PastebinError,
    TooLarge,
)
from ...images import ImageLimits
from ...storage import Unfinished
from ..links import LinkService
from ..stored_file import StoredFile
from ..terms import TermsPolicy
from ..uploads import UploadService
from .admission import Admission
from .keys import UploadKeys
from .records import UploadRecord, UploadState
from .sweeping import ends_at

# What an upload may never become: its bytes are dropped. After any other failure they stay.
NEVER = (BadRequest, Banned, Forbidden, NotAnImage, NotFound, TooLarge)


class Completion:
    """Makes files of uploads, by the road of every upload."""

    def __init__(
        self,
        uploads: UploadService,
        links: LinkService,
        limits: ImageLimits,
        policy: TermsPolicy,
        admission: Admission,
        *,
        secret: str,
        lifetime: int,
    ) -> None:
        self._uploads = uploads
        self._links = links
        self._limits = limits
        self._policy = policy
        self._admission = admission
        self.keys = UploadKeys(secret)
        self.lifetime = lifetime

    def management_key(self, name: str) -> str:
        """Return the management key of what an upload becomes."""
        return self.keys.management_key(name)

    def file_of(self, name: str) -> StoredFile:
        """Return the file that an upload has become; NotFound if it has ended, or never was."""
        return self._links.find(self.management_key(name))

    def complete(
        self, content: Unfinished, record: UploadRecord, address: str, *, may_be_done: bool = True
    ) -> UploadState:
        """Make a file of an upload, once, by the road of every upload. The lock is held.

        `address` is who has sent the last byte, or asks again.
        """
        file = self.held(content.name) if may_be_done else None
        if file is not None:
            return self.done(content, record, file)
        try:
            self._admission.require(record, address)
            options = record.options(self._limits, self._policy, self.management_key(content.name))
            file = self._uploads.add(content, record.filename, options).file
        except NEVER as error:
            give_up(content, record, error)
            raise
        finally:
            if file is None:
                content.sync()
        self._admission.count(record, address)
        return self.done(content, record, file)

    def done(self, content: Unfinished, record: UploadRecord, file: StoredFile) -> UploadState:
        """Note that an upload is a file now, and return where it stands. The lock is held."""
        record = replace(record, length=file.size if record.length is None else record.length)
        record = replace(record, done_at=time.time())
        content.state.save_note(record.note())
        content.discard_bytes()
        return self.told(content, record, file)

    def held(self, name: str) -> StoredFile | None:
        """Return the file that an upload has become, None for one that is none."""
        try:
            return self.file_of(name)
        except NotFound:
            return None

    def told(self, content: Unfinished, record: UploadRecord, file: StoredFile | None = None) -> UploadState:
        """Return where an upload stands. NotFound for one whose file has ended."""
        if file is None and record.done_at is not None:
            file = self.file_of(content.name)
        offset = content.size if record.done_at is None else record.length or 0
        end = self.ends_at(content, record)
        return UploadState(content.name, record, offset, end, file, self.management_key(content.name))

    def ends_at(self, content: Unfinished, record: UploadRecord) -> datetime:
        """Return when an upload is forgotten."""
        return datetime.fromtimestamp(ends_at(content, record, self.lifetime), UTC)

    def record(self, content: Unfinished, asker: str | None = None) -> UploadRecord:
        """Return the record of an upload that is still there for who asks."""
        record = record_for(content, asker)
        if record.final or ends_at(content, record, self.lifetime) <= time.time():
            raise Gone("This upload is over.")
        if not content.has_bytes and record.done_at is None and record.failure is None:
            self._require_file(content.name)
        return record

    def _require_file(self, name: str) -> None:
        """Raise NotFound for an upload without bytes that is no file either: a power cut has left its note.

        Of one that is a file, the power cut has taken the note of that.
        """
        if self.held(name) is None:
            raise NotFound("There is no such upload.")


def record_for(content: Unfinished, asker: str | None) -> UploadRecord:
    """Return what is noted of an upload; NotFound for who is signed in as somebody else than its maker."""
    record = UploadRecord.of(content.state.note)
    if asker is not None and record.maker not in (None, asker):
        raise NotFound("There is no such upload.")
    return record


def give_up(content: Unfinished, record: UploadRecord, error: PastebinError) -> None:
    """Remove an upload that can never be a file. Of a fetch stays why that is so: nobody waits for it."""
    if record.is_fetch:
        failed = replace(record, length=None, failure=(error.code, error.message))
        content.state.save_note(failed.note())
        content.discard_bytes()
    else:
        content.remove()
