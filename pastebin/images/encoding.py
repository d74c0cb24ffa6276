"""Writing results, with their pixels, their profile and nothing else from the source."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from pastebin.images.palettes import indexed_frames

DEFAULT_QUALITY = {"jpeg": 85, "webp": 80, "avif": 65}
ANIMATED = ("png", "gif", "webp", "avif")

# Photos take a third of the time of level 6 and no more bytes, drawings a tenth more bytes.
_PNG_LEVEL = 4
# The longest that a frame of an animation is shown, in milliseconds: about what an animated PNG can say.
_LONGEST = 65_000
# From this quality on, a JPEG keeps its colours at full resolution.
_FULL_COLOUR_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Animation:
    """Frames of one size with their durations in milliseconds, shown `plays` times (0: for ever)."""

    frames: Sequence[Image.Image]
    durations: Sequence[float]
    plays: int


def encode(image: Image.Image, target: str, quality: int | None, profile: bytes | None) -> bytes:
    """Encode a still L, LA, RGB or RGBA image; as "jpeg" only L or RGB."""
    frames, options = _prepared([image], target)
    return _saved(frames[0], target, options | _options(target, quality, profile))


def encode_animation(animation: Animation, target: str, quality: int | None, profile: bytes | None) -> bytes:
    """Encode an animation as one of `ANIMATED`. AVIF repeats for ever: Pillow cannot say otherwise."""
    frames, options = _prepared(_of_one_mode(animation.frames), target)
    options |= _options(target, quality, profile) | _loop(target, animation.plays)
    options |= {"save_all": True, "append_images": frames[1:]}
    options["duration"] = _whole(animation.durations, 10 if target == "gif" else 1)
    return _saved(frames[0], target, options)


def _saved(image: Image.Image, target: str, options: dict[str, Any]) -> bytes:
    output = BytesIO()
    image.save(output, target.upper(), **options)
    return output.getvalue()


def _options(target: str, quality: int | None, profile: bytes | None) -> dict[str, Any]:
    quality = quality or DEFAULT_QUALITY.get(target)
    if target == "jpeg":
        colours = "4:4:4" if quality and quality >= _FULL_COLOUR_QUALITY else "4:2:0"
        return {"quality": quality, "subsampling": colours, "icc_profile": profile}
    if target == "webp":
        return {"quality": quality, "method": 4, "icc_profile": profile}
    if target == "avif":
        return {"quality": quality, "speed": 8, "icc_profile": profile}
    return {"icc_profile": profile, "compress_level": _PNG_LEVEL} if target == "png" else {}


def _prepared(frames: Sequence[Image.Image], target: str) -> tuple[list[Image.Image], dict[str, Any]]:
    """Give frames a mode their format stores, free of everything read from the source, and options."""
    if target == "gif":
        return indexed_frames(frames)
    fitting = [_fitting(frame, target) for frame in frames]
    for frame in fitting:
        frame.info = {}
    return fitting, {}


def _fitting(image: Image.Image, target: str) -> Image.Image:
    return image.convert("RGBA") if image.mode == "LA" and target != "png" else image


def _of_one_mode(frames: Sequence[Image.Image]) -> list[Image.Image]:
    modes = {frame.mode for frame in frames}
    if len(modes) == 1:
        return list(frames)
    common = "RGBA" if modes & {"LA", "RGBA"} else "RGB"
    return [frame if frame.mode == common else frame.convert(common) for frame in frames]


def _loop(target: str, plays: int) -> dict[str, int]:
    """State how often to play: a GIF counts repetitions after the first, and without a count plays once."""
    if target == "avif" or (target == "gif" and plays == 1):
        return {}
    return {"loop": max(plays - 1, 0) if target == "gif" else plays}


def _whole(durations: Sequence[float], step: int) -> list[int]:
    """Round durations to multiples of `step` without letting the errors add up, nor any vanish.

    What is over `_LONGEST` is cut: not every format could hold it.
    """
    exact, total, rounded = 0.0, 0, []
    for duration in durations:
        exact += min(duration, _LONGEST)
        whole = round(exact / step) * step - total
        rounded.append(max(whole, step if duration > 0 else 0))
        total += rounded[-1]
    return rounded
