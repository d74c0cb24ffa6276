"""The resource tree: one small class for each noun an address can hold.

/            Root
/j           MachineUpload
/health      Health              /robots.txt     Robots
/p/<name>    PreviewContext      /i/<name>       InlineContext
/d/<name>    DownloadContext     /r/<name>       ResizedContext
/s/<code>    ShortLinkContext    /q/<name>       QRCodeContext
/m/<key>     ManagedLink, ManagedCollection
/c           Collections         /c/<code>       CollectionContext
/uploaded    Uploaded            /c/<code>.zip   ZipContext
/latest      Latest              /oembed         OEmbed
/live        Live                /logo           Logo
/brand.css   BrandStyle
/sharex.sxcu ShareXUploader      /screenshot.sh  ScreenshotScript
"""

from pyramid.config import Configurator

from .base import Container, Noun
from .collections import (
    CollectionContext,
    Collections,
    LimitedZipContext,
    ManagedCollection,
    Uploaded,
    ZipContext,
)
from .files import (
    DownloadContext,
    FileContext,
    InlineContext,
    LimitedContext,
    LockedContext,
    PreviewContext,
    QRCodeContext,
    ResizedContext,
    ShortLinkContext,
)
from .links import ManagedLink
from .root import (
    BrandStyle,
    Health,
    Latest,
    Live,
    Logo,
    MachineUpload,
    OEmbed,
    Robots,
    Root,
    ScreenshotScript,
    ShareXUploader,
)

__all__ = [
    "BrandStyle",
    "CollectionContext",
    "Collections",
    "Container",
    "DownloadContext",
    "FileContext",
    "Health",
    "InlineContext",
    "Latest",
    "LimitedContext",
    "LimitedZipContext",
    "Live",
    "LockedContext",
    "Logo",
    "MachineUpload",
    "ManagedCollection",
    "ManagedLink",
    "Noun",
    "OEmbed",
    "PreviewContext",
    "QRCodeContext",
    "ResizedContext",
    "Robots",
    "Root",
    "ScreenshotScript",
    "ShareXUploader",
    "ShortLinkContext",
    "Uploaded",
    "ZipContext",
]


def includeme(config: Configurator) -> None:
    """Set the root of traversal."""
    config.include(".factory")
