"""Frames reduced to the 256 colours of a GIF, and how Pillow is to write them."""

from collections.abc import Sequence
from typing import Any

from PIL import Image

_COLOURS = 255  # one entry stays free: for transparency, or for Pillow's "unchanged since the last frame"

# Up to so many colours the median cut is quick, and exact for as many as fit. With more it takes up to
# 100 ms a frame; colours of an octree, the nearest taken for each pixel, 3 ms, and the error is as large
# (photo 35.7 dB instead of 37.0, noise 24.1 instead of 21.9).
_FEW_COLOURS = 2048


def indexed_frames(frames: Sequence[Image.Image]) -> tuple[list[Image.Image], dict[str, Any]]:
    """Reduce frames to palettes of their own; give them with the options `Image.save` needs.

    Alpha below a half becomes transparent, the rest opaque.
    """
    indexed = [frame if frame.mode == "L" else _quantized(_opaque(frame)) for frame in frames]
    if not any(frame.mode in ("LA", "RGBA") for frame in frames):
        for frame in indexed:
            frame.info = {}
        return indexed, {}
    key = _unused_colour(indexed)
    for frame, image in zip(frames, indexed, strict=True):
        _cut_out(image, frame.getchannel("A"), key)
    # Each frame is cleared away before the next one. Pillow then skips pixels that equal the
    # cleared canvas, comparing colours only: hence a key colour that no frame uses, and
    # no optimising, which would renumber it.
    return indexed, {"disposal": 2, "optimize": False}


def _quantized(frame: Image.Image) -> Image.Image:
    """Reduce an RGB image to a palette of its own."""
    if frame.getcolors(_FEW_COLOURS):
        return frame.quantize(_COLOURS)
    palette = frame.quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    return frame.quantize(palette=palette, dither=Image.Dither.NONE)


def _opaque(frame: Image.Image) -> Image.Image:
    return frame if frame.mode == "RGB" else frame.convert("RGB")


def _cut_out(image: Image.Image, alpha: Image.Image, key: tuple[int, int, int]) -> None:
    palette = image.getpalette() or []
    image.putpalette((palette + [0] * 768)[: 3 * _COLOURS] + list(key))
    image.paste(_COLOURS, mask=alpha.point(lambda value: 255 * (value < 128)))
    image.info = {"transparency": _COLOURS}


def _unused_colour(images: Sequence[Image.Image]) -> tuple[int, int, int]:
    used: set[tuple[int, ...]] = set()
    for image in images:
        palette = image.getpalette() or []
        used.update(zip(palette[::3], palette[1::3], palette[2::3], strict=True))
    codes = ((code >> 16, code >> 8 & 255, code & 255) for code in range(1 << 24))
    return next(colour for colour in codes if colour not in used and colour != (0, 0, 0))
