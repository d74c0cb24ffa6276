"""What is inside of sounds, books and documents and can be shown of them."""

from typing import BinaryIO

from pastebin.errors import NotAnImage

# Rows of a workbook whose pattern is drawn.
_ROWS = 60


def cover(file: BinaryIO, kind: str, mimetype: str) -> bytes | None:
    """Return the picture that a sound, a book or a document has of itself; None without one."""
    from pastebin.previews.documents import picture_in  # noqa: PLC0415 - for workers only
    from pastebin.previews.sound_tags import cover_of  # noqa: PLC0415

    if kind == "audio":
        return cover_of(file)
    return picture_in(file, mimetype) if kind == "document" else None


def readable(text: str) -> str:
    """Return a text without what is meant for terminals."""
    from pastebin.previews.terminal import without_escapes  # noqa: PLC0415

    return without_escapes(text)


def words(file: BinaryIO, mimetype: str) -> str:
    """Return how a document or a workbook begins. Raises NotAnImage for what has no words."""
    from pastebin.previews.documents import words_in  # noqa: PLC0415
    from pastebin.previews.workbooks import WORKBOOKS, BrokenWorkbook, read_sheet  # noqa: PLC0415

    if mimetype not in WORKBOOKS:
        lines = words_in(file, mimetype)
    else:
        try:
            lines = ["    ".join(row) for row in read_sheet(file, _ROWS).rows]
        except BrokenWorkbook:
            lines = []
    if not lines:
        raise NotAnImage("there are no words in this document")
    return "\n".join(lines)
