"""What the resources have in common."""

from typing import Any, ClassVar, Protocol


class Resource(Protocol):
    """A place in the tree, as Pyramid's traversal and its addresses need it."""

    __name__: str
    __parent__: Any


class Noun:
    """A resource that an address ends in. `methods` are those its views answer."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    # Whether it may be changed, or changes something, while nothing else is.
    is_open_when_read_only: ClassVar[bool] = False

    def __init__(self, name: str, parent: Any) -> None:
        self.__name__ = name
        self.__parent__ = parent


class Container:
    """A resource that only leads to others: `/p` itself is no address."""

    def __init__(self, name: str, parent: Any) -> None:
        self.__name__ = name
        self.__parent__ = parent
