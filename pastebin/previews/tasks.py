"""What workers do for previews. Importing this takes about 25 MiB and 0.3 s, once for all workers."""

from typing import Any, BinaryIO

import python_calamine  # noqa: F401 - loaded before workers are forked

from . import encodings, markdown_html, sound_tags  # noqa: F401
from .base import FileFacts
from .comparison import compare
from .extraction import extract
from .highlighting import preload
from .json_form import to_json
from .registry import read_preview


def preview(source: BinaryIO, params: dict[str, Any], _: BinaryIO | None) -> tuple[dict[str, Any], bytes]:
    """Return the preview of `source` as JSON; `params` are `file`, the fields of FileFacts, and `limit`."""
    shown = read_preview(source, FileFacts(**params["file"]), params["limit"])
    return to_json(shown), b""


def comparison(source: BinaryIO, params: dict[str, Any], _: BinaryIO | None) -> tuple[dict[str, Any], bytes]:
    """Return what differs between two texts as the preview of a text; see `comparison.compare`."""
    return to_json(compare(source, params)), b""


def extraction(
    source: BinaryIO, params: dict[str, Any], target: BinaryIO | None
) -> tuple[dict[str, Any], bytes]:
    """Write an entry of the archive in `source` into `target`; `params` is its `number` in the listing."""
    if target is None:
        raise ValueError("what is taken out needs a target")
    return {"name": extract(source, params["number"], target)}, b""


TASKS = {"preview": preview, "compare": comparison, "extract": extraction}

preload()
