"""What a media type means: its kind, and how it may reach a browser."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pastebin.media import types as media

RASTER = ["jpeg", "png", "gif", "webp", "avif", "bmp", "x-ms-bmp", "tiff", "vnd.microsoft.icon", "apng"]
ACTIVE = [
    "text/html",
    "text/xml",
    "text/xsl",
    "text/css",
    "text/javascript",
    "text/x-shellscript",
    "application/javascript",
    "application/xml",
    "application/xhtml+xml",
    "application/rss+xml",
    "application/ld+json",
    "application/x-php",
    "image/svg+xml",
    "message/rfc822",
    "model/vrml",
]
OPAQUE = [
    "application/octet-stream",
    "application/x-executable",
    "application/x-shockwave-flash",
    "application/java-archive",
    "application/zip",
    "application/x-mach-binary",
    "image/x-unknown",
    "inode/x-empty",
    "font/woff2",
]


@pytest.mark.parametrize("subtype", RASTER)
def test_raster_images_are_images_and_shown(subtype: str) -> None:
    mimetype = f"image/{subtype}"
    assert media.kind(mimetype) == "image"
    assert media.is_raster(mimetype)
    assert media.inline_type(mimetype, "binary").startswith("image/")


@pytest.mark.parametrize(
    ("mimetype", "kind"),
    [("application/pdf", "pdf"), ("video/mp4", "video"), ("video/webm", "video"), ("audio/ogg", "audio")],
)
def test_pdf_video_and_audio_are_of_their_kind_and_shown_as_they_are(mimetype: str, kind: str) -> None:
    assert media.kind(mimetype) == kind
    assert media.inline_type(mimetype, "binary") == mimetype


@pytest.mark.parametrize("mimetype", ACTIVE)
def test_what_a_browser_could_run_is_binary_text_shown_as_plain_text(mimetype: str) -> None:
    assert media.kind(mimetype) == "binary"
    assert media.is_text(mimetype)
    assert media.inline_type(mimetype, "utf-8") == "text/plain; charset=utf-8"


@pytest.mark.parametrize("mimetype", OPAQUE)
def test_what_nobody_knows_is_binary_and_only_saved(mimetype: str) -> None:
    assert media.kind(mimetype) == "binary"
    assert not media.is_text(mimetype)
    assert media.inline_type(mimetype, "binary") is None


@pytest.mark.parametrize(
    ("encoding", "shown_as"),
    [
        ("us-ascii", "text/plain; charset=utf-8"),
        ("utf-8", "text/plain; charset=utf-8"),
        ("utf-16le", "text/plain; charset=utf-16le"),
        ("utf-16be", "text/plain; charset=utf-16be"),
        ("iso-8859-1", "text/plain"),
        ("unknown-8bit", "text/plain"),
        ("utf-7", "text/plain"),
        ("", "text/plain"),
    ],
)
def test_a_charset_is_declared_only_where_browsers_know_it(encoding: str, shown_as: str) -> None:
    assert media.inline_type("text/plain", encoding) == shown_as


@given(
    st.one_of(
        st.sampled_from(ACTIVE + OPAQUE),
        st.text(max_size=60),
        st.tuples(st.sampled_from(["image", "text", "application", "multipart", "font"]), st.text()).map(
            "/".join
        ),
    ),
    st.text(max_size=20),
)
@example("image/svg+xml;charset=utf-8", "us-ascii")
@example("IMAGE/SVG+XML", "us-ascii")
@example("application/pdf+xml", "us-ascii")
def test_no_other_type_is_ever_shown(mimetype: str, encoding: str) -> None:
    shown_as = media.inline_type(mimetype, encoding)
    if shown_as is not None and media.kind(mimetype) == "binary":
        assert shown_as.partition(";")[0] == "text/plain"
    if shown_as is None:
        assert not media.is_raster(mimetype)
