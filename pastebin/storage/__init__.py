"""Where contents are kept: the store's protocol and its implementations."""

from .appender import Appender
from .database import DatabaseBlobStore
from .derived import DerivedFolder
from .derived_file import DerivedFile, DerivedWriter, open_anonymous
from .folder import FolderBlobStore
from .interface import (
    Blob,
    BlobMissing,
    BlobStore,
    BlobWriter,
    RemovedBlob,
    StagedBlob,
    StoredBlob,
    copy_into,
)
from .tiered import TieredBlobStore
from .unfinished import Unfinished
from .unfinished_folder import UnfinishedFolder

__all__ = [
    "Appender",
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
    "Unfinished",
    "UnfinishedFolder",
    "copy_into",
    "open_anonymous",
]
