"""What is known of an unfinished upload."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..stored_file import StoredFile
from ..terms import Terms, TermsPolicy
from ..upload_options import UploadOptions, is_on


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What somebody asks for who begins an upload; `length` is None where it is told later.

    `metadata` is what the client wants to be told again. `terms` may hold a password. `max_size` is how many
    bytes it may have where that is less than the service takes.
    """

    length: int | None
    filename: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    metadata: str = ""
    is_partial: bool = False
    max_size: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where the bytes of a request begin, and how many it says they are; None if it does not say.

    `length` is that of the whole upload, if it is told now. `checksum` is an algorithm and a digest.
    """

    offset: int
    size: int | None = None
    length: int | None = None
    checksum: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class UploadRecord:
    """The note beside the bytes. `done_at` is when they became a file of `length` bytes.

    `maker` is the id of the account that began it, None for nobody's. `password` is hashed. `final` is the
    upload that a part went into, `parts` are what a final one was made of.
    """

    length: int | None
    filename: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    metadata: str = ""
    is_partial: bool = False
    password: str | None = None
    maker: str | None = None
    parts: tuple[str, ...] = ()
    concat: str = ""
    final: str = ""
    max_size: int | None = None
    done_at: float | None = None

    @classmethod
    def new(cls, wanted: NewUpload, terms: Mapping[str, str], **more: Any) -> "UploadRecord":
        """Return the record of a new upload; `terms` are without the password."""
        if wanted.is_partial:
            more["concat"] = "partial"
        more["max_size"] = wanted.max_size
        return cls(wanted.length, wanted.filename, terms, wanted.metadata, wanted.is_partial, **more)

    @classmethod
    def of(cls, note: Mapping[str, Any]) -> "UploadRecord":
        """Return the record of a note."""
        return cls(**{**note, "parts": tuple(note["parts"])})

    def options(self, policy: TermsPolicy, management_key: str) -> UploadOptions:
        """Return what the upload asks for; terms count from now. BadTerm if one is over by now."""
        owner = None if self.maker is None else int(self.maker)
        terms = Terms.from_fields(self.terms, policy, datetime.now(UTC), is_owned=owner is not None)
        return UploadOptions(
            terms=terms,
            owner_id=owner,
            management_key=management_key,
            password_hash=self.password,
            is_typed=is_on(self.terms, "typed"),
            is_stripping=is_on(self.terms, "strip"),
        )

    def note(self) -> dict[str, Any]:
        """Return what to write down."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UploadState:
    """Where an upload stands. `offset` bytes are safe; `ends_at` is when it is forgotten.

    `file` is what it became, and `is_new` says that this very request has made that of it.
    """

    name: str
    record: UploadRecord
    offset: int
    ends_at: datetime
    file: StoredFile | None = None
    management_key: str = ""
    prefix_sha256: str = ""
    is_new: bool = False

    @property
    def is_complete(self) -> bool:
        """Return whether all bytes are here."""
        return self.offset == self.record.length
