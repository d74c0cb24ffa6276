"""Writing results, with their pixels, their profile and nothing else from the source."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image, __version__

from pastebin.images import avif_loops
from pastebin.images.palettes import indexed_frames

# What the bytes of a result depend on beside source and transform. Count the first number up with
# every change here that shows in results.
ENCODER_VERSION = f"5-{__version__}"

DEFAULT_QUALITY = {"jpeg": 85, "webp": 80, "avif": 65}

# What can be animated, and how many pixels over all frames are encoded: about 4.5 s of work.
ANIMATED = {"png": 26_000_000, "gif": 20_000_000, "webp": 13_000_000, "avif": 10_000_000}

# Of PNG: photos take a third of the time of level 6 and no more bytes, drawings a tenth more bytes.
_PNG_LEVEL = 4
_WEBP_METHOD = 4
_AVIF_SPEED = 8

# Results with more pixels, in which a few bytes more matter less than seconds of work.
_LARGE = 8_000_000
_LARGE_PNG_LEVEL = 1
_LARGE_WEBP_METHOD = 1

# The longest that a frame of an animation is shown, in milliseconds: about what an animated PNG can say.
_LONGEST = 65_000
# The most often that an animation is said to be played.
_MOST_PLAYS = 65_535
_ALPHA_FLAG = 0x10  # of a WebP
# From this quality on, a JPEG keeps its colours at full resolution.
_FULL_COLOUR_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Animation:
    """Frames of one size with their durations in milliseconds, shown `plays` times (0: for ever)."""

    frames: Sequence[Image.Image]
    durations: Sequence[float]
    plays: int


class _Output:
    """A file without its descriptor: Pillow's own writing to one does not notice a disk that gets full."""

    def __init__(self, file: BinaryIO) -> None:
        self.write = file.write
        self.flush = file.flush


def encode(
    image: Image.Image, target: str, quality: int | None, profile: bytes | None, output: BinaryIO
) -> None:
    """Encode a still L, LA, RGB or RGBA image into a file; as "jpeg" only L or RGB."""
    frames, options = _prepared([image], target)
    _save(frames[0], target, options | _options(image, target, quality, profile), output)


def encode_animation(
    animation: Animation, target: str, quality: int | None, profile: bytes | None, output: BinaryIO
) -> None:
    """Encode an animation as one of `ANIMATED` into a file, which may be read."""
    frames, options = _prepared(_of_one_mode(animation.frames), target)
    options |= _options(frames[0], target, quality, profile) | _loop(target, animation.plays)
    options |= {"save_all": True, "append_images": frames[1:]}
    options["duration"] = _whole(animation.durations, 10 if target == "gif" else 1)
    _save(frames[0], target, options, output)
    if target == "webp" and frames[0].mode == "RGBA":
        _tell_alpha(output)
    if target == "avif" and len(frames) > 1 and animation.plays:
        avif_loops.tell_plays(output, animation.plays)


def _tell_alpha(output: BinaryIO) -> None:
    """Say that a WebP has transparency: libwebp does not where it is only outside of all frames.

    `output` may be read. Layout: RFC 9649, 2.7.1.
    """
    end = output.tell()
    output.seek(12)
    header = output.read(9)
    if header.startswith(b"VP8X"):
        output.seek(20)
        output.write(bytes([header[8] | _ALPHA_FLAG]))
        output.flush()
    output.seek(end)


def _save(image: Image.Image, target: str, options: dict[str, Any], output: BinaryIO) -> None:
    image.save(_Output(output), target.upper(), **options)  # type: ignore[arg-type]
    output.flush()


def _options(image: Image.Image, target: str, quality: int | None, profile: bytes | None) -> dict[str, Any]:
    quality = quality or DEFAULT_QUALITY.get(target)
    is_large = image.width * image.height > _LARGE
    if target == "jpeg":
        colours = "4:4:4" if quality and quality >= _FULL_COLOUR_QUALITY else "4:2:0"
        return {"quality": quality, "subsampling": colours, "icc_profile": profile}
    if target == "webp":
        method = _LARGE_WEBP_METHOD if is_large else _WEBP_METHOD
        return {"quality": quality, "method": method, "icc_profile": profile}
    if target == "avif":
        return {"quality": quality, "speed": _AVIF_SPEED, "icc_profile": profile, "max_threads": 1}
    level = _LARGE_PNG_LEVEL if is_large else _PNG_LEVEL
    return {"icc_profile": profile, "compress_level": level} if target == "png" else {}


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
    """State how often to play: a GIF counts repetitions after the first, and without a count plays once.

    What the 16 bits of GIF and WebP do not hold is as good as for ever.
    """
    if target == "avif" or (target == "gif" and plays == 1):
        return {}
    if plays > _MOST_PLAYS:
        plays = 0
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
