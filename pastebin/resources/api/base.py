"""What the nouns of the API have in common."""

from typing import Any, ClassVar

from ...services import Services
from ...services.rights import AccountIdentity, Right, require
from ..base import Noun
from ..visitor import Visitor


class ApiNoun(Noun):
    """Something under `/api/v1`, at `address` as OpenAPI writes it."""

    address: ClassVar[str]

    def __init__(self, name: str, parent: Any, services: Services, visitor: Visitor) -> None:
        super().__init__(name, parent)
        self.services = services
        self.visitor = visitor

    def require(self, *rights: Right) -> AccountIdentity:
        """Return the account that asks; NoAccount for nobody, Forbidden unless it has one of some rights."""
        return require(self.visitor.identity.account, *rights)


class ApiItem(ApiNoun):
    """One thing. It is changed only by who knows its `version`, which is its entity tag."""

    methods: ClassVar[tuple[str, ...]] = ("DELETE", "GET", "HEAD", "PATCH")

    @property
    def version(self) -> str:
        """Return what changes whenever the thing does."""
        raise NotImplementedError


class ApiList(ApiNoun):
    """All things of a kind, and the way to each of them: an `item`."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")
    item: ClassVar[type[ApiItem]]

    def __getitem__(self, name: str) -> ApiItem:
        """Return the thing with a name; KeyError if there is none for who asks."""
        raise KeyError(name)
