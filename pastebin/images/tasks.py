"""What workers do with images: render one, from an open file into another."""

from typing import Any, BinaryIO

from PIL import AvifImagePlugin, Image

from pastebin.images.costs import TooMuchMemory
from pastebin.images.limits import ImageLimits
from pastebin.images.rendering import render
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


TASKS = {"render": render_task}
