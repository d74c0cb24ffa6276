"""A copy of a text to be edited without scripts: `?edit=utf-8` at its page, for that encoding."""

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from ..errors import BadRequest
from ..media.charsets import CODECS, decode_leniently
from ..previews.text import PLAIN_SIZE
from ..resources import PreviewContext
from .comparing import readable


@view_config(context=PreviewContext, request_method="GET", request_param="edit", renderer="edit.mako")
def edit(context: PreviewContext, request: Request) -> dict[str, Any]:
    """Show the form that makes a file of the text as it is changed. The file itself stays as it is."""
    file, charset = readable(request, context.file.filehash), request.GET["edit"]
    if charset not in CODECS:
        raise BadRequest(f"encoding must be one of {', '.join(CODECS)}.")
    if not file.is_text or file.size > PLAIN_SIZE:
        raise BadRequest("Only texts that are not too long can be edited here.")
    with request.services.store.open(file.sha256) as reader:
        text = decode_leniently(reader.read(PLAIN_SIZE), charset)
    request.response.headers["Cache-Control"] = "private, no-store"
    return {"file": file, "text": text}
