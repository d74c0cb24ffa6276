"""MD5 and SHA-256 of the same bytes, by OpenSSL or hashlib: the specification of `_hashing_c`."""

from __future__ import annotations

import hashlib
import struct
import threading
from typing import TYPE_CHECKING, NoReturn

from pastebin._speedups import openssl

if TYPE_CHECKING:
    from typing_extensions import Buffer

# A state: chaining words of MD5 and of SHA-256, length in bytes, the block not yet complete, then zeros.
_STATE = struct.Struct("<4I8IQ64s")


class ContentHash:
    """Both digests of a stream of bytes; they may be read at any time, and updating may go on after.

    Threads may share one: which update comes first is then anybody's guess.
    """

    __slots__ = ("_lock", "_md5", "_sha256")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        if openssl.AVAILABLE:
            self._md5, self._sha256 = openssl.started(openssl.MD5), openssl.started(openssl.SHA256)
        else:
            self._md5, self._sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()

    @classmethod
    def from_state(cls, state: bytes, /) -> ContentHash:
        """Return the hash whose `state` this was; ValueError if it is none, or cannot be taken up here."""
        if not isinstance(state, bytes):
            raise TypeError("a state is bytes")
        if len(state) != _STATE.size or not openssl.AVAILABLE:
            raise ValueError("this is no state of a ContentHash")
        *chains, length, pending = _STATE.unpack(state)
        found = cls.__new__(cls)
        found._lock = threading.Lock()
        found._md5 = openssl.resumed(openssl.MD5, tuple(chains[:4]), length, pending)
        found._sha256 = openssl.resumed(openssl.SHA256, tuple(chains[4:]), length, pending)
        return found

    def state(self) -> bytes:
        """Return 120 bytes from which any process can go on; nothing where the platform hides them."""
        if not openssl.AVAILABLE:
            return b""
        with self._lock:
            md5, sha = self._md5, self._sha256
            length = _length(sha)
            pending = bytes(sha.pending[: length % 64])
            return _STATE.pack(*md5.chain, *sha.chain, length, pending)

    def update(self, data: Buffer, /) -> None:
        """Take in `data`: any contiguous buffer, as its bytes in memory.

        Raises what hashlib raises: `TypeError` for text and for what is no buffer, `BufferError` for
        a buffer that is not contiguous. Nothing is taken in then.
        """
        if type(data) is not bytes:
            hashlib.md5(usedforsecurity=False).update(data)
            data = memoryview(data).tobytes()
        with self._lock:
            self._md5.update(data)
            self._sha256.update(data)

    @property
    def md5(self) -> str:
        """Return the MD5 so far: 32 lower-case hex digits (RFC 1321). Not for security."""
        with self._lock:
            return str(self._md5.hexdigest())

    @property
    def sha256(self) -> str:
        """Return the SHA-256 so far: 64 lower-case hex digits (FIPS 180-4)."""
        with self._lock:
            return str(self._sha256.hexdigest())

    def copy(self) -> ContentHash:
        """Return an independent hash of the same bytes so far."""
        other = ContentHash.__new__(ContentHash)
        other._lock = threading.Lock()
        with self._lock:
            other._md5 = self._md5.copy()
            other._sha256 = self._sha256.copy()
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("a ContentHash cannot be pickled; use its copy()")


def _length(context: openssl.SHA256) -> int:
    return int(context.high << 32 | context.low) // 8


def hash_bytes(data: Buffer, /) -> tuple[str, str]:
    """Return the MD5 and the SHA-256 of `data` in hex; takes and raises what `ContentHash.update` does."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest()
