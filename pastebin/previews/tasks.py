"""What workers do for previews."""

from typing import Any, BinaryIO

from . import highlighting, markdown_html  # noqa: F401 - loaded once, before workers are forked
from .base import FileFacts
from .json_form import to_json
from .registry import read_preview


def preview(source: BinaryIO, params: dict[str, Any], _target: BinaryIO | None) -> tuple[dict[str, Any], bytes]:
    """Return the preview of `source` as JSON; `params` are `file`, the fields of FileFacts, and `limit`."""
    shown = read_preview(source, FileFacts(**params["file"]), params["limit"])
    return to_json(shown), b""


TASKS = {"preview": preview}
