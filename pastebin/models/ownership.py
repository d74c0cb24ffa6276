"""Who holds a link, what ended, and what other processes must forget."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import BigId, UTCDateTime, exact_ascii, exact_text

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class Holder(Base):
    """A management key of a link beside the first one, which is in the link's row; kept as SHA-256."""

    __tablename__ = "Holder"
    __table_args__ = (
        Index("uq_Holder_key_hash", "key_hash", unique=True),
        Index("ix_Holder_file_id", "file_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    file_id: Mapped[int] = mapped_column(BigInteger)
    key_hash: Mapped[str] = mapped_column(exact_ascii(64))


class AuditEntry(Base):
    """An act that ended, hid or banned something: what stays when a link is gone. No names in here.

    `act` is one of `services.audit.Act`: `deleted` where the holders let go, `used` where no download was
    left, `fetched` where somebody has had an address fetched, which the reason names. `actor` is `key`,
    `account` (its owner), `anybody`, `service`, `shell`, or `account 12`: an operator.
    """

    __tablename__ = "AuditEntry"
    __table_args__ = (
        Index("ix_AuditEntry_file_id", "file_id"),
        Index("ix_AuditEntry_sha256", "sha256"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)
    act: Mapped[str] = mapped_column(exact_ascii(16))
    actor: Mapped[str] = mapped_column(exact_text(200))
    file_id: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(exact_ascii(64))
    reason: Mapped[str] = mapped_column(exact_text(500))


class Invalidation(Base):
    """A file that every process must look up anew, by its public name."""

    __tablename__ = "Invalidation"
    __table_args__ = ({"sqlite_autoincrement": True, **_OPTIONS},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)
    filehash: Mapped[str] = mapped_column(exact_ascii(128))


class Ban(Base):
    """A content that nobody may upload again."""

    __tablename__ = "Ban"
    __table_args__ = (_OPTIONS,)

    sha256: Mapped[str] = mapped_column(exact_ascii(64), primary_key=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(exact_text(500))


class Report(Base):
    """What a visitor said against a file."""

    __tablename__ = "Report"
    __table_args__ = (Index("ix_Report_file_id", "file_id"), _OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)
    file_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(exact_text(500))
    is_open: Mapped[bool] = mapped_column(default=True)


class Lease(Base):
    """Work that one process at a time does: whose turn it is, and until when."""

    __tablename__ = "Lease"
    __table_args__ = (_OPTIONS,)

    name: Mapped[str] = mapped_column(exact_ascii(16), primary_key=True)
    holder: Mapped[str] = mapped_column(exact_ascii(32))
    until: Mapped[datetime] = mapped_column(UTCDateTime)


HOLDERS = Base.metadata.tables[Holder.__tablename__]
AUDIT = Base.metadata.tables[AuditEntry.__tablename__]
INVALIDATIONS = Base.metadata.tables[Invalidation.__tablename__]
BANS = Base.metadata.tables[Ban.__tablename__]
REPORTS = Base.metadata.tables[Report.__tablename__]
LEASES = Base.metadata.tables[Lease.__tablename__]
