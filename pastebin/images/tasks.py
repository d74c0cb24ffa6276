"""What workers do with images: render one, from an open file into another."""

from typing import Any, BinaryIO

import pi_heif  # noqa: F401 - loaded before workers are forked
import pillow_jxl  # noqa: F401
import pypdfium2  # noqa: F401
import resvg  # noqa: F401
from PIL import AvifImagePlugin, Image

from pastebin.images import metadata
from pastebin.images.costs import TooMuchMemory
from pastebin.images.limits import ImageLimits
from pastebin.images.rendering import render
from pastebin.images.thumbnails import thumbnail
from pastebin.images.transform import Transform

# A worker is one of several: threads of its own would only take memory.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

# What Pillow would import only when the first result is encoded.
Image.preinit()


def render_task(
    source: BinaryIO, params: dict[str, Any], target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Render the image in `source` into `target`; return `Rendered.to_json()`.

    `params` has "transform" and "limits", the fields of these classes, and "is_heavy". Without the
    latter, an image that needs more memory than the limits allow is no error: the answer is
    {"is_heavy": True}, and it is to be asked for again as a heavy one.
    """
    if target is None:
        raise ValueError("rendering needs a target")
    transform, limits = Transform.from_json(params["transform"]), ImageLimits(**params["limits"])
    try:
        return render(source, transform, target, limits).to_json(), b""
    except (TooMuchMemory, MemoryError):
        if params["is_heavy"]:
            raise
    return {"is_heavy": True}, b""


def thumbnail_task(
    source: BinaryIO, params: dict[str, Any], target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Write a thumbnail of the file in `source` into `target`; `params` are `thumbnail`'s facts."""
    if target is None:
        raise ValueError("a thumbnail needs a target")
    thumbnail(source, params, target)
    return {}, b""


def find_metadata_task(
    source: BinaryIO, _params: dict[str, Any], _target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Return the kinds of metadata in the picture in `source` as {"kinds": […]}."""
    return {"kinds": metadata.find(source)}, b""


def look_over_task(
    source: BinaryIO, _params: dict[str, Any], _target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Return whether the picture in `source` is damaged beside its pixels, and how it was taken.

    As {"is_damaged": …, "shot": {…}}; see `metadata.shots`.
    """
    is_damaged, shot = metadata.look_over(source)
    return {"is_damaged": is_damaged, "shot": shot}, b""


def strip_metadata_task(
    source: BinaryIO, _params: dict[str, Any], target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Write the picture in `source` without metadata into `target`; return the kinds of what is left out."""
    if target is None:
        raise ValueError("removing metadata needs a target")
    return {"kinds": metadata.strip(source, target)}, b""


TASKS = {
    "render": render_task,
    "thumbnail": thumbnail_task,
    "find_metadata": find_metadata_task,
    "look_over": look_over_task,
    "strip_metadata": strip_metadata_task,
}
