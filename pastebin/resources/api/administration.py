"""What operators and administrators see and change by the API: accounts, reports, bans, acts, flags."""

from typing import Any, ClassVar

from ...errors import NotFound
from ...services import Services
from ...services.account_records import StoredAccount
from ...services.audit import AuditedAct
from ...services.flags import Flag, flag_named
from ...services.gate import Decision, Purpose
from ...services.moderation import BannedContent, OpenReport
from ...services.rights import Right
from ...services.versions import version_of
from ..visitor import Visitor
from .base import ApiItem, ApiList

# The longest number of a row, in digits.
DIGITS = 18


class ApiUser(ApiItem):
    """`/api/v1/users/<name>`: an account."""

    address = "users/{name}"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "PATCH")

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, account: StoredAccount
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.account = account

    @property
    def version(self) -> str:
        """Return what changes with the account."""
        return self.account.version


class ApiUsers(ApiList):
    """`/api/v1/users`: every account."""

    address = "users"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    item = ApiUser

    def __getitem__(self, name: str) -> ApiUser:
        self.require(Right.ADMINISTER)
        account = self.services.accounts.find(name)
        if account is None:
            raise KeyError(name)
        return ApiUser(name, self, self.services, self.visitor, account)


class ApiReport(ApiItem):
    """`/api/v1/reports/<id>`: what somebody said against a file."""

    address = "reports/{id}"
    methods: ClassVar[tuple[str, ...]] = ("DELETE", "GET", "HEAD")

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, report: OpenReport
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.report = report

    @property
    def version(self) -> str:
        """Return what stays, as nothing of a report changes."""
        return version_of(self.report.id, self.report.moment)


class ApiReports(ApiList):
    """`/api/v1/reports`: the reports that nobody has closed, of files that operators may see."""

    address = "reports"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    item = ApiReport

    def __getitem__(self, name: str) -> ApiReport:
        self.require(Right.OPERATE)
        try:
            report = self.services.moderation.report_numbered(_number(name))
        except NotFound as error:
            raise KeyError(name) from error
        if not self.shows(report):
            raise KeyError(name)
        return ApiReport(name, self, self.services, self.visitor, report)

    def shows(self, report: OpenReport) -> bool:
        """Tell whether the gate lets who asks see the file of a report."""
        return self.visitor.decide(report.file, Purpose.MODERATION) is Decision.ALLOWED


class ApiBan(ApiItem):
    """`/api/v1/bans/<sha256>`: a content that nobody may upload."""

    address = "bans/{sha256}"
    methods: ClassVar[tuple[str, ...]] = ("DELETE", "GET", "HEAD")

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, ban: BannedContent
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.ban = ban

    @property
    def version(self) -> str:
        """Return what changes when the content is banned anew."""
        return version_of(self.ban.sha256, self.ban.moment)


class ApiBans(ApiList):
    """`/api/v1/bans`: bans contents, and lists those that are banned."""

    address = "bans"
    item = ApiBan

    def __getitem__(self, name: str) -> ApiBan:
        self.require(Right.OPERATE)
        try:
            ban = self.services.moderation.banned(name)
        except NotFound as error:
            raise KeyError(name) from error
        return ApiBan(name, self, self.services, self.visitor, ban)


class ApiAct(ApiItem):
    """`/api/v1/audit/<id>`: an act of somebody."""

    address = "audit/{id}"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor, act: AuditedAct) -> None:
        super().__init__(name, parent, services, visitor)
        self.act = act

    @property
    def version(self) -> str:
        """Return what stays, as nothing of an act changes."""
        return version_of(self.act.id, self.act.moment)


class ApiAudit(ApiList):
    """`/api/v1/audit`: who did what."""

    address = "audit"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    item = ApiAct

    def __getitem__(self, name: str) -> ApiAct:
        self.require(Right.OPERATE)
        try:
            act = self.services.administration_lists.act(_number(name))
        except NotFound as error:
            raise KeyError(name) from error
        return ApiAct(name, self, self.services, self.visitor, act)


class ApiFlag(ApiItem):
    """`/api/v1/flags/<name>`: what is switched, also while nothing else can be changed."""

    address = "flags/{name}"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "PUT")
    is_open_when_read_only = True

    @property
    def flag(self) -> Flag:
        """Return which flag this is."""
        return Flag(self.__name__)

    @property
    def is_on(self) -> bool:
        """Tell whether it is on."""
        return self.flag in self.services.flags.on()

    @property
    def version(self) -> str:
        """Return what changes when it is switched."""
        return version_of(self.flag, self.is_on)


class ApiFlags(ApiList):
    """`/api/v1/flags`: every flag."""

    address = "flags"
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")
    item = ApiFlag

    def __getitem__(self, name: str) -> ApiFlag:
        self.require(Right.ADMINISTER)
        try:
            flag_named(name)
        except NotFound as error:
            raise KeyError(name) from error
        return ApiFlag(name, self, self.services, self.visitor)


def _number(name: str) -> int:
    """Return the number in an address; KeyError if there is none."""
    if not name.isascii() or not name.isdecimal() or len(name) > DIGITS:
        raise KeyError(name)
    return int(name)
