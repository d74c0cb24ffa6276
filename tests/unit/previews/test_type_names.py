"""What people call kinds of files."""

import pytest

from pastebin.media import text_types
from pastebin.media import types as media
from pastebin.previews.type_names import type_name


@pytest.mark.parametrize(
    ("mimetype", "name"),
    [
        ("text/x-go", "Go source"),
        ("text/markdown", "Markdown"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document"),
        ("image/heic", "HEIC image"),
        ("image/x-unheard-of", "Image"),
        ("video/mp4", "MP4 video"),
        ("audio/mpeg", "MP3 sound"),
        ("application/zip", "ZIP archive"),
        ("application/pdf", "PDF document"),
        ("text/x-unheard-of", "Text"),
        ("application/octet-stream", "Binary file"),
        ("application/x-unheard-of", "Binary file"),
    ],
)
def test_a_media_type_has_a_name(mimetype: str, name: str) -> None:
    message, values = type_name(mimetype)
    assert message.format(**values) == name


def test_every_type_that_is_told_apart_here_has_a_name_of_its_own() -> None:
    told = {*text_types._BY_SUFFIX.values(), *text_types._BY_NAME.values(), *media._RASTER}
    unnamed = {kind for kind in told if type_name(kind)[0] in ("Image", "Binary file")}
    plain = {kind for kind in told if type_name(kind) == ("Text", {})}
    assert (unnamed, plain) == (set(), set())
