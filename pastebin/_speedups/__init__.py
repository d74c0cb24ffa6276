"""Hot loops in two editions each: `_X_py` is the specification, `_X_c` its compiled twin, `X` picks one.

A compiled module that was not built, or that this processor cannot run, is replaced by its Python twin.
The environment variable `PASTEBIN_NO_EXTENSIONS=1`, set before the first import, turns all of them off.
"""

import os
from importlib import import_module

MODULES = ("hashing", "shorturl", "imagecrop")

ENABLED = os.environ.get("PASTEBIN_NO_EXTENSIONS") != "1"
"""Whether the compiled modules may be used at all."""


def status() -> dict[str, str]:
    """Return for each module of `MODULES` which twin is in use: `"compiled"` or `"python"`."""
    return {
        name: "compiled" if import_module(f"{__name__}.{name}").COMPILED else "python" for name in MODULES
    }
