"""Accounts, reports, bans and acts, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Engine

from ..models import ACCOUNTS, AUDIT, BANS, FILES, REPORTS
from .accounts import StoredAccount
from .audit import AuditedAct
from .keyset import Keyset, Order, RowPage, has_words
from .moderation import BannedContent, OpenReport
from .stored_file import StoredFile

Thing = TypeVar("Thing")

_ACCOUNTS = Keyset(
    ACCOUNTS,
    {"name": Order(ACCOUNTS.c.folded, is_text=True), "newest": Order(ACCOUNTS.c.id, is_down=True)},
    ACCOUNTS.c.id,
)
_REPORTS = Keyset(
    REPORTS,
    {"oldest": Order(REPORTS.c.id), "newest": Order(REPORTS.c.id, is_down=True)},
    REPORTS.c.id,
)
_BANS = Keyset(BANS, {"sha256": Order(BANS.c.sha256, is_text=True)}, BANS.c.sha256, is_text=True)
_AUDIT = Keyset(AUDIT, {"newest": Order(AUDIT.c.id, is_down=True), "oldest": Order(AUDIT.c.id)}, AUDIT.c.id)

ACCOUNT_SORTS = tuple(_ACCOUNTS.orders)
REPORT_SORTS = tuple(_REPORTS.orders)
BAN_SORTS = tuple(_BANS.orders)
AUDIT_SORTS = tuple(_AUDIT.orders)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page is asked for: words, an order, a cursor on one of both sides, and how many."""

    words: str
    sort: str
    after: str
    before: str
    limit: int


@dataclass(frozen=True, slots=True)
class ThingsPage(Generic[Thing]):
    """Some things, how many there are in all, and the cursors of the pages on both sides."""

    items: Sequence[Thing]
    total: int
    before: str | None
    after: str | None


class AdministrationLists:
    """Pages for operators and administrators."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accounts(self, wanted: Wanted) -> ThingsPage[StoredAccount]:
        """Return accounts whose names or e-mail addresses have all words."""
        conditions = has_words(wanted.words, ACCOUNTS.c.folded, ACCOUNTS.c.folded_email)
        page = self._page(_ACCOUNTS, conditions, wanted)
        return _of(page, [StoredAccount.of(row) for row in page.rows])

    def reports(self, wanted: Wanted) -> ThingsPage[OpenReport]:
        """Return reports that nobody has closed; those of files that are gone meanwhile are left out."""
        page = self._page(_REPORTS, [REPORTS.c.is_open, *has_words(wanted.words, REPORTS.c.reason)], wanted)
        query = select(FILES).where(FILES.c.id.in_({row.file_id for row in page.rows}))
        with self._engine.connect() as connection:
            files = {row.id: StoredFile.of(row) for row in connection.execute(query)}
        found = [row for row in page.rows if row.file_id in files]
        return _of(page, [OpenReport(row.id, row.moment, row.reason, files[row.file_id]) for row in found])

    def bans(self, wanted: Wanted) -> ThingsPage[BannedContent]:
        """Return banned contents."""
        page = self._page(_BANS, has_words(wanted.words, BANS.c.reason, BANS.c.sha256), wanted)
        return _of(page, [BannedContent(row.sha256, row.moment, row.reason) for row in page.rows])

    def acts(self, wanted: Wanted) -> ThingsPage[AuditedAct]:
        """Return what the audit has."""
        conditions = has_words(wanted.words, AUDIT.c.act, AUDIT.c.actor, AUDIT.c.reason)
        page = self._page(_AUDIT, conditions, wanted)
        return _of(page, [AuditedAct.of_row(row) for row in page.rows])

    def _page(self, keyset: Keyset, conditions: Sequence[Any], wanted: Wanted) -> RowPage:
        asked = (wanted.sort, wanted.after, wanted.before, wanted.limit)
        return keyset.page(self._engine, conditions, *asked)


def _of(page: RowPage, items: list[Thing]) -> ThingsPage[Thing]:
    return ThingsPage(items, page.total, page.before, page.after)
