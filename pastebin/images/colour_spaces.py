"""Colours that a file describes by numbers: of which primaries its RGB is, and by which curve.

Numbers of primaries and curves are those of ITU-T H.273, which PNG's cICP and the nclx of AVIF and
HEIF use; formulas of matrices are those of SMPTE RP 177. Points are (x, y) of CIE 1931.
"""

from dataclasses import dataclass
from typing import TypeAlias

Vector: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = tuple[Vector, Vector, Vector]
Point: TypeAlias = tuple[float, float]

D65: Point = (0.3127, 0.3290)
_D50: Vector = (0.9642, 1.0, 0.8249)  # as ICC.1:2022, 6.3.4.3, has it

_BRADFORD: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))


@dataclass(frozen=True, slots=True)
class Primaries:
    """The chromaticities of red, green, blue and white."""

    red: Point
    green: Point
    blue: Point
    white: Point = D65


SRGB = Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))

PRIMARIES = {
    1: SRGB,
    4: Primaries((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: Primaries((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    8: Primaries((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), (0.310, 0.316)),
    9: Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries(*_DISPLAY_P3, (0.314, 0.351)),
    12: Primaries(*_DISPLAY_P3),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """Light from a sample, as ICC's parametric curve of type 3: (a·x + b)^gamma from x = d on, else c·x."""

    gamma: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0


SRGB_CURVE = Curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

# Cameras' curves (BT.709, BT.601, BT.2020) are shown by Chromium as sRGB's in an AVIF or HEIF, and as those
# of screens (BT.1886) in a PNG.
CURVES = {
    **dict.fromkeys((1, 6, 13, 14, 15), SRGB_CURVE),
    4: Curve(2.2),
    5: Curve(2.8),
    7: Curve(1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4.0, 0.0913),
    8: Curve(1.0),
    17: Curve(2.6, (52.37 / 48) ** (1 / 2.6)),
}
PNG_CURVES = {
    **CURVES,
    **dict.fromkeys((1, 6, 11, 14, 15), Curve(2.4)),
}
PQ, HLG = 16, 18


def to_xyz(primaries: Primaries) -> Matrix:
    """Return the matrix from linear RGB to XYZ, for a white of Y = 1."""
    columns = [_xyz(point) for point in (primaries.red, primaries.green, primaries.blue)]
    matrix: Matrix = tuple(zip(*columns, strict=True))  # type: ignore[assignment]
    scale = apply(inverse(matrix), _xyz(primaries.white))
    return tuple(tuple(row[i] * scale[i] for i in range(3)) for row in matrix)  # type: ignore[return-value]


def to_profile_space(primaries: Primaries) -> Matrix:
    """Return the matrix from linear RGB to XYZ as ICC profiles have it: seen under D50 (Bradford)."""
    white = apply(_BRADFORD, _xyz(primaries.white))
    wanted = apply(_BRADFORD, _D50)
    gains: Matrix = tuple(tuple(wanted[i] / white[i] if i == j else 0.0 for j in range(3)) for i in range(3))  # type: ignore[assignment]
    adapted = product(inverse(_BRADFORD), product(gains, _BRADFORD))
    return product(adapted, to_xyz(primaries))


def to_srgb(primaries: Primaries) -> Matrix:
    """Return the matrix from linear RGB of some primaries to linear sRGB."""
    return product(inverse(to_profile_space(SRGB)), to_profile_space(primaries))


def apply(matrix: Matrix, vector: Vector) -> Vector:
    """Return matrix · vector."""
    x, y, z = vector
    (a, b, c), (d, e, f), (g, h, i) = matrix
    return a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z


def product(first: Matrix, second: Matrix) -> Matrix:
    """Return first · second."""
    columns = [apply(first, column) for column in zip(*second, strict=True)]
    return tuple(zip(*columns, strict=True))  # type: ignore[return-value]


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse. Raises ZeroDivisionError where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    one, two, three = e * i - f * h, f * g - d * i, d * h - e * g
    size = a * one + b * two + c * three
    return (
        (one / size, (c * h - b * i) / size, (b * f - c * e) / size),
        (two / size, (a * i - c * g) / size, (c * d - a * f) / size),
        (three / size, (b * g - a * h) / size, (a * e - b * d) / size),
    )


def _xyz(point: Point) -> Vector:
    return point[0] / point[1], 1.0, (1 - point[0] - point[1]) / point[1]
