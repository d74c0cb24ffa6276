"""Collections: several files under one link."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .pastefile import TITLE_LENGTH
from .types import BigId, UTCDateTime, exact_ascii, exact_text

CODE_LENGTH = 32
PATH_LENGTH = 1000

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class Collection(Base):
    """A link to several files, under a code drawn at random. Its terms are those of its files too.

    `key_hash` is the SHA-256 of its management key. `expires`, `downloads_left` and `password` (argon2id)
    are written to the rows of its files as well, in the transaction that changes them here, and so is
    `is_private`. `owner_id` is the account that it belongs to.
    """

    __tablename__ = "Collection"
    __table_args__ = (
        Index("uq_Collection_code", "code", unique=True),
        Index("uq_Collection_key_hash", "key_hash", unique=True),
        Index("ix_Collection_expires", "expires"),
        Index("ix_Collection_owner_id", "owner_id"),
        {"sqlite_autoincrement": True, **_OPTIONS},  # an id is never given twice: tickets are made of it
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(exact_ascii(CODE_LENGTH))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    key_hash: Mapped[str] = mapped_column(exact_ascii(64))
    title: Mapped[str | None] = mapped_column(exact_text(TITLE_LENGTH))
    expires: Mapped[datetime | None] = mapped_column(UTCDateTime)
    downloads_left: Mapped[int | None]
    password: Mapped[str | None] = mapped_column(exact_ascii(160))
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_quarantined: Mapped[bool] = mapped_column(default=False, server_default=false())
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())


class CollectionItem(Base):
    """A file's place in a collection: where in the order, and under which path.

    The path is emptied when the file ends: the place stays, to say that something is missing.
    """

    __tablename__ = "CollectionItem"
    __table_args__ = (
        Index("ix_CollectionItem_collection_id", "collection_id", "position"),
        Index("ix_CollectionItem_file_id", "file_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    collection_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int]
    file_id: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(exact_text(PATH_LENGTH))


COLLECTIONS = Base.metadata.tables[Collection.__tablename__]
ITEMS = Base.metadata.tables[CollectionItem.__tablename__]
