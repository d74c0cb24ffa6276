"""File requests: addresses under which guests upload to an account."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from .collection import CODE_LENGTH
from .meta import Base
from .pastefile import TITLE_LENGTH
from .types import BigId, UTCDateTime, exact_ascii, exact_text

NOTE_LENGTH = 2000
TYPES_LENGTH = 2000


class FileRequest(Base):
    """An address that takes files for an account, within limits: `most_files`, `most_bytes`, `types`.

    `types` are media types such as `image/*` with blanks between, none for all. `files` and `bytes` count
    what has come. `collection_code` is the collection that the last of it went into. Guests of a blind one
    do not see what others have sent.
    """

    __tablename__ = "FileRequest"
    __table_args__ = (
        Index("uq_FileRequest_code", "code", unique=True),
        Index("ix_FileRequest_account_id", "account_id"),
        {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(exact_ascii(CODE_LENGTH))
    account_id: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    title: Mapped[str] = mapped_column(exact_text(TITLE_LENGTH))
    note: Mapped[str] = mapped_column(exact_text(NOTE_LENGTH))
    most_files: Mapped[int | None]
    most_bytes: Mapped[int | None] = mapped_column(BigInteger)
    types: Mapped[str] = mapped_column(exact_ascii(TYPES_LENGTH))
    expires: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_blind: Mapped[bool] = mapped_column(default=True, server_default=true())
    files: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    collection_code: Mapped[str | None] = mapped_column(exact_ascii(CODE_LENGTH))


FILE_REQUESTS = Base.metadata.tables[FileRequest.__tablename__]
