"""Archives as listings."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, ClassVar

from ..media.charsets import decode_leniently
from ..names import visible_name
from .archive_entries import ArchiveEntry
from .base import LARGEST_NUMBER, N_, ContentPreview, FileFacts
from .budget import OutOfBudget
from .decompression import ERRORS, Decompressed, Plain, compression
from .tar_headers import BLOCK, NotATar, Source, tar_entries
from .zip_directory import NotAZip, read_directory

# Entries that are listed.
ENTRIES = 1000

# How zip files begin.
ZIP = (b"PK\3\4", b"PK\5\6")

_NAME_LENGTH = 500

_SURROGATE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class ArchivePreview(ContentPreview):
    """The first entries of an archive; `total` of them if that is known. `format` is `zip`, `tar.gz`…"""

    format: str
    entries: list[ArchiveEntry]
    is_whole: bool
    total: int | None

    kind: ClassVar[str] = "archive"
    label: ClassVar[str] = N_("Archive")
    is_long: ClassVar[bool] = True
    is_openable: ClassVar[bool] = False
    script: ClassVar[str | None] = "archive"

    def searched(self, text: str) -> "ArchivePreview":
        """Return the same with those entries whose names have a text, in any case."""
        wanted = text.strip().casefold()
        return replace(self, entries=[entry for entry in self.entries if wanted in entry.name.casefold()])

    @classmethod
    def suits(cls, file: FileFacts) -> bool:
        """Whether it could be an archive: its first bytes tell, not its name."""
        return not file.is_text

    @classmethod
    def read(cls, reader: BinaryIO, file: FileFacts, limit: int) -> "ArchivePreview | None":
        """Return the listing of a zip or tar file, compressed or not; None for any other or a broken one."""
        head = reader.read(BLOCK)
        reader.seek(0)
        if head.startswith(ZIP):
            return _read_zip(reader, file.size)
        packed = compression(head)
        if packed is None:
            return _read_tar("tar", Plain(reader))
        name, decoder = packed
        return _read_tar(f"tar.{name}", Decompressed(reader, decoder))


def _read_zip(file: BinaryIO, size: int) -> ArchivePreview | None:
    try:
        directory = read_directory(file, size)
    except NotAZip:
        return None
    entries = _listed(directory)
    if not entries and directory.total:
        return None
    total = min(max(directory.total, len(entries)), LARGEST_NUMBER)
    return ArchivePreview("zip", entries, len(entries) == total, total)


def _read_tar(name: str, source: Source) -> ArchivePreview | None:
    entries: list[ArchiveEntry] = []
    is_whole = False
    with suppress(NotATar, OutOfBudget, *ERRORS):
        for entry in islice(tar_entries(source), ENTRIES + 1):
            entries.append(entry)
        is_whole = len(entries) <= ENTRIES
    if not entries:
        return None
    entries = _listed(decoded(entries))
    return ArchivePreview(name, entries, is_whole, len(entries) if is_whole else None)


def decoded(entries: list[ArchiveEntry]) -> list[ArchiveEntry]:
    """Read names that are not UTF-8, whose bytes are surrogates, all in the most probable encoding."""
    raw = {name: name.encode("utf-8", "surrogateescape") for name in {entry.name for entry in entries}}
    older = {name: data for name, data in raw.items() if _SURROGATE.search(name)}
    if not older:
        return entries
    from .encodings import guess  # noqa: PLC0415 - for workers only

    charset = guess(b"\n".join(older.values()))
    readable = {name: decode_leniently(data, charset) for name, data in older.items()}
    return [replace(entry, name=readable.get(entry.name, entry.name)) for entry in entries]


def _listed(entries: Iterable[ArchiveEntry]) -> list[ArchiveEntry]:
    """Return the first entries as a page may show them."""
    return [
        replace(
            entry,
            name=visible_name(entry.name, _NAME_LENGTH),
            size=min(entry.size, LARGEST_NUMBER),
            number=number,
        )
        for number, entry in enumerate(islice(entries, ENTRIES))
    ]
