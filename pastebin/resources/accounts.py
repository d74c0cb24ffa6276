"""Signing in and out, and the pages of an account."""

from dataclasses import replace
from typing import Any, ClassVar

from ..errors import NotFound
from ..services import Services
from ..services.account_export import ExportPart
from ..services.gate import Decision, Purpose
from ..services.rights import AccountIdentity, Right
from ..services.stored_file import StoredFile
from .base import Noun
from .collections import OwnedCollection
from .file_requests import AccountRequests
from .visitor import Visitor


class AccountPassword(Noun):
    """`/account/password`: changes it."""

    methods = ("POST",)


class AccountEmail(Noun):
    """`/account/email/<token>`: changes the e-mail address to the one that a message went to."""

    methods = ("GET", "HEAD", "POST")

    @property
    def token(self) -> str:
        """Return what the message had."""
        return self.__name__


class AccountEmails(Noun):
    """`/account/email`: asks for another e-mail address. There is none without mail."""

    methods = ("POST",)

    def __init__(self, name: str, parent: Any, services: Services, _visitor: Visitor) -> None:
        super().__init__(name, parent)
        if not services.mail.is_possible:
            raise KeyError(name)

    def __getitem__(self, name: str) -> AccountEmail:
        return AccountEmail(name, self)


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
        return replace(found, items=items)


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
        dict[
            str,
            type[AccountCollectionsContext]
            | type[AccountEmails]
            | type[AccountExport]
            | type[AccountFilesContext],
        ]
    ] = {
        "collections": AccountCollectionsContext,
        "email": AccountEmails,
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
