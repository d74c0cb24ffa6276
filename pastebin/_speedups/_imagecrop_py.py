"""Geometry of a crop and its Lanczos resampling: the specification, on Pillow alone.

`_imagecrop_c` is the compiled twin. It gives the same pixels, the same regions and the same errors.
"""

import struct
from operator import index

from PIL import Image

Size = tuple[int, int]
Region = tuple[int, int, int, int]
Box = tuple[float, float, float, float]

MODES = ("L", "LA", "RGB", "RGBA")
FITS = ("auto", "crop", "contain")
LARGEST_SIDE = 2**31 - 1


def plan(source: Size, width: int | None, height: int | None, fit: str = "auto") -> tuple[Region, Size]:
    """Return the region of a `source` image to take, (x0, y0, x1, y1), and the (width, height) it becomes.

    All lengths are whole pixels, 1 to 2**31 - 1. A side that is None follows from the aspect ratio.
    `auto` cuts where the aspect ratios differ by more than a factor of two, `crop` always, `contain` never.
    Everything is computed in integers: a cut is centred and loses the same whole number of pixels on both
    sides, a side that follows is rounded down, as the cropresize2 package does, and never falls below 1.

    Raises ValueError for a side out of range, no side at all, or an unknown fit.
    """
    source = _side("source width", source[0]), _side("source height", source[1])
    whole = (0, 0, *source)
    if fit not in FITS:
        raise ValueError(f"fit must be one of {', '.join(FITS)}, not {fit!r}")
    width = None if width is None else _side("width", width)
    height = None if height is None else _side("height", height)
    if width is None or height is None:
        return whole, _follow(source, width, height)
    ours, theirs = source[0] * height, width * source[1]  # the aspect ratios on one denominator
    if fit == "crop" or (fit == "auto" and max(ours, theirs) > 2 * min(ours, theirs)):
        return _centre(source, (width, height)), (width, height)
    return whole, _follow(source, width, None) if ours >= theirs else _follow(source, None, height)


def _follow(source: Size, width: int | None, height: int | None) -> Size:
    """Return the size with the aspect ratio of the source that has the one side given."""
    if width is not None:
        return width, _scaled(source[1], width, source[0])
    if height is not None:
        return _scaled(source[0], height, source[1]), height
    raise ValueError("width or height must be given")


def _side(name: str, length: int) -> int:
    """Return a length in pixels, checked."""
    length = index(length)
    if not 1 <= length <= LARGEST_SIDE:
        raise ValueError(f"{name} must be 1 to {LARGEST_SIDE} pixels, not {length}")
    return length


def _scaled(length: int, numerator: int, denominator: int) -> int:
    """Return length * numerator / denominator, rounded down, at least 1."""
    return max(1, length * numerator // denominator)


def _centre(source: Size, size: Size) -> Region:
    """Return the centred region of the source that has the aspect ratio of `size`."""
    ours, theirs = source[0] * size[1], size[0] * source[1]
    if ours > theirs:  # too wide
        margin = (ours - theirs) // (2 * size[1])
        return margin, 0, source[0] - margin, source[1]
    margin = (theirs - ours) // (2 * size[0])
    return 0, margin, source[0], source[1] - margin


def checked(image: Image.Image, size: Size, box: Box | None) -> tuple[Size, Box]:
    """Load the image and return size and box as the resampling takes them; raise ValueError where it cannot.

    The box is rounded to single precision, which is what Pillow keeps of it.
    """
    image.load()  # some formats know their mode only then
    if image.mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {image.mode}")
    width, height = size
    size = _side("width", width), _side("height", height)
    if box is None:
        box = (0, 0, *image.size)
    x0, y0, x1, y1 = box
    if _inside(box, image.size):
        x0, y0, x1, y1 = struct.unpack("4f", struct.pack("4f", *box))
    if not _inside((x0, y0, x1, y1), image.size):
        raise ValueError(f"box {tuple(box)} is empty or not inside the image of {image.width}x{image.height}")
    return size, (x0, y0, x1, y1)


def _inside(box: Box, size: Size) -> bool:
    """Tell whether a box holds something, and nothing outside an image of this size; a NaN is outside."""
    x0, y0, x1, y1 = box
    across, down = 0 <= x0 < x1 <= size[0], 0 <= y0 < y1 <= size[1]
    return across and down


def cut(image: Image.Image, size: Size, box: Box) -> Image.Image | None:
    """Return the pixels of the box untouched where they need no resampling, else None."""
    x0, y0, x1, y1 = box
    if x0.is_integer() and y0.is_integer() and x1 - x0 == size[0] and y1 - y0 == size[1]:
        return image.crop((int(x0), int(y0), int(x1), int(y1)))
    return None


def crop_resize(image: Image.Image, size: Size, box: Box | None = None) -> Image.Image:
    """Return the region `box` of `image`, scaled to exactly `size` with a Lanczos filter.

    The filter has a = 3, widened when scaling down. As in Pillow, it sees pixels beyond the box where the
    image has them. `image` is of mode L, LA, RGB or RGBA and stays as it is; `size` is (width, height) in
    pixels; `box` is (x0, y0, x1, y1) in source pixels, fractions allowed, None for the whole image.
    Colour is weighted by its alpha, so that what is transparent does not bleed. A region taken
    at its own size is cut, and not one of its values changes.

    Raises ValueError for another mode, a side below 1, or a box that is empty or leaves the image.
    """
    size, box = checked(image, size, box)
    untouched = cut(image, size, box)
    if untouched is not None:
        return untouched
    return image.resize(size, Image.Resampling.LANCZOS, box)  # premultiplies LA and RGBA itself
