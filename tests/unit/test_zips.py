"""Names in zips, and zips: what every unzip, on every system, must be able to do with them."""

import io
import re
import subprocess
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pastebin.errors import Overloaded
from pastebin.services import archive_names as archive_names_module
from pastebin.services.archive_names import archive_names
from pastebin.services.collection_records import Item
from pastebin.services.stored_file import StoredFile
from pastebin.services.zipping import AT_ONCE, FOR_ONE, ZipService

HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "/etc/passwd",
    "C:\\autoexec.bat",
    "\\\\server\\share\\x",
    "a/./b/../c.txt",
    "CON",
    "con.txt",
    "Aux.tar.gz",
    "lpt1",
    "COM\u00b9.txt",
    "nul ",
    "folder/NUL/x",
    "CONIN$",
    'a<b>c:d"e|f?g*h',
    "tab\there\nline\x00nul\x7f\x85",
    "trailing dot.",
    "trailing space ",
    "...",
    "",
    " ",
    "/",
    "gpj.\u202eexe",
    "README",
    "readme",
    "ReadMe",
    "stra\u00dfe.txt",
    "STRASSE.TXT",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    "a",
    "a/b.txt",
    "A/b.txt",
    "a/B.TXT",
    "x (2).txt",
    "x.txt",
    "X.txt",
    "\ufb01le.txt",
    "file.txt",
    "\U0001f600" * 200 + ".png",
    "n" * 1000 + ".txt",
    "\ud800lone",
]
REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f-\x9f]')
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"}
DEVICES |= {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789\u00b9\u00b2\u00b3"}


def assert_safe(names: list[str]) -> None:
    folded = [name.casefold() for name in names]
    assert len(set(folded)) == len(names)
    folders = {name[:place] for name in folded for place, c in enumerate(name) if c == "/"}
    assert not folders & set(folded)
    for name in names:
        name.encode()
        for part in name.split("/"):
            assert part not in ("", ".", "..")
            assert not REFUSED.search(part)
            assert not part.endswith((".", " "))
            assert part.split(".")[0].strip().lower() not in DEVICES
            assert len(part.encode()) <= 255


def test_hostile_names_become_safe() -> None:
    names = archive_names(HOSTILE)
    assert len(names) == len(HOSTILE)
    assert_safe(names)
    assert names[0] == "etc/passwd"
    assert names[HOSTILE.index("con.txt")] == "_con.txt"


def test_plain_names_stay() -> None:
    plain = ["a.txt", "b/c.txt", "b/d/e.tar.gz", "\u5199\u771f.jpg", ".hidden", "x y (1).pdf"]
    assert archive_names(plain) == plain


@given(st.lists(st.text(st.sampled_from("aA./\\ :\x00\u00e9\u202ecCoOnN2()"), max_size=12), max_size=12))
def test_any_names_become_safe(paths: list[str]) -> None:
    names = archive_names(paths)
    assert len(names) == len(paths)
    assert_safe(names)


@pytest.mark.parametrize("path", ["a.txt", "\ufdfa" * 60 + ".txt", ("\ufdfa" * 60 + "/") * 10 + "a"])
def test_many_equal_names_are_compared_a_few_times_each(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter may stand for 18 when names are compared, and 500 files may have the same one."""
    folded: list[str] = []
    fold = archive_names_module._folded
    monkeypatch.setattr(archive_names_module, "_folded", lambda name: folded.append(name) or fold(name))
    names = archive_names([path] * 500)
    assert len(set(names)) == 500
    assert len(folded) <= 501


def test_long_names_are_cut_before_their_marks_are_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    normalize = unicodedata.normalize
    monkeypatch.setattr(
        "pastebin.services.archive_names.unicodedata.normalize",
        lambda form, text: lengths.append(len(text)) or normalize(form, text),
    )
    (name,) = archive_names(["\u0301\u0323" * 490 + ".txt"])
    assert name.endswith(".txt")
    assert len(name.encode()) <= 255
    assert max(lengths) <= 300


class Contents:
    """A store of contents in memory, by any name."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        self.contents = contents

    def open(self, sha256: str) -> io.BytesIO:
        return io.BytesIO(self.contents[sha256])


def item(path: str, name: str, size: int) -> Item:
    file = StoredFile(1, "x", "x", "", name, 0.0, "text/plain", "", size, 0, 0)
    return Item(path, file)


def zipped(contents: dict[str, bytes]) -> bytes:
    items = [item(path, path, len(data)) for path, data in contents.items()]
    body = ZipService(Contents(contents)).stream(items, "10.0.0.1")  # type: ignore[arg-type]
    data = b"".join(body)
    body.close()
    assert len(data) == body.length
    return data


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    contents = {path.encode(errors="replace").decode(): b"%d" % n * n for n, path in enumerate(HOSTILE)}
    contents["large.bin"] = bytes(range(256)) * 4096
    path = tmp_path / "all.zip"
    path.write_bytes(zipped(contents))
    names = archive_names(list(contents))
    return path, dict(zip(names, contents.values(), strict=True))


def test_python_reads_it(archive: tuple[Path, dict[str, bytes]]) -> None:
    path, expected = archive
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == expected
        for entry in found.infolist():
            assert entry.filename.isascii() or entry.flag_bits & 0x800


@pytest.mark.parametrize("command", [["unzip", "-q", "-o"], ["7z", "x", "-y", "-bd"]])
def test_unzip_and_7z_unpack_it(
    archive: tuple[Path, dict[str, bytes]], command: list[str], tmp_path: Path
) -> None:
    path, expected = archive
    folder = tmp_path / "out"
    folder.mkdir()
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([*command, path], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == expected


def test_an_empty_file_and_none_at_all() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped({"empty": b""}))) as found:
        assert found.read("empty") == b""
    assert zipfile.ZipFile(io.BytesIO(zipped({}))).namelist() == []


def test_a_zip_over_4_gib_knows_its_length() -> None:
    items = [item("a", "a", 5 * 2**30), item("b", "b", 1)]
    service = ZipService(Contents({}))  # type: ignore[arg-type]
    assert service.stream(items, "10.0.0.1").length > 5 * 2**30 + 76  # with the zip64 end


@pytest.mark.parametrize("contents", [{"a": b"1"}, {"a": b"1", "b": b"short"}, {"a": b"1", "b": b"x" * 200}])
def test_a_file_that_vanished_or_changed_ends_the_zip_in_the_middle(contents: dict[str, bytes]) -> None:
    service = ZipService(Contents(contents))  # type: ignore[arg-type]
    body = service.stream([item("a", "a", 1), item("b", "b", 100)], "10.0.0.1")
    got = bytearray()

    def read() -> None:
        for piece in body:
            got.extend(piece)

    with pytest.raises((KeyError, RuntimeError)):
        read()
    body.close()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(got))


def test_a_bounded_number_at_a_time() -> None:
    service = ZipService(Contents({}))  # type: ignore[arg-type]
    bodies = [service.stream([], "10.0.0.1") for _ in range(FOR_ONE)]
    with pytest.raises(Overloaded):
        service.stream([], "10.0.0.1")
    bodies += [service.stream([], f"10.0.1.{n}") for n in range(AT_ONCE - FOR_ONE)]
    with pytest.raises(Overloaded):
        service.stream([], "10.0.2.1")
    for body in bodies * 2:
        body.close()
    service.stream([], "10.0.0.1").close()
