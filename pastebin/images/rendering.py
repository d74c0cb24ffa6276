"""A new image from a stored one: cropped, scaled and encoded as asked, without its metadata."""

from dataclasses import dataclass
from typing import BinaryIO

from pastebin.errors import ImageTooLarge
from pastebin.images import scaling, signatures
from pastebin.images.colour import matched, usable_profile
from pastebin.images.decoding import Source, opened
from pastebin.images.encoding import ANIMATED, Animation, encode, encode_animation
from pastebin.images.geometry import Plan, Size
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits
from pastebin.images.modes import flattened
from pastebin.images.transform import Transform

# Results of these keep their format; BMP, TIFF and ICO become PNG, which loses nothing.
_KEPT = ("jpeg", "png", "gif", "webp", "avif")


@dataclass(frozen=True, slots=True)
class Rendered:
    """An encoded image; `suffix` has no dot, width and height are its pixels."""

    data: bytes
    mimetype: str
    suffix: str
    width: int
    height: int


def render(file: BinaryIO, transform: Transform, limits: ImageLimits = DEFAULT_LIMITS) -> Rendered:
    """Render `transform` of an image file, from its beginning; the file stays open.

    Raises NotAnImage, ImageTooLarge and BadTransform. An animation stays one where the result's
    format can hold it. Safe to call from several threads, each with a file of its own.
    """
    with opened(file, limits, limits.max_frames) as source:
        plan = transform.plan(source.size, limits)
        target = transform.format or _default_format(source)
        make = _animation if source.frame_count > 1 and target in ANIMATED else _still
        data, size = make(source, plan, target, transform.quality, limits)
    encoded = signatures.FORMATS[target]
    return Rendered(data, encoded.mimetype, encoded.suffix, *size)


def _default_format(source: Source) -> str:
    return source.format.name if source.format.name in _KEPT else "png"


def _still(
    source: Source, plan: Plan, target: str, quality: int | None, limits: ImageLimits
) -> tuple[bytes, Size]:
    image = scaling.still(source, plan)
    if target == "jpeg":
        image = flattened(image)
    profile = usable_profile(source.image.info.get("icc_profile"), image.mode)
    image, kept = matched(image, profile, target)
    return encode(image, target, quality, kept), image.size


def _animation(
    source: Source, plan: Plan, target: str, quality: int | None, limits: ImageLimits
) -> tuple[bytes, Size]:
    _check_animation(source, plan, limits)
    profile, frames, durations, kept = source.image.info.get("icc_profile"), [], [], None
    for frame, duration in scaling.animation(source, plan):
        image, kept = matched(frame, usable_profile(profile, frame.mode), target)
        frames.append(image)
        durations.append(duration)
    animation = Animation(frames, durations, scaling.plays(source))
    return encode_animation(animation, target, quality, kept), frames[0].size


def _check_animation(source: Source, plan: Plan, limits: ImageLimits) -> None:
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
    if count * plan.size[0] * plan.size[1] > limits.max_result_pixels:
        raise ImageTooLarge(
            f"{count} frames of {plan.size[0]} × {plan.size[1]} pixels would be over "
            f"{limits.max_result_pixels} in all: {hint}"
        )
