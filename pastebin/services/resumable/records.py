"""What is known of an unfinished upload."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from ...images import ImageLimits
from ..collection_records import Joining
from ..stored_file import StoredFile
from ..terms import Terms, TermsPolicy
from ..upload_options import UploadOptions


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What somebody asks for who begins an upload; `length` is None where it is told later.

    `metadata` is what the client wants to be told again. `terms` may hold a password, and other fields of an
    upload's form. `max_size` is how many bytes it may have where that is less than the service takes.
    `is_fetch` says that the bytes come from another server. `joining` is the collection that it is put into.
    `token` is the id of the token that its maker showed.
    """

    length: int | None
    filename: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    metadata: str = ""
    is_partial: bool = False
    max_size: int | None = None
    is_fetch: bool = False
    joining: Joining | None = None
    token: int | None = None


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
    upload that a part went into, `parts` are what a final one was made of. Of a fetch `expected` is the
    length that the other server tells, and `failure` the code and the words of the error that ended it.
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
    is_fetch: bool = False
    expected: int | None = None
    failure: tuple[str, str] | None = None
    joining: Joining | None = None
    token: int | None = None

    @classmethod
    def new(cls, wanted: NewUpload, terms: Mapping[str, str], **more: Any) -> "UploadRecord":
        """Return the record of a new upload; `terms` are without the password."""
        if wanted.is_partial:
            more["concat"] = "partial"
        more |= {name: getattr(wanted, name) for name in ("max_size", "is_fetch", "joining", "token")}
        return cls(wanted.length, wanted.filename, terms, wanted.metadata, wanted.is_partial, **more)

    @classmethod
    def of(cls, note: Mapping[str, Any]) -> "UploadRecord":
        """Return the record of a note."""
        failure, joining = note.get("failure"), note.get("joining")
        read = {
            "parts": tuple(note["parts"]),
            "failure": failure and tuple(failure),
            "joining": joining and Joining(**joining),
        }
        return cls(**{**note, **read})

    @property
    def owner(self) -> int | None:
        """Return the id of the account that gets the file, None for nobody's."""
        return None if self.maker is None else int(self.maker)

    def options(self, limits: ImageLimits, policy: TermsPolicy, management_key: str) -> UploadOptions:
        """Return what the upload asks for; terms count from now. BadTerm if one is over by now."""
        options = UploadOptions.from_fields(self.terms, limits, policy, self.owner)
        if self.joining is not None:  # which has the terms
            options = replace(options, terms=Terms(title=options.terms.title), joining=self.joining)
        return replace(options, management_key=management_key, password_hash=self.password)

    def note(self) -> dict[str, Any]:
        """Return what to write down."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UploadState:
    """Where an upload stands. `offset` bytes are safe; `ends_at` is when it is forgotten.

    `file` is what it became.
    """

    name: str
    record: UploadRecord
    offset: int
    ends_at: datetime
    file: StoredFile | None = None
    management_key: str = ""
    prefix_sha256: str = ""

    @property
    def length(self) -> int | None:
        """Return how many bytes it will have, as far as anybody has said."""
        return self.record.expected if self.record.length is None else self.record.length

    @property
    def is_complete(self) -> bool:
        """Return whether all bytes are here."""
        return self.offset == self.record.length
