"""Accounts, reports, bans and acts, page by page."""

from dataclasses import replace

from sqlalchemy import String, cast, select
from sqlalchemy.engine import Engine

from ..errors import NotFound
from ..models import ACCOUNTS, AUDIT, BANS, FILES, REPORTS
from .account_names import fold
from .account_records import StoredAccount
from .audit import AuditedAct
from .keyset import Keyset, ListPage, Order, Wanted, has_words
from .moderation import BannedContent, OpenReport
from .stored_file import StoredFile

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
_BANS = Keyset(
    BANS,
    {
        "sha256": Order(BANS.c.sha256, is_text=True),
        "newest": Order(cast(BANS.c.moment, String), is_down=True, is_text=True),
    },
    BANS.c.sha256,
    is_text=True,
)
_AUDIT = Keyset(AUDIT, {"newest": Order(AUDIT.c.id, is_down=True), "oldest": Order(AUDIT.c.id)}, AUDIT.c.id)

ACCOUNT_SORTS = tuple(_ACCOUNTS.orders)
REPORT_SORTS = tuple(_REPORTS.orders)
BAN_SORTS = tuple(_BANS.orders)
AUDIT_SORTS = tuple(_AUDIT.orders)


class AdministrationLists:
    """Pages for operators and administrators."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def accounts(self, wanted: Wanted) -> ListPage[StoredAccount]:
        """Return accounts whose names or e-mail addresses have all words."""
        conditions = has_words(fold(wanted.words), ACCOUNTS.c.folded, ACCOUNTS.c.folded_email)
        page = _ACCOUNTS.page(self._engine, conditions, wanted)
        return page.of(StoredAccount.of)

    def reports(self, wanted: Wanted, file: StoredFile | None = None) -> ListPage[OpenReport]:
        """Return reports that nobody has closed, of a file or all; files that are gone are left out."""
        conditions = [REPORTS.c.is_open, *has_words(wanted.words, REPORTS.c.reason)]
        if file is not None:
            conditions.append(REPORTS.c.file_id == file.id)
        page = _REPORTS.page(self._engine, conditions, wanted)
        query = select(FILES).where(FILES.c.id.in_({row.file_id for row in page.rows}))
        with self._engine.connect() as connection:
            files = {row.id: StoredFile.of(row) for row in connection.execute(query)}
        found = replace(page, rows=[row for row in page.rows if row.file_id in files])
        return found.of(lambda row: OpenReport(row.id, row.moment, row.reason, files[row.file_id]))

    def bans(self, wanted: Wanted) -> ListPage[BannedContent]:
        """Return banned contents."""
        page = _BANS.page(self._engine, has_words(wanted.words, BANS.c.reason, BANS.c.sha256), wanted)
        return page.of(lambda row: BannedContent(row.sha256, row.moment, row.reason))

    def acts(self, wanted: Wanted, file: StoredFile | None = None) -> ListPage[AuditedAct]:
        """Return what the audit has, of a file or all."""
        conditions = has_words(wanted.words, AUDIT.c.act, AUDIT.c.actor, AUDIT.c.reason)
        if file is not None:
            conditions.append(AUDIT.c.file_id == file.id)
        page = _AUDIT.page(self._engine, conditions, wanted)
        return page.of(AuditedAct.of_row)

    def act(self, number: int) -> AuditedAct:
        """Return an act of the audit; NotFound if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(AUDIT).where(AUDIT.c.id == number)).first()
        if row is None:
            raise NotFound("There is no such act.")
        return AuditedAct.of_row(row)
