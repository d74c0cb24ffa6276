"""How a picture was taken, as its EXIF says: never where. Tags and types: EXIF 2.32, 4.6."""

import struct
from typing import Any

from pastebin.media.tiff_entries import Entry, byte_order, entries, short

# Tag → name, and what its value is read as. Those of the second directory come after the first.
_TEXTS = {0x010F: "make", 0x0110: "model", 0xA434: "lens", 0x9003: "taken"}
_NUMBERS = {0x829A: "exposure", 0x829D: "aperture", 0x8827: "iso", 0x920A: "focal_length"}
_DETAILS = 0x8769
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_LONGEST = 100


def read_shot(exif: bytes) -> dict[str, Any]:
    """Return what is told of `make`, `model`, `lens` and `taken` (as EXIF writes times), of `exposure` in
    seconds, `aperture` as f-number, `iso` and `focal_length` in millimetres. Nothing of a broken block.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    try:
        found = _told(tiff)
        details = found.pop("details", None)
        return found if details is None else found | _told(tiff, details)
    except struct.error:
        return {}


def _told(tiff: bytes, directory: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries(tiff, directory):
        if entry.tag == _DETAILS and entry.kind == _LONG:
            found["details"] = entry.value
        elif entry.tag in _TEXTS and entry.kind == _ASCII:
            begin = entry.place if entry.length <= 4 else entry.value
            text = tiff[begin : begin + min(entry.length, _LONGEST)].partition(b"\0")[0]
            found[_TEXTS[entry.tag]] = text.decode("utf-8", "replace").strip()
        elif entry.tag in _NUMBERS:
            found[_NUMBERS[entry.tag]] = _number(tiff, entry)
    return {name: value for name, value in found.items() if value}


def _number(tiff: bytes, entry: Entry) -> float | None:
    if entry.kind == _SHORT:
        return float(short(tiff, entry))
    if entry.kind == _LONG:
        return float(entry.value)
    if entry.kind != _RATIONAL:
        return None
    above, below = struct.unpack_from(f"{byte_order(tiff)}LL", tiff, entry.value)
    return above / below if below else None
