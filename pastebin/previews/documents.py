"""Documents and books as their words, with the picture that they carry of themselves."""

from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from .base import N_, ContentPreview, FileFacts
from .books import read_book
from .budget import OutOfBudget
from .document_text import DOCUMENTS, read_words
from .packages import BrokenPackage, Package
from .text import excerpt_of
from .workbooks import WORKBOOKS

BOOK = "application/epub+zip"

# Pictures of the first page, as programs store them: Office's and OpenDocument's.
_THUMBNAILS = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg", "docProps/thumbnail.png",
               "Thumbnails/thumbnail.png")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentPreview(ContentPreview):
    """The words of a document, `is_whole` if these are all; of a book title, author and description."""

    title: str
    author: str
    paragraphs: list[str]
    is_whole: bool
    has_picture: bool

    kind: ClassVar[str] = "document"
    label: ClassVar[str] = N_("Document")
    open_graph_type: ClassVar[str] = "article"
    is_long: ClassVar[bool] = True
    is_openable: ClassVar[bool] = False

    @property
    def excerpt(self) -> str:
        """Who wrote what, and how it begins."""
        return excerpt_of("\n".join(filter(None, (self.title, self.author, *self.paragraphs[:12]))))

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it is a document whose words can be read."""
        return file.mimetype in DOCUMENTS or file.mimetype == BOOK

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> "DocumentPreview | None":
        """Return what a document says; None for one that is broken, encrypted or too large."""
        try:
            return _read(Package(reader), file.mimetype)
        except (BrokenPackage, OutOfBudget):
            return None


def is_document(mimetype: str) -> bool:
    """Tell whether something of such a file can be shown: a document, a book or a workbook."""
    return mimetype in DOCUMENTS or mimetype in WORKBOOKS or mimetype == BOOK


def _read(package: Package, mimetype: str) -> DocumentPreview:
    if mimetype == BOOK:
        book = read_book(package)
        described = [book.description] if book.description else []
        return DocumentPreview(book.title, book.author, described, True, bool(book.cover))
    words = read_words(package, mimetype)
    has_picture = any(name in _THUMBNAILS for name in package.names)
    return DocumentPreview("", "", words.paragraphs, words.is_whole, has_picture)


def picture_in(file: BinaryIO, mimetype: str) -> bytes | None:
    """Return the picture that a document has of itself, or a book's cover; None without one."""
    with suppress(BrokenPackage, OutOfBudget):
        package = Package(file)
        named = read_book(package).cover if mimetype == BOOK else ""
        name = named or next((one for one in _THUMBNAILS if one in package.names), "")
        return package.read(name) if name else None
    return None


def words_in(file: BinaryIO, mimetype: str) -> list[str]:
    """Return the paragraphs of a document, none of one that cannot be read."""
    with suppress(BrokenPackage, OutOfBudget):
        shown = _read(Package(file), mimetype)
        return [part for part in (shown.title, shown.author, *shown.paragraphs) if part]
    return []
