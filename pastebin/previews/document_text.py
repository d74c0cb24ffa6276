"""The words of documents (Office Open XML, OpenDocument), paragraph by paragraph, by expat.

Such files declare no entities and no types of documents; one that does is not read on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from .budget import OutOfBudget
from .packages import BrokenPackage, Package
from .xml_elements import parser_without_types

# What is read of a document: characters and paragraphs.
_MOST_CHARACTERS = 200_000
_MOST_PARAGRAPHS = 3000

_DEEPEST = 500  # elements in one another

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

_SLIDE = re.compile(r"ppt/slides/slide([0-9]{1,5})\.xml")


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of elements, without prefix: where text stands, what ends a paragraph, what is passed over.

    `blanks` are elements that stand for white space.
    """

    text: frozenset[str]
    paragraph: frozenset[str]
    passed: frozenset[str]
    blanks: dict[str, str]


_OFFICE_WORDS = _Words(
    text=frozenset({"t"}),
    paragraph=frozenset({"p"}),
    passed=frozenset({"Fallback"}),  # the same again for older programs
    blanks={"tab": "\t", "br": "\n", "cr": "\n"},
)
_OPEN_WORDS = _Words(
    text=frozenset({"p", "h"}),
    paragraph=frozenset({"p", "h"}),
    passed=frozenset({"annotation", "tracked-changes", "notes"}),
    blanks={"s": " ", "tab": "\t", "line-break": "\n"},
)

# Media types of documents whose words are read.
WORD = f"{_OFFICE}wordprocessingml.document"
SLIDES = f"{_OFFICE}presentationml.presentation"
OPEN = (f"{_OPEN}text", f"{_OPEN}presentation")
DOCUMENTS = frozenset({WORD, SLIDES, *OPEN})


@dataclass(slots=True)
class Words:
    """Paragraphs of a document, and whether these are all."""

    paragraphs: list[str] = field(default_factory=list)
    is_whole: bool = True


def read_words(package: Package, mimetype: str) -> Words:
    """Return the beginning of what a document says. Raises BrokenPackage."""
    words = Words()
    try:
        for name in _parts(package, mimetype):
            _Reader(_OPEN_WORDS if mimetype in OPEN else _OFFICE_WORDS, words).read(package.pieces(name))
    except OutOfBudget:
        words.is_whole = False
    except (expat.ExpatError, LookupError, ValueError) as error:  # also an encoding that there is not
        if not words.paragraphs:
            raise BrokenPackage("the document's text is no XML") from error
        words.is_whole = False
    return words


def _parts(package: Package, mimetype: str) -> list[str]:
    if mimetype in OPEN:
        return ["content.xml"]
    if mimetype == WORD:
        return ["word/document.xml"]
    slides = [match for name in package.names if (match := _SLIDE.fullmatch(name))]
    return [match[0] for match in sorted(slides, key=lambda match: int(match[1]))]


class _Reader:
    """Adds what a part says to paragraphs that were read before."""

    def __init__(self, names: _Words, words: Words) -> None:
        self._names = names
        self._words = words
        self._left = _MOST_CHARACTERS - sum(map(len, words.paragraphs))
        self._now: list[str] = []
        self._depth = self._in_text = self._in_passed = 0

    def read(self, pieces: Iterable[bytes]) -> None:
        parser = parser_without_types()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise OutOfBudget
        self._in_text += name in self._names.text
        self._in_passed += name in self._names.passed
        if name in self._names.blanks and not self._in_passed:
            self._now.append(self._names.blanks[name])

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._depth -= 1
        self._in_text -= name in self._names.text
        self._in_passed -= name in self._names.passed
        if name in self._names.paragraph and not self._in_passed:
            self._end_paragraph()

    def _say(self, text: str) -> None:
        if self._in_text and not self._in_passed:
            self._now.append(text)
            self._left -= len(text)
            if self._left < 0:
                self._end_paragraph()
                raise OutOfBudget

    def _end_paragraph(self) -> None:
        paragraph = "".join(self._now).strip()
        self._now.clear()
        if paragraph:
            if len(self._words.paragraphs) >= _MOST_PARAGRAPHS:
                raise OutOfBudget
            self._words.paragraphs.append(paragraph)
