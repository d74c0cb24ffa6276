"""Where the texts of settings come from: an INI file, and variables of the environment, which win."""

from collections.abc import Collection, Mapping
from typing import Any

PREFIX = "pastebin."
ENVIRONMENT_PREFIX = "PASTEBIN_"

# Variables that are read before there are settings: of the build, the compiled modules, `pastebin.wsgi`.
OTHER_VARIABLES = frozenset({"PASTEBIN_NO_EXTENSIONS", "PASTEBIN_REQUIRE_EXTENSIONS", "PASTEBIN_INI"})


def gather(
    known: Collection[str], ini: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return name → (where it was set, text), and a fault for every name nobody knows."""
    given, faults = {}, []
    named = [(key, key.removeprefix(PREFIX), value) for key, value in ini.items() if key.startswith(PREFIX)]
    named += [
        (key, key.removeprefix(ENVIRONMENT_PREFIX).lower(), value)
        for key, value in sorted(environ.items())
        if key.startswith(ENVIRONMENT_PREFIX) and key not in OTHER_VARIABLES
    ]
    for source, name, value in named:
        if name in known:
            given[name] = (source, str(value).strip())
        else:
            faults.append(f"{source} is no setting of this version")
    return given, faults
