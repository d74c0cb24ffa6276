"""Pictures with more light than a page is white (ITU-R BT.2100), brought into sRGB.

White of a page is 203 nits (BT.2408). What is brighter is compressed, up to twice that; what is
brighter still is white. Chromium scales PQ and HLG by 100/203 and cuts at 1, so a result lies between
its and a plain conversion.
"""

from functools import lru_cache

from PIL import Image, ImageFilter

from pastebin.images.colour_spaces import HLG, PRIMARIES, Matrix, Vector, apply, to_srgb

_WHITE_NITS = 203.0
_PEAK_NITS = 1000.0  # of a screen for HLG
_BRIGHTEST = 412 / _WHITE_NITS

# Steps along each side of the table; colours between are interpolated.
_STEPS = 33

# Of BT.2020's red, green and blue.
_LUMINANCE = (0.2627, 0.6780, 0.0593)


def tone_mapped(image: Image.Image, primaries: int, transfer: int) -> Image.Image:
    """Return an RGB or RGBA image of PQ or HLG samples as sRGB."""
    return image.filter(_table(primaries, transfer))


@lru_cache(maxsize=8)
def _table(primaries: int, transfer: int) -> ImageFilter.Color3DLUT:
    matrix = to_srgb(PRIMARIES[primaries])
    decode = _hlg_light if transfer == HLG else _pq_light
    return ImageFilter.Color3DLUT.generate(_STEPS, lambda r, g, b: _shown(decode(r, g, b), matrix))


def _shown(light: Vector, matrix: Matrix) -> Vector:
    """Return sRGB samples for light in units of a page's white."""
    brightest = max(light)
    scale = (1 + brightest / _BRIGHTEST**2) / (1 + brightest)
    red, green, blue = apply(matrix, light)
    return _sample(red * scale), _sample(green * scale), _sample(blue * scale)


def _sample(light: float) -> float:
    if light <= 0.0031308:
        return max(light, 0.0) * 12.92
    return min(1.055 * light ** (1 / 2.4) - 0.055, 1.0)


def _pq_light(*samples: float) -> Vector:
    red, green, blue = (_pq(sample) * 10_000 / _WHITE_NITS for sample in samples)
    return red, green, blue


def _pq(sample: float) -> float:
    """Return light of 10,000 nits for a sample (BT.2100, table 4)."""
    root = sample ** (32 / 2523)
    return (max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)) ** (16384 / 2610)


def _hlg_light(*samples: float) -> Vector:
    """Return a screen's light for samples (BT.2100, table 5)."""
    scene = [_hlg(sample) for sample in samples]
    luminance = sum(weight * light for weight, light in zip(_LUMINANCE, scene, strict=True))
    gain = _PEAK_NITS / _WHITE_NITS * luminance**0.2 if luminance else 0.0
    red, green, blue = (light * gain for light in scene)
    return red, green, blue


def _hlg(sample: float) -> float:
    if sample <= 0.5:
        return sample * sample / 3
    return (2.718281828459045 ** ((sample - 0.55991073) / 0.17883277) + 0.28466892) / 12
