"""Uploads that come in over several requests, whatever happens in between."""

from .records import Chunk, NewUpload, UploadState
from .service import ResumableService

__all__ = ["Chunk", "NewUpload", "ResumableService", "UploadState"]
