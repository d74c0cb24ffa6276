"""An SVG as a picture, by resvg, which reads every image that a drawing names by its path.

So it draws while this process cannot open a file: neither by a path nor in any other way, whoever runs
the service. Its fonts are in memory.
"""

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images.geometry import Size
from pastebin.images.thumbnails.typefaces import typefaces
from pastebin.previews.panics import Panics

if TYPE_CHECKING:
    from resvg.usvg import Options

# Bytes of a drawing. A map of 8 MiB takes two seconds.
_LONGEST = 8 * 2**20

_WHITE = (255, 255, 255, 255)


def drawn(file: BinaryIO, charset: str, box: Size) -> Image.Image:
    """Draw an SVG on white, as large as fits into a box. Raises NotAnImage."""
    from resvg import render, usvg  # noqa: PLC0415 - for workers only

    data = file.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        raise NotAnImage("this drawing is too large to be drawn")
    options, broken = _options(), NotAnImage("this drawing is broken, or too complex to be drawn")
    with Panics(broken, ValueError), _no_file_can_be_opened():
        tree = usvg.Tree.from_str(data.decode(charset, "replace").removeprefix("\ufeff"), options)
        width, height = tree.int_size()
        scale = min(box[0] / width, box[1] / height)
        size = max(1, int(width * scale)), max(1, int(height * scale))
        picture = render(tree, (scale, 0, 0, 0, scale, 0), bg_size=size, bg_color=_WHITE)
    return Image.open(io.BytesIO(picture)).convert("RGB")


@cache
def _options() -> "Options":
    from resvg import usvg  # noqa: PLC0415

    options = usvg.Options.default()
    for font in typefaces():
        options.load_font_data(font)
    return options


@contextmanager
def _no_file_can_be_opened() -> Iterator[None]:
    """Let this process have no descriptor that it does not have yet (RLIMIT_NOFILE)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
