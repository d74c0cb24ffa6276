"""What administrators switch, and what the service counts and tells others of itself."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import UTCDateTime, exact_ascii

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class Flag(Base):
    """Something that is switched on, since when: `read-only`, `no-uploads` or `no-signup`."""

    __tablename__ = "Flag"
    __table_args__ = (_OPTIONS,)

    name: Mapped[str] = mapped_column(exact_ascii(32), primary_key=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)


FLAGS = Base.metadata.tables[Flag.__tablename__]
