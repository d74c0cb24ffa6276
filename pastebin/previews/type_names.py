"""What people call a kind of file: "Go source", "Word document"."""

from ..media import types as media
from ..media.raw_photographs import RAW
from .base import N_

# Languages of programs, by media type.
_LANGUAGES = {
    "application/javascript": "JavaScript",
    "application/sql": "SQL",
    "application/x-javascript": "JavaScript",
    "application/x-perl": "Perl",
    "application/x-php": "PHP",
    "application/x-ruby": "Ruby",
    "text/css": "CSS",
    "text/html": "HTML",
    "text/x-asm": "Assembly",
    "text/x-c": "C",
    "text/x-c++": "C++",
    "text/x-csharp": "C#",
    "text/x-cython": "Cython",
    "text/x-go": "Go",
    "text/x-haskell": "Haskell",
    "text/x-java": "Java",
    "text/x-kotlin": "Kotlin",
    "text/x-lisp": "Lisp",
    "text/x-lua": "Lua",
    "text/x-objective-c": "Objective-C",
    "text/x-perl": "Perl",
    "text/x-php": "PHP",
    "text/x-powershell": "PowerShell",
    "text/x-python": "Python",
    "text/x-r": "R",
    "text/x-ruby": "Ruby",
    "text/x-rust": "Rust",
    "text/x-scala": "Scala",
    "text/x-swift": "Swift",
    "text/x-tcl": "Tcl",
    "text/x-tex": "TeX",
    "text/x-typescript": "TypeScript",
    "text/x-zig": "Zig",
    "text/xml": "XML",
    "application/xhtml+xml": "XHTML",
}

# Formats whose name says what they are in every language.
_FORMATS = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/apng": "PNG", "image/vnd.mozilla.apng": "PNG",
    "image/gif": "GIF", "image/webp": "WebP", "image/svg+xml": "SVG",
    "image/avif": "AVIF", "image/heic": "HEIC", "image/heif": "HEIF", "image/jxl": "JPEG XL",
    "image/bmp": "BMP",
    "image/x-ms-bmp": "BMP", "image/tiff": "TIFF", "image/vnd.microsoft.icon": "ICO", "image/x-icon": "ICO",
    "image/vnd.adobe.photoshop": "Photoshop", "image/jp2": "JPEG 2000", **RAW,
    "video/mp4": "MP4", "video/webm": "WebM", "video/quicktime": "QuickTime", "video/x-matroska": "Matroska",
    "video/x-msvideo": "AVI", "video/mpeg": "MPEG", "video/ogg": "Ogg", "video/3gpp": "3GPP",
    "video/x-flv": "FLV",
    "audio/mpeg": "MP3", "audio/flac": "FLAC", "audio/x-flac": "FLAC", "audio/ogg": "Ogg",
    "audio/x-wav": "WAV",
    "audio/wav": "WAV", "audio/mp4": "M4A", "audio/x-m4a": "M4A", "audio/aac": "AAC", "audio/x-aiff": "AIFF",
    "audio/midi": "MIDI", "audio/opus": "Opus",
    "application/zip": "ZIP", "application/gzip": "gzip", "application/x-tar": "tar",
    "application/x-xz": "xz",
    "application/x-bzip2": "bzip2", "application/zstd": "zstd", "application/x-7z-compressed": "7z",
    "application/x-rar": "RAR", "application/vnd.rar": "RAR", "application/java-archive": "Java",
    "application/vnd.debian.binary-package": "Debian", "application/x-rpm": "RPM",
}  # fmt: skip

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

# Everything else that people have a name for.
_PHRASES = {
    "application/json": "JSON",
    "application/x-ndjson": "NDJSON",
    "application/toml": "TOML",
    "application/x-yaml": "YAML",
    "text/markdown": "Markdown",
    "text/x-rst": "reStructuredText",
    "text/plain": N_("Text"),
    "text/csv": N_("Table"),
    "text/tab-separated-values": N_("Table"),
    "text/rtf": N_("Formatted text"),
    "text/vtt": N_("Subtitles"),
    "application/x-subrip": N_("Subtitles"),
    "text/calendar": N_("Calendar"),
    "text/vcard": N_("Contacts"),
    "text/x-diff": N_("Patch"),
    "message/rfc822": N_("E-mail"),
    "text/troff": N_("Manual page"),
    "text/x-makefile": N_("Makefile"),
    "text/x-shellscript": N_("Shell script"),
    "text/x-msdos-batch": N_("Batch file"),
    "application/pdf": N_("PDF document"),
    "application/epub+zip": N_("Book (EPUB)"),
    "application/msword": N_("Word document"),
    f"{_OFFICE}wordprocessingml.document": N_("Word document"),
    "application/vnd.ms-excel": N_("Excel workbook"),
    f"{_OFFICE}spreadsheetml.sheet": N_("Excel workbook"),
    "application/vnd.ms-powerpoint": N_("PowerPoint presentation"),
    f"{_OFFICE}presentationml.presentation": N_("PowerPoint presentation"),
    f"{_OPEN}text": N_("Text document"),
    f"{_OPEN}spreadsheet": N_("Spreadsheet"),
    f"{_OPEN}presentation": N_("Presentation"),
    "application/x-executable": N_("Program"),
    "application/x-pie-executable": N_("Program"),
    "application/x-sharedlib": N_("Program"),
    "application/x-dosexec": N_("Program"),
    "application/vnd.microsoft.portable-executable": N_("Program"),
    "application/x-mach-binary": N_("Program"),
    "application/vnd.sqlite3": N_("Database"),
    "application/x-sqlite3": N_("Database"),
    "font/ttf": N_("Font"),
    "font/otf": N_("Font"),
    "font/sfnt": N_("Font"),
    "font/woff": N_("Font"),
    "font/woff2": N_("Font"),
    "application/octet-stream": N_("Binary file"),
}

_OF_FORMAT = {
    "image": N_("{format} image"),
    "video": N_("{format} video"),
    "audio": N_("{format} sound"),
    "binary": N_("{format} archive"),
}
_OF_KIND = {"image": N_("Image"), "video": N_("Video"), "audio": N_("Sound"), "binary": N_("Binary file")}


def type_name(mimetype: str) -> tuple[str, dict[str, str]]:
    """Return a message for the catalogues, and its values, that name a media type for people."""
    if mimetype in _PHRASES:
        return _PHRASES[mimetype], {}
    if mimetype in _LANGUAGES:
        return N_("{language} source"), {"language": _LANGUAGES[mimetype]}
    family = mimetype.partition("/")[0]
    family = family if family in _OF_KIND else "binary"
    if mimetype in _FORMATS:
        return _OF_FORMAT[family], {"format": _FORMATS[mimetype]}
    return (N_("Text"), {}) if media.is_text(mimetype) else (_OF_KIND[family], {})
