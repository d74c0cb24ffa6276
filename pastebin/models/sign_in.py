"""What signing in keeps besides accounts and sessions."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import BigId, UTCDateTime, exact_ascii, exact_text

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class SpentToken(Base):
    """A signed token that was used, by its SHA-256, until it would have ended by itself."""

    __tablename__ = "SpentToken"
    __table_args__ = (Index("ix_SpentToken_until", "until"), _OPTIONS)

    digest: Mapped[str] = mapped_column(exact_ascii(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UTCDateTime)


class SecondFactor(Base):
    """What the codes of an account's app are made of, and the last step of time of which one was used.

    `wrong_codes` counts the codes that were wrong from `wrong_since` on.
    """

    __tablename__ = "SecondFactor"
    __table_args__ = (_OPTIONS,)

    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(exact_ascii(64))
    last_step: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default="0")
    wrong_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(Base):
    """A code that stands in for the app of an account, once; kept as SHA-256."""

    __tablename__ = "RecoveryCode"
    __table_args__ = (Index("ix_RecoveryCode_account_id", "account_id"), _OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    code_hash: Mapped[str] = mapped_column(exact_ascii(64))


class ExternalIdentity(Base):
    """An account elsewhere that signs in to an account here. `label` is for people alone."""

    __tablename__ = "ExternalIdentity"
    __table_args__ = (
        Index("uq_ExternalIdentity_subject", "issuer", "subject", unique=True),
        Index("ix_ExternalIdentity_account_id", "account_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    issuer: Mapped[str] = mapped_column(exact_text(255))
    subject: Mapped[str] = mapped_column(exact_text(255))
    label: Mapped[str] = mapped_column(exact_text(64))
    created: Mapped[datetime] = mapped_column(UTCDateTime)


class Passkey(Base):
    """A key of a device that signs in to an account: its id and its public half, in URL-safe Base64."""

    __tablename__ = "Passkey"
    __table_args__ = (
        Index("uq_Passkey_credential_id", "credential_id", unique=True),
        Index("ix_Passkey_account_id", "account_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(BigInteger)
    credential_id: Mapped[str] = mapped_column(exact_ascii(1400))
    public_key: Mapped[str] = mapped_column(exact_ascii(1400))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(exact_text(200))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used: Mapped[datetime | None] = mapped_column(UTCDateTime)


IDENTITIES = Base.metadata.tables[ExternalIdentity.__tablename__]
PASSKEYS = Base.metadata.tables[Passkey.__tablename__]
RECOVERY_CODES = Base.metadata.tables[RecoveryCode.__tablename__]
SECOND_FACTORS = Base.metadata.tables[SecondFactor.__tablename__]
SPENT_TOKENS = Base.metadata.tables[SpentToken.__tablename__]
