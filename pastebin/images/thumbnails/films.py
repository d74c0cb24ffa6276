"""A frame of a video, by the program ffmpeg where that is installed."""

import os
import shutil
import subprocess
from functools import cache
from typing import BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images.thumbnails.sheets import SIZE

# The demuxer for each media type. None is guessed from the bytes: some read other files that they name.
_DEMUXERS = {
    "video/mp4": "mov", "video/quicktime": "mov", "video/x-m4v": "mov", "video/3gpp": "mov",
    "video/3gpp2": "mov",
    "video/webm": "matroska", "video/x-matroska": "matroska", "video/x-msvideo": "avi", "video/ogg": "ogg",
    "video/mpeg": "mpeg", "video/x-flv": "flv",
}  # fmt: skip

# Wall-clock seconds of each of two tries; both end before the task does. The pool's clock does not count the
# processor time of a worker's children.
_SECONDS = 4.0

_WIDTH = 2 * SIZE[0]


@cache
def _ffmpeg() -> str | None:
    return shutil.which("ffmpeg")


def frame_of(file: BinaryIO, mimetype: str) -> Image.Image:
    """Return a frame of a video, after a second if it is that long. NotAnImage without one."""
    program, demuxer = _ffmpeg(), _DEMUXERS.get(mimetype)
    if program is None or demuxer is None:
        raise NotAnImage("this server shows no frames of such videos")
    for seconds in ("1", "0"):
        data = _decoded(program, demuxer, file, seconds)
        if data:
            return _as_image(data)
    raise NotAnImage("there is no frame in this video that could be shown")


def _decoded(program: str, demuxer: str, file: BinaryIO, seconds: str) -> bytes:
    """Return a frame as PPM; nothing if there is none."""
    descriptor = file.fileno()
    os.lseek(descriptor, 0, os.SEEK_SET)
    command = [
        program, "-nostdin", "-loglevel", "quiet", "-threads", "1", "-protocol_whitelist", "file",
        "-f", demuxer, "-ss", seconds, "-i", f"/proc/self/fd/{descriptor}", "-an", "-sn", "-dn",
        "-frames:v", "1", "-vf", f"scale='min({_WIDTH},iw)':-2",
        "-threads", "1", "-f", "image2pipe", "-c:v", "ppm", "pipe:1",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and nothing of the file's in its arguments
            command, pass_fds=[descriptor], stdout=subprocess.PIPE, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout


def _as_image(data: bytes) -> Image.Image:
    """Return the picture of a PPM: `P6`, width, height and 255, each followed by a space, then samples."""
    head, width, height, _, samples = data.replace(b"\n", b" ", 3).split(b" ", 4)
    if head != b"P6":
        raise NotAnImage("ffmpeg gave no picture")
    return Image.frombytes("RGB", (int(width), int(height)), samples)
