"""Sizes in words."""

_UNITS = ((2**50, "PB"), (2**40, "TB"), (2**30, "GB"), (2**20, "MB"), (2**10, "kB"), (1, "bytes"))


def scaled(size: int) -> tuple[float, str]:
    """Return `size` bytes in the largest unit that it fills, and that unit: 34500 → 33.69…, `kB`."""
    factor, unit = next(((f, u) for f, u in _UNITS if size >= f), _UNITS[-1])
    return size / factor, unit


def humanize_bytes(size: int) -> str:
    """Return `1 byte`, `100.00 bytes`, `33.69 kB`: powers of 1024, two decimals."""
    if size == 1:
        return "1 byte"
    value, unit = scaled(size)
    return f"{value:.2f} {unit}"


def clock(milliseconds: int) -> str:
    """Return how long something lasts as `3:05` or `1:02:03`; nothing for what is not known."""
    if not milliseconds:
        return ""
    minutes, seconds = divmod(max(1, round(milliseconds / 1000)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
