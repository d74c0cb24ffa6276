"""One file out of an archive: its bytes, its name, and nothing else, within bounds."""

import io
import re
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from pastebin.errors import NotFound, Overloaded
from pastebin.models import FILES as ROWS
from pastebin.previews.decompression import zstd
from pastebin.services.extracting import FOR_ONE
from tests.inprocess import Service, contents, file_part, text_part

FILES = {"folder/note.txt": b"a note\n" * 50, "Grüße.html": contents.HTML, "../../evil.sh": b"#!/bin/sh\n"}


def zipped(method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("folder/", b"")
        for name, data in FILES.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{mode}") as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in FILES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda: zipped(zipfile.ZIP_STORED),
    "b.zip": lambda: zipped(zipfile.ZIP_BZIP2),
    "l.zip": lambda: zipped(zipfile.ZIP_LZMA),
    "a.tar": lambda: tarred(""),
    "a.tar.gz": lambda: tarred("gz"),
    "a.tar.bz2": lambda: tarred("bz2"),
    "a.tar.xz": lambda: tarred("xz"),
    "a.tar.zst": lambda: zstd.compress(tarred("")),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_each_file_comes_as_it_went_in(service: Service, name: str) -> None:
    filehash = service.filehash(ARCHIVES[name](), name)
    page = service.ask(f"/p/{filehash}", accept="text/html").text
    links = re.findall(rf'href="/d/{filehash}\?entry=([0-9]+)"', page)
    assert links == ["1", "2", "3"]  # the first is the folder
    for number, (path, data) in zip(links, FILES.items(), strict=True):
        answer = service.ask(f"/d/{filehash}?entry={number}")
        assert (answer.status_int, answer.body) == (200, data)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert "/" not in disposition.partition("filename*")[0]
        assert path.rpartition("/")[2].split(".")[-1] in disposition
        assert (
            service.ask(f"/d/{filehash}?entry={number}", if_none_match=answer.headers["ETag"]).status_int
            == 304
        )
        part = service.ask(f"/d/{filehash}?entry={number}", range="bytes=2-4")
        assert (part.status_int, part.body) == (206, data[2:5])


def test_a_few_are_sent_at_a_time_to_one_address(service: Service) -> None:
    file = service.registry.services.files.by_hash(service.filehash(zipped(), "a.zip"))
    extracting = service.registry.services.extracting
    held = [extracting.extract(file, 1, "10.0.0.1") for _ in range(FOR_ONE)]
    with pytest.raises(Overloaded):
        extracting.extract(file, 1, "10.0.0.1")
    extracting.extract(file, 1, "10.0.0.2").reader.close()
    with pytest.raises(NotFound):
        extracting.extract(file, 99, "10.0.0.2")
    for one in held:
        one.reader.close()
        one.reader.close()
    for _ in range(FOR_ONE + 1):
        extracting.extract(file, 1, "10.0.0.1").reader.close()


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_what_is_not_there_is_404(service: Service, name: str) -> None:
    filehash = service.filehash(ARCHIVES[name](), name)
    for number in ("0", "4", "999999999"):  # a folder, and beyond the end
        assert service.ask(f"/d/{filehash}?entry={number}").status_int == 404
    for number in ("", "-1", "x", "01", "1.0", "9" * 20):
        assert service.ask(f"/d/{filehash}?entry={number}").status_int == 400


def test_what_is_no_archive_has_no_entries(service: Service) -> None:
    for data, name in ((b"text\n", "a.txt"), (contents.image(), "a.png"), (b"PK\3\4" + bytes(50), "a.zip")):
        assert service.ask(f"/d/{service.filehash(data, name)}?entry=0").status_int == 404


def encrypted() -> bytes:
    data = bytearray(zipped(zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for match in re.finditer(re.escape(mark), bytes(data)):
            data[match.start() + offset] |= 1
    return bytes(data)


def damaged() -> bytes:
    data = bytearray(zipped())
    place = data.index(b"note.txt") + 8
    data[place : place + 4] = b"\xff\xff\xff\xff"
    return bytes(data)


@pytest.mark.parametrize("make", [encrypted, damaged, lambda: tarred("gz")[:-200]])
def test_what_cannot_be_taken_out_is_422(service: Service, make: Callable[[], bytes]) -> None:
    filehash = service.filehash(make(), "a.zip")
    answer = service.ask(f"/d/{filehash}?entry=1", accept="application/json")
    assert answer.status_int in (422, 404)
    assert answer.json["error"]["code"] in ("not_extractable", "not_found")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as part:
        for _ in range(200):
            part.write(bytes(2**20))
    return out.getvalue()


def lying_bomb() -> bytes:
    """Return a bomb whose directory says that there is little in it."""
    data = bytearray(bomb())
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = data.index(mark) + offset
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def test_a_bomb_takes_no_more_than_its_bounds(service: Service) -> None:
    answer = service.ask(f"/d/{service.filehash(bomb(), 'a.zip')}?entry=0", accept="application/json")
    assert (answer.status_int, answer.json["error"]["code"]) == (422, "not_extractable")
    answer = service.ask(f"/d/{service.filehash(lying_bomb(), 'b.zip')}?entry=0")
    assert len(answer.body) < 1000


def test_an_archive_that_is_restricted_stays_so(service: Service) -> None:
    sent = service.send([text_part("password", "secret"), file_part(zipped(), "a.zip")], to="/j")
    answer = service.ask(f"/d/{sent.json['hash']}?entry=1", user_agent="curl/8", accept="*/*")
    assert answer.status_int == 401
    sent = service.send([text_part("downloads", "1"), file_part(zipped(), "b.zip")], to="/j")
    page = service.ask(f"/p/{sent.json['hash']}", accept="text/html").text
    assert "entry=" not in page


@pytest.mark.parametrize(
    "values",
    [{"is_quarantined": True}, {"expires": datetime.now(UTC) - timedelta(hours=1)}, {"is_private": True}],
)
def test_of_a_file_that_is_not_there_for_a_visitor_nothing_is_taken_out(
    service: Service, values: dict[str, object]
) -> None:
    filehash = service.filehash(zipped(), "a.zip")
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(ROWS).where(ROWS.c.filehash == filehash).values(**values))
    assert service.ask(f"/d/{filehash}?entry=1").status_int == 404
