"""What a video says of itself, by the program ffprobe where that is installed."""

import json
from contextlib import suppress
from typing import Any, BinaryIO

from ..errors import NotAnImage
from ..images import ffmpeg
from .sound_tags import LONGEST_SECONDS, shown

_SECONDS = 3.0

_WANTED = "format=duration:format_tags=title,artist:stream=width,height:stream_side_data=rotation"
_LARGEST_SIDE = 100_000


def film_facts(file: BinaryIO, mimetype: str) -> dict[str, Any]:
    """Return `title`, `artist`, `milliseconds`, `width` and `height` of a video, as far as it says them."""
    options = ["-select_streams", "V:0", "-show_entries", _WANTED, "-of", "json"]
    with suppress(NotAnImage, ValueError, TypeError, AttributeError, KeyError, IndexError):
        said = json.loads(ffmpeg.run("ffprobe", file, mimetype, options, [], seconds=_SECONDS))
        return {**_facts(said.get("format", {})), **_sides(said.get("streams", []))}
    return {}


def _facts(said: dict[str, Any]) -> dict[str, Any]:
    tags = {str(name).lower(): str(text) for name, text in said.get("tags", {}).items()}
    seconds = float(said.get("duration", 0))
    facts: dict[str, Any] = {name: shown(tags.get(name)) for name in ("title", "artist")}
    facts["milliseconds"] = round(seconds * 1000) if 0 < seconds < LONGEST_SECONDS else 0
    return facts


def _sides(streams: list[dict[str, Any]]) -> dict[str, int]:
    """Return the sides of the picture as it is shown: phones say how to turn it."""
    if not streams:
        return {}
    width, height = int(streams[0]["width"]), int(streams[0]["height"])
    turned = sum(int(one.get("rotation", 0)) for one in streams[0].get("side_data_list", []))
    if turned % 180:
        width, height = height, width
    return {"width": width, "height": height} if 0 < max(width, height) < _LARGEST_SIDE else {}
