"""Migrations, up and down, on SQLite and on MariaDB."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from pastebin.models import CONTENTS, STATE, Base, make_engine
from tests.inprocess import Service, migrate
from tests.inprocess.database import alembic_config, stamp
from tests.servers import MariaDB, schema

STEPS = [f"00{number:02}" for number in range(1, 18)]
UPLOADED = datetime(2014, 5, 6, 7, 8, 9, 123456, UTC)

# A row as the older service wrote it.
OLD_ROW = {
    "filename": "Grüße 😀.txt",
    "filehash": "ec12e434b48648f0a65ac28a28759ba5.txt",
    "filemd5": hashlib.md5(b"hello").hexdigest(),
    "uploadtime": "2014-05-06 07:08:09.123456",
    "mimetype": "text/plain",
    "size": 5,
}


@dataclass
class Database:
    """An empty database: the folder of its configuration, its address and its engine."""

    folder: Path
    url: str
    engine: Engine

    def go_up(self, revision: str = "head") -> None:
        """Bring it up to a revision."""
        migrate(self.folder, self.url, revision)

    def go_down(self, revision: str = "base", *, losing: bool = False) -> None:
        """Bring it down to a revision, also if that loses contents."""
        migrate(self.folder, self.url, revision, down=True, losing=losing)

    @property
    def revision(self) -> str | None:
        """Return where it is now."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @property
    def tables(self) -> set[str]:
        """Return the names of its tables, apart from Alembic's own."""
        return set(inspect(self.engine).get_table_names()) - {"alembic_version"}

    def insert(self, **values: Any) -> None:
        """Write a row of PasteFile by hand."""
        columns, blanks = ", ".join(values), ", ".join(f":{name}" for name in values)
        with self.engine.begin() as connection:
            connection.execute(text(f"INSERT INTO {self.table} ({columns}) VALUES ({blanks})"), values)

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return some columns of all rows."""
        with self.engine.connect() as connection:
            found = connection.execute(text(f"SELECT {columns} FROM {self.table} ORDER BY id"))
            return [tuple(row) for row in found]

    @property
    def table(self) -> str:
        """Return the table's name as the database wants it written."""
        return self.engine.dialect.identifier_preparer.quote("PasteFile")


@pytest.fixture(params=["sqlite", "mariadb"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database of each kind in turn."""
    if request.param == "mariadb":
        server: MariaDB = request.getfixturevalue("mariadb")
        url = server.create_database()
        engine = make_engine(url)
    else:
        url = ""
        engine = make_engine(f"sqlite:///{tmp_path}/pastebin.sqlite")
    yield Database(tmp_path, url, engine)
    engine.dispose()


@pytest.fixture(scope="module")
def mariadb_tables(mariadb: MariaDB, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the statements that make what the migrations make on MariaDB."""
    url = mariadb.create_database()
    migrate(tmp_path_factory.mktemp("tables"), url)
    return schema.dump(url)


@pytest.fixture
def migrated(request: pytest.FixtureRequest, database: Database, sqlite_template: Path) -> Database:
    """Give a database of each kind as the migrations have made it: copied, for that is quicker."""
    if database.url:
        schema.load(database.url, request.getfixturevalue("mariadb_tables"))
    else:
        shutil.copy(sqlite_template, database.folder)
    return database


def test_the_migrations_are_one_line(tmp_path: Path) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(tmp_path))
    assert [script.revision for script in scripts.walk_revisions()] == STEPS[::-1]


def test_a_database_that_does_not_answer_is_told_in_a_line(tmp_path: Path) -> None:
    given = {
        "PASTEBIN_DATABASE_URL": "mysql+pymysql://somebody:secret@127.0.0.1:1/x",
        "PASTEBIN_DATA": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "development.ini", "upgrade", "head"],
        cwd=Path(__file__).parents[2],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).splitlines()
    assert line.startswith("pastebin.database_url ")
    assert "secret" not in line


def test_up_and_down_step_by_step(database: Database) -> None:
    for revision in STEPS:
        database.go_up(revision)
        assert database.revision == revision
    assert database.tables == set(Base.metadata.tables)
    for revision in STEPS[-2::-1]:
        database.go_down(revision)
        assert database.revision == revision
    assert database.tables == {"PasteFile"}
    database.go_down()
    assert database.revision is None
    assert database.tables == set()


def test_up_again_after_down_is_the_same(database: Database) -> None:
    database.go_up()
    before = shape(database.engine)
    database.go_down()
    database.go_up()
    assert shape(database.engine) == before


def shape(engine: Engine) -> tuple[list[Any], list[Any]]:
    """Return the columns and the indexes of the table."""
    looked = inspect(engine)
    columns = [(c["name"], repr(c["type"]), c["nullable"]) for c in looked.get_columns("PasteFile")]
    indexes = [(i["name"], i["column_names"], bool(i["unique"])) for i in looked.get_indexes("PasteFile")]
    return columns, sorted(indexes)


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    database.go_up()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_rows_go_up_and_down_unchanged(database: Database) -> None:
    database.go_up("0001")
    database.insert(**OLD_ROW)
    before = database.rows()
    database.go_up()
    assert database.rows(", ".join(["id", *OLD_ROW])) == before
    assert database.rows("sha256, link_key, width, height, encoding, listed") == [
        (None, None, 0, 0, "binary", 0)
    ]
    database.go_down("0001")
    assert database.rows() == before


def test_hashes_and_names_compare_byte_by_byte(migrated: Database) -> None:
    columns = ("filehash", "link_key", "sha256", "filemd5", "filename", "mimetype")
    for value in ("aB", "Ab", "ab", "AB"):
        migrated.insert(**{**OLD_ROW, **dict.fromkeys(columns, value)})
    with migrated.engine.connect() as connection:
        for column in columns:
            query = text(f"SELECT COUNT(*) FROM {migrated.table} WHERE {column} = 'aB'")
            assert connection.scalar(query) == 1, column


@pytest.mark.parametrize("column", ["filehash", "link_key"])
def test_a_public_name_and_a_key_are_given_once(migrated: Database, column: str) -> None:
    migrated.insert(**{**OLD_ROW, "filehash": "one", column: "same"})
    with pytest.raises(IntegrityError):
        migrated.insert(**{**OLD_ROW, "filehash": "other", column: "same"})
    assert len(migrated.rows()) == 1


def test_accents_and_widths_are_other_names(migrated: Database) -> None:
    for name in ("a", "á", "ａ", "ß", "ss"):
        migrated.insert(**{**OLD_ROW, "filehash": str(len(migrated.rows())), "filename": name})
    with migrated.engine.connect() as connection:
        query = text(f"SELECT COUNT(*) FROM {migrated.table} WHERE filename IN ('a', 'ss')")
        assert connection.scalar(query) == 2


def test_names_of_every_kind_fit(migrated: Database) -> None:
    longest = "😀" * 5000
    migrated.insert(**{**OLD_ROW, "filename": longest})
    assert migrated.rows("filename") == [(longest,)]


def test_an_id_is_never_given_twice(migrated: Database) -> None:
    """Short links are made of ids: that of a removed file must not lead to another."""
    migrated.insert(**OLD_ROW)
    with migrated.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {migrated.table}"))
    migrated.insert(**OLD_ROW)
    assert migrated.rows("id") == [(2,)]


def test_rows_of_the_older_service_are_served(database: Database, tmp_path: Path) -> None:
    database.go_up("0001")
    database.insert(**OLD_ROW)
    database.go_up()
    legacy = tmp_path / "old"
    legacy.mkdir()
    (legacy / OLD_ROW["filehash"]).write_bytes(b"hello")
    service = Service(tmp_path, {"database_url": database.url, "legacy_folder": str(legacy)})
    try:
        saved = service.ask(f"/d/{OLD_ROW['filehash']}")
        assert (saved.status_int, saved.body) == (200, b"hello")
        assert "%F0%9F%98%80.txt" in saved.headers["Content-Disposition"]
        assert service.ask("/s/867nv").location.endswith(f"/p/{OLD_ROW['filehash']}")
        (row,) = service.rows()
        assert (row.id, row.uploadtime, row.filename) == (1, UPLOADED, OLD_ROW["filename"])
        assert (row.sha256, row.size) == (hashlib.sha256(b"hello").hexdigest(), 5)
    finally:
        service.close()


def test_the_sql_can_be_printed_for_an_administrator(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    from alembic import command

    config = alembic_config(database.folder, database.url)
    command.upgrade(config, "head", sql=True)
    printed = capsys.readouterr().out
    assert "CREATE TABLE" in printed
    assert "CREATE UNIQUE INDEX" in printed
    assert database.tables == set()


# What cannot be computed again


def test_which_content_is_whose_is_not_lost_without_consent(migrated: Database) -> None:
    migrated.insert(**OLD_ROW, sha256=hashlib.sha256(b"hello").hexdigest())
    with pytest.raises(CommandError, match=r"which content belongs to which link \(1\).*lose-contents=yes"):
        migrated.go_down("0001")
    assert migrated.rows("sha256") == [(hashlib.sha256(b"hello").hexdigest(),)]
    migrated.go_down("0001", losing=True)
    assert migrated.revision == "0001"
    migrated.go_up()
    assert migrated.rows("sha256") == [(None,)]


def test_inline_contents_are_not_lost_without_consent(migrated: Database) -> None:
    with migrated.engine.begin() as connection:
        connection.execute(CONTENTS.insert().values(sha256="0" * 64, put_at=1, data=b"x"))
    with pytest.raises(CommandError, match=r"contents that are kept in the database \(1\).*pastebin unpack"):
        migrated.go_down("0003")
    with migrated.engine.connect() as connection:
        assert connection.scalar(select(CONTENTS.c.data)) == b"x"
    migrated.go_up()
    migrated.go_down("0003", losing=True)
    assert "Content" not in migrated.tables


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("short_id", 7),
        ("key_hash", "0" * 64),
        ("expires", "2030-01-02 03:04:05"),
        ("downloads_left", 3),
        ("password", "x"),
    ],
)
def test_the_terms_of_a_link_are_not_lost_without_consent(
    migrated: Database, column: str, value: object
) -> None:
    migrated.insert(**OLD_ROW, **{column: value})
    with pytest.raises(CommandError, match=r"passwords and other terms of links \(1\).*lose-contents=yes"):
        migrated.go_down("0006")
    assert str(migrated.rows(column)[0][0]) == str(value)
    migrated.go_up()
    migrated.go_down("0006", losing=True)
    assert len(migrated.rows()) == 1


def test_collections_are_not_lost_without_consent(migrated: Database) -> None:
    collection = Base.metadata.tables["Collection"]
    with migrated.engine.begin() as connection:
        connection.execute(
            collection.insert().values(code="c", created=datetime(2026, 1, 1, tzinfo=UTC), key_hash="0" * 64)
        )
    with pytest.raises(CommandError, match=r"collections \(1\).*lose-contents=yes"):
        migrated.go_down("0007")
    with migrated.engine.connect() as connection:
        assert connection.scalar(select(collection.c.code)) == "c"
    migrated.go_up()
    migrated.go_down("0007", losing=True)
    assert "Collection" not in migrated.tables


def test_accounts_are_not_lost_without_consent(migrated: Database) -> None:
    account = Base.metadata.tables["Account"]
    made = datetime(2026, 1, 1, tzinfo=UTC)
    with migrated.engine.begin() as connection:
        connection.execute(
            account.insert().values(name="Ada", folded="ada", password="x", roles=1, created=made)
        )
    with pytest.raises(CommandError, match=r"accounts \(1\).*lose-contents=yes"):
        migrated.go_down("0008")
    with migrated.engine.connect() as connection:
        assert connection.scalar(select(account.c.name)) == "Ada"
    migrated.go_down("0008", losing=True)
    assert "Account" not in migrated.tables


def test_what_editors_keep_off_the_list_is_not_lost_without_consent(migrated: Database) -> None:
    migrated.insert(**OLD_ROW, is_off_list=1)
    with pytest.raises(CommandError, match=r"which files editors keep off the list \(1\)"):
        migrated.go_down("0014")
    assert migrated.rows("is_off_list") == [(1,)]
    migrated.go_down("0014", losing=True)
    assert len(migrated.rows("listed")) == 1


def test_that_an_account_is_being_deleted_is_not_lost_without_consent(migrated: Database) -> None:
    values = "'a', 'a', 'x', 1, 0, '2026-01-01 00:00:00', '2026-01-02 00:00:00'"
    with migrated.engine.begin() as connection:
        columns = "name, folded, password, roles, is_suspended, created, ended"
        connection.execute(text(f"INSERT INTO Account ({columns}) VALUES ({values})"))
    with pytest.raises(CommandError, match="being deleted"):
        migrated.go_down("0009")
    with migrated.engine.begin() as connection:
        connection.execute(text("DELETE FROM Account"))
    migrated.go_down("0009")


def test_a_database_made_anew_has_another_generation(database: Database) -> None:
    found = set()
    for _ in range(2):
        database.go_up()
        with database.engine.connect() as connection:
            found.add(connection.scalar(select(STATE.c.generation)))
        database.go_down()
    assert len(found) == 2
    assert None not in found


# A table that the older service made itself

OLDER_TABLE = """
CREATE TABLE `PasteFile` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `filename` varchar(5000) NOT NULL,
  `filehash` varchar(128) NOT NULL,
  `filemd5` varchar(128) NOT NULL,
  `uploadtime` datetime NOT NULL,
  `mimetype` varchar(256) NOT NULL,
  `size` int(11) unsigned NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `filehash` (`filehash`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8
"""


@pytest.fixture
def older(mariadb: MariaDB, tmp_path: Path) -> Iterator[Database]:
    """Give a database that the older service made, brought up to date as the documentation says."""
    url = mariadb.create_database()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text(OLDER_TABLE))
    database = Database(tmp_path, url, engine)
    database.insert(**{**OLD_ROW, "filename": "Grüße.txt"})
    with engine.connect() as connection:
        before = connection.execute(text("SELECT * FROM PasteFile")).all()
    stamp(tmp_path, url, "0001")
    database.go_up()
    assert database.rows(", ".join(["id", *OLD_ROW])) == [tuple(row) for row in before]
    yield database
    engine.dispose()


def test_an_older_table_gets_the_columns_and_indexes_of_the_models(older: Database) -> None:
    with older.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        collations = connection.execute(
            text(
                "SELECT column_name, collation_name FROM information_schema.columns "
                "WHERE table_schema = DATABASE() AND table_name = 'PasteFile' AND collation_name IS NOT NULL"
            )
        ).all()
    assert {collation for _, collation in collations} == {"ascii_bin", "utf8mb4_bin"}


def test_an_older_table_compares_byte_by_byte_and_holds_all_of_unicode(
    older: Database, tmp_path: Path
) -> None:
    legacy = tmp_path / "old"
    legacy.mkdir()
    (legacy / OLD_ROW["filehash"]).write_bytes(b"hello")
    service = Service(tmp_path, {"database_url": older.url, "legacy_folder": str(legacy)})
    try:
        assert service.ask(f"/d/{OLD_ROW['filehash'].upper()}").status_int == 404
        assert service.ask(f"/d/{OLD_ROW['filehash']}").body == b"hello"
        said = service.upload(b"party", "party\N{PARTY POPPER}.txt", to="/j")
        assert said.status_int == 201
        assert said.json["origin_filename"] == "party\N{PARTY POPPER}.txt"
        assert service.rows()[1].uploadtime.microsecond
    finally:
        service.close()


def test_an_older_table_goes_down_and_up_again(older: Database) -> None:
    older.go_down("0001")
    older.go_up()
    assert len(older.rows()) == 1
