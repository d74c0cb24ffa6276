"""What a book (EPUB) says of itself: title, author, description, cover (EPUB 3.3, 4 and 5)."""

import html
import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from .packages import Package
from .xml_elements import Element, elements_of, named

_TAG = re.compile(r"<[^<>]{0,500}>")
_LONGEST = 500
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class Book:
    """A book; `cover` is the name of a part, empty without one."""

    title: str
    author: str
    description: str
    cover: str


def read_book(package: Package) -> Book:
    """Return what a book says of itself. Raises BrokenPackage, OutOfBudget."""
    container = elements_of(package.read("META-INF/container.xml"))
    path = next((one.attributes.get("full-path", "") for one in named(container, "rootfile")), "")
    elements = elements_of(package.read(path))
    return Book(
        title=_first(elements, "title")[:_LONGEST],
        author=", ".join(one.text for one in named(elements, "creator"))[:_LONGEST],
        description=" ".join(html.unescape(_TAG.sub(" ", _first(elements, "description"))).split()),
        cover=_cover(elements, path, set(package.names)),
    )


def _first(elements: list[Element], name: str) -> str:
    return next((one.text for one in named(elements, name)), "")


def _cover(elements: list[Element], path: str, names: set[str]) -> str:
    """Return the part that is the cover: EPUB 3 marks it by a property, EPUB 2 names its id."""
    items = [one.attributes for one in named(elements, "item")]
    ids = {
        one.attributes.get("content")
        for one in named(elements, "meta")
        if one.attributes.get("name") == "cover"
    }
    marked = [item for item in items if "cover-image" in item.get("properties", "").split()]
    told = [item for item in items if item.get("id") in ids]
    for item in (*marked, *told):
        name = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(item.get("href", ""))))
        if name in names and name.lower().endswith(_PICTURES):
            return name
    return ""
