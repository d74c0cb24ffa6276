"""Texts in headers that may be in any script."""

from collections.abc import Mapping

# Granian hands over an empty text for a header that is not ASCII. Others hand it over as Latin-1 (PEP 3333).
_BLANKING = "Granian"


def is_blanked(environ: Mapping[str, str], key: str) -> bool:
    """Tell whether a header is empty here that may not have been empty when it was sent."""
    return environ.get(key) == "" and environ.get("SERVER_SOFTWARE") == _BLANKING
