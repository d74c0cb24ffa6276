"""QR codes of short texts: ISO/IEC 18004, byte mode, correction level M, versions 1 to 6."""

from collections.abc import Callable, Iterator
from itertools import pairwise

Matrix = list[list[bool]]

# Of each version: codewords of correction in a block, blocks, codewords of data in one, place of alignment.
_VERSIONS = (
    (10, 1, 16, 0),
    (16, 1, 28, 18),
    (26, 1, 44, 22),
    (18, 2, 32, 26),
    (24, 2, 43, 30),
    (16, 4, 27, 34),
)

_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _column: row % 2 == 0,
    lambda _row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


def qr_code(text: str) -> Matrix:
    """Return the modules of a code, True is dark, without a margin. ValueError for more than 106 bytes."""
    data = text.encode()
    version = next(
        (n for n, (_, blocks, size, _) in enumerate(_VERSIONS) if len(data) + 2 <= blocks * size), None
    )
    if version is None:
        raise ValueError("the text is too long for a QR code of this kind")
    bits = _bits(_codewords(data, version))
    return min((_drawn(bits, version, mask) for mask in range(len(_MASKS))), key=_penalty)


def _codewords(data: bytes, version: int) -> bytes:
    """Return mode, length, data and padding, with the correction, interleaved by blocks."""
    correction, blocks, size, _ = _VERSIONS[version]
    stream = (0b0100 << 8 | len(data)) << 8 * len(data) | int.from_bytes(data)
    filled = (stream << 4).to_bytes(len(data) + 2) + b"\xec\x11" * (blocks * size)
    pieces = [filled[n * size : (n + 1) * size] for n in range(blocks)]
    checks = [_remainder(piece, correction) for piece in pieces]
    return bytes(one for column in (*zip(*pieces, strict=True), *zip(*checks, strict=True)) for one in column)


def _times(left: int, right: int) -> int:
    """Multiply in the field of 256 elements with the polynomial x^8+x^4+x^3+x^2+1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left = left << 1 ^ (0x11D if left & 0x80 else 0)
        right >>= 1
    return product


def _remainder(data: bytes, count: int) -> bytes:
    """Return the Reed-Solomon codewords of a block."""
    generator, root = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        generator = [one ^ _times(other, root) for one, other in zip(shifted, [0, *generator], strict=True)]
        root = _times(root, 2)
    rest = bytearray(data) + bytes(count)
    for place in range(len(data)):
        factor = rest[place]
        for offset, coefficient in enumerate(generator):
            rest[place + offset] ^= _times(coefficient, factor)
    return bytes(rest[len(data) :])


def _bits(codewords: bytes) -> list[bool]:
    return [bool(one >> shift & 1) for one in codewords for shift in range(7, -1, -1)]


def _drawn(bits: list[bool], version: int, mask: int) -> Matrix:
    """Return a code with its fixed patterns, its format and its data under a mask."""
    side = 21 + 4 * version
    fixed = {**_patterns(side, _VERSIONS[version][3]), **_format(side, mask)}
    matrix = [[fixed.get((row, column), False) for column in range(side)] for row in range(side)]
    rest = iter(bits)
    for row, column in _path(side):
        if (row, column) not in fixed:
            matrix[row][column] = next(rest, False) ^ _MASKS[mask](row, column)
    return matrix


def _patterns(side: int, alignment: int) -> dict[tuple[int, int], bool]:
    """Return the modules that are the same in every code of a size."""
    fixed = {}
    for n in range(side):
        fixed[6, n] = fixed[n, 6] = n % 2 == 0
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        for row in range(max(0, top - 1), min(side, top + 8)):
            for column in range(max(0, left - 1), min(side, left + 8)):
                ring = max(abs(row - top - 3), abs(column - left - 3))
                fixed[row, column] = ring not in (2, 4)
    if alignment:
        for row in range(-2, 3):
            for column in range(-2, 3):
                fixed[alignment + row, alignment + column] = max(abs(row), abs(column)) != 1
    return fixed


def _format(side: int, mask: int) -> dict[tuple[int, int], bool]:
    """Return the modules that tell level (M is 00) and mask, twice, and the one that is always dark."""
    rest = mask << 10
    for shift in range(4, -1, -1):
        if rest >> (shift + 10) & 1:
            rest ^= 0x537 << shift
    bits = (mask << 10 | rest) ^ 0x5412
    beside = [(8, n) for n in (0, 1, 2, 3, 4, 5, 7, 8)] + [(n, 8) for n in (7, 5, 4, 3, 2, 1, 0)]
    apart = [(side - 1 - n, 8) for n in range(7)] + [(8, side - 8 + n) for n in range(8)]
    fixed = {(side - 8, 8): True}
    for n in range(15):
        fixed[beside[n]] = fixed[apart[n]] = bool(bits >> (14 - n) & 1)
    return fixed


def _path(side: int) -> Iterator[tuple[int, int]]:
    """Yield the places of data: two columns at a time from the right, upwards and downwards by turns."""
    for number, right in enumerate([*range(side - 1, 6, -2), *range(5, 0, -2)]):
        rows = range(side) if number % 2 else range(side - 1, -1, -1)
        for row in rows:
            yield row, right
            yield row, right - 1


def _penalty(matrix: Matrix) -> int:
    """Return how hard a code is to read, by the four rules of the standard."""
    lines = [*matrix, *map(list, zip(*matrix, strict=True))]
    texts = ["".join("1" if one else "0" for one in line) for line in lines]
    runs = sum(_run_penalty(text) for text in texts)
    squares = sum(
        3
        for upper, lower in pairwise(matrix)
        for column in range(len(matrix) - 1)
        if upper[column] == upper[column + 1] == lower[column] == lower[column + 1]
    )
    finders = sum(
        40
        for text in texts
        for n in range(len(text) - 10)
        if text[n : n + 11] in ("10111010000", "00001011101")
    )
    dark = sum(map(sum, matrix)) * 100 / len(matrix) ** 2
    return runs + squares + finders + int(abs(dark - 50) // 5) * 10


def _run_penalty(text: str) -> int:
    runs = text.replace("01", "0 1").replace("10", "1 0").split()
    return sum(len(run) - 2 for run in runs if len(run) >= 5)


def drawing(matrix: Matrix, margin: int = 2) -> Iterator[str]:
    """Yield the lines of a code for a terminal, two rows in each, dark on light whatever its colours."""
    side = len(matrix) + 2 * margin
    empty = [False] * side
    rows = [[*[False] * margin, *row, *[False] * margin] for row in matrix]
    rows = [*[empty] * margin, *rows, *[empty] * (margin + side % 2)]
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        line = "".join(" ▄▀█"[2 * top + bottom] for top, bottom in zip(upper, lower, strict=True))
        yield f"\x1b[38;5;16;48;5;231m{line}\x1b[0m"
