"""Accounts, and what proves that a request comes from one: sessions, invites, tokens."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import BigId, UTCDateTime, exact_ascii, exact_text

NAME_LENGTH = 64
FOLDED_LENGTH = 255
EMAIL_LENGTH = 254
NOTE_LENGTH = 200
TERMS_LENGTH = 2000

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class Account(Base):
    """Somebody who can sign in. `folded` is the name after NFKC and case folding, `folded_email` alike.

    `password` is its argon2id hash. `roles` are bits (`services.rights`). The quotas are those of this
    account alone, empty where those of its roles hold. One with a moment in `ended` is being deleted.
    """

    __tablename__ = "Account"
    __table_args__ = (
        Index("uq_Account_folded", "folded", unique=True),
        Index("uq_Account_folded_email", "folded_email", unique=True),
        {
            "sqlite_autoincrement": True,
            **_OPTIONS,
        },  # an id is never given twice: files name their owner by it
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(exact_text(NAME_LENGTH))
    folded: Mapped[str] = mapped_column(exact_text(FOLDED_LENGTH))
    email: Mapped[str | None] = mapped_column(exact_text(EMAIL_LENGTH))
    folded_email: Mapped[str | None] = mapped_column(exact_text(FOLDED_LENGTH))
    password: Mapped[str] = mapped_column(exact_ascii(160))
    roles: Mapped[int]
    is_suspended: Mapped[bool] = mapped_column(default=False, server_default=false())
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    quota_bytes: Mapped[int | None] = mapped_column(BigInteger)
    quota_files: Mapped[int | None]
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)


class AccountSession(Base):
    """A browser that is signed in. Its cookie holds a random text, of which the SHA-256 is kept."""

    __tablename__ = "AccountSession"
    __table_args__ = (
        Index("uq_AccountSession_secret_hash", "secret_hash", unique=True),
        Index("ix_AccountSession_account_id", "account_id"),
        Index("ix_AccountSession_seen", "seen"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    secret_hash: Mapped[str] = mapped_column(exact_ascii(64))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    seen: Mapped[datetime] = mapped_column(UTCDateTime)
    agent: Mapped[str] = mapped_column(exact_text(NOTE_LENGTH))


class Invite(Base):
    """Leave to make so many accounts until a moment. Of its code the SHA-256 is kept."""

    __tablename__ = "Invite"
    __table_args__ = (Index("uq_Invite_code_hash", "code_hash", unique=True), _OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code_hash: Mapped[str] = mapped_column(exact_ascii(64))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime] = mapped_column(UTCDateTime)
    uses_left: Mapped[int]
    note: Mapped[str] = mapped_column(exact_text(NOTE_LENGTH))


class ApiToken(Base):
    """What a program shows instead of a password: `pb_<public_id>_<secret>`; the secret is kept as SHA-256.

    `scopes` are words. `max_size` is in bytes; `terms` is JSON, what its uploads get that say nothing else.
    """

    __tablename__ = "ApiToken"
    __table_args__ = (
        Index("uq_ApiToken_public_id", "public_id", unique=True),
        Index("ix_ApiToken_account_id", "account_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    public_id: Mapped[str] = mapped_column(exact_ascii(16))
    secret_hash: Mapped[str] = mapped_column(exact_ascii(64))
    account_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(exact_text(NOTE_LENGTH))
    scopes: Mapped[str] = mapped_column(exact_ascii(64))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_used: Mapped[datetime | None] = mapped_column(UTCDateTime)
    max_size: Mapped[int | None] = mapped_column(BigInteger)
    terms: Mapped[str] = mapped_column(exact_text(TERMS_LENGTH))


ACCOUNTS = Base.metadata.tables[Account.__tablename__]
SESSIONS = Base.metadata.tables[AccountSession.__tablename__]
INVITES = Base.metadata.tables[Invite.__tablename__]
TOKENS = Base.metadata.tables[ApiToken.__tablename__]
