"""The resource tree: one small class for each noun an address can hold.

/            Root
/j           MachineUpload
/health      Health
/p/<name>    PreviewContext      /i/<name>  InlineContext
/d/<name>    DownloadContext     /r/<name>  ResizedContext
/s/<code>    ShortLinkContext
"""

from .base import Container, Noun
from .files import (
    DownloadContext,
    FileContext,
    InlineContext,
    PreviewContext,
    ResizedContext,
    ShortLinkContext,
)
from .root import Health, MachineUpload, Root

__all__ = [
    "Container",
    "DownloadContext",
    "FileContext",
    "Health",
    "InlineContext",
    "MachineUpload",
    "Noun",
    "PreviewContext",
    "ResizedContext",
    "Root",
    "ShortLinkContext",
]
