"""Section 7 of what the service promises: a disk or a database that fails costs nothing but an answer."""

import errno
import hashlib
import io
import os
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from webtest import TestResponse

from pastebin.errors import StorageFull
from pastebin.services.committer import Committer
from pastebin.services.uploads import UploadService
from tests.contracts.together import in_threads
from tests.inprocess import Service, body_of, content_type, contents, file_part, migrate
from tests.inprocess.forms import text_part
from tests.servers import MariaDB

Break = Callable[[Service, pytest.MonkeyPatch], None]

CONTENT = contents.noise(5_000)


# The database


def no_connection(service: Service, patch: pytest.MonkeyPatch) -> None:
    """Let nobody connect."""
    engine = service.registry.services.engine
    engine.dispose()

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise engine.dialect.dbapi.OperationalError(2003, "Can't connect to the server")

    patch.setattr(engine.dialect, "connect", refuse)


def no_statement(service: Service, patch: pytest.MonkeyPatch) -> None:
    """Lose the connection at the first statement that writes."""
    dialect = service.registry.services.engine.dialect
    execute = dialect.do_execute

    def fail(cursor: Any, statement: str, *rest: Any, **options: Any) -> Any:
        if statement.startswith(("INSERT", "UPDATE")):
            raise dialect.dbapi.OperationalError(2013, "Lost connection during query")
        return execute(cursor, statement, *rest, **options)

    patch.setattr(dialect, "do_execute", fail)


def no_commit(service: Service, patch: pytest.MonkeyPatch) -> None:
    """Lose the connection at the commit."""
    dialect = service.registry.services.engine.dialect

    def fail(connection: Any) -> None:
        connection.rollback()
        raise dialect.dbapi.OperationalError(2006, "Server has gone away")

    patch.setattr(dialect, "do_commit", fail)


DATABASE = [no_connection, no_statement, no_commit]


def assert_failed(answer: TestResponse, status: int, code: str) -> None:
    """Assert that an answer says that something failed, and when to try again."""
    assert (answer.status_int, answer.content_type) == (status, "application/json")
    assert answer.json["error"]["code"] == code
    assert int(answer.headers["Retry-After"]) > 0
    assert "no-store" in answer.headers["Cache-Control"]


def assert_recovered(service: Service) -> None:
    """Assert that no row or temporary file is left, nor any content after a sweep, and that uploads work."""
    assert service.rows() == []
    assert service.leftovers() == []
    service.sweep(grace=-1)
    assert service.contents() == []
    service.assert_works()


@pytest.mark.parametrize("to", ["/", "/j"])
@pytest.mark.parametrize("cause", DATABASE)
def test_an_upload_without_database_is_503_and_leaves_nothing(
    each_service: Service, cause: Break, to: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cause(each_service, patch)
        assert_failed(each_service.upload(CONTENT, "a.bin", to), 503, "unavailable")
        browser = each_service.upload(CONTENT, "a.bin", accept="text/html")
        assert (browser.status_int, browser.content_type) == (503, "text/html")
    assert_recovered(each_service)


@pytest.mark.parametrize("cause", DATABASE)
def test_a_resized_copy_without_database_is_503_and_leaves_nothing(
    each_service: Service, cause: Break
) -> None:
    filehash = each_service.filehash(contents.image(), "a.png")
    each_service.ask(f"/i/{filehash}")
    with pytest.MonkeyPatch.context() as patch:
        cause(each_service, patch)
        assert_failed(each_service.ask(f"/r/{filehash}?w=20"), 503, "unavailable")
    assert each_service.leftovers() == []
    assert each_service.ask(f"/r/{filehash}?w=20").status_int == 200
    assert len(each_service.rows()) == 2


def test_looking_without_database_is_503(each_service: Service) -> None:
    said = each_service.upload(CONTENT, "a.bin").json
    with pytest.MonkeyPatch.context() as patch:
        no_connection(each_service, patch)
        for key in ("url_p", "url_i", "url_d", "url_s"):
            assert_failed(each_service.ask(said[key], accept="application/json"), 503, "unavailable")
        assert each_service.ask("/", accept="text/html").status_int == 200
        health = each_service.ask("/health")
        assert (health.status_int, health.json["status"]) == (503, "down")
        assert health.json["database"]["status"] == "down"
        assert health.json["database"]["problem"]
        assert health.json["store"]["status"] == "ok"
    for key in ("url_p", "url_i", "url_d", "url_s"):
        assert each_service.ask(said[key]).status_int in (200, 302)


def test_what_the_cache_knows_can_be_looked_at_without_database(each_service: Service) -> None:
    said = each_service.upload(CONTENT, "a.bin").json
    for key in ("url_p", "url_i", "url_s"):
        each_service.ask(said[key])
    with pytest.MonkeyPatch.context() as patch:
        no_connection(each_service, patch)
        assert each_service.ask(said["url_p"], accept="text/html").status_int == 200
        assert each_service.ask(said["url_i"]).body == CONTENT
        assert each_service.ask(said["url_s"]).status_int == 302


def test_a_database_without_room_is_507(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    dialect = service.registry.services.engine.dialect

    def fail(*_arguments: Any, **_options: Any) -> None:
        error = dialect.dbapi.OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "do_commit", fail)
        assert_failed(service.upload(CONTENT), 507, "storage_full")
    assert_recovered(service)


def test_an_error_that_no_driver_raised_is_no_traceback(service: Service) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("a secret of the driver"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service.registry.services.engine, "begin", fail)
        answer = service.upload(CONTENT)
    assert_failed(answer, 503, "unavailable")
    assert "secret" not in answer.text
    assert_recovered(service)


# The store


def raising(number: int) -> Callable[..., None]:
    """Return what fails as the operating system does."""

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail


class Failing(io.FileIO):
    """A file that takes so many bytes and then fails."""

    room = 0
    number = errno.ENOSPC

    def write(self, data: Any) -> int:
        """Fail beyond the room."""
        if self.tell() + len(data) > self.room:
            raise OSError(self.number, os.strerror(self.number))
        return super().write(data)


def writing_fails(patch: pytest.MonkeyPatch, number: int, room: int = 0) -> None:
    """Let files take `room` bytes."""
    kind = type("Failing", (Failing,), {"number": number, "room": room})
    patch.setattr("os.fdopen", lambda descriptor, mode, **_: kind(descriptor, mode))


def call_fails(name: str) -> Callable[[pytest.MonkeyPatch, int], None]:
    """Return what lets a function fail."""
    return lambda patch, number: patch.setattr(name, raising(number))


PLACES: dict[str, Callable[[pytest.MonkeyPatch, int], None]] = {
    "open": call_fails("os.open"),
    "write": writing_fails,
    "fsync": call_fails("os.fsync"),
    "rename": call_fails("os.rename"),
    "fsync of the folder": call_fails("pastebin.storage.folder_writer.sync_folder"),
}
NUMBERS = {
    errno.ENOSPC: (507, "storage_full"),
    errno.EDQUOT: (507, "storage_full"),
    errno.EIO: (503, "unavailable"),
    errno.EROFS: (503, "unavailable"),
    errno.EACCES: (503, "unavailable"),
    errno.EMFILE: (503, "unavailable"),
}


@pytest.fixture
def files_only(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small contents kept as files too."""
    monkeypatch.setattr(service.registry.services.store, "inline_size", 0)


@pytest.mark.usefixtures("files_only")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_a_store_that_fails_anywhere_leaves_nothing(service: Service, place: str, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        PLACES[place](patch, number)
        answer = service.upload(CONTENT)
        assert service.rows() == []
    assert_failed(answer, *NUMBERS[number])
    assert_recovered(service)


def test_a_large_upload_whose_disk_fills_is_507_and_leaves_nothing(service: Service) -> None:
    with pytest.MonkeyPatch.context() as patch:
        writing_fails(patch, errno.ENOSPC, room=7 * 2**20)
        answer = service.upload(bytes(12 * 2**20))
    assert_failed(answer, 507, "storage_full")
    assert_recovered(service)


@pytest.mark.usefixtures("files_only")
@pytest.mark.parametrize("place", PLACES)
def test_a_resized_copy_on_a_full_disk_is_507(service: Service, place: str) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    with pytest.MonkeyPatch.context() as patch:
        PLACES[place](patch, errno.ENOSPC)
        assert_failed(service.ask(f"/r/{filehash}?w=20"), 507, "storage_full")
    assert service.leftovers() == []
    assert service.ask(f"/r/{filehash}?w=20").status_int == 200


def test_a_body_the_server_had_no_room_for_is_507(service: Service) -> None:
    class Full(io.BytesIO):
        def read(self, *_size: int) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    request = service.client.RequestClass.blank("/", method="POST")
    request.headers["Content-Type"] = content_type()
    request.body_file_raw = Full()
    request.content_length = len(body_of([file_part(CONTENT)]))
    assert_failed(service.client.do_request(request, expect_errors=True), 507, "storage_full")
    assert_recovered(service)


def test_a_folder_of_derived_images_that_is_full_breaks_nothing(service: Service) -> None:
    filehash = service.filehash(contents.image(), "a.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", raising(errno.ENOSPC))
        answer = service.ask(f"/i/{filehash}?w=20")
        assert answer.status_int in (200, 507)
    assert service.ask(f"/i/{filehash}?w=20").status_int == 200
    derived = [path for path in (service.data / "derived").glob("??/*") if path.is_file()]
    assert len(derived) == 1


def test_a_lost_content_is_503_and_not_an_empty_file(service: Service) -> None:
    said = service.upload(CONTENT, "a.png").json
    service.empty_store()
    for key in ("url_i", "url_d"):
        answer = service.ask(said[key])
        assert (answer.status_int, answer.json["error"]["code"]) == (503, "content_missing")


def test_a_store_without_room_is_down(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        f_bavail = 0
        f_frsize = 4096
        f_files = 0

    monkeypatch.setattr("os.statvfs", lambda _folder: Full)
    health = service.ask("/health")
    assert (health.status_int, health.json["status"]) == (503, "down")
    assert health.json["store"]["status"] == "down"
    assert "full" in health.json["store"]["problem"]


def test_a_database_that_was_never_migrated_is_down(start: Any, tmp_path: Any) -> None:
    data = tmp_path / "data"
    data.mkdir()
    service = Service(data)
    try:
        assert service.ask("/health").status_int == 503
        assert_failed(service.upload(CONTENT), 503, "not_migrated")
    finally:
        service.close()


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_IOERR"])
def test_a_commit_whose_disk_fails_is_not_tried_again(service: Service, name: str) -> None:
    """The kernel reports a failed write once: who tries again is told that all is well."""
    engine = service.registry.services.engine
    commits: list[Any] = []

    def fail(connection: Any) -> None:
        commits.append(connection.dbapi_connection)
        connection.rollback()
        error = engine.dialect.dbapi.OperationalError("disk I/O error")
        error.sqlite_errorname = name
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.dialect, "do_commit", fail)
        assert_failed(service.upload(CONTENT), 503, "unavailable")
    [connection] = commits
    with pytest.raises(engine.dialect.dbapi.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert_recovered(service)


# MariaDB itself


def test_deadlocks_cost_nothing_but_time(mariadb_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where several writers insert the same new keys: MariaDB ends one of them, again and again."""
    mariadb_service.empty()
    dialect = mariadb_service.registry.services.engine.dialect
    chance, dealt = random.Random(7), []

    def deadlock(execute: Callable[..., Any]) -> Callable[..., Any]:
        def maybe(cursor: Any, statement: str, *rest: Any, **options: Any) -> Any:
            if statement.startswith("INSERT") and chance.random() < 0.3:
                dealt.append(statement)
                raise dialect.loaded_dbapi.OperationalError(1213, "Deadlock found when trying to get lock")
            return execute(cursor, statement, *rest, **options)

        return maybe

    for name in ("do_execute", "do_executemany"):
        monkeypatch.setattr(dialect, name, deadlock(getattr(dialect, name)))
    statuses = [mariadb_service.upload(b"%d" % number).status_int for number in range(60)]
    assert statuses == [201] * 60
    assert len(dealt) > 20
    assert len(mariadb_service.rows()) == 60


def test_writers_with_the_same_new_keys_all_succeed(mariadb_service: Service) -> None:
    """Real deadlocks, as several processes have them: each thread has a committer of its own."""
    mariadb_service.empty()
    services = mariadb_service.registry.services
    committers = [
        Committer(services.engine, services.store, services.generation, services.quotas, services.flags)
        for _ in range(4)
    ]
    uploads = [
        UploadService(
            committer,
            services.store,
            services.limits,
            services.uploads._renderer,
            services.passwords,
            services.uploads._bans,
            services.metadata,
            services.counting,
        )
        for committer in committers
    ]

    def upload_all(uploads: UploadService) -> None:
        for number in range(40):
            with services.store.writer() as writer:
                writer.write(b"%d" % number)
                uploads.add(writer, f"{number}.txt")

    in_threads([partial(upload_all, one) for one in uploads])
    assert len(mariadb_service.rows()) == 40


def test_a_database_that_takes_nothing_in_says_so(mariadb: MariaDB, tmp_path: Path) -> None:
    url = mariadb.create_database()
    migrate(tmp_path, url)
    mariadb.execute("CREATE OR REPLACE USER ordinary@'127.0.0.1'")
    mariadb.execute("GRANT ALL ON *.* TO ordinary@'127.0.0.1'")
    mariadb.execute("REVOKE SUPER, READ_ONLY ADMIN ON *.* FROM ordinary@'127.0.0.1'")
    service = Service(tmp_path, {"database_url": url.replace("root@", "ordinary@")})
    try:
        said = service.upload(CONTENT, "a.bin").json
        assert service.ask("/health").status_int == 200
        mariadb.execute("SET GLOBAL read_only = 1")
        service.registry.services.health.forget()
        refused = service.upload(b"other")
        assert_failed(refused, 503, "read_only")
        assert "does not answer" not in refused.json["error"]["message"]
        health = service.ask("/health")
        assert (health.status_int, health.json["status"]) == (503, "down")
        assert health.json["database"]["problem"] == refused.json["error"]["message"]
        assert service.ask(said["url_d"]).body == CONTENT
    finally:
        mariadb.execute("SET GLOBAL read_only = 0")
        service.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a database half a second at most, as tests should."""
    monkeypatch.setattr("pastebin.models.mariadb.ANSWER_SECONDS", 1)
    monkeypatch.setattr("pastebin.models.mariadb.CONNECT_SECONDS", 1)


@pytest.mark.usefixtures("impatient")
def test_a_database_that_hangs_is_503_after_one_timeout(tmp_path: Path) -> None:
    with MariaDB(tmp_path / "mariadb") as server:
        url = server.create_database()
        migrate(tmp_path, url)
        service = Service(tmp_path, {"database_url": url})
        try:
            said = service.upload(CONTENT, "a.bin").json
            service.ask(said["url_d"])
            for pause in (0.0, 1.1):  # connections that were used just now, and such that are asked first
                time.sleep(pause)
                server.pause()
                started = time.monotonic()
                assert_failed(service.upload(b"other"), 503, "unavailable")
                assert service.ask(f"/p/{'0' * 32}").status_int == 503
                assert service.ask("/health").status_int == 503
                assert time.monotonic() - started < 3 * 2.5  # a second each, were the machine idle
                assert service.ask("/").status_int == 200
                assert service.ask(said["url_d"]).body == CONTENT
                server.resume()
                service.registry.services.health.forget()
                assert service.ask("/health").status_int == 200
                service.assert_works()
        finally:
            server.resume()
            service.close()


def test_the_log_of_an_error_is_a_line_without_names(
    each_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        no_statement(each_service, patch)
        each_service.upload(CONTENT, "a name of somebody.txt")
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info is None
    assert "\n" not in record.getMessage()
    for secret in ("somebody", "INSERT", hashlib.sha256(CONTENT).hexdigest()):
        assert secret not in caplog.text


def test_the_log_of_what_failed_for_one_of_several_files_does_not_name_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full() -> None:
        raise StorageFull("The server's disk is full.")

    monkeypatch.setattr("pastebin.services.metadata.open_anonymous", full)
    files = [file_part(contents.image("JPEG"), f"somebody {number}.jpg") for number in range(2)]
    answer = service.send([text_part("strip", "1"), *files])
    assert answer.status_int == 507
    assert "somebody 0.jpg" in answer.json["error"]["message"]
    assert "The server's disk is full." in caplog.text
    assert "somebody" not in caplog.text


def test_news_that_do_not_come_keep_nobody_waiting(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    page = service.upload(b"kept").json["url_d"]
    invalidations = service.registry.services.files._invalidations
    answered = threading.Event()
    monkeypatch.setattr("pastebin.services.invalidations.PATIENCE", 0.05)
    monkeypatch.setattr(invalidations, "_read_news", lambda: answered.wait(60))
    try:
        for _ in range(2):  # the first finds that it is time to look, the second that somebody does
            monkeypatch.setattr(invalidations, "_next", 0.0)
            assert service.ask(page).body == b"kept"
        assert invalidations._lock.locked()
    finally:
        answered.set()
    with invalidations._lock:  # the look has ended
        pass
