"""Uploads that come in over several requests, whatever happens in between."""

from .admission import Admission
from .completion import Completion
from .records import Chunk, NewUpload, UploadState
from .remote_uploads import RemoteUploads
from .service import ResumableService

__all__ = [
    "Admission",
    "Chunk",
    "Completion",
    "NewUpload",
    "RemoteUploads",
    "ResumableService",
    "UploadState",
]
