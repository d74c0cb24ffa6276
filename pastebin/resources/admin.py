"""`/admin`: what operators and administrators see and do. Who may not is refused by the views' permission."""

from typing import Any, ClassVar

from ..errors import NotFound
from ..services import Services
from ..services.account_records import StoredAccount
from ..services.gate import Decision, Purpose
from ..services.rights import Right
from ..services.stored_file import StoredFile
from .base import Noun
from .visitor import Visitor

# The longest number of a row that is looked for, in digits.
DIGITS = 18


class AdminNoun(Noun):
    """A page below `/admin`. What is done there goes on while nothing else can be changed."""

    is_open_when_read_only = True

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def shown(self, files: list[StoredFile]) -> list[StoredFile]:
        """Return those of some files that the gate lets the visitor act against."""
        return [file for file in files if self._may_see(file)]

    def _may_see(self, file: StoredFile) -> bool:
        return self._visitor.decide(file, Purpose.MODERATION) is Decision.ALLOWED


class AdminFile(Noun):
    """`/admin/files/<filehash>`: a file, to be hidden, removed or banned."""

    methods = ("GET", "HEAD", "POST")
    is_open_when_read_only = True

    def __init__(self, name: str, parent: Any, file: StoredFile) -> None:
        super().__init__(name, parent)
        self.file = file


class AdminFiles(AdminNoun):
    """`/admin/files`: finds files of everybody."""

    def __getitem__(self, name: str) -> AdminFile:
        try:
            file = self._services.files.by_hash(name)
        except NotFound as error:
            raise KeyError(name) from error
        if not self._may_see(file):
            raise KeyError(name)
        return AdminFile(name, self, file)


class AdminUser(Noun):
    """`/admin/users/<id>`: an account."""

    methods = ("GET", "HEAD", "POST")
    is_open_when_read_only = True

    def __init__(self, name: str, parent: Any, account: StoredAccount) -> None:
        super().__init__(name, parent)
        self.account = account


class AdminUsers(AdminNoun):
    """`/admin/users`: finds accounts."""

    def __getitem__(self, name: str) -> AdminUser:
        account = self._visitor.identity.account
        if account is None or not account.may(Right.ADMINISTRATOR_PAGES):  # nobody else learns who is here
            raise KeyError(name)
        if not name.isdecimal() or not name.isascii() or len(name) > DIGITS:
            raise KeyError(name)
        try:
            return AdminUser(name, self, self._services.accounts.by_id(int(name)))
        except NotFound as error:
            raise KeyError(name) from error


class AdminReports(AdminNoun):
    """`/admin/reports`: what visitors have said against files, and nobody has closed."""


class AdminBans(AdminNoun):
    """`/admin/bans`: contents that nobody may upload."""

    methods = ("GET", "HEAD", "POST")


class AdminAudit(AdminNoun):
    """`/admin/audit`: who did what."""


class AdminInvites(AdminNoun):
    """`/admin/invites`: leave to make accounts."""

    methods = ("GET", "HEAD", "POST")


class AdminFlags(AdminNoun):
    """`/admin/flags`: what is switched off for everybody."""

    methods = ("GET", "HEAD", "POST")


class AdminWebhooks(AdminNoun):
    """`/admin/webhooks`: who is told what happens."""

    methods = ("GET", "HEAD", "POST")


class AdminStatistics(AdminNoun):
    """`/admin/statistics`: what the service has counted."""


class AdminStatisticsTable(AdminNoun):
    """`/admin/statistics.csv` and `.xlsx`: the same, for other programs."""

    @property
    def ending(self) -> str:
        """Return `csv` or `xlsx`."""
        return self.__name__.rpartition(".")[2]


class AdminListing(AdminNoun):
    """`/admin/listing`: what editors keep off the list of the newest."""

    methods = ("GET", "HEAD", "POST")

    def file(self, name: str) -> StoredFile:
        """Return a file that an editor may keep off the list, or put back; NotFound for any other."""
        found = self._services.files.by_hash(name)
        if not self._may_see(found):
            raise NotFound("There is no such file.")
        return found

    def _may_see(self, file: StoredFile) -> bool:
        return self._visitor.decide(file, Purpose.CURATION) is Decision.ALLOWED


class AdminContext(AdminNoun):
    """`/admin`: the way to all of that."""

    CHILDREN: ClassVar[dict[str, type[AdminNoun]]] = {
        "files": AdminFiles,
        "reports": AdminReports,
        "bans": AdminBans,
        "audit": AdminAudit,
        "users": AdminUsers,
        "invites": AdminInvites,
        "listing": AdminListing,
        "flags": AdminFlags,
        "webhooks": AdminWebhooks,
        "statistics": AdminStatistics,
        "statistics.csv": AdminStatisticsTable,
        "statistics.xlsx": AdminStatisticsTable,
    }

    def __getitem__(self, name: str) -> AdminNoun:
        if name == "listing" and self._services.listing is None:
            raise KeyError(name)
        return self.CHILDREN[name](name, self, self._services, self._visitor)
