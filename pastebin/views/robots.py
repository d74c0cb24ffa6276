"""What search engines are asked to do."""

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from ..resources import Robots

# Pages may be fetched also where they shall not be indexed: link previews are made of them, and
# a crawler has to read `X-Robots-Tag: noindex` to obey it. Downloads and copies need nobody's visit.
RULES = "User-agent: *\nDisallow: /d/\nDisallow: /q/\nDisallow: /r/\n"


@view_config(context=Robots, request_method="GET", http_cache=86400)
def robots(_request: Request) -> Response:
    """Answer with the rules for crawlers."""
    return Response(RULES, content_type="text/plain", charset="utf-8")
