"""Links by the keys that hold them."""

from typing import Any

from ..errors import NotFound
from ..services import Services
from ..services.file_records import is_management_key
from ..services.gate import Decision, Purpose
from ..services.stored_file import StoredFile
from .base import Container, Noun
from .collections import managed_collection
from .visitor import Visitor


class ManagedLink(Noun):
    """`/m/<key>`: a link, for who holds it."""

    methods = ("DELETE", "GET", "HEAD", "PATCH", "POST")

    def __init__(self, name: str, parent: Any, file: StoredFile) -> None:
        super().__init__(name, parent)
        self.file = file

    @property
    def key(self) -> str:
        """Return the key of the address."""
        return self.__name__


class ManagedLinks(Container):
    """Leads to links and collections that are still held, and have not ended."""

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor

    def __getitem__(self, name: str) -> Noun:
        if not is_management_key(name):
            raise KeyError(name)
        self._visitor.require_tries()
        try:
            file = self._services.links.find(name)
        except NotFound:
            return managed_collection(name, self, self._services, self._visitor)
        if self._visitor.decide(file, Purpose.MANAGEMENT) is Decision.NOT_THERE:
            raise KeyError(name)
        return ManagedLink(name, self, file)
