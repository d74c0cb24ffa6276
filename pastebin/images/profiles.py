"""ICC profiles written from a few numbers (ICC.1:2022): what describes colours without one becomes one."""

import struct

from pastebin.images.colour_spaces import Curve, Primaries, to_profile_space

_D50 = (0.9642, 1.0, 0.8249)


def rgb_profile(primaries: Primaries, curve: Curve) -> bytes:
    """Return the profile of an RGB space."""
    columns = zip(*to_profile_space(primaries), strict=True)
    tags = {name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _curve(curve))
    return _profile(b"RGB ", {**tags, **curves})


def grey_profile(curve: Curve) -> bytes:
    """Return the profile of shades of grey."""
    return _profile(b"GRAY", {b"kTRC": _curve(curve)})


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = "colours".encode("utf-16-be")
    name = b"mluc" + struct.pack(">LLL2s2sLL", 0, 1, 12, b"en", b"US", len(text), 28) + text
    tags = {b"desc": name, b"cprt": name, b"wtpt": _xyz(_D50), **tags}
    offset, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for signature, data in tags.items():
        table += signature + struct.pack(">LL", offset + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = offset + len(body)
    head = struct.pack(">L4sL4s4s4s", size, bytes(4), 0x04200000, b"mntr", space, b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3l", *map(_fixed, _D50))
    return head.ljust(128, b"\0") + struct.pack(">L", len(tags)) + table + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3l", *map(_fixed, values))


def _curve(curve: Curve) -> bytes:
    numbers = (curve.gamma, curve.a, curve.b, curve.c, curve.d)
    return b"para" + struct.pack(">LHH5l", 0, 3, 0, *map(_fixed, numbers))


def _fixed(value: float) -> int:
    return round(value * 65536)
