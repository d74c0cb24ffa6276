"""The table of what the service knows of its own database: one row."""

from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import exact_ascii

# The key of the one row.
THE_ROW = 1


class ServiceState(Base):
    """`generation` is random: a database made anew has another one."""

    __tablename__ = "ServiceState"
    __table_args__ = ({"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    generation: Mapped[str] = mapped_column(exact_ascii(32))


# The same as a plain table, for the statements on hot paths.
STATE = Base.metadata.tables[ServiceState.__tablename__]
