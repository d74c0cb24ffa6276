"""Small XML files as a list of elements: what books and documents say of themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from .packages import BrokenPackage

# Elements that are read, and characters of text in one.
_MOST = 20_000
_LONGEST = 20_000


@dataclass(slots=True)
class Element:
    """An element: its name without prefix, its attributes, the text right in it."""

    name: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its text, white space run together."""
        return " ".join("".join(self.texts)[:_LONGEST].split())


def parser_without_types() -> "expat.XMLParserType":
    """Return a parser that refuses declarations of types, and so of entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def elements_of(data: bytes) -> list[Element]:
    """Return the elements of an XML file, in order. Raises BrokenPackage."""
    reader = _Reader()
    parser = parser_without_types()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.say
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # also an encoding that there is not
        raise BrokenPackage("this is no XML") from error
    return reader.found


def named(elements: list[Element], name: str) -> Iterator[Element]:
    """Yield the elements of a name."""
    return (element for element in elements if element.name == name)


class _Reader:
    def __init__(self) -> None:
        self.found: list[Element] = []
        self._open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.found) >= _MOST:
            raise BrokenPackage("there are too many elements")
        element = Element(name.rpartition(":")[2], attributes)
        self.found.append(element)
        self._open.append(element)

    def end(self, _: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        if self._open:
            self._open[-1].texts.append(text)


def _refuse(*_: object) -> None:
    raise BrokenPackage("such a file declares no types")
