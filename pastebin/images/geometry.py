"""Boxes, orientations, and which part of an image becomes a result of which size.

A box is `(left, top, right, bottom)` in pixels, right and bottom excluded. "Displayed"
coordinates are those a viewer sees, "stored" ones those of the pixels in the file;
they differ by the EXIF orientation, 1 to 8.
"""

from typing import NamedTuple, TypeAlias

from PIL import Image

from pastebin._speedups import imagecrop

Size: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[int, int, int, int]
FloatBox: TypeAlias = tuple[float, float, float, float]

# What makes a stored image a displayed one (EXIF 2.3, tag 0x0112).
_TO_DISPLAYED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Plan(NamedTuple):
    """The region of a source, in its pixels, and the size it is scaled to."""

    region: Box
    size: Size


def plan(source: Size, width: int | None, height: int | None, fit: str = "auto") -> Plan:
    """Plan a crop-resize of an image of size `source` to the box `width` × `height`.

    A side that is None follows from the aspect ratio; with both None nothing is scaled.
    `fit` is "auto", "crop" or "contain".
    """
    if width is None and height is None:
        return Plan((0, 0, *source), source)
    region, size = imagecrop.plan(source, width, height, fit)
    return Plan(region, size)


def swaps_sides(orientation: int) -> bool:
    """Tell whether displaying an image of this orientation turns it by a quarter."""
    return orientation >= 5


def oriented_size(size: Size, orientation: int) -> Size:
    """Give the displayed size of a stored one, and the other way round."""
    return (size[1], size[0]) if swaps_sides(orientation) else size


def stored_box(box: Box, displayed: Size, orientation: int) -> Box:
    """Give the stored coordinates of a box in a displayed image of size `displayed`."""
    left, top, right, bottom = box
    width, height = displayed
    if orientation in (2, 3, 6, 7):
        left, right = width - right, width - left
    if orientation in (3, 4, 7, 8):
        top, bottom = height - bottom, height - top
    if swaps_sides(orientation):
        return top, left, bottom, right
    return left, top, right, bottom


def displayed_image(image: Image.Image, orientation: int) -> Image.Image:
    """Turn and mirror a stored image into the displayed one."""
    method = _TO_DISPLAYED.get(orientation)
    return image if method is None else image.transpose(method)
