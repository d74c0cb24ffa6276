"""A new image from a stored one: cropped, scaled and encoded as asked, without its metadata."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, Self

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images import costs, png, scaling, signatures
from pastebin.images.colour import matched
from pastebin.images.colour_descriptions import colours_of
from pastebin.images.decoding import Source, opened
from pastebin.images.encoding import ANIMATED, Animation, encode, encode_animation
from pastebin.images.geometry import Plan, Size
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits
from pastebin.images.modes import flattened
from pastebin.images.png_checksum import with_right_checksum
from pastebin.images.transform import Transform

# Results of these keep their format; BMP, TIFF and ICO become PNG, which loses nothing.
_KEPT = ("jpeg", "png", "gif", "webp", "avif")
# Photos of formats that few browsers show.
_PHOTOS = ("heic", "jxl", "raw")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What an encoded image is: its format and its sides in pixels."""

    format: signatures.Format
    width: int
    height: int

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON can carry them."""
        return {"format": self.format.name, "width": self.width, "height": self.height}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Self:
        """Return the rendered image that a worker tells of; ValueError if that is none.

        What a worker says is not trusted: a media type other than an image's could be a script's.
        """
        match given:
            case {"format": str(name), "width": int(width), "height": int(height)} if (
                name in signatures.FORMATS
            ):
                return cls(signatures.FORMATS[name], width, height)
        raise ValueError("this is no rendered image")


def render(
    file: BinaryIO, transform: Transform, output: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS
) -> Rendered:
    """Render `transform` of an image file, from its beginning, into another; both stay open.

    Raises NotAnImage, ImageTooLarge and BadTransform. An animation stays one where the result's
    format can hold it; of a PNG whose frames are broken its still picture is rendered, and one whose
    pixels are there although their checksum is wrong. Meant for a worker process: neither its time nor,
    but by an estimate, its memory has a bound here.
    """
    try:
        return _render(file, transform, output, limits)
    except NotAnImage as error:
        broken = error
    for mend in (png.without_animation, with_right_checksum):
        mended = mend(file)
        if mended is not None:
            output.seek(0)
            output.truncate()
            with suppress(NotAnImage):
                return _render(mended, transform, output, limits)
    raise broken


def _render(file: BinaryIO, transform: Transform, output: BinaryIO, limits: ImageLimits) -> Rendered:
    with opened(file, limits, limits.max_frames) as source:
        plan = transform.plan(source.size, limits)
        target = transform.format or _default_format(source)
        make = _animation if source.frame_count > 1 and target in ANIMATED else _still
        size = make(source, plan, _Target(target, transform.quality, output), limits)
    return Rendered(signatures.FORMATS[target], *size)


class _Target(NamedTuple):
    """What a result is to become, and where it goes."""

    format: str
    quality: int | None
    output: BinaryIO


def _default_format(source: Source) -> str:
    if source.format.name in _PHOTOS:
        return "webp"
    return source.format.name if source.format.name in _KEPT else "png"


def _still(source: Source, plan: Plan, target: _Target, limits: ImageLimits) -> Size:
    factor = scaling.factor(source, plan)
    decoded = costs.decoding_memory(source.image, source.format.name, source.file_size, factor)
    costs.check_memory(costs.total_memory(decoded, plan.size, target.format), limits.max_memory)
    colours = colours_of(source.image, source.format.name)
    image = scaling.still(source, plan)
    if target.format == "jpeg":
        image = flattened(image)
    image, kept = matched(image, colours, target.format)
    encode(image, target.format, target.quality, kept, target.output)
    return image.size


def _animation(source: Source, plan: Plan, target: _Target, limits: ImageLimits) -> Size:
    _check_animation(source, plan, target.format, limits)
    decoded = costs.decoding_memory(source.image, source.format.name, source.file_size)
    needed = costs.animation_memory(decoded, plan.size, target.format, source.frame_count)
    costs.check_memory(needed, limits.max_memory)
    colours, frames, durations, kept = colours_of(source.image, source.format.name), [], [], None
    for frame, duration in scaling.animation(source, plan):
        image, kept = matched(frame, colours, target.format)
        frames.append(image)
        durations.append(duration)
    animation = Animation(frames, durations, scaling.plays(source))
    encode_animation(animation, target.format, target.quality, kept, target.output)
    return frames[0].size


def _check_animation(source: Source, plan: Plan, target: str, limits: ImageLimits) -> None:
    """Raise ImageTooLarge, before a frame is decoded, when the animation is over its budget."""
    count = source.frame_count
    hint = "ask for a smaller size, or for its first frame with format=jpeg"
    if count > limits.max_frames:
        raise ImageTooLarge(f"the animation has more than {limits.max_frames} frames: {hint}")
    if count * source.size[0] * source.size[1] > limits.max_animation_pixels:
        raise ImageTooLarge(
            f"the animation has {count} frames of {source.size[0]} × {source.size[1]} pixels, over "
            f"{limits.max_animation_pixels} in all: ask for its first frame with format=jpeg"
        )
    most = min(limits.max_result_pixels, ANIMATED[target])
    if count * plan.size[0] * plan.size[1] > most:
        raise ImageTooLarge(
            f"{count} frames of {plan.size[0]} × {plan.size[1]} pixels would be over {most} in all: {hint}"
        )
