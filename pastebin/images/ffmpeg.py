"""ffmpeg's programs, where they are installed, on an open file: the only one that they can read."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from typing import BinaryIO

from pastebin.errors import NotAnImage

# The demuxer for each media type. None is guessed from the bytes: some read other files that they name.
_DEMUXERS = {
    "video/mp4": "mov", "video/quicktime": "mov", "video/x-m4v": "mov", "video/3gpp": "mov",
    "video/3gpp2": "mov",
    "video/webm": "matroska", "video/x-matroska": "matroska", "video/x-msvideo": "avi", "video/ogg": "ogg",
    "video/mpeg": "mpeg", "video/x-flv": "flv",
}  # fmt: skip


@cache
def found(program: str) -> str | None:
    """Return the path of a program; None where it is not installed."""
    return shutil.which(program)


def run(
    program: str,
    file: BinaryIO,
    mimetype: str,
    before: Sequence[str],
    after: Sequence[str],
    *,
    seconds: float,
) -> bytes:
    """Return what a program says of a film; nothing if it has not ended in time (wall-clock).

    Options stand `before` and `after` the input. The pool's clock does not count the processor time of a
    worker's children. Raises NotAnImage where the program, or a demuxer for the media type, is missing.
    """
    path, demuxer = found(program), _DEMUXERS.get(mimetype)
    if path is None or demuxer is None:
        raise NotAnImage("this server cannot look into such videos")
    descriptor = file.fileno()
    os.lseek(descriptor, 0, os.SEEK_SET)
    command = [path, "-loglevel", "quiet", "-protocol_whitelist", "file", "-f", demuxer, *before,
               "-i", f"/proc/self/fd/{descriptor}", *after]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and nothing of the file's in its arguments
            command,
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout
