"""Where contents are kept: the store's protocol and its implementations."""

from pyramid.config import Configurator

from .derived import DerivedFolder
from .interface import Blob, BlobMissing, BlobStore, BlobWriter, StoredBlob
from .local import LocalBlobStore

__all__ = [
    "Blob",
    "BlobMissing",
    "BlobStore",
    "BlobWriter",
    "DerivedFolder",
    "LocalBlobStore",
    "StoredBlob",
    "includeme",
]


def includeme(config: Configurator) -> None:
    """Open the store of contents and the folder of derived images."""
    settings = config.registry["pastebin.settings"]
    durable = settings.durability == "full"
    config.registry["pastebin.store"] = LocalBlobStore(settings.files_path, durable=durable)
    config.registry["pastebin.derived"] = DerivedFolder(settings.derived_path, settings.derived_size)
