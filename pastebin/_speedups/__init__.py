"""Hot loops in two editions each: `_X_py` is the specification, `_X_c` its compiled twin, `X` picks one.

A compiled module that was not built, or that this processor cannot run, is replaced by its Python twin.
The environment variable `PASTEBIN_NO_EXTENSIONS=1`, set before the first import, turns all of them off.
"""

import os
from importlib import import_module
from pkgutil import iter_modules

# Every module of which this package has a specification.
MODULES = tuple(
    found.name[1:-3]
    for found in iter_modules(__path__)
    if found.name.startswith("_") and found.name.endswith("_py")
)

ENABLED = os.environ.get("PASTEBIN_NO_EXTENSIONS") != "1"
"""Whether the compiled modules may be used at all."""


def status() -> dict[str, str]:
    """Return for each module of `MODULES` which twin is in use: `"compiled"` or `"python"`."""
    return {
        name: "compiled" if import_module(f"{__name__}.{name}").COMPILED else "python" for name in MODULES
    }
