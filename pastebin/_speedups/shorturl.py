"""Short codes for numbers: the compiled twin where it is built, else the Python one."""

from contextlib import suppress

from pastebin._speedups import ENABLED
from pastebin._speedups._shorturl_py import ShortCodec

COMPILED = False

if ENABLED:
    with suppress(ImportError):  # not built
        from pastebin._speedups._shorturl_c import ShortCodec

        COMPILED = True

__all__ = ["COMPILED", "ShortCodec"]
