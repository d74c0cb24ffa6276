"""MD5 and SHA-256 of the same bytes: the compiled twin where it runs, else the Python one."""

from contextlib import suppress

from pastebin._speedups import ENABLED
from pastebin._speedups._hashing_py import ContentHash, hash_bytes

COMPILED = False

if ENABLED:
    with suppress(ImportError):  # not built, or a processor without SHA instructions
        from pastebin._speedups._hashing_c import ContentHash, hash_bytes

        COMPILED = True

__all__ = ["COMPILED", "ContentHash", "hash_bytes"]
