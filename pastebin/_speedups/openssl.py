"""MD5 and SHA-256 by OpenSSL's functions of old, whose state can be seen; hashlib keeps its own to itself.

`AVAILABLE` is false where Python has another library, or one that hides them.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from importlib import import_module
from typing import Any


class _Context(ctypes.Structure):
    """What both have in common, in the order of <openssl/md5.h> and <openssl/sha.h>."""

    functions: tuple[Any, Any, Any]
    size: int

    def update(self, data: bytes) -> None:
        """Take bytes in, without the GIL. Not for several threads at once."""
        self.functions[1](ctypes.byref(self), data, len(data))

    def hexdigest(self) -> str:
        """Return the digest so far."""
        digest = ctypes.create_string_buffer(self.size)
        self.functions[2](digest, ctypes.byref(self.copy()))
        return digest.raw.hex()

    def copy(self) -> Any:
        """Return an independent one of the same bytes."""
        return type(self).from_buffer_copy(self)


class MD5(_Context):
    """`MD5_CTX`: the chaining words, the length in bits, and the bytes of a block not yet complete."""

    size = 16
    _fields_ = (
        ("chain", ctypes.c_uint32 * 4),
        ("low", ctypes.c_uint32),
        ("high", ctypes.c_uint32),
        ("pending", ctypes.c_ubyte * 64),
        ("filled", ctypes.c_uint),
    )


class SHA256(_Context):
    """`SHA256_CTX`, the same with eight words and the length of the digest."""

    size = 32
    _fields_ = (
        ("chain", ctypes.c_uint32 * 8),
        ("low", ctypes.c_uint32),
        ("high", ctypes.c_uint32),
        ("pending", ctypes.c_ubyte * 64),
        ("filled", ctypes.c_uint),
        ("digest_length", ctypes.c_uint),
    )


def _bind() -> bool:
    library = ctypes.CDLL(
        import_module("_hashlib").__file__
    )  # finds the symbols of the library that hashlib is linked with
    for kind, name in ((MD5, "MD5"), (SHA256, "SHA256")):
        start, update, finish = (getattr(library, f"{name}_{verb}") for verb in ("Init", "Update", "Final"))
        update.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
        kind.functions = start, update, finish
    return True


AVAILABLE = False
with suppress(ImportError, OSError, AttributeError):
    AVAILABLE = _bind()


def started(kind: type[Any]) -> Any:
    """Return a new hash of nothing."""
    context = kind()
    kind.functions[0](ctypes.byref(context))
    return context


def resumed(kind: type[Any], chain: tuple[int, ...], length: int, pending: bytes) -> Any:
    """Return a hash that goes on from chaining words, a length in bytes and the block not yet complete."""
    context = started(kind)
    context.chain[:] = chain
    bits = length * 8
    context.low, context.high = bits & 0xFFFFFFFF, bits >> 32 & 0xFFFFFFFF
    context.filled = length % 64
    context.pending[: length % 64] = pending[: length % 64]
    return context
