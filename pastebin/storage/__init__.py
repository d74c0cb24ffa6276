"""Where contents are kept: the store's protocol and its implementations."""

from .database import DatabaseBlobStore
from .derived import DerivedFolder
from .derived_file import DerivedFile, DerivedWriter, open_anonymous
from .folder import FolderBlobStore
from .interface import Blob, BlobMissing, BlobStore, BlobWriter, RemovedBlob, StagedBlob, StoredBlob
from .tiered import TieredBlobStore

__all__ = [
    "Blob",
    "BlobMissing",
    "BlobStore",
    "BlobWriter",
    "DatabaseBlobStore",
    "DerivedFile",
    "DerivedFolder",
    "DerivedWriter",
    "FolderBlobStore",
    "RemovedBlob",
    "StagedBlob",
    "StoredBlob",
    "TieredBlobStore",
    "open_anonymous",
]
