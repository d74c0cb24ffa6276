"""Taking in the files of an older service, which kept each under its public name in one folder."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ..names import may_be_filehash
from .file_records import FileRecords, Link
from .uploads import UploadService


class LegacyFolder:
    """A folder of files named by filehash. Only regular files count, never links."""

    def __init__(self, folder: Path, records: FileRecords, uploads: UploadService) -> None:
        self._folder = folder
        self._records = records
        self._uploads = uploads

    def names(self) -> Iterator[str]:
        """Yield the public names in the folder."""
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if may_be_filehash(entry.name) and entry.is_file(follow_symlinks=False):
                    yield entry.name

    def import_file(self, filehash: str) -> Link | None:
        """Return the file with this name, its bytes copied into the store; None if there is none."""
        source = self._open(filehash)
        if source is None:
            return None
        with source:
            has_row = self._records.is_pending(filehash)
            return self._uploads.import_file(source, filehash, has_row=has_row)

    def _open(self, filehash: str) -> BinaryIO | None:
        """Return a reader of a regular file of the folder; None for anything else."""
        if not may_be_filehash(filehash):
            return None
        try:
            descriptor = os.open(self._folder / filehash, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:  # missing, a link, a socket, not readable: there is no such file here
            return None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            return None
        return os.fdopen(descriptor, "rb", buffering=0)
