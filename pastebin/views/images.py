"""Any size or crop of an image, by address."""

import os

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..errors import BadTransform
from ..http import serve_bytes
from ..images import Transform
from ..images.transform import PARAMETERS
from ..resources import InlineContext, ResizedContext
from .files import guard_content


def read_transform(request: Request) -> Transform | None:
    """Return what the address asks for; BadTransform if it says it badly or twice."""
    for name in PARAMETERS:
        if len(request.GET.getall(name)) > 1:
            raise BadTransform(f"The parameter {name} is given twice.")
    return Transform.from_params(request.GET, request.registry["pastebin.limits"])


@view_config(context=InlineContext, request_method="GET", transform=True)
def resized_inline(context: InlineContext, request: Request) -> Response:
    """Send an image in the size asked for."""
    file = context.file
    transform = read_transform(request) or Transform()
    image = request.services.resizing.image(file, transform)
    start = image.reader.tell()
    size = os.fstat(image.reader.fileno()).st_size - start
    response = serve_bytes(request, image.reader, size, image.tag, file.uploadtime, image.mimetype)
    response.headers["Content-Disposition"] = "inline"
    return guard_content(response, image.mimetype)


@view_config(context=ResizedContext, request_method="GET")
def resized_file(context: ResizedContext, request: Request) -> Response:
    """Make or find the image in the size asked for, and answer with its address."""
    link = request.services.resizing.as_file(context.file, read_transform(request))
    return Response(request.address("i", link.file.filehash), content_type="text/plain", charset="utf-8")
