"""How the operator makes the pages theirs: name, logo, colour, foot. Templates know it as `brand`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.events import BeforeRender

from ..errors import ConfigurationError
from ..media import types as media
from ..media.sniffing import sniff
from ..settings import Settings

LOGO_SIZE = 512 * 2**10

SVG = "image/svg+xml"

# WCAG 2.2, success criterion 1.4.3: text of any size.
CONTRAST = 4.5

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)

# About the lightest and the darkest ground the pages put text on.
_LIGHT_GROUND, _DARK_GROUND = (255, 255, 255), (38, 40, 46)


@dataclass(frozen=True, slots=True)
class LogoFile:
    """The operator's image: its bytes, its media type and a short hash of it."""

    data: bytes
    mimetype: str
    version: str


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages say about whose they are. Paths are relative to the home page, None where not set."""

    site_name: str
    logo: str | None
    stylesheet: str | None
    footer_text: str
    legal_links: Sequence[tuple[str, str]]


def load_logo(path: Path | None) -> LogoFile | None:
    """Return the logo; ConfigurationError if the file is no image or too large."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(LOGO_SIZE + 1)
    except OSError as error:
        raise ConfigurationError(f"pastebin.logo cannot be read: {error}") from error
    mimetype = sniff(data).mimetype
    if len(data) > LOGO_SIZE or not (mimetype == SVG or media.is_raster(mimetype)):
        raise ConfigurationError(f"pastebin.logo must be an image of at most 512 KiB, not {path}")
    return LogoFile(data, mimetype, hashlib.sha256(data).hexdigest()[:12])


def stylesheet(color: str) -> str:
    """Return the rules that set the accent colour `#rrggbb`, and colours of it that can be read.

    `--brand-accent` for grounds, `--brand-on-accent` for text on it (black or white, whichever
    contrasts more), `--brand-text-light` and `--brand-text-dark` for text of that colour on
    light and dark pages: the colour itself, or as near to it as contrast allows.
    """
    accent = (int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16))
    rules = {
        "accent": accent,
        "on-accent": max(_WHITE, _BLACK, key=lambda ink: contrast(ink, accent)),
        "text-light": readable(accent, _LIGHT_GROUND, _BLACK),
        "text-dark": readable(accent, _DARK_GROUND, _WHITE),
    }
    lines = "".join(f"  --brand-{name}: #{bytes(value).hex()};\n" for name, value in rules.items())
    return f":root {{\n{lines}}}\n"


def luminance(color: tuple[int, int, int]) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(
    color: tuple[int, int, int], ground: tuple[int, int, int], towards: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Return `color`, mixed with `towards` just so much that it can be read on `ground`."""
    for step in range(21):
        red, green, blue = (round(a + (b - a) * step / 20) for a, b in zip(color, towards, strict=True))
        if contrast((red, green, blue), ground) >= CONTRAST:
            return red, green, blue
    return towards


def _brand(settings: Settings, logo: LogoFile | None) -> Brand:
    color = settings.accent_color
    return Brand(
        site_name=settings.site_name,
        logo=f"logo?v={logo.version}" if logo else None,
        stylesheet=f"brand.css?v={color[1:]}" if color else None,
        footer_text=settings.footer_text,
        legal_links=settings.legal_links,
    )


def _add_brand(event: Any) -> None:
    event["brand"] = event["request"].registry["pastebin.brand"] if event.get("request") else None


def includeme(config: Configurator) -> None:
    """Read the logo, and give templates `brand`."""
    settings = config.registry.services.settings
    logo = load_logo(settings.logo)
    config.registry["pastebin.logo"] = logo
    config.registry["pastebin.brand"] = _brand(settings, logo)
    config.add_subscriber(_add_brand, BeforeRender)
