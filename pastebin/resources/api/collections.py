"""Collections, as the API has them: by their codes, as far as the gate lets who asks."""

from functools import cached_property
from typing import Any

from ...errors import Forbidden, NotFound, PasswordNeeded
from ...services import Services
from ...services.collection_records import Item, StoredCollection, may_be_code
from ...services.gate import Decision, Purpose
from ...services.rights import AccountIdentity, Right
from ..visitor import Visitor
from .base import ApiItem, ApiList


class ApiCollection(ApiItem):
    """`/api/v1/collections/<code>`: a collection that who asks may see."""

    address = "collections/{code}"

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, collection: StoredCollection
    ) -> None:
        super().__init__(name, parent, services, visitor)
        self.collection = collection

    @cached_property
    def _items(self) -> list[Item]:
        return self.services.collections.items(self.collection)

    @property
    def version(self) -> str:
        """Return what changes with its terms and its files."""
        return self.collection.version(self._items)

    @property
    def items(self) -> list[Item]:
        """Return its files in order, as far as the gate lets who asks; others are as if gone."""
        return [item if self._is_seen(item) else Item("", None) for item in self._items]

    def _is_seen(self, item: Item) -> bool:
        if item.file is None:
            return False
        return self.visitor.decide(item.file, Purpose.RECORD) is Decision.ALLOWED

    def require_owner(self) -> AccountIdentity:
        """Return the account that asks, if the collection belongs to it; Forbidden otherwise."""
        account = self.require(Right.DELETE)
        if account.id != self.collection.owner_id:
            raise Forbidden("This collection belongs to somebody else.")
        return account

    def require_in_charge(self) -> AccountIdentity:
        """Return the account that asks, if it may end the collection: its owner's, or an operator's."""
        account = self.require(Right.DELETE, Right.OPERATE)
        if not self.visitor.identity.may_change(self.collection):
            raise Forbidden("This collection belongs to somebody else.")
        return account


class ApiCollections(ApiList):
    """`/api/v1/collections`: makes collections, and lists those of an account."""

    address = "collections"
    item = ApiCollection

    def __getitem__(self, name: str) -> ApiCollection:
        if not may_be_code(name):
            raise KeyError(name)
        collection = self._look_up(name)
        purpose = Purpose.CHANGE if self.visitor.is_changing else Purpose.RECORD
        decision = self.visitor.decide(collection, purpose)
        if decision is Decision.LOCKED:
            raise PasswordNeeded("This collection has a password. Send it as the password of HTTP Basic.")
        if decision is not Decision.ALLOWED:
            raise KeyError(name)
        return ApiCollection(name, self, self.services, self.visitor, collection)

    def _look_up(self, code: str) -> StoredCollection:
        self.visitor.require_tries()
        try:
            return self.services.collections.by_code(code)
        except NotFound as error:
            self.visitor.count_wrong_try()
            raise KeyError(code) from error
