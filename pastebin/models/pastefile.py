"""The table of files: one row a link, many rows may share one content."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import BigId, UTCDateTime, exact_ascii, exact_text

FILENAME_LENGTH = 5000
FILEHASH_LENGTH = 128
TITLE_LENGTH = 200


def _sparse(name: str, *columns: str, rows: str) -> Index:
    """Return an index for the few `rows` that have something to find; MariaDB has no index of some rows.

    Every upload goes into each index: SQLite writes a page of 4 KiB for one in its log.
    """
    return Index(name, *columns, sqlite_where=text(rows))


class PasteFile(Base):
    """A link: a name and a moment for a content, which is found by its SHA-256.

    `sha256` is empty only in rows of an older service whose content has not been taken in yet.
    `listed` is set at the upload: what was uploaded while nothing was listed never gets listed.
    `short_id` is the number of its short code where that was drawn; the code means `id` where it is empty.
    `key_hash` is the SHA-256 of its first management key. `source_id` is the file that a resized copy is of.
    `collection_id` is the collection whose terms it has. `title`, `expires`, `downloads_left` and `password`
    (argon2id) are its terms, where it has any. `owner_id` is the account that it belongs to, and `is_private`
    says that nobody else sees it but operators. `is_off_list` says that an editor keeps it off the list,
    whatever `listed` is.
    """

    __tablename__ = "PasteFile"
    __table_args__ = (
        Index("uq_PasteFile_filehash", "filehash", unique=True),
        Index("uq_PasteFile_link_key", "link_key", unique=True),
        Index("ix_PasteFile_sha256", "sha256"),
        Index("uq_PasteFile_short_id", "short_id", unique=True),
        Index("uq_PasteFile_key_hash", "key_hash", unique=True),
        _sparse("ix_PasteFile_source_id", "source_id", rows="source_id IS NOT NULL"),
        _sparse("ix_PasteFile_collection_id", "collection_id", rows="collection_id IS NOT NULL"),
        _sparse("ix_PasteFile_expires", "expires", rows="expires IS NOT NULL"),
        _sparse(  # what an account has, how much that is, and which of it is there
            "ix_PasteFile_owner_id",
            *("owner_id", "source_id", "id", "size", "is_quarantined", "expires", "downloads_left"),
            rows="owner_id IS NOT NULL",
        ),
        # Ordered by id within, as every index of either database.
        _sparse("ix_PasteFile_listed", "listed", "is_off_list", rows="listed = 1"),
        {
            "sqlite_autoincrement": True,  # an id is never given twice: short links are made of it
            "mysql_engine": "InnoDB",
            "mysql_charset": "utf8mb4",
        },
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    filename: Mapped[str] = mapped_column(exact_text(FILENAME_LENGTH))
    filehash: Mapped[str] = mapped_column(exact_ascii(FILEHASH_LENGTH))
    filemd5: Mapped[str] = mapped_column(exact_ascii(128))
    uploadtime: Mapped[datetime] = mapped_column(UTCDateTime)
    mimetype: Mapped[str] = mapped_column(exact_text(256))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(exact_ascii(64))
    link_key: Mapped[str | None] = mapped_column(exact_ascii(64))
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    encoding: Mapped[str] = mapped_column(exact_ascii(32), default="binary")
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    short_id: Mapped[int | None] = mapped_column(BigInteger)
    key_hash: Mapped[str | None] = mapped_column(exact_ascii(64))
    source_id: Mapped[int | None] = mapped_column(BigInteger)
    collection_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str | None] = mapped_column(exact_text(TITLE_LENGTH))
    expires: Mapped[datetime | None] = mapped_column(UTCDateTime)
    downloads_left: Mapped[int | None]
    password: Mapped[str | None] = mapped_column(exact_ascii(160))
    is_quarantined: Mapped[bool] = mapped_column(default=False, server_default=false())
    owner_id: Mapped[int | None] = mapped_column(BigInteger)
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_off_list: Mapped[bool] = mapped_column(default=False, server_default=false())


# The same as a plain table, for the statements on hot paths.
FILES = Base.metadata.tables[PasteFile.__tablename__]
