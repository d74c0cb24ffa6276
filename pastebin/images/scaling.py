"""From an opened image to the pixels of a result: decode, crop, scale, turn."""

from collections.abc import Iterator

from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from pastebin._speedups import imagecrop
from pastebin.images import avif_loops
from pastebin.images.decoding import Source, decoding
from pastebin.images.geometry import Box, FloatBox, Plan, Size, displayed_image, oriented_size, stored_box
from pastebin.images.gif_frames import composed_frames
from pastebin.images.jpeg import Jpeg, draft, draft_factor, load_jpeg
from pastebin.images.modes import normalised


def factor(source: Source, plan: Plan) -> int:
    """Return what the lengths of an image are divided by when it is decoded for this plan."""
    return draft_factor(source.image, *_stored(source, plan))


def still(source: Source, plan: Plan) -> Image.Image:
    """Decode one image and give the planned result in L, LA, RGB, RGBA or CMYK.

    The decoded image is forgotten before the result is turned, as both may be large.
    """
    box, size = _stored(source, plan)
    with decoding():
        divided = draft(source.image, box, size)
        image = _decoded(source, divided)
    result = _result(image, box, size, divided)
    Image.Image.close(image)  # the pixels only: an ImageFile would close the file, too
    return displayed_image(result, source.orientation)


def animation(source: Source, plan: Plan) -> Iterator[tuple[Image.Image, float]]:
    """Decode frame by frame; give each planned result and its duration in milliseconds."""
    box, size = _stored(source, plan)
    frames = _gif_frames(source) if isinstance(source.image, GifImageFile) else _frames(source)
    while True:
        with decoding():
            image, duration = next(frames, (None, 0.0))
        if image is None:
            return
        yield displayed_image(_result(image, box, size), source.orientation), duration


def _frames(source: Source) -> Iterator[tuple[Image.Image, float]]:
    for index in range(source.frame_count):
        source.image.seek(index + source.first_frame)
        source.image.load()
        yield source.image, source.image.info.get("duration", 0)


def _gif_frames(source: Source) -> Iterator[tuple[Image.Image, float]]:
    for canvas, duration in composed_frames(source.file, source.size, source.frame_count):
        is_opaque = canvas.getchannel("A").getextrema()[0] == 255
        yield (canvas.convert("RGB") if is_opaque else canvas), duration


def _decoded(source: Source, factor: int) -> Image.Image:
    """Return a still image, decoded at 1/`factor`; of a GIF the first frame as browsers show it."""
    if isinstance(source.image, GifImageFile):
        return next(_gif_frames(source))[0]
    if isinstance(source.image, Jpeg):
        return load_jpeg(source.image, source.file, factor)
    if source.first_frame:  # of an animated PNG browsers show the first frame, not what is for others
        with decoding():
            source.image.seek(source.first_frame)
    source.image.load()
    return source.image


def plays(source: Source) -> int:
    """Tell how often an animation is shown; 0 means for ever."""
    if source.format.name == "avif":
        return avif_loops.plays(source.file)
    loop = source.image.info.get("loop")
    if source.format.name != "gif":
        return loop or 0
    if loop is None:
        return 1
    return loop + 1 if loop else 0


def _stored(source: Source, plan: Plan) -> tuple[Box, Size]:
    """Return a plan's region and size as the stored image has them, before it is turned."""
    box = stored_box(plan.region, source.size, source.orientation)
    return box, oriented_size(plan.size, source.orientation)


def _result(decoded: Image.Image, box: Box, size: Size, factor: int = 1) -> Image.Image:
    with decoding():  # a broken palette shows only when it is looked up
        image = normalised(decoded)
    left, top, right, bottom = (edge / factor for edge in box)
    part = left, top, min(right, float(image.width)), min(bottom, float(image.height))
    return _cropped(image, part, size)


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
