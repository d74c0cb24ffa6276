"""What the service counts of itself, by days as ISO 8601 writes them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Index, Table
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import exact_ascii

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}

_Day = exact_ascii(10)


class DayCount(Base):
    """What happened on a day, in UTC. The bytes are those of the uploads."""

    __tablename__ = "DayCount"
    __table_args__ = (_OPTIONS,)

    day: Mapped[str] = mapped_column(_Day, primary_key=True)
    uploads: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    downloads: Mapped[int] = mapped_column(BigInteger)


class FileDay(Base):
    """How often a file was downloaded on a day."""

    __tablename__ = "FileDay"
    __table_args__ = (Index("ix_FileDay_file_id", "file_id"), _OPTIONS)

    day: Mapped[str] = mapped_column(_Day, primary_key=True)
    file_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    downloads: Mapped[int] = mapped_column(BigInteger)


class ActiveDay(Base):
    """A day on which an account has uploaded something."""

    __tablename__ = "ActiveDay"
    __table_args__ = (_OPTIONS,)

    day: Mapped[str] = mapped_column(_Day, primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


def add_counts(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add numbers to those of rows with the same key; rows that are not there begin with them."""
    if rows:
        connection.execute(_addition(connection.dialect.name, table), rows)


@cache
def _addition(dialect: str, table: Table) -> Any:
    keys = [column.name for column in table.primary_key]
    counted = [column.name for column in table.columns if column.name not in keys]
    if dialect == "sqlite":
        insertion: Any = sqlite.insert(table)
        if not counted:
            return insertion.on_conflict_do_nothing(index_elements=keys)
        sums = {name: table.c[name] + insertion.excluded[name] for name in counted}
        return insertion.on_conflict_do_update(index_elements=keys, set_=sums)
    insertion = mysql.insert(table)
    sums = {name: table.c[name] + insertion.inserted[name] for name in counted}
    return insertion.on_duplicate_key_update(sums or {keys[0]: table.c[keys[0]]})


DAY_COUNTS = Base.metadata.tables[DayCount.__tablename__]
FILE_DAYS = Base.metadata.tables[FileDay.__tablename__]
ACTIVE_DAYS = Base.metadata.tables[ActiveDay.__tablename__]
