"""What a media type means here: its kind, whether it is text, how it may reach a browser."""

from functools import lru_cache

from .raw_photographs import RAW

# Raster images that some browser shows and that carry no script.
_RASTER = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/apng": "image/png",
    "image/vnd.mozilla.apng": "image/png",
    "image/gif": "image/gif",
    "image/webp": "image/webp",
    "image/avif": "image/avif",
    "image/bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
    "image/tiff": "image/tiff",
    "image/vnd.microsoft.icon": "image/x-icon",
    "image/x-icon": "image/x-icon",
    "image/heic": "image/heic",
    "image/heif": "image/heif",
    "image/jxl": "image/jxl",
    "image/vnd.adobe.photoshop": "image/vnd.adobe.photoshop",
    **{mimetype: mimetype for mimetype in RAW},
}

# Those that most browsers do not show, though they can be resized and converted.
_FOREIGN = frozenset(
    {"image/tiff", "image/heic", "image/heif", "image/jxl", "image/vnd.adobe.photoshop", *RAW}
)

# Text that libmagic does not call text/…
_TEXTUAL = frozenset(
    {
        "application/json",
        "application/x-ndjson",
        "application/javascript",
        "application/x-javascript",
        "application/xml",
        "application/xhtml+xml",
        "application/x-sh",
        "application/x-shellscript",
        "application/x-perl",
        "application/x-php",
        "application/x-ruby",
        "application/x-tex",
        "application/x-yaml",
        "application/toml",
        "application/sql",
        "application/pgp-keys",
        "application/x-wine-extension-ini",
        "application/x-setupscript",
        "application/x-mswinurl",
        "application/x-subrip",
        "application/x-bytecode.python-source",
        "image/svg+xml",
        "message/rfc822",
        "model/vrml",
    }
)

# Fonts that libmagic does not call font/…
_FONTS = frozenset({"application/vnd.ms-opentype", "application/x-font-ttf", "application/font-woff"})

# The encodings that a text is certainly in → what browsers call them. Where the bytes leave a doubt,
# none is declared: browsers look at the whole text, and a wrong word would keep them from it.
_CHARSETS = {
    "us-ascii": "utf-8",
    "utf-8": "utf-8",
    "utf-16le": "utf-16le",
    "utf-16be": "utf-16be",
    "iso-2022-jp": "iso-2022-jp",
}


def is_raster(mimetype: str) -> bool:
    """Tell whether a media type is an image of pixels that some browser shows."""
    return mimetype in _RASTER


def is_foreign(mimetype: str) -> bool:
    """Tell whether a media type is an image that most browsers do not show."""
    return mimetype in _FOREIGN


def is_text(mimetype: str) -> bool:
    """Tell whether a media type is text that a person can read."""
    return mimetype.startswith("text/") or mimetype in _TEXTUAL or mimetype.endswith(("+xml", "+json"))


def is_font(mimetype: str) -> bool:
    """Tell whether a media type is a font."""
    return mimetype.startswith("font/") or mimetype in _FONTS


def kind(mimetype: str) -> str:
    """Return `image`, `pdf`, `video`, `audio` or `binary` (text is `binary` too).

    SVG is a document with scripts rather than an image, and so `binary`.
    """
    if is_raster(mimetype):
        return "image"
    if mimetype == "application/pdf":
        return "pdf"
    family = mimetype.partition("/")[0]
    return family if family in ("video", "audio") else "binary"


def charset(encoding: str) -> str | None:
    """Return the charset to declare for a text with this encoding; None to declare none."""
    return _CHARSETS.get(encoding)


def framed_type(mimetype: str, encoding: str) -> str | None:
    """Return the Content-Type of an HTML page in a sandboxed frame; None for anything else."""
    declared = charset(encoding)
    return f"text/html; charset={declared}" if mimetype == "text/html" and declared else None


@lru_cache(512)
def inline_type(mimetype: str, encoding: str) -> str | None:
    """Return the Content-Type under which bytes may be shown in a browser; None if they may not.

    Whatever is text, HTML and SVG and scripts included, is shown as plain text.
    """
    if is_raster(mimetype):
        return _RASTER[mimetype]
    if kind(mimetype) != "binary":
        return mimetype
    if is_text(mimetype):
        declared = charset(encoding)
        return f"text/plain; charset={declared}" if declared else "text/plain"
    return None
