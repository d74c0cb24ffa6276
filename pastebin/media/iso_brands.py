"""Pictures in ISO base media files, told by their brands (ISO/IEC 14496-12, 4.3 and 23008-12)."""

_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
# What says nothing of the codec: the brands that follow do.
_EITHER = frozenset({b"mif1", b"msf1", b"mif2"})


def picture_type(head: bytes) -> str | None:
    """Return `image/avif` or `image/heic` by the first 64 bytes of a file; None if it is neither."""
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12]
    if brand in _EITHER:
        stop = min(int.from_bytes(head[:4], "big"), len(head))
        others = (head[position : position + 4] for position in range(16, stop - 3, 4))
        brand = next((one for one in others if one in _AVIF | _HEIC), brand)
    if brand in _HEIC:
        return "image/heic"
    return "image/avif" if brand in _AVIF else None
