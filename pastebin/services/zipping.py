"""Several files as one zip, made while it is sent: nothing of it is kept, in memory or on the disk.

The entries are stored as they are: pictures, videos and archives do not get smaller, and so the length of
the whole is known before its first byte. A client that gets less than that knows it.
"""

from collections.abc import Iterator, Sequence

from zipstream import ZipStream

from ..storage import BlobStore
from .archive_names import archive_names
from .collection_records import Item
from .slots import Slots
from .stored_file import StoredFile

# How many zips one process sends at a time, and how many of them to one address.
AT_ONCE = 32
FOR_ONE = 8

PIECE = 256 * 2**10


class ZipBody:
    """The bytes of a zip, `length` of them. Closing it makes room for another, however far it got."""

    def __init__(self, stream: ZipStream, slots: Slots, address: str) -> None:
        self.length = len(stream)
        self._pieces = iter(stream)
        self._slots = slots
        self._address = address
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Give the slot back; the server calls this after the answer, whatever became of it."""
        if self._is_open:
            self._is_open = False
            self._pieces.close()
            self._slots.give_back(self._address)


class ZipService:
    """Makes zips, a bounded number at a time."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store
        self._slots = Slots(
            AT_ONCE, FOR_ONE, "Enough zips are being sent at the moment. Try again when one is done."
        )

    def stream(self, items: Sequence[Item], address: str) -> ZipBody:
        """Return a zip of files, to be closed after use; Overloaded if too many are under way.

        A content that cannot be read to its end raises in the middle: the zip is then cut, and never whole
        but shorter than its length says.
        """
        stream = ZipStream(sized=True)
        for name, item in zip(archive_names([item.path for item in items]), items, strict=True):
            if item.file is not None:
                stream.add(self._content(item.file), name, size=item.file.size)
        self._slots.take(address)
        return ZipBody(stream, self._slots, address)

    def _content(self, file: StoredFile) -> Iterator[bytes]:
        with self._store.open(file.sha256) as reader:
            while piece := reader.read(PIECE):
                yield piece
