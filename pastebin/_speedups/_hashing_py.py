"""MD5 and SHA-256 of the same bytes, by hashlib: the specification of `_hashing_c`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Buffer


class ContentHash:
    """Both digests of a stream of bytes; they may be read at any time, and updating may go on after.

    Threads may share one: which update comes first is then anybody's guess.
    """

    __slots__ = ("_md5", "_sha256")

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha256 = hashlib.sha256()

    def update(self, data: Buffer, /) -> None:
        """Take in `data`: any contiguous buffer, as its bytes in memory.

        Raises what hashlib raises: `TypeError` for text and for what is no buffer, `BufferError` for
        a buffer that is not contiguous. Nothing is taken in then.
        """
        self._md5.update(data)
        self._sha256.update(data)

    @property
    def md5(self) -> str:
        """Return the MD5 so far: 32 lower-case hex digits (RFC 1321). Not for security."""
        return self._md5.hexdigest()

    @property
    def sha256(self) -> str:
        """Return the SHA-256 so far: 64 lower-case hex digits (FIPS 180-4)."""
        return self._sha256.hexdigest()

    def copy(self) -> ContentHash:
        """Return an independent hash of the same bytes so far."""
        other = ContentHash.__new__(ContentHash)
        other._md5 = self._md5.copy()
        other._sha256 = self._sha256.copy()
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("a ContentHash cannot be pickled; use its copy()")


def hash_bytes(data: Buffer, /) -> tuple[str, str]:
    """Return the MD5 and the SHA-256 of `data` in hex; takes and raises what `ContentHash.update` does."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest()
