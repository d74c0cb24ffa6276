"""What an operator does from a shell."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, inspect, select, update
from tqdm import tqdm

from pastebin import __version__
from pastebin.models import AUDIT, Content, PasteFile, ServiceState
from pastebin.scripts import cli
from pastebin.services import maintenance
from tests.inprocess import Service, migrate
from tests.inprocess.database import alembic_config

Run = Callable[..., Result]
HOUR = 3600
ALL_IS_WELL = "Every file has its content, and every content its right hash.\n"


@pytest.fixture(autouse=True)
def quiet_log_afterwards() -> Iterator[None]:
    """Give the log its level back, which every command changes for its process."""
    log = logging.getLogger("pastebin")
    level = log.level
    yield
    log.setLevel(level)


@pytest.fixture
def migrated_afterwards(service: Service) -> Iterator[None]:
    """Make the tables again that the test drops: the service is for all tests in turn."""
    yield
    migrate(service.data)


@pytest.fixture
def ini(service: Service) -> Path:
    """Give an INI file of the same service."""
    return Path(alembic_config(service.data).config_file_name)


@pytest.fixture
def run(ini: Path) -> Run:
    """Give a function that runs a command on the service."""

    def run(*arguments: object, answer: str | None = None, config: Path = ini) -> Result:
        return CliRunner().invoke(cli.main, ["-c", str(config), *map(str, arguments)], input=answer)

    return run


@pytest.fixture
def shown_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show progress bars though nobody looks on."""

    def bar(things: Any, **options: Any) -> Any:
        return tqdm(things, **{**options, "disable": False})

    monkeypatch.setattr(cli, "tqdm", bar)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def change(service: Service, content: bytes, **values: object) -> None:
    """Change the row of a small content, or without values remove it."""
    statement: Any = update(Content).values(values) if values else delete(Content)
    with service.session() as session, session.begin():
        session.execute(statement.where(Content.sha256 == digest(content)))
    service.registry.services.store.small.forget()


def grown_old(service: Service, content: bytes, seconds: float = 2 * HOUR) -> None:
    """Make a small content as old as that."""
    change(service, content, put_at=int(time.time() - seconds))


def orphan(service: Service, content: bytes) -> None:
    """Put a small content without a link into the store."""
    services = service.registry.services
    with services.store.writer() as writer, services.engine.begin() as connection:
        writer.write(content)
        services.store.commit(connection, [writer.stage()])


def assert_fails(result: Result, *words: str) -> None:
    """Assert that a command ended with exit status 1 and these words, and nobody saw a traceback."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    for word in words:
        assert word in result.output


# get-file


def test_get_file_prints_the_address(service: Service, run: Run) -> None:
    filehash = service.filehash(b"hello", "hello.txt")
    result = run("get-file", filehash)
    assert (result.exit_code, result.output) == (0, f"URL is http://localhost/i/{filehash}\n")


def test_get_file_uses_the_public_address(
    service: Service, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASTEBIN_PUBLIC_URL", "https://files.example.org/")
    filehash = service.filehash(b"hello", "hello.txt")
    assert run("get-file", filehash).output == f"URL is https://files.example.org/i/{filehash}\n"


@pytest.mark.parametrize("name", ["0" * 32, "0" * 32 + ".txt", "../../etc/passwd", "", "é", "x" * 500])
def test_get_file_says_what_does_not_exist(run: Run, name: str) -> None:
    assert run("get-file", name).output == "Not exists\n"


# dropdb


def test_dropdb_asks_first_and_a_no_loses_nothing(service: Service, run: Run) -> None:
    filehash = service.filehash(b"hello", "hello.txt")
    for answer in ("n\n", "\n", ""):
        result = run("dropdb", answer=answer)
        assert result.exit_code == 1
        assert "Are you sure you want to lose all your data" in result.output
    assert service.ask(f"/d/{filehash}").body == b"hello"
    assert len(service.rows()) == 1


@pytest.mark.usefixtures("migrated_afterwards")
@pytest.mark.parametrize(("arguments", "answer"), [((), "y\n"), (("--yes",), None)])
def test_dropdb_drops_every_table_after_a_yes(
    service: Service, run: Run, arguments: tuple[str], answer: str | None
) -> None:
    service.filehash(b"hello", "hello.txt")
    result = run("dropdb", *arguments, answer=answer)
    assert result.exit_code == 0
    assert "alembic upgrade head" in result.output
    assert inspect(service.registry.services.engine).get_table_names() == []


@pytest.mark.usefixtures("migrated_afterwards")
def test_after_dropdb_the_migrations_make_an_empty_service(service: Service, run: Run) -> None:
    service.filehash(b"hello", "hello.txt")
    run("dropdb", "--yes")
    migrate(service.data)
    assert service.rows() == []
    service.assert_works()


# adopt


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """Give the folder of an older service with two files, and with what is none of them."""
    folder = tmp_path / "old"
    (folder / ("1" * 32)).mkdir(parents=True)
    (folder / ("a" * 32 + ".txt")).write_bytes(b"the first")
    (folder / ("b" * 32 + ".txt")).write_bytes(b"the second")
    (folder / ("c" * 32 + ".txt")).symlink_to("/etc/hostname")
    (folder / ("d" * 32 + ".txt")).symlink_to(folder / ("a" * 32 + ".txt"))
    (folder / "no public name").write_bytes(b"no")
    os.mkfifo(folder / ("e" * 32))
    return folder


def test_adopt_takes_in_each_regular_file(service: Service, run: Run, old_folder: Path) -> None:
    result = run("adopt", old_folder)
    assert (result.exit_code, result.output) == (
        0,
        f"Took in 2 of 2 files; they may be removed from {old_folder} now.\n",
    )
    assert service.ask(f"/d/{'a' * 32}.txt").body == b"the first"
    assert service.ask(f"/d/{'b' * 32}.txt").body == b"the second"
    assert {row.filehash[0] for row in service.rows()} == {"a", "b"}


def test_adopted_files_need_their_folder_no_more(service: Service, run: Run, old_folder: Path) -> None:
    run("adopt", old_folder)
    for path in old_folder.glob("*.txt"):
        path.unlink()
    assert service.ask(f"/d/{'a' * 32}.txt").body == b"the first"
    assert run("check").output == ALL_IS_WELL


def test_adopting_twice_is_harmless(service: Service, run: Run, old_folder: Path) -> None:
    run("adopt", old_folder)
    before = [(row.id, row.filehash, row.sha256) for row in service.rows()]
    assert run("adopt", old_folder).exit_code == 0
    assert [(row.id, row.filehash, row.sha256) for row in service.rows()] == before


@pytest.mark.usefixtures("shown_progress")
def test_adopt_shows_its_progress(run: Run, old_folder: Path) -> None:
    result = run("adopt", old_folder)
    assert "2/2" in result.stderr
    assert "file/s" in result.stderr


def test_adopt_needs_a_folder(run: Run, tmp_path: Path) -> None:
    result = run("adopt", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


# check


def test_check_of_a_sound_service(service: Service, run: Run) -> None:
    assert (run("check").exit_code, run("check").output) == (0, ALL_IS_WELL)
    for number in range(5):
        service.filehash(b"content %d" % number, "a.txt")
    assert (run("check").exit_code, run("check").output) == (0, ALL_IS_WELL)


def lose(service: Service, content: bytes) -> None:
    change(service, content)


def damage(service: Service, content: bytes) -> None:
    change(service, content, data=content[::-1])


def misstate(service: Service, content: bytes) -> None:
    with service.session() as session, session.begin():
        session.execute(update(PasteFile).where(PasteFile.sha256 == digest(content)).values(size=1))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose, "the content is missing"),
        (damage, "the content is damaged"),
        (misstate, "a row states another size"),
    ],
)
def test_check_names_what_is_wrong(
    service: Service, run: Run, spoil: Callable[..., None], words: str
) -> None:
    service.filehash(b"sound", "a.txt")
    service.filehash(b"spoiled", "b.txt")
    spoil(service, b"spoiled")
    result = run("check")
    assert_fails_after_faults(result, 1)
    assert f"{digest(b'spoiled')}: {words}" in result.stderr
    assert digest(b"sound") not in result.output


def test_check_counts_all_faults(service: Service, run: Run) -> None:
    for number, spoil in enumerate((lose, damage, misstate)):
        service.filehash(b"content %d" % number, "a.txt")
        spoil(service, b"content %d" % number)
    assert_fails_after_faults(run("check"), 3)


def assert_fails_after_faults(result: Result, count: int) -> None:
    """Assert that a check ended with exit status 1 after so many faults."""
    assert result.exit_code == 1
    assert result.stdout == ""
    *faults, last = result.stderr.splitlines()
    assert len(faults) == count
    assert last == f"Error: {count} of the stored contents are wrong."


@pytest.mark.usefixtures("shown_progress")
def test_check_shows_its_progress(service: Service, run: Run) -> None:
    for number in range(3):
        service.filehash(b"content %d" % number, "a.txt")
        service.filehash(b"content %d" % number, "b.txt")
    assert "3/3" in run("check").stderr


# sweep


def test_sweep_removes_old_contents_that_nobody_refers_to(service: Service, run: Run) -> None:
    service.filehash(b"referred to", "a.txt")
    grown_old(service, b"referred to")
    orphan(service, b"old orphan")
    grown_old(service, b"old orphan")
    orphan(service, b"fresh orphan")
    result = run("sweep")
    assert (result.exit_code, result.output) == (
        0,
        "Removed 1 contents (10.00 bytes) and 0 temporary files.\n",
    )
    assert service.contents() == sorted([digest(b"referred to"), digest(b"fresh orphan")])


def test_sweep_removes_what_killed_uploads_left(service: Service, run: Run) -> None:
    old, fresh = service.files / "tmp" / "old", service.files / "tmp" / "fresh"
    for path in (old, fresh):
        path.write_bytes(b"half of it")
    os.utime(old, (0, 0))
    assert run("sweep").output == "Removed 0 contents (0.00 bytes) and 1 temporary files.\n"
    assert service.leftovers() == [fresh]


def test_sweep_says_what_would_go(service: Service, run: Run) -> None:
    orphan(service, b"old orphan")
    grown_old(service, b"old orphan")
    assert run("sweep", "--dry-run").output == "Would remove 1 contents (10.00 bytes).\n"
    assert service.contents() == [digest(b"old orphan")]


def test_sweep_is_refused_while_links_have_lost_their_contents(service: Service, run: Run) -> None:
    service.filehash(b"lost", "a.txt")
    grown_old(service, b"lost")
    with service.session() as session, session.begin():
        session.execute(update(PasteFile).values(sha256=None))
    assert_fails(run("sweep"), "1 links have no content", "pastebin repair", "sweep --force")
    assert service.contents() == [digest(b"lost")]
    assert run("repair").output == "Gave 1 rows their contents again.\n"
    assert run("check").output == ALL_IS_WELL
    assert run("sweep").output == "Removed 0 contents (0.00 bytes) and 0 temporary files.\n"


def test_a_forced_sweep_goes_on(service: Service, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "MANY", 0)
    orphan(service, b"old orphan")
    grown_old(service, b"old orphan")
    assert_fails(run("sweep"), "1 of 1 contents have no link")
    assert run("sweep", "--force").output.startswith("Removed 1 contents")
    assert service.contents() == []


# pack, unpack


def test_contents_move_into_files_and_back(service: Service, run: Run) -> None:
    filehash = service.filehash(b"small", "a.txt")
    assert run("unpack").output == "Moved 1 contents into files.\n"
    [place] = service.files.glob("*/" + digest(b"small"))
    os.utime(place, (0, 0))
    assert service.ask(f"/d/{filehash}").body == b"small"
    assert run("pack").output == "Moved 1 contents into the database.\n"
    assert not place.exists()
    assert service.ask(f"/d/{filehash}").body == b"small"


# new-generation


def test_a_new_generation_is_another_one(service: Service, run: Run) -> None:
    def generation() -> str:
        with service.session() as session:
            return session.scalars(select(ServiceState.generation)).one()

    before = generation()
    assert run("new-generation").output == "Cached look-ups are forgotten.\n"
    assert generation() != before


# What goes wrong before a command begins


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    for config in (tmp_path / "nowhere.ini", tmp_path):
        assert_fails(run("check", config=config), f"There is no file {config}")


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[other]\na = 1\n",
        "[app:main]\nuse = egg:no-such-egg\n",
        "[app:main]\nuse = egg:pastebin\npastebin.data = %(nowhere)s\n",
        "\ufffe\x00",
        "",
    ],
)
def test_a_file_that_describes_no_service(run: Run, tmp_path: Path, text: str) -> None:
    config = tmp_path / "wrong.ini"
    config.write_bytes(text.encode("utf-16-be") if "\0" in text else text.encode())
    assert_fails(run("check", config=config), f"{config} does not describe a service")


def test_wrong_settings_are_one_message(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASTEBIN_CACHE", "redis")
    monkeypatch.setenv("PASTEBIN_COLOUR", "red")
    assert_fails(
        run("check"),
        "Error: Wrong settings:\n",
        "PASTEBIN_CACHE must be one of memory, memcached, not 'redis'\n",
        "PASTEBIN_COLOUR is no setting of this version\n",
    )


@pytest.mark.usefixtures("migrated_afterwards")
def test_a_database_that_was_not_migrated(service: Service, run: Run) -> None:
    run("dropdb", "--yes")
    for command in (("check",), ("sweep",), ("get-file", "0" * 32)):
        assert_fails(run(*command), "no such table: ")


def test_a_database_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("PASTEBIN_DATABASE_URL", f"mysql+pymysql://root@127.0.0.1:{free_port}/x")
    assert_fails(run("check"), "The database says: ", "Connection refused")


def test_a_folder_that_cannot_be_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASTEBIN_FILES_FOLDER", "/proc/nowhere")
    assert_fails(run("sweep"), "/proc/nowhere cannot be written to")


def test_the_version_and_the_help() -> None:
    assert __version__ in CliRunner().invoke(cli.main, ["--version"]).output
    shown = CliRunner().invoke(cli.main, ["--help"]).output
    for name, command in cli.main.commands.items():
        assert name in shown
        assert command.help


# Accounts


def test_an_account_is_made_changed_and_listed(service: Service, run: Run) -> None:
    accounts = service.registry.services.accounts
    made = run("user", "add", "Ada", "--email", "ada@example.org", answer="correct horse\n")
    assert (made.exit_code, made.output) == (0, "Made the account Ada.\n")
    assert run("user", "add", "root", "--admin", answer="correct horse").exit_code == 0
    assert accounts.named("root").roles == 255
    assert run("user", "suspend", "ada").exit_code == 0
    assert accounts.named("Ada").is_suspended
    assert run("user", "resume", "ADA@example.org").exit_code == 0
    assert run("user", "roles", "Ada", 5).exit_code == 0
    assert run("user", "quota", "Ada", "--bytes", "1 GiB", "--files", 7).exit_code == 0
    ada = accounts.named("Ada")
    assert (ada.is_suspended, ada.roles, ada.quota_bytes, ada.quota_files) == (False, 5, 2**30, 7)
    assert run("user", "list").output == "Ada  ada@example.org  5\nroot  -  255\n"
    assert run("user", "passwd", "Ada", answer="another horse\n").exit_code == 0
    assert service.registry.services.sign_in.check("Ada", "another horse", "") is not None


def audited(service: Service) -> list[tuple[str, str, str]]:
    with service.session() as session:
        rows = session.execute(select(AUDIT).order_by(AUDIT.c.id))
        return [(row.act, row.actor, row.reason) for row in rows]


def test_every_command_that_changes_an_account_is_in_the_audit(service: Service, run: Run) -> None:
    commands: list[tuple[tuple[object, ...], str | None]] = [
        (("user", "add", "Ada"), "correct horse\n"),
        (("user", "add", "root", "--admin"), "correct horse\n"),
        (("user", "passwd", "ada"), "another horse\n"),
        (("user", "passwd", "ada", "--only"), "one more horse\n"),
        (("user", "roles", "ada", 5), None),
        (("user", "quota", "ada", "--files", 7), None),
        (("user", "suspend", "ada"), None),
        (("user", "resume", "ada"), None),
        (("token", "add", "ada", "--scope", "upload", "--scope", "read"), None),
        (("invite", "add"), None),
        (("user", "list"), None),
        (("flag",), None),
    ]
    for arguments, answer in commands:
        result = run(*arguments, answer=answer)
        assert result.exit_code == 0, result.output
    ada, root = (service.registry.services.accounts.named(name) for name in ("ada", "root"))
    [token] = service.registry.services.tokens.of_account(ada.id)
    [invite] = service.registry.services.invites.open()
    assert audited(service) == [
        (act, "shell", said)
        for act, said in [
            ("account-made", f"account {ada.id} with roles 1"),
            ("account-made", f"account {root.id} with roles 255"),
            ("password", f"account {ada.id}"),
            ("password", f"account {ada.id} alone"),
            ("roles", f"account {ada.id} 1 to 5"),
            ("quota", f"account {ada.id} None bytes, 7 files"),
            ("suspended", f"account {ada.id}"),
            ("resumed", f"account {ada.id}"),
            ("token-made", f"account {ada.id} {token.public_id} for upload read"),
            ("invited", f"invite {invite.id} for 1"),
        ]
    ]


def test_a_command_that_fails_is_not_in_the_audit(service: Service, run: Run) -> None:
    run("user", "add", "ada", answer="correct horse\n")
    run("user", "add", "ADA", answer="correct horse\n")
    run("user", "passwd", "ada", answer="short\n")
    run("token", "add", "nobody", "--scope", "upload")
    assert [act for act, _, _ in audited(service)] == ["account-made"]


def test_what_commands_do_to_contents_is_in_the_audit(service: Service, run: Run, old_folder: Path) -> None:
    run("new-generation")
    run("sweep")  # nothing is there to be removed, packed or repaired
    run("pack")
    run("repair")
    run("adopt", old_folder)
    orphan(service, b"nobody's")
    grown_old(service, b"nobody's")
    run("sweep", "--dry-run")
    run("sweep")
    run("unpack")
    run("pack")
    acts = [(act, actor) for act, actor, _ in audited(service)]
    assert acts == [(act, "shell") for act in ("new-generation", "adopted", "swept", "unpacked", "packed")]


def test_another_password_can_be_the_only_way_in(service: Service, run: Run) -> None:
    run("user", "add", "ada", answer="correct horse\n")
    services = service.registry.services
    account = services.accounts.named("ada")
    services.identities.link(account.id, "https://id.example", "1", "Ada")
    said = run("user", "passwd", "ada", answer="another horse\n").output
    assert "1 passkeys and linked sign-ins stay: with --only they end." in said
    assert len(services.identities.of_account(account.id)) == 1
    said = run("user", "passwd", "ada", "--only", answer="one more horse\n").output
    assert "stay" not in said
    assert services.identities.of_account(account.id) == []


@pytest.mark.parametrize("name", ["Ada", "ADA", "Ａｄａ"])
def test_a_second_name_that_is_equal_after_folding_is_one_line(service: Service, run: Run, name: str) -> None:
    run("user", "add", "ada", answer="correct horse\n")
    result = run("user", "add", name, answer="correct horse\n")
    assert_fails(result, "too alike")
    assert len(result.output.splitlines()) == 1
    assert len(service.registry.services.accounts.all()) == 1


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("user", "add", "ada"), "short\n"),
        (("user", "add", "a@b"), "correct horse\n"),
        (("user", "add", "ada", "--email", "none"), "correct horse\n"),
        (("user", "suspend", "nobody"), None),
        (("token", "add", "nobody", "--scope", "upload"), None),
    ],
)
def test_what_cannot_be_is_said_in_one_line(run: Run, arguments: tuple[str, ...], answer: str | None) -> None:
    result = run(*arguments, answer=answer)
    assert_fails(result)
    assert len(result.output.splitlines()) == 1


def test_a_token_is_printed_once_and_works(service: Service, run: Run) -> None:
    run("user", "add", "Ada", answer="correct horse\n")
    token = run("token", "add", "Ada", "--scope", "upload", "--scope", "read", "--max-size", "1 KiB").output
    answer = service.upload(b"x", authorization=f"Bearer {token.strip()}")
    assert answer.status_int == 201
    assert service.rows()[0].owner_id == service.registry.services.accounts.named("Ada").id
    assert service.upload(b"x" * 2000, authorization=f"Bearer {token.strip()}").status_int == 413


def test_an_invite_is_an_address(service: Service, run: Run) -> None:
    address = run("invite", "add", "--uses", 2).output.strip()
    assert address.startswith("http://localhost/signup/")
    assert service.registry.services.invites.is_open(address.rpartition("/")[2])
