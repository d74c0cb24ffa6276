"""Crop geometry and Lanczos resampling: the compiled twin where it runs, else the Python one."""

from contextlib import suppress

from pastebin._speedups import ENABLED
from pastebin._speedups._imagecrop_py import crop_resize, plan

COMPILED = False

if ENABLED:
    with suppress(ImportError):  # not built, or this Pillow keeps its pixels in a way the twin does not know
        from pastebin._speedups._imagecrop_c import crop_resize, plan

        COMPILED = True

__all__ = ["COMPILED", "crop_resize", "plan"]
