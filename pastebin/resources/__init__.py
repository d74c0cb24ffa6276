"""The resource tree: one small class for each noun an address can hold.

/            Root
/j           MachineUpload
/health      Health              /robots.txt     Robots
/p/<name>    PreviewContext      /i/<name>       InlineContext
/d/<name>    DownloadContext     /r/<name>       ResizedContext
/s/<code>    ShortLinkContext    /q/<name>       QRCodeContext
/m/<key>     ManagedLink
/latest      Latest              /oembed         OEmbed
/live        Live                /logo           Logo
/brand.css   BrandStyle
/sharex.sxcu ShareXUploader      /screenshot.sh  ScreenshotScript
"""

from pyramid.config import Configurator

from .base import Container, Noun
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
    "Container",
    "DownloadContext",
    "FileContext",
    "Health",
    "InlineContext",
    "Latest",
    "LimitedContext",
    "Live",
    "LockedContext",
    "Logo",
    "MachineUpload",
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
]


def includeme(config: Configurator) -> None:
    """Set the root of traversal."""
    config.include(".factory")
