"""What signing in keeps besides accounts and sessions."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import UTCDateTime, exact_ascii

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class SpentToken(Base):
    """A signed token that was used, by its SHA-256, until it would have ended by itself."""

    __tablename__ = "SpentToken"
    __table_args__ = (Index("ix_SpentToken_until", "until"), _OPTIONS)

    digest: Mapped[str] = mapped_column(exact_ascii(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(UTCDateTime)


SPENT_TOKENS = Base.metadata.tables[SpentToken.__tablename__]
