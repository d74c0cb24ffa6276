"""Section 8 of what the service promises: the links and files of the service it continues."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.inprocess import Service, contents, migrate
from tests.inprocess.fixtures import StartService
from tests.servers import MariaDB

NAME = "ec12e434b48648f0a65ac28a28759ba5.jpg"
IMAGE = contents.image("JPEG", 60, 40)
NOUNS = ("p", "i", "d")


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where an older service's folder is."""
    return tmp_path_factory.mktemp("older") / "legacy"


@pytest.fixture
def folder(legacy: Path) -> Path:
    """Give the folder with one file in it."""
    shutil.rmtree(legacy, ignore_errors=True)
    legacy.mkdir()
    (legacy / NAME).write_bytes(IMAGE)
    return legacy


@pytest.fixture
def service(emptied: StartService, folder: Path) -> Service:
    """Give a service that knows the folder."""
    return emptied(legacy_folder=str(folder))


@pytest.mark.parametrize("noun", NOUNS)
def test_a_file_is_taken_in_when_first_asked_for(service: Service, noun: str) -> None:
    assert service.rows() == []
    assert service.ask(f"/{noun}/{NAME}", accept="text/html").status_int == 200
    [row] = service.rows()
    assert (row.filehash, row.filename, row.size) == (NAME, NAME, len(IMAGE))
    assert (row.sha256, row.filemd5) == (hashlib.sha256(IMAGE).hexdigest(), hashlib.md5(IMAGE).hexdigest())
    assert (row.mimetype, row.width, row.height) == ("image/jpeg", 60, 40)
    assert service.contents() == [row.sha256]
    assert service.leftovers() == []


def test_a_file_that_was_taken_in_needs_the_folder_no_more(service: Service, folder: Path) -> None:
    service.ask(f"/p/{NAME}")
    shutil.rmtree(folder)
    for noun in NOUNS:
        assert service.ask(f"/{noun}/{NAME}").status_int == 200
    assert service.ask(f"/i/{NAME}").body == IMAGE
    assert service.ask(f"/i/{NAME}?w=30").status_int == 200
    assert len(service.rows()) == 1


def test_a_name_without_suffix_is_taken_in_too(service: Service, folder: Path) -> None:
    name = NAME.partition(".")[0]
    (folder / name).write_bytes(b"text")
    assert service.ask(f"/i/{name}").body == b"text"


def test_only_p_i_and_d_take_in(service: Service) -> None:
    assert service.ask(f"/r/{NAME}?w=30").status_int == 404
    assert service.rows() == []


def test_without_the_setting_there_is_no_such_file(start: StartService) -> None:
    assert start().ask(f"/p/{NAME}").status_int == 404


def test_a_name_that_is_not_in_the_folder_is_404(service: Service) -> None:
    for noun in NOUNS:
        assert service.ask(f"/{noun}/00000000000000000000000000000000.jpg").status_int == 404
    assert service.rows() == []
    assert service.leftovers() == []


def secret_link(folder: Path, name: str) -> None:
    (folder.parent / "secret").write_bytes(b"secret")
    (folder / name).symlink_to(folder.parent / "secret")


def inner_link(folder: Path, name: str) -> None:
    (folder / name).symlink_to(NAME)


def broken_link(folder: Path, name: str) -> None:
    (folder / name).symlink_to("nothing")


def subfolder(folder: Path, name: str) -> None:
    (folder / name).mkdir()


def pipe(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)


@pytest.mark.parametrize("make", [secret_link, inner_link, broken_link, subfolder, pipe])
def test_only_regular_files_are_taken_in(
    service: Service, folder: Path, make: Callable[[Path, str], None]
) -> None:
    name = "11111111111111111111111111111111.txt"
    make(folder, name)
    for noun in NOUNS:
        assert service.ask(f"/{noun}/{name}").status_int == 404
    assert service.rows() == []


@pytest.mark.parametrize(
    "name", ["../secret", "..%2fsecret", "%2e%2e/secret", ".hidden", "..", "%00", "a%00b", "~"]
)
def test_no_name_leads_out_of_the_folder(service: Service, folder: Path, name: str) -> None:
    (folder.parent / "secret").write_bytes(b"secret")
    (folder / ".hidden").write_bytes(b"secret")
    for noun in NOUNS:
        assert service.ask(f"/{noun}/{name}").status_int == 404
    assert service.rows() == []


def test_a_file_the_store_has_already_is_stored_once(service: Service) -> None:
    service.upload(IMAGE, "photo.jpg")
    assert service.ask(f"/i/{NAME}").body == IMAGE
    assert len(service.rows()) == 2
    assert len(service.contents()) == 1


def test_a_file_uploaded_under_that_very_name_before(service: Service) -> None:
    service.upload(IMAGE, NAME)
    for _ in range(2):
        for noun in NOUNS:
            assert service.ask(f"/{noun}/{NAME}").status_int == 200
    assert service.ask(f"/i/{NAME}").body == IMAGE
    assert NAME in {row.filehash for row in service.rows()}


# Its database

OLD_ROW = text(
    'INSERT INTO "PasteFile" (id, filename, filehash, filemd5, uploadtime, mimetype, size) '
    "VALUES (1337, 'Urlaub é.jpg', :name, :md5, '2014-05-06 07:08:09.000000', 'image/jpeg', :size)"
)


@pytest.fixture(params=["sqlite", "mariadb"])
def old_service(request: pytest.FixtureRequest, tmp_path: Path, folder: Path) -> Iterator[Service]:
    """Give a service on the database of the older one, with one row in it, brought up to date."""
    data = tmp_path / "data"
    data.mkdir()
    url = ""
    if request.param == "mariadb":
        mariadb: MariaDB = request.getfixturevalue("mariadb")
        url = mariadb.create_database()
    migrate(data, url, "0001")
    engine = create_engine(url or f"sqlite:///{data / 'pastebin.sqlite'}")
    with engine.begin() as connection:
        if url:
            connection.execute(text("SET sql_mode = 'ANSI_QUOTES'"))
        md5 = hashlib.md5(IMAGE).hexdigest()
        connection.execute(OLD_ROW, {"name": NAME, "md5": md5, "size": len(IMAGE)})
    engine.dispose()
    migrate(data, url)
    service = Service(data, {"legacy_folder": str(folder), **({"database_url": url} if url else {})})
    yield service
    service.close()


def test_a_row_of_the_older_service_gets_its_content(old_service: Service) -> None:
    page = old_service.ask(f"/p/{NAME}", accept="text/html")
    assert page.status_int == 200
    assert "Urlaub é.jpg" in page.text
    assert old_service.ask(f"/i/{NAME}").body == IMAGE
    assert "Urlaub%20%C3%A9.jpg" in old_service.ask(f"/d/{NAME}").headers["Content-Disposition"]
    [row] = old_service.rows()
    assert (row.id, row.filename, row.uploadtime.isoformat()) == (
        1337,
        "Urlaub é.jpg",
        "2014-05-06T07:08:09+00:00",
    )
    assert row.sha256 == hashlib.sha256(IMAGE).hexdigest()
    assert (row.width, row.height) == (60, 40)


def test_its_short_links_go_on_working(old_service: Service) -> None:
    answer = old_service.ask("/s/pjz2p")
    assert (answer.status_int, answer.location) == (302, f"http://localhost/p/{NAME}")


def test_a_row_whose_file_is_lost_is_404(old_service: Service, folder: Path) -> None:
    shutil.rmtree(folder)
    for address in (f"/p/{NAME}", f"/i/{NAME}", f"/d/{NAME}", f"/r/{NAME}?w=1", "/s/pjz2p"):
        assert old_service.ask(address).status_int == 404


def test_new_files_get_numbers_after_the_old_ones(old_service: Service) -> None:
    old_service.upload(b"text", "a.txt")
    assert [row.id for row in old_service.rows()] == [1337, 1338]
