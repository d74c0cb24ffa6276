"""Files brought to their places, many at a time: the compiled twin where it is built, else the Python one."""

from contextlib import suppress

from pastebin._speedups import ENABLED
from pastebin._speedups._placing_py import Move, place, place_all, sync_folder

if ENABLED:
    with suppress(ImportError):  # not built
        from pastebin._speedups._placing_c import place_all

__all__ = ["Move", "place", "place_all", "sync_folder"]
