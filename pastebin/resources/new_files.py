"""`PUT /<name>`: where a file goes that is named by its address, whatever that address is otherwise."""

from typing import Any, ClassVar

from pyramid.request import Request

from .base import Noun


class NewFile(Noun):
    """A file that is not here yet, under the name of its address; None for `PUT /`.

    `methods` are those of the address itself, for `OPTIONS`.
    """

    methods: ClassVar[tuple[str, ...]] = ("OPTIONS", "PUT")

    def __init__(self, filename: str | None, others: tuple[str, ...] = ()) -> None:
        super().__init__("", None)
        self.filename = filename
        self.allowed = tuple(sorted({*self.methods, *others}))


class Here:
    """Ends the traversal where it begins: a name such as `@@x` or `..` is no step."""

    def __init__(self, root: Noun) -> None:
        self._root = root

    def __call__(self, _request: Request) -> dict[str, Any]:
        """Return what Pyramid asks of a traverser."""
        root = self._root
        return {
            "context": root,
            "root": root,
            "view_name": "",
            "subpath": (),
            "traversed": (),
            "virtual_root": root,
            "virtual_root_path": (),
        }
