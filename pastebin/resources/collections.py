"""Collections by their codes, as far as the visitor may see them, and what several uploads made."""

import re
from dataclasses import replace
from typing import Any, ClassVar

from ..errors import NotFound
from ..services import Services
from ..services.collection_records import Item, OwnedBy, StoredCollection
from ..services.gate import Decision, Purpose
from ..services.stored_file import StoredFile
from .base import Noun
from .files import LockedContext
from .visitor import Visitor

_NAME = re.compile(r"([2-9a-z]{16})(\.zip)?", re.ASCII)


class CollectionContext(Noun):
    """`/c/<code>`: a collection's page. `items` are what the visitor may see; others are as if gone."""

    purpose: ClassVar[Purpose] = Purpose.PAGE

    def __init__(self, name: str, parent: Any, collection: StoredCollection, items: list[Item]) -> None:
        super().__init__(name, parent)
        self.collection = collection
        self.items = items


class ZipContext(CollectionContext):
    """`/c/<code>.zip`: its files in one."""

    purpose = Purpose.BYTES
    methods = ("GET", "HEAD", "POST")


class LimitedZipContext(ZipContext):
    """`/c/<code>.zip` where the visitor gets it only by taking one of the collection's downloads."""


class Collections(Noun):
    """`/c`: makes collections, and leads to them."""

    methods = ("POST",)

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> Noun:
        match = _NAME.fullmatch(name)
        if not match:
            raise KeyError(name)
        collection = self._look_up(match[1])
        kind = ZipContext if match[2] else CollectionContext
        decision = self._visitor.decide(collection, kind.purpose)
        if decision is Decision.NOT_THERE:
            raise KeyError(name)
        if decision is Decision.LOCKED:
            return LockedContext(name, self, collection)
        if decision is Decision.LIMITED:
            return LimitedZipContext(name, self, collection, self._items(collection, Purpose.PAGE))
        return kind(name, self, collection, self._items(collection, kind.purpose))

    def _look_up(self, code: str) -> StoredCollection:
        self._visitor.require_tries()
        try:
            return self._services.collections.by_code(code)
        except NotFound as error:
            self._visitor.count_wrong_try()
            raise KeyError(code) from error

    def _items(self, collection: StoredCollection, purpose: Purpose) -> list[Item]:
        """Return its files, each as far as the gate lets the visitor."""
        return [self._seen(item, purpose) for item in self._services.collections.items(collection)]

    def _seen(self, item: Item, purpose: Purpose) -> Item:
        if item.file and self._visitor.decide(item.file, purpose) is Decision.ALLOWED:
            return item
        return Item("", None)


class HeldCollection(Noun):
    """A collection, for who holds it."""

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, collection: StoredCollection
    ) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor
        self.collection = collection

    @property
    def holder(self) -> str | OwnedBy:
        """Return what it is held by."""
        raise NotImplementedError

    def items(self) -> list[Item]:
        """Return its files as they are now; those that visitors do not get are gone for its holder too."""
        found = self._services.collections.items(self.collection)
        return [item if self._shows(item.file) else replace(item, path="", file=None) for item in found]

    def _shows(self, file: StoredFile | None) -> bool:
        return file is not None and self._visitor.decide(file, Purpose.MANAGEMENT) is Decision.ALLOWED


class ManagedCollection(HeldCollection):
    """`/m/<key>`: a collection, for who has its key."""

    methods = ("DELETE", "GET", "HEAD", "PATCH", "POST")

    @property
    def key(self) -> str:
        """Return the key of the address."""
        return self.__name__

    @property
    def holder(self) -> str:
        """Return the key."""
        return self.key


class OwnedCollection(HeldCollection):
    """`/account/collections/<code>`: a collection, for the account that it belongs to."""

    methods = ("GET", "HEAD", "PATCH", "POST")

    @property
    def holder(self) -> OwnedBy:
        """Return the account and the code."""
        return OwnedBy(self.collection.owner_id or 0, self.collection.code)


def managed_collection(name: str, parent: Any, services: Services, visitor: Visitor) -> ManagedCollection:
    """Return the collection that a key holds; KeyError if it holds none, or one that has ended."""
    try:
        collection = services.collections.by_key(name)
    except NotFound as error:
        visitor.count_wrong_try()
        raise KeyError(name) from error
    if visitor.decide(collection, Purpose.MANAGEMENT) is Decision.NOT_THERE:
        raise KeyError(name)
    return ManagedCollection(name, parent, services, visitor, collection)


class Uploaded(Noun):
    """`/uploaded`: a list of files by their short codes, after one form has brought several."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def look_up(self, code: str) -> StoredFile | None:
        """Return the file with a short code, as far as its page may be seen; None for any other."""
        self._visitor.require_tries()
        try:
            file = self._services.files.by_short(code)
        except NotFound:
            self._visitor.count_wrong_try()
            return None
        return file if self._visitor.decide(file, Purpose.PAGE) is Decision.ALLOWED else None
