"""How a picture was taken, as its EXIF says: never where. Tags and types: EXIF 2.32, 4.6."""

import struct
from typing import Any

# Tag → name, and what its value is read as. Those of the second directory come after the first.
_TEXTS = {0x010F: "make", 0x0110: "model", 0xA434: "lens", 0x9003: "taken"}
_NUMBERS = {0x829A: "exposure", 0x829D: "aperture", 0x8827: "iso", 0x920A: "focal_length"}
_DETAILS = 0x8769
_MOST_ENTRIES = 1000
_ASCII, _SHORT, _LONG, _RATIONAL = 2, 3, 4, 5
_LONGEST = 100


def read_shot(exif: bytes) -> dict[str, Any]:
    """Return what is told of `make`, `model`, `lens` and `taken` (as EXIF writes times), of `exposure` in
    seconds, `aperture` as f-number, `iso` and `focal_length` in millimetres. Nothing of a broken block.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (first,) = struct.unpack_from(f"{order}L", tiff, 4)
        found = _directory(tiff, order, first)
        details = found.pop("details", 0)
        return found | _directory(tiff, order, details)
    except struct.error:
        return {}


def _directory(tiff: bytes, order: str, start: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not start:
        return found
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(min(count, _MOST_ENTRIES)):
        place = start + 2 + 12 * number
        tag, kind, size, offset = struct.unpack_from(f"{order}HHLL", tiff, place)
        if tag == _DETAILS and kind == _LONG:
            found["details"] = offset
        elif tag in _TEXTS and kind == _ASCII:
            begin = place + 8 if size <= 4 else offset
            text = tiff[begin : begin + min(size, _LONGEST)].partition(b"\0")[0]
            found[_TEXTS[tag]] = text.decode("utf-8", "replace").strip()
        elif tag in _NUMBERS:
            found[_NUMBERS[tag]] = _number(tiff, order, kind, place, offset)
    return {name: value for name, value in found.items() if value}


def _number(tiff: bytes, order: str, kind: int, place: int, offset: int) -> float | None:
    if kind == _SHORT:
        return float(struct.unpack_from(f"{order}H", tiff, place + 8)[0])
    if kind == _LONG:
        return float(offset)
    if kind != _RATIONAL:
        return None
    above, below = struct.unpack_from(f"{order}LL", tiff, offset)
    return above / below if below else None
