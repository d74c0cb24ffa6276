"""What a developer finds: a shell with everything ready, and who answers which address."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyramid.paster import bootstrap
from pyramid.scripts import proutes, pviews
from sqlalchemy import select

from pastebin import models, pshell
from pastebin.errors import NotFound
from pastebin.resources import Root
from pastebin.services import Services
from pastebin.services.account_records import NewAccount
from pastebin.services.api_tokens import NewToken
from tests.inprocess import PRODUCTION, Service
from tests.inprocess.database import alembic_config

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ini(service: Service) -> Path:
    """Give an INI file of the service."""
    return Path(alembic_config(service.data).config_file_name)


@contextmanager
def opened(ini: Path) -> Iterator[dict[str, Any]]:
    """Give what a shell's session finds, as `pshell` prepares it."""
    with bootstrap(str(ini)) as env:
        pshell.setup(env)
        yield env
        env["request"].tm.abort()


@pytest.fixture
def shell(ini: Path) -> Iterator[dict[str, Any]]:
    """Give what a session finds."""
    with opened(ini) as env:
        yield env


@pytest.fixture
def shown(ini: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Give a function that runs one of Pyramid's commands and returns what it prints, spaces squeezed."""

    def shown(command: Any, *arguments: str) -> str:
        assert command.main([command.__name__, str(ini), *arguments]) == 0
        return " ".join(capsys.readouterr().out.split())

    return shown


def test_a_shell_has_everything_at_hand(service: Service, shell: dict[str, Any]) -> None:
    filehash = service.filehash(b"hello", "hello.txt")
    assert isinstance(shell["root"], Root)
    assert isinstance(shell["services"], Services)
    assert shell["models"] is models
    assert shell["settings"].data == service.data
    account = shell["accounts"].add(NewAccount("Ada", "correct horse battery", "ada@example.org"))
    assert shell["user"]("ADA") == shell["user"]("ada@example.org") == account
    text = shell["tokens"].create(account.id, NewToken("test", {"upload"}))
    assert service.upload(b"by a token", authorization=f"Bearer {text}").status_int == 201
    assert shell["invites"].is_open(shell["invites"].create(1, timedelta(days=1)))
    assert shell["flags"].on() == frozenset()
    rows = shell["session"].scalars(select(shell["PasteFile"])).all()
    assert rows[0].filehash == filehash


def test_find_takes_a_code_a_name_or_an_address(service: Service, shell: dict[str, Any]) -> None:
    answer = service.upload(b"hello", "hello.txt").json
    filehash = answer["url_p"].rpartition("/")[2]
    find = shell["find"]
    for text in (
        answer["url_s"].rpartition("/")[2],
        filehash,
        answer["url_p"],
        answer["url_i"],
        answer["url_d"],
        answer["url_s"],
        f"{answer['url_s']}/",
    ):
        assert find(text).filehash == filehash


def test_find_takes_a_name_without_suffix(service: Service, shell: dict[str, Any]) -> None:
    filehash = service.filehash(b"hello", "hello")
    assert shell["find"](filehash).filename == "hello"


@pytest.mark.parametrize("text", ["mmmmm", "867nv", "0" * 32, "a.txt", "", "http://localhost/p/"])
def test_find_says_what_there_is_not(shell: dict[str, Any], text: str) -> None:
    with pytest.raises(NotFound):
        shell["find"](text)


def test_what_is_changed_is_kept_by_a_commit(service: Service, shell: dict[str, Any]) -> None:
    service.filehash(b"hello", "hello.txt")
    row = shell["session"].scalars(select(models.PasteFile)).one()
    row.filename = "renamed.txt"
    shell["request"].tm.commit()
    shell["request"].tm.begin()
    assert service.rows()[0].filename == "renamed.txt"


def test_what_is_changed_is_lost_without_a_commit(service: Service, shell: dict[str, Any]) -> None:
    service.filehash(b"hello", "hello.txt")
    shell["session"].scalars(select(models.PasteFile)).one().filename = "renamed.txt"
    shell["session"].flush()
    shell["request"].tm.abort()
    shell["request"].tm.begin()
    assert service.rows()[0].filename == "hello.txt"


def test_the_banner_says_where_one_is(
    ini: Path, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(ini):
        pass
    printed = capsys.readouterr().out
    assert "DEVELOPMENT" in printed
    assert f"{service.data}/pastebin.sqlite" in printed
    assert 'find("867nv")' in printed
    assert "***" not in printed


def test_the_banner_of_production_is_loud_and_keeps_the_password(
    ini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in PRODUCTION.items():
        monkeypatch.setenv(f"PASTEBIN_{name.upper()}", text)
    monkeypatch.setenv("PASTEBIN_DATABASE_URL", "mysql+pymysql://pastebin:p4ssw0rd@db.example.org/pastebin")
    with opened(ini):
        pass
    printed = capsys.readouterr().out
    assert "PRODUCTION: what you change here, people see ***" in printed
    assert "db.example.org" in printed
    assert "p4ssw0rd" not in printed


def test_pshell_itself_opens_so(service: Service) -> None:
    """By the shipped INI file, of which only the data folder is another."""
    code = service.upload(b"hello", "hello.txt").json["url_s"].rpartition("/")[2]
    shell = subprocess.run(
        [sys.executable, "-m", "pyramid.scripts.pshell", str(ROOT / "development.ini"), "-p", "python"],
        input=f'print("found", find("{code}").filename, session.query(PasteFile).count())\n',
        env={**os.environ, "PASTEBIN_DATA": str(service.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert shell.returncode == 0, shell.stderr
    assert "DEVELOPMENT" in shell.stdout
    assert "found hello.txt 1" in shell.stdout


@pytest.mark.parametrize(
    ("address", "context", "view"),
    [
        ("/", "Root", "pastebin.views.uploads.index"),
        ("/", "Root", "pastebin.views.uploads.upload"),
        ("/j", "MachineUpload", "pastebin.views.uploads"),
        ("/health", "Health", "pastebin.views.health"),
        ("/p/{}", "PreviewContext", "pastebin.views.previews"),
        ("/i/{}", "InlineContext", "pastebin.views.files"),
        ("/i/{}?w=10", "InlineContext", "pastebin.views.files"),
        ("/d/{}", "DownloadContext", "pastebin.views.files"),
        ("/r/{}", "ResizedContext", "pastebin.views.images"),
        ("/s/{short}", "ShortLinkContext", "pastebin.views.files"),
        ("/q/{}", "QRCodeContext", "pastebin.views.qrcodes"),
    ],
)
def test_pviews_tells_who_answers(
    service: Service, shown: Callable[..., str], address: str, context: str, view: str
) -> None:
    said = service.upload(b"hello", "hello.txt").json
    filehash, short = (said[name].rpartition("/")[2] for name in ("url_p", "url_s"))
    path = address.format(filehash, short=short)
    printed = shown(pviews, path)
    assert f".{context} object" in printed
    assert view in printed


@pytest.mark.parametrize("path", ["/nowhere", "/p", "/p/" + "0" * 32, "/s/mmmmm"])
def test_pviews_tells_where_nobody_answers(shown: Callable[..., str], path: str) -> None:
    assert f"URL = {path} Not found." in shown(pviews, path)


def test_proutes_has_nothing_but_the_static_files(shown: Callable[..., str]) -> None:
    """Everything else is traversal: a route would shadow the tree."""
    head, _, rows = shown(proutes).rpartition(" ------ ")
    assert "Pattern" in head
    assert rows.count("*subpath") == 1
    assert "/static/" in rows
    assert "pastebin:static/" in rows
