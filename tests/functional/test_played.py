"""What sounds and videos say of themselves: on their pages and in link previews."""

import io
import struct
import subprocess
from pathlib import Path

import pytest

from pastebin.images import ffmpeg
from pastebin.previews import AudioPreview, FileFacts, VideoPreview, read_preview
from pastebin.previews.film_facts import film_facts
from pastebin.previews.sound_tags import sound_tags
from pastebin.units import clock
from tests.inprocess import Service, contents

TAGS = {"title": "Song <b>", "artist": "Someone", "album": "Record"}


def made(path: Path, *options: str) -> bytes:
    tags: list[str] = []
    for name, text in TAGS.items():
        tags += ["-metadata", f"{name}={text}"]
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", *options, *tags, str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path.read_bytes()


def read(data: bytes, name: str, mimetype: str):
    return read_preview(io.BytesIO(data), FileFacts(name, mimetype, "binary", len(data)), 2**18)


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "flac", "ogg", "opus"])
def test_a_sound_says_who_plays_what_and_for_how_long(service: Service, tmp_path: Path, suffix: str) -> None:
    data = made(tmp_path / f"a.{suffix}", "-i", "sine=duration=65")
    page = service.ask(f"/p/{service.filehash(data, f'a.{suffix}')}", accept="text/html").text
    for shown in ("Song &lt;b&gt;", "Someone", "Record", "<span>1:05</span>"):
        assert shown in page
    assert '<meta property="og:description" content="Someone · Song &lt;b&gt; · Record · 1:05">' in page


@pytest.mark.parametrize(("suffix", "turn"), [("mp4", False), ("webm", False), ("mkv", False), ("mov", True)])
def test_a_video_says_its_sides_and_how_long_it_lasts(
    service: Service, tmp_path: Path, suffix: str, turn: bool
) -> None:
    path = tmp_path / f"a.{suffix}"
    data = made(path, "-i", "color=c=red:s=320x240:d=2", "-pix_fmt", "yuv420p")
    if turn:
        matrix = data.index(b"tkhd") + 44
        quarter = struct.pack(">9l", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
        data = data[:matrix] + quarter + data[matrix + len(quarter) :]
    page = service.ask(f"/p/{service.filehash(data, f'a.{suffix}')}", accept="text/html").text
    width, height = (240, 320) if turn else (320, 240)
    assert f"<span>{width} × {height}</span>" in page
    assert "<span>0:02</span>" in page
    assert f'<meta property="og:video:width" content="{width}">' in page
    assert "Song &lt;b&gt;" in page


@pytest.mark.parametrize(
    ("codec", "title", "artist"),
    [
        ("gbk", "月亮代表我的心", "邓丽君"),
        ("cp1251", "Катюша", "Песни разных лет"),
        ("cp932", "さくら", "森山直太朗"),
        ("latin-1", "Für Elise", "Beethoven"),
        ("latin-1", "Israël", "kalendjin"),
    ],
)
def test_tags_that_say_latin_1_are_read_in_their_encoding(codec: str, title: str, artist: str) -> None:
    tags = b"".join(
        name + struct.pack(">LH", len(text.encode(codec)) + 1, 0) + b"\0" + text.encode(codec)
        for name, text in ((b"TIT2", title), (b"TPE1", artist))
    )
    data = b"ID3\3\0\0" + bytes(len(tags) >> shift & 127 for shift in (21, 14, 7, 0)) + tags + contents.MP3
    found = sound_tags(io.BytesIO(data))
    assert (found["title"], found["artist"]) == (title, artist)


def test_what_says_nothing_is_played_all_the_same(service: Service) -> None:
    for data, name in ((contents.MP3, "a.mp3"), (contents.MP4, "a.mp4"), (contents.WEBM, "a.webm")):
        page = service.ask(f"/p/{service.filehash(data, name)}", accept="text/html").text
        assert 'class="player"' in page


def test_without_ffprobe_a_video_has_no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "found", lambda _: None)
    assert read(contents.MP4, "a.mp4", "video/mp4") == VideoPreview()


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L4s", len(data) + 8, kind) + data


HOSTILE = {
    "a size of everything.mp3": b"ID3\3\0\0\x7f\x7f\x7f\x7fTIT2\xff\xff\xff\xff\0\0" + bytes(5000),
    "frames.mp3": b"ID3\4\0\0\0\x7f\x7f\x7f" + b"TIT2\0\0\0\0\0\0" * 50_000,
    "blocks.flac": b"fLaC" + b"\x04\0\0\0" * 500_000,
    "comments.flac": b"fLaC\x84\xff\xff\xff" + struct.pack("<LL", 0, 2**32 - 1) + bytes(100_000),
    "pages.ogg": contents.OGG + (b"OggS\0\0" + bytes(20) + b"\0") * 100_000,
    "boxes.m4a": box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", b"") * 100_000,
    "deep.m4a": box(b"ftyp", b"M4A \0\0\0\0") + struct.pack(">L4s", 2**31, b"moov") * 100_000,
    "chunks.wav": b"RIFF\xff\xff\xff\x7fWAVE" + b"LIST\0\0\0\0" * 100_000,
    "boxes.mp4": box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", b"") * 100_000,
    "deep.mp4": box(b"ftyp", b"isom\0\0\0\0") + struct.pack(">L4s", 2**31, b"moov") * 100_000,
    "elements.webm": contents.WEBM + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" * 50_000,
    "frames only.mp3": b"\xff\xfb\x90\0" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_shown_in_time(service: Service, name: str) -> None:
    answer = service.ask(f"/p/{service.filehash(HOSTILE[name], name)}", accept="text/html")
    assert answer.status_int == 200
    assert service.ask(f"/t/{service.filehash(HOSTILE[name], name)}").status_int == 200


def test_damaged_sounds_and_videos_raise_nothing(tmp_path: Path) -> None:
    from tests.unit.images.samples import mutations

    sound = made(tmp_path / "a.mp3", "-i", "sine=duration=1")
    for seed in range(40):
        assert isinstance(read(mutations(sound, seed, 8), "a.mp3", "audio/mpeg"), AudioPreview)
        assert sound_tags(io.BytesIO(mutations(contents.FLAC, seed, 3))).keys() <= {
            *("title", "artist", "album", "milliseconds", "has_cover")
        }


@pytest.mark.parametrize("mimetype", ["video/mp4", "video/webm", "video/x-msvideo"])
def test_a_playlist_does_not_make_a_video_of_other_files(tmp_path: Path, mimetype: str) -> None:
    """A demuxer is named by the media type, so that none reads a list of paths."""
    path = tmp_path / "list"
    path.write_bytes(b"ffconcat version 1.0\nfile '/etc/passwd'\n")
    with open(path, "rb") as file:
        assert film_facts(file, mimetype).get("width", 0) == 0


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, ""), (1, "0:01"), (61_000, "1:01"), (3_599_600, "1:00:00"), (36_000_000, "10:00:00")],
)
def test_a_length_is_shown_as_a_clock(milliseconds: int, shown: str) -> None:
    assert clock(milliseconds) == shown
