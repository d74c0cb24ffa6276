"""What administrators switch, and what the service counts and tells others of itself."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from .meta import Base
from .types import BigId, UTCDateTime, exact_ascii, exact_text

_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


class Flag(Base):
    """Something that is switched on, since when: `read-only`, `no-uploads` or `no-signup`."""

    __tablename__ = "Flag"
    __table_args__ = (_OPTIONS,)

    name: Mapped[str] = mapped_column(exact_ascii(32), primary_key=True)
    moment: Mapped[datetime] = mapped_column(UTCDateTime)


class Webhook(Base):
    """An address that is told what happens. `kind` is `json`, `discord`, `slack` or `matrix`.

    `events` are names of events, all of them where it is empty. `secret` signs what is sent (`json`), or is
    the access token (`matrix`): both are needed in clear.
    """

    __tablename__ = "Webhook"
    __table_args__ = (_OPTIONS,)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    url: Mapped[str] = mapped_column(exact_text(2000))
    kind: Mapped[str] = mapped_column(exact_ascii(16))
    secret: Mapped[str] = mapped_column(exact_text(500))
    events: Mapped[str] = mapped_column(exact_ascii(500))
    created: Mapped[datetime] = mapped_column(UTCDateTime)


class Job(Base):
    """Something to tell a webhook, written in the transaction in which it happened.

    `due` is when it is tried next, empty once it is `done` or given up. `status` is that of the last answer.
    `file_id` is the file that it tells of, whose name it says as long as that is there.
    """

    __tablename__ = "Job"
    __table_args__ = (
        Index("ix_Job_due", "due"),
        Index("ix_Job_webhook_id", "webhook_id"),
        Index("ix_Job_file_id", "file_id"),
        _OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    webhook_id: Mapped[int] = mapped_column(BigInteger)
    event: Mapped[str] = mapped_column(exact_ascii(32))
    payload: Mapped[str] = mapped_column(exact_text(8000))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    due: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    fault: Mapped[str] = mapped_column(exact_text(200))
    file_id: Mapped[int | None] = mapped_column(BigInteger)


FLAGS = Base.metadata.tables[Flag.__tablename__]
WEBHOOKS = Base.metadata.tables[Webhook.__tablename__]
JOBS = Base.metadata.tables[Job.__tablename__]
