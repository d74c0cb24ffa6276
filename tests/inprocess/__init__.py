"""The file host in this very process, without a socket: built, asked and looked into by the tests."""

from .database import make_sqlite_template, migrate
from .forms import BOUNDARY, Part, body_of, content_type, file_part, text_part
from .service import PRODUCTION, Service, without_key

__all__ = [
    "BOUNDARY",
    "PRODUCTION",
    "Part",
    "Service",
    "body_of",
    "content_type",
    "file_part",
    "make_sqlite_template",
    "migrate",
    "text_part",
    "without_key",
]
