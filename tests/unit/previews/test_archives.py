"""Listings of archives: those the standard library writes, damaged ones, and ones made to cost much."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import zipfile
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pastebin.previews import ArchivePreview, FileFacts, archives, decompression
from pastebin.previews.decompression import zstd

from .conftest import through_json

NAMES = ["a/b.txt", "ünï/<img src=x onerror=alert(1)>.txt", "x" * 180 + "/" + "y" * 90, "last"]
STAMP = 1_700_000_000


def zipped(names: list[str] = NAMES, **options: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as file:
        for number, name in enumerate(names):
            file.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 12, 30, 40)), b"x" * number)
        file.writestr("folder/", "")
    return out.getvalue()


def tarred(mode: str = "w", names: list[str] = NAMES, kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=kind) as file:
        for number, name in enumerate(names):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = number * 700, STAMP
            file.addfile(entry, io.BytesIO(bytes(entry.size)))
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        file.addfile(folder)
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)
    return out.getvalue()


def read(data: bytes) -> Any:
    listing = ArchivePreview.read(io.BytesIO(data), FileFacts("a", "", "", len(data)), 0)
    return listing and through_json(listing)


def test_a_zip_is_listed() -> None:
    listing = read(zipped())
    assert (listing.format, listing.is_whole, listing.total) == ("zip", True, 5)
    assert [entry.name for entry in listing.entries] == [*NAMES, "folder/"]
    assert [entry.size for entry in listing.entries] == [0, 1, 2, 3, 0]
    assert [entry.is_folder for entry in listing.entries] == [False] * 4 + [True]
    assert listing.entries[0].modified == datetime(2024, 2, 29, 12, 30, 40, tzinfo=UTC)


def test_a_zip_behind_something_else_is_listed() -> None:
    data = zipped()
    assert read(b"PK\3\4" + bytes(300) + data).entries == read(data).entries


def test_a_zip64_is_listed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, file.open("big", "w", force_zip64=True) as entry:
        entry.write(b"abc")
    end = out.getvalue().rindex(b"PK\5\6")
    start = int.from_bytes(out.getvalue()[end + 16 : end + 20], "little")
    body, directory = out.getvalue()[:start], out.getvalue()[start:end]
    size = len(directory)
    end64 = b"PK\6\6" + (44).to_bytes(8, "little") + bytes(2 + 2 + 4 + 4)
    end64 += b"".join(n.to_bytes(8, "little") for n in (1, 1, size, start))
    locator = b"PK\6\7" + bytes(4) + (start + size).to_bytes(8, "little") + (1).to_bytes(4, "little")
    short = b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2)
    data = body + directory + end64 + locator + short
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["big"]
    assert [(e.name, e.size) for e in read(data).entries] == [("big", 3)]


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_listed(mode: str, kind: int) -> None:
    listing = read(tarred(mode, kind=kind))
    suffix = mode.partition(":")[2]
    assert listing.format == (f"tar.{suffix}" if suffix else "tar")
    assert (listing.is_whole, listing.total) == (True, 6)
    assert [entry.name for entry in listing.entries] == [*NAMES, "folder/", "link"]
    assert [entry.size for entry in listing.entries] == [0, 700, 1400, 2100, 0, 0]
    assert [entry.is_folder for entry in listing.entries] == [False] * 4 + [True, False]
    assert listing.entries[0].modified == datetime.fromtimestamp(STAMP, UTC)


def test_an_old_tar_with_a_split_name_is_listed() -> None:
    name = "d" * 120 + "/" + "f" * 90
    assert [e.name for e in read(tarred(names=[name], kind=tarfile.USTAR_FORMAT)).entries][:1] == [name]


def test_streams_one_behind_the_other_are_one_archive() -> None:
    data = tarred()
    for packer in (gzip.compress, bz2.compress, lzma.compress, zstd.compress):
        assert read(packer(data[:1000]) + packer(data[1000:])).entries == read(data).entries


def test_the_rest_of_a_long_listing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ENTRIES", 3)
    for data, total in ((zipped(), 5), (tarred(), None), (tarred("w:gz"), None)):
        listing = read(data)
        assert (len(listing.entries), listing.is_whole, listing.total) == (3, False, total)


def test_a_name_shows_what_it_hides() -> None:
    listing = read(zipped(["a\u202egpj.exe", "new\nline", "n" * 60_000]))
    assert [entry.name[:12] for entry in listing.entries][:2] == ["a\ufffdgpj.exe", "new\ufffdline"]
    assert len(listing.entries[2].name) <= 501


def test_no_number_is_larger_than_others_can_hold() -> None:
    entry = tarfile.TarInfo("a")
    entry.size = 2**80
    assert [e.size for e in read(entry.tobuf(tarfile.GNU_FORMAT)).entries] == [2**63 - 1]
    data = bytearray(zipped())
    end = data.rindex(b"PK\5\6")
    end64 = b"PK\6\6" + (44).to_bytes(8, "little") + bytes(12) + b"\xff" * 16 + bytes(16)
    end64 = end64[:40] + (end - data.index(b"PK\1\2")).to_bytes(8, "little") + end64[48:]
    locator = b"PK\6\7" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    assert read(bytes(data[:end]) + end64 + locator + bytes(data[end:])).total == 2**63 - 1


def test_an_archive_cut_short_shows_what_is_there() -> None:
    listing = read(tarred("w:gz")[:-30])
    assert listing is None or not listing.is_whole
    assert not read(tarred()[:3000]).is_whole


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), b"\x1f\x8b", b"BZh9", bytes(2000)])
def test_what_is_no_archive_has_no_listing(data: bytes) -> None:
    listing = read(data)
    assert listing is None or not listing.entries


def test_a_bomb_costs_no_more_than_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = tarfile.TarInfo("zeros")
    entry.size = 2**40
    bomb = entry.tobuf(tarfile.GNU_FORMAT) + bytes(2**26)
    started = time.monotonic()
    for packed in (gzip.compress(bomb, 1), bz2.compress(bomb), lzma.compress(bomb, preset=0)):
        listing = read(packed)
        assert ([e.name for e in listing.entries], listing.is_whole) == (["zeros"], False)
    assert time.monotonic() - started < 60
    monkeypatch.setattr(decompression, "OUTPUT_LIMIT", 100)
    assert read(gzip.compress(bomb[:5000])) is None


def test_headers_without_end_take_no_more_than_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decompression, "TIME_LIMIT", 0.05)
    header = tarfile.TarInfo("x")
    header.type = b"L"
    assert read(header.tobuf() * 200_000) is None


def test_a_greedy_decoder_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 2**27}]
    assert read(lzma.compress(tarred(), filters=filters)) is None
    window = {zstd.CompressionParameter.window_log: 28}
    stream = zstd.ZstdCompressor(options=window)
    assert read(stream.compress(tarred()) + stream.flush()) is None


def test_a_tar_in_zstd_is_listed_within_its_limits() -> None:
    listing = read(zstd.compress(tarred()))
    assert (listing.format, listing.entries) == ("tar.zst", read(tarred()).entries)
    began = time.process_time()
    assert read(zstd.compress(bytes(512) + bytes(300 * 2**20))) is None
    assert time.process_time() - began < 3


WHOLE = [zipped(), tarred(), tarred("w:gz"), tarred("w:bz2"), tarred("w:xz"), tarred(kind=tarfile.GNU_FORMAT),
         zstd.compress(tarred())]  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=9)), max_size=8))
def test_a_damaged_archive_raises_nothing(data: bytes, changes: list[tuple[float, bytes]]) -> None:
    damaged = bytearray(data)
    for place, change in changes:
        start = int(place * len(damaged))
        damaged[start : start + len(change)] = change
    read(bytes(damaged))


@settings(deadline=None)  # the first name that is no UTF-8 has chardet loaded
@given(st.sampled_from(WHOLE), st.binary(min_size=12, max_size=12), st.integers(0, 3))
def test_a_tar_with_any_numbers_raises_nothing(data: bytes, number: bytes, place: int) -> None:
    block = bytearray(data[:1024].ljust(1024, b"\0"))
    start = (124, 136, 257, 345)[place]
    block[start : start + 12] = number
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:512]))
    read(bytes(block))


def zip_of_names(names: list[bytes], flags: int = 0, extra: bytes = b"") -> bytes:
    """Return a zip of empty files whose names are these bytes."""
    out = b""
    for name in names:
        fixed = struct.pack(
            "<6H3L5H2L", 20, 20, flags, 0, 0, 0, 0, 0, 0, len(name), len(extra), 0, 0, 0, 0, 0
        )
        out += b"PK\1\2" + fixed + name + extra
    return b"PK\3\4" + out + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, len(names), len(names), len(out), 4, 0)


NAMES_IN_CODE_PAGES = {
    "utf-8": ["日本語.txt", "Grüße.txt", "plain.txt"],
    "cp437": ["Grüße an alle.txt", "Übersicht.pdf", "façade.png"],
    "cp866": ["Документы/Отчёт за год.doc", "Документы/Фото с дачи.jpg"],
    "cp932": ["新しいフォルダー/写真.jpg", "新しいフォルダー/説明書.pdf"],
    "gbk": ["新建文件夹/照片.jpg", "新建文件夹/说明.pdf"],
    "big5": ["新增資料夾/照片.jpg", "說明書.pdf"],
    "cp949": ["새 폴더/사진.jpg", "설명서.pdf"],
}


@pytest.mark.parametrize("codec", NAMES_IN_CODE_PAGES)
def test_names_in_a_zip_are_read_in_their_encoding_without_being_told(codec: str) -> None:
    names = NAMES_IN_CODE_PAGES[codec]
    listing = read(zip_of_names([name.encode(codec) for name in names]))
    assert [entry.name for entry in listing.entries] == names


def test_a_zip_may_have_names_twice() -> None:
    name = b"Gr\x81\xe1e.txt"
    said = b"\1" + struct.pack("<L", zlib.crc32(name)) + "日本語.txt".encode()
    listing = read(zip_of_names([name], extra=struct.pack("<2H", 0x7075, len(said)) + said))
    assert [entry.name for entry in listing.entries] == ["日本語.txt"]
    wrong = b"\1\0\0\0\0" + "日本語.txt".encode()
    listing = read(zip_of_names([name], extra=struct.pack("<2H", 0x7075, len(wrong)) + wrong))
    assert [entry.name for entry in listing.entries] == ["Grüße.txt"]


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("cp1252", ["Grüße an alle.txt", "Übersicht der Änderungen.pdf", "Straße nach Köln.jpg"]),
        ("cp1251", ["Документы/Отчёт за год.doc", "Документы/Фото с дачи.jpg"]),
        ("euc_jp", ["新しいフォルダー/写真.jpg", "新しいフォルダー/説明書.pdf"]),
    ],
)
def test_names_in_a_tar_are_read_in_their_encoding(codec: str, names: list[str]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT, encoding=codec) as file:
        for name in names:
            file.addfile(tarfile.TarInfo(name))
    assert [entry.name for entry in read(out.getvalue()).entries] == names
