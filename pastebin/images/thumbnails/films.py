"""A frame of a video, by the program ffmpeg where that is installed."""

from typing import BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images import ffmpeg
from pastebin.images.geometry import Size

# Wall-clock seconds of each of two tries; both end before the task does.
_SECONDS = 4.0


def frame_of(file: BinaryIO, mimetype: str, box: Size) -> Image.Image:
    """Return a frame of a video at most as wide as `box`, after a second if it is that long.

    Raises NotAnImage without one.
    """
    for seconds in ("1", "0"):
        data = ffmpeg.run(
            "ffmpeg",
            file,
            mimetype,
            ["-nostdin", "-threads", "1", "-ss", seconds],
            ["-an", "-sn", "-dn", "-frames:v", "1", "-vf", f"scale='min({box[0]},iw)':-2",
             "-threads", "1", "-f", "image2pipe", "-c:v", "ppm", "pipe:1"],
            seconds=_SECONDS,
        )  # fmt: skip
        if data:
            return _as_image(data)
    raise NotAnImage("there is no frame in this video that could be shown")


def _as_image(data: bytes) -> Image.Image:
    """Return the picture of a PPM: `P6`, width, height and 255, each followed by a space, then samples."""
    head, width, height, _, samples = data.replace(b"\n", b" ", 3).split(b" ", 4)
    if head != b"P6":
        raise NotAnImage("ffmpeg gave no picture")
    return Image.frombytes("RGB", (int(width), int(height)), samples)
