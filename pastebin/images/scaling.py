"""From an opened image to the pixels of a result: decode, crop, scale, turn."""

from collections.abc import Iterator

from PIL import Image

from pastebin._speedups import imagecrop
from pastebin.images.decoding import Source, decoding
from pastebin.images.geometry import Box, FloatBox, Plan, Size, displayed_image, oriented_size, stored_box
from pastebin.images.jpeg import draft
from pastebin.images.modes import normalised


def still(source: Source, plan: Plan) -> Image.Image:
    """Decode one image and give the planned result in L, LA, RGB, RGBA or CMYK."""
    box = stored_box(plan.region, source.size, source.orientation)
    size = oriented_size(plan.size, source.orientation)
    with decoding():
        factor = draft(source.image, box, size)
        source.image.load()
    return _result(source, box, size, factor)


def animation(source: Source, plan: Plan) -> Iterator[tuple[Image.Image, float]]:
    """Decode frame by frame; give each planned result and its duration in milliseconds."""
    box = stored_box(plan.region, source.size, source.orientation)
    size = oriented_size(plan.size, source.orientation)
    for index in range(source.frame_count):
        with decoding():
            source.image.seek(index + source.first_frame)
            source.image.load()
        yield _result(source, box, size), source.image.info.get("duration", 0)


def plays(source: Source) -> int:
    """Tell how often an animation is shown; 0 means for ever."""
    loop = source.image.info.get("loop")
    if source.format.name != "gif":
        return loop or 0
    if loop is None:
        return 1
    return loop + 1 if loop else 0


def _result(source: Source, box: Box, size: Size, factor: int = 1) -> Image.Image:
    with decoding():  # a broken palette shows only when it is looked up
        image = normalised(source.image)
    left, top, right, bottom = (edge / factor for edge in box)
    part = left, top, min(right, float(image.width)), min(bottom, float(image.height))
    return displayed_image(_cropped(image, part, size), source.orientation)


def _cropped(image: Image.Image, box: FloatBox, size: Size) -> Image.Image:
    """Cut out and scale; what needs no scaling is copied."""
    if box[2] - box[0] == size[0] and box[3] - box[1] == size[1]:
        left, top, right, bottom = (int(edge) for edge in box)
        return image.crop((left, top, right, bottom))
    if image.mode == "CMYK":
        return Image.merge("CMYK", [_scaled(band, size, box) for band in image.split()])
    return _scaled(image, size, box)


def _scaled(image: Image.Image, size: Size, box: FloatBox) -> Image.Image:
    result: Image.Image = imagecrop.crop_resize(image, size, box)
    return result
