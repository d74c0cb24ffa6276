"""Pages, styles and scripts, compressed for browsers that ask for it. Uploads go as they are."""

import gzip
import re
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.request import Request
from pyramid.response import Response

# Less is one packet on the wire in any case.
WORTH_IT = 1000

# A page of 20,000 lines takes 40 ms, a usual one less than one.
LEVEL = 5

_TYPES = frozenset({"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"})
# Runs of spaces are taken whole (`*+`), or a header of many would be read in quadratic time.
_GZIP = re.compile(r"(?:^|,)\s*+gzip\s*+(?:;\s*+q=(?:1|0\.[0-9]*[1-9]))?[0.]*+\s*+(?:,|$)", re.IGNORECASE)


def compress(request: Request, response: Response) -> None:
    """Compress an answer, if the client takes that and it is worth it.

    Its length tells how much of what stands in it is repeated (the BREACH attack), and so a secret may stand
    in it only if it is told once: as a management key is.
    """
    response.vary = (*(response.vary or ()), "Accept-Encoding")
    if request.method != "GET" or response.status_int != 200 or response.content_encoding:
        return
    if response.content_type not in _TYPES:
        return
    if not _GZIP.search(request.headers.get("Accept-Encoding", "")) or len(response.body) < WORTH_IT:
        return
    response.body = gzip.compress(response.body, LEVEL, mtime=0)
    response.content_encoding = "gzip"


def includeme(config: Configurator) -> None:
    """Compress static files, the only answers whose address is a route; pages ask for it as they are made."""

    def compress_static(event: Any) -> None:
        if event.request.matched_route is not None:
            compress(event.request, event.response)

    config.add_subscriber(compress_static, NewResponse)
