"""The table of small contents: bytes that are kept in the database rather than in a file."""

from sqlalchemy import Double, LargeBinary
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import exact_ascii

# MEDIUMBLOB: up to 16 MiB on MariaDB, where a plain BLOB ends at 64 KiB minus one.
Bytes = LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")


class Content(Base):
    """A content by its hex SHA-256; `put_at` is when it was last uploaded, in seconds since 1970."""

    __tablename__ = "Content"
    __table_args__ = ({"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"},)

    sha256: Mapped[str] = mapped_column(exact_ascii(64), primary_key=True)
    put_at: Mapped[float] = mapped_column(Double)
    data: Mapped[bytes] = mapped_column(Bytes)


# The same as a plain table, for the statements on hot paths.
CONTENTS = Base.metadata.tables[Content.__tablename__]
