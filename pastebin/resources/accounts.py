"""Signing in and out, and the pages of an account."""

from typing import Any, ClassVar

from ..errors import NotFound
from ..services import Services
from ..services.account_export import ExportPart
from ..services.flags import Flag
from ..services.gate import Decision, Purpose
from ..services.rights import AccountIdentity, Right
from ..services.stored_file import StoredFile
from .base import Container, Noun
from .collections import OwnedCollection
from .file_requests import AccountRequests
from .visitor import Visitor


class LoginCode(Noun):
    """`/login/code`: the form for a code, for who has said the right password."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")


class LoginPasskey(Noun):
    """`/login/passkey`: signs in with one."""

    methods = ("POST",)


class OidcCallback(Noun):
    """`/login/oidc/callback`: where the provider sends browsers back to."""


class LoginOidc(Noun):
    """`/login/oidc`: sends browsers to the provider. There is none without one."""

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> OidcCallback:
        if name != "callback":
            raise KeyError(name)
        return OidcCallback(name, self)


class Login(Noun):
    """`/login`: the form for name and password."""

    is_open_when_read_only = True  # an administrator has to sign in to switch that off
    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")

    CHILDREN: ClassVar[dict[str, type[Noun]]] = {
        "code": LoginCode,
        "oidc": LoginOidc,
        "passkey": LoginPasskey,
    }

    def __init__(self, name: str, parent: Any, services: Services) -> None:
        super().__init__(name, parent)
        self._services = services

    def __getitem__(self, name: str) -> Noun:
        if name == "oidc" and not self._services.settings.oidc_issuer:
            raise KeyError(name)
        return self.CHILDREN[name](name, self)


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
    """`/signup`: asks for an e-mail address or for the code of an invite.

    There is none where nobody may sign up.
    """

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> SignUp:
        return SignUp(name, self)


class MailedSignUp(Noun):
    """`/confirm/<token>`: makes an account with the address that a message went to."""

    methods = ("GET", "HEAD", "POST")

    @property
    def token(self) -> str:
        """Return what the message had."""
        return self.__name__


class MailedSignUps(Container):
    """`/confirm`: leads to what messages name."""

    def __getitem__(self, name: str) -> MailedSignUp:
        return MailedSignUp(name, self)


class PasswordReset(Noun):
    """`/reset/<token>`: changes a password that was forgotten."""

    methods = ("GET", "HEAD", "POST")

    @property
    def token(self) -> str:
        """Return what the message had."""
        return self.__name__


class PasswordResets(Noun):
    """`/reset`: asks whose password was forgotten. There is none without mail."""

    methods = ("GET", "HEAD", "POST")

    def __getitem__(self, name: str) -> PasswordReset:
        return PasswordReset(name, self)


class AccountPassword(Noun):
    """`/account/password`: changes it."""

    methods = ("POST",)


class AccountSessions(Noun):
    """`/account/sessions`: ends one, or all."""

    methods = ("POST",)


class AccountSecondFactor(Noun):
    """`/account/second-factor`: turns it on and off."""

    methods = ("GET", "HEAD", "POST")


class AccountIdentities(Noun):
    """`/account/identities`: links accounts of the provider, and unlinks them."""

    methods = ("POST",)


class AccountPasskeys(Noun):
    """`/account/passkeys`: makes and removes them."""

    methods = ("POST",)


class AccountTokens(Noun):
    """`/account/tokens`: makes and revokes tokens."""

    methods = ("POST",)


class AccountDeletion(Noun):
    """`/account/deletion`: deletes the account."""

    methods = ("POST",)


class AccountPrograms(Noun):
    """`/account/programs`: what sets a program up, with a token of its own."""

    methods = ("POST",)


class AccountExport(Noun):
    """`/account/export`: all that the account has, as a zip."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def part(self, account_id: int, after: int) -> ExportPart:
        """Return a part of the files, as far as the gate lets who manages them."""
        found = self._services.exports.part(account_id, after)
        items = [
            item
            for item in found.items
            if item.file and self._visitor.decide(item.file, Purpose.MANAGEMENT) is Decision.ALLOWED
        ]
        return ExportPart(items, found.collections)


class AccountCollectionsContext(Noun):
    """`/account/collections`: the account's collections, and the way to each of them."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> OwnedCollection:
        account = _account_of(self._visitor)
        try:
            collection = None if account is None else self._services.collections.by_code(name)
        except NotFound as error:
            raise KeyError(name) from error
        if account is None or collection is None or collection.owner_id != account.id:
            raise KeyError(name)
        if self._visitor.decide(collection, Purpose.MANAGEMENT) is not Decision.ALLOWED:
            raise KeyError(name)
        return OwnedCollection(name, self, self._services, self._visitor, collection)


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
        account = _account_of(self._visitor)
        if account is None:
            raise KeyError(name)
        for file in self._services.account_files.named(account.id, [name]):
            return OwnedFile(name, self, file)
        raise KeyError(name)


def _account_of(visitor: Visitor) -> AccountIdentity | None:
    """Return the account whose pages a visitor may see."""
    account = visitor.identity.account
    return account if account is not None and account.may(Right.ACCOUNT) else None


class AccountContext(Noun):
    """`/account`: the account's own page."""

    LISTS: ClassVar[
        dict[str, type[AccountCollectionsContext] | type[AccountExport] | type[AccountFilesContext]]
    ] = {
        "collections": AccountCollectionsContext,
        "export": AccountExport,
        "files": AccountFilesContext,
    }
    CHILDREN: ClassVar[dict[str, type[Noun]]] = {
        "deletion": AccountDeletion,
        "identities": AccountIdentities,
        "passkeys": AccountPasskeys,
        "password": AccountPassword,
        "programs": AccountPrograms,
        "requests": AccountRequests,
        "second-factor": AccountSecondFactor,
        "sessions": AccountSessions,
        "tokens": AccountTokens,
    }

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> Noun:
        kind = self.LISTS.get(name)
        if kind is not None:
            return kind(name, self, self._services, self._visitor)
        return self.CHILDREN[name](name, self)


def sign_ups(name: str, parent: Any, services: Services) -> SignUps:
    """Return where accounts are made; KeyError where nobody may make one, SwitchedOff for a while."""
    if services.settings.signup == "closed":
        raise KeyError(name)
    services.flags.require_off(Flag.NO_SIGNUP)
    return SignUps(name, parent)


def mailed_sign_ups(name: str, parent: Any, services: Services) -> MailedSignUps:
    """Return where accounts are made by messages; KeyError where they are not, SwitchedOff for a while."""
    if not services.may_sign_up_by_mail:
        raise KeyError(name)
    services.flags.require_off(Flag.NO_SIGNUP)
    return MailedSignUps(name, parent)


def password_resets(name: str, parent: Any, services: Services) -> PasswordResets:
    """Return where passwords are changed by messages; KeyError where there is no mail."""
    if not services.mail.is_possible:
        raise KeyError(name)
    return PasswordResets(name, parent)
