"""Signing in and out, and the pages of an account."""

from typing import Any, ClassVar

from ..services import Services
from ..services.flags import Flag
from ..services.rights import Right
from ..services.stored_file import StoredFile
from .base import Noun
from .visitor import Visitor


class Login(Noun):
    """`/login`: the form for name and password."""

    is_open_when_read_only = True  # an administrator has to sign in to switch that off
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")


class Logout(Noun):
    """`/logout`: ends the session."""

    is_open_when_read_only = True
    methods = ("POST",)


class SignUp(Noun):
    """`/signup/<code>`: makes an account by an invite."""

    methods = ("GET", "HEAD", "POST")

    @property
    def code(self) -> str:
        """Return the code of the invite."""
        return self.__name__


class SignUps(Noun):
    """`/signup`: asks for the code of an invite, and leads on. There is none where nobody may sign up."""

    def __getitem__(self, name: str) -> SignUp:
        return SignUp(name, self)


class AccountPassword(Noun):
    """`/account/password`: changes it."""

    methods = ("POST",)


class AccountSessions(Noun):
    """`/account/sessions`: ends one, or all."""

    methods = ("POST",)


class AccountTokens(Noun):
    """`/account/tokens`: makes and revokes tokens."""

    methods = ("POST",)


class OwnedFile(Noun):
    """`/account/files/<filehash>`: a file, for the account that it belongs to."""

    methods = ("GET", "HEAD", "POST")

    def __init__(self, name: str, parent: Any, file: StoredFile) -> None:
        super().__init__(name, parent)
        self.file = file


class AccountFilesContext(Noun):
    """`/account/files`: the account's files, and the way to each of them."""

    methods = ("GET", "HEAD", "POST")

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> OwnedFile:
        account = self._visitor.identity.account
        if account is None or not account.may(Right.ACCOUNT):
            raise KeyError(name)
        for file in self._services.account_files.named(account.id, [name]):
            return OwnedFile(name, self, file)
        raise KeyError(name)


class AccountContext(Noun):
    """`/account`: the account's own page."""

    CHILDREN: ClassVar[dict[str, type[Noun]]] = {
        "password": AccountPassword,
        "sessions": AccountSessions,
        "tokens": AccountTokens,
    }

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> Noun:
        if name == "files":
            return AccountFilesContext(name, self, self._services, self._visitor)
        return self.CHILDREN[name](name, self)


def sign_ups(name: str, parent: Any, services: Services) -> SignUps:
    """Return where accounts are made; KeyError where nobody may make one, SwitchedOff for a while."""
    if services.settings.signup == "closed":
        raise KeyError(name)
    services.flags.require_off(Flag.NO_SIGNUP)
    return SignUps(name, parent)
