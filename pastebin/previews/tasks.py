"""What workers do for previews. Importing this takes about 25 MiB and 0.3 s, once for all workers."""

from typing import Any, BinaryIO

from . import encodings, markdown_html  # noqa: F401 - loaded before workers are forked
from .base import FileFacts
from .comparison import compare
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


TASKS = {"preview": preview, "compare": comparison}

preload()
