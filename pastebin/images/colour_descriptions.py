"""What an opened image says of its colours: by a profile, by numbers, or nothing, which means sRGB.

A PNG may say it in several ways; the first of cICP, iCCP, sRGB, gAMA with cHRM counts, as the PNG
specification (third edition, 4.3) has it.
"""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from pastebin.images.colour_spaces import (
    CURVES,
    HLG,
    PNG_CURVES,
    PQ,
    PRIMARIES,
    SRGB,
    SRGB_CURVE,
    Curve,
    Primaries,
    to_profile_space,
)
from pastebin.images.profiles import grey_profile, rgb_profile

# As H.273 calls what is not said.
_UNSPECIFIED = 2

# What 1/2.2 is written as; with sRGB's primaries it means sRGB.
_USUAL_GAMMA = (0.454, 0.456)

# A gamma beyond is none of a picture's.
_GAMMAS = (0.1, 10.0)


@dataclass(frozen=True, slots=True)
class Colours:
    """An ICC profile from the file, or a space, or for more light than white numbers of H.273."""

    profile: bytes | None = None
    space: tuple[Primaries, Curve] | None = None
    hdr: tuple[int, int] | None = None

    def described_profile(self, mode: str) -> bytes | None:
        """Return a profile that says what the numbers say for pixels of `mode`."""
        if self.space is None:
            return None
        primaries, curve = self.space
        return grey_profile(curve) if mode in ("L", "LA") else rgb_profile(primaries, curve)


def colours_of(image: Image.Image, format_name: str) -> Colours:
    """Return what an opened image says of its colours; `cicp` in its `info` are numbers from the file."""
    profile = image.info.get("icc_profile")
    numbers = _by_numbers(image.info.get("cicp"), PNG_CURVES if format_name == "png" else CURVES)
    if profile and not (numbers and format_name == "png"):
        return Colours(profile=profile)
    if numbers:
        return numbers
    return _by_gamma(image.info) if "srgb" not in image.info else Colours()


def _by_numbers(cicp: bytes | None, curves: dict[int, Curve]) -> Colours | None:
    """Return the colours of primaries and transfer numbers; None for those that no page shows."""
    if not cicp:
        return None
    primaries, transfer = cicp[0], cicp[1]
    primaries = 1 if primaries == _UNSPECIFIED else primaries
    if primaries not in PRIMARIES:
        return None
    if transfer in (PQ, HLG):
        return Colours(hdr=(primaries, transfer))
    curve = SRGB_CURVE if transfer == _UNSPECIFIED else curves.get(transfer)
    if curve is None:
        return None
    is_srgb = primaries == 1 and curve == SRGB_CURVE
    return Colours() if is_srgb else Colours(space=(PRIMARIES[primaries], curve))


def _by_gamma(info: dict[Any, Any]) -> Colours:
    gamma = info.get("gamma")
    if not isinstance(gamma, float) or not _GAMMAS[0] <= gamma <= _GAMMAS[1]:
        return Colours()
    primaries = _chromaticities(info.get("chromaticity"))
    if primaries is None and _USUAL_GAMMA[0] <= gamma <= _USUAL_GAMMA[1]:
        return Colours()
    return Colours(space=(primaries or SRGB, Curve(1 / gamma)))


def _chromaticities(given: Any) -> Primaries | None:
    """Return primaries that differ from sRGB's; None if they do not, or are none."""
    if not isinstance(given, tuple) or len(given) != 8:
        return None
    white, red, green, blue = ((given[i], given[i + 1]) for i in (0, 2, 4, 6))
    found = Primaries(red, green, blue, white)
    usual = (SRGB.white, SRGB.red, SRGB.green, SRGB.blue)
    is_usual = all(
        abs(a - b) < 0.002
        for one, two in zip((white, red, green, blue), usual, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    return None if is_usual or not _is_real(found) else found


def _is_real(primaries: Primaries) -> bool:
    points = (primaries.red, primaries.green, primaries.blue, primaries.white)
    if not all(0 <= x <= 1 and 0 < y <= 1 for x, y in points):
        return False
    (x1, y1), (x2, y2), (x3, y3) = points[:3]
    if abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) <= 0.001:
        return False
    try:
        matrix = to_profile_space(primaries)
    except ZeroDivisionError:
        return False
    return all(abs(value) < 16 for row in matrix for value in row)  # what a profile can hold
