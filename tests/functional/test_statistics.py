"""Statistics: what is counted, when it is written, and what the pages and tables show of it."""

import csv
import io
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import OperationalError

from pastebin.models import ACTIVE_DAYS, DAY_COUNTS, FILE_DAYS, FILES
from pastebin.services import counting
from pastebin.services.rights import ADMINISTER
from pastebin.services.statistics_tables import as_csv, as_workbook
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import Person, sign_up
from tests.inprocess.fixtures import StartService

TODAY = datetime.now(UTC).date().isoformat()


def rows(service: Service, table: Any = DAY_COUNTS) -> list[tuple[Any, ...]]:
    with service.registry.services.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]


def test_what_happens_is_counted_without_a_write_until_it_is_flushed(each_service: Service) -> None:
    service, ada = each_service, sign_up(each_service, "ada")
    said = service.upload(b"some bytes", "a.txt", **ada.browser).json
    service.upload(b"of nobody", "b.txt")
    with service.statements() as seen:
        for name in ("url_d", "url_i"):
            assert service.ask(said[name], **ada.browser).status_int == 200
    assert [one for one in seen if one.startswith(("INSERT", "UPDATE"))] == []
    for headers in ({"range": "bytes=0-"}, {"range": "bytes=5-"}, {"if_none_match": "*"}):
        service.ask(said["url_d"], **headers)
    service.ask(said["url_d"], "HEAD")
    assert rows(service) == []
    service.registry.services.counting.flush()
    assert rows(service) == [(TODAY, 2, 19, 3)]
    assert rows(service, ACTIVE_DAYS) == [(TODAY, ada.account.id)]
    assert [row[2] for row in rows(service, FILE_DAYS)] == [3]
    service.ask(said["url_d"])
    service.upload(b"some bytes", "a.txt", **ada.browser)
    service.registry.services.counting.flush()
    service.registry.services.counting.flush()
    assert rows(service) == [(TODAY, 3, 29, 4)]
    assert rows(service, ACTIVE_DAYS) == [(TODAY, ada.account.id)]
    assert [row[2] for row in rows(service, FILE_DAYS)] == [4]


def test_collections_count_file_by_file_and_sizes_do_not(service: Service) -> None:
    parts = [file_part(b"one", "a.txt"), file_part(b"two", "b.txt"), text_part("collection", "")]
    said = service.send(parts).json
    assert service.ask(f"{said['url_c']}.zip").status_int == 200
    image = service.upload(contents.image(), "a.png").json
    assert service.ask(f"{image['url_i']}?w=20").status_int == 200
    service.ask(image["url_p"])
    service.registry.services.counting.flush()
    assert rows(service)[0][1::2] == (3, 2)


def counted(service: Service) -> int:
    """Return how many downloads there were today."""
    service.registry.services.counting.flush()
    return sum(row[3] for row in rows(service))


@pytest.mark.parametrize("is_collection", [False, True])
def test_a_counted_download_is_one_when_it_was_taken(
    service: Service, monkeypatch: pytest.MonkeyPatch, is_collection: bool
) -> None:
    parts = [file_part(contents.image(), "a.png"), text_part("downloads", "9")]
    said = service.send([*parts, *([text_part("collection", "")] if is_collection else [])]).json
    path = f"{said['url_c']}.zip" if is_collection else said["url_d"]
    program = {"user_agent": "curl/8", "accept": "*/*"}
    services = service.registry.services
    with monkeypatch.context() as patched:  # somebody else takes the last one in this moment
        taking = services.collections if is_collection else services.links
        patched.setattr(taking, "claim", lambda _one: False)
        for method in ("GET", "POST"):
            assert service.ask(path, method, **program).status_int == 404
    assert counted(service) == 0
    for number, method in enumerate(("GET", "POST"), 1):
        service.client.reset()
        assert service.ask(path, method, **program).status_int == 200
        assert counted(service) == number
    service.client.reset()
    if not is_collection:
        assert service.ask(f"{said['url_i']}?w=20", **program).status_int == 200
    service.ask(path, "HEAD", **program)
    assert counted(service) == 2


def test_processes_add_up_and_the_end_of_one_writes(start: StartService) -> None:
    one, other = start(), start()
    for service in (one, other):
        service.upload(b"the same", "a.txt")
    one.registry.services.counting.flush()
    other.close()
    assert rows(one) == [(TODAY, 2, 16, 0)]


def test_the_thread_writes_by_itself(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "EVERY", 0.05)
    written = threading.Event()
    real = counting._write
    monkeypatch.setattr(counting, "_write", lambda *given: (real(*given), written.set()))
    service.upload(b"counted", "a.txt")
    assert written.wait(30)
    service.registry.services.counting.stop()


def test_what_cannot_be_written_is_kept(service: Service) -> None:
    service.upload(b"counted", "a.txt")
    failing = OperationalError("x", {}, Exception("disk"))
    with patch.object(counting, "_write", side_effect=failing):
        service.registry.services.counting.flush()
    assert rows(service) == []
    service.upload(b"counted too", "b.txt")
    service.registry.services.counting.flush()
    assert rows(service) == [(TODAY, 2, 18, 0)]


def test_memory_is_bounded_and_sums_stay_true(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 3)
    service_counting = service.registry.services.counting
    for number in range(1, 11):
        service_counting.count_download(number)
        service_counting.count_upload(1, number)
    service_counting.flush()
    assert rows(service) == [(TODAY, 10, 10, 10)]
    assert len(rows(service, FILE_DAYS)) == len(rows(service, ACTIVE_DAYS)) == 3


def _add(service: Service, table: Any, *given: dict[str, Any]) -> None:
    with service.registry.services.engine.begin() as connection:
        connection.execute(insert(table), list(given))


def _days_ago(number: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=number)).isoformat()


@pytest.fixture
def admin(service: Service) -> Person:
    return sign_up(service, "anna", ADMINISTER)


def test_pages_and_tables_show_days_months_and_the_top(service: Service, admin: Person) -> None:
    names = [service.filehash(b"%d" % number, f"{number}.txt") for number in range(3)]
    numbers = {row.filehash: row.id for row in service.rows()}
    service.registry.services.counting._forget()
    _add(service, DAY_COUNTS, {"day": _days_ago(1), "uploads": 7, "bytes": 1024, "downloads": 1234567})
    _add(service, DAY_COUNTS, {"day": _days_ago(40), "uploads": 9, "bytes": 1, "downloads": 1})
    _add(service, ACTIVE_DAYS, *({"day": _days_ago(1), "account_id": number} for number in (1, 2)))
    _add(
        service,
        FILE_DAYS,
        *({"day": _days_ago(number), "file_id": numbers[names[0]], "downloads": 2} for number in (0, 1)),
        {"day": _days_ago(0), "file_id": numbers[names[1]], "downloads": 9},
        {"day": _days_ago(50), "file_id": numbers[names[2]], "downloads": 99},
        {"day": _days_ago(0), "file_id": 999, "downloads": 99},
    )
    page = service.ask("/admin/statistics", accept="text/html", **admin.browser)
    assert page.text.count("<svg viewBox") == 4 + page.text.count('<svg viewBox="0 0 32 32"')
    assert "Downloads: 1,234,567 in all, 1,234,567 on the busiest day." in page.text
    assert "style=" not in page.text
    assert page.text.index(names[1]) < page.text.index(names[0])
    assert names[2] not in page.text
    assert names[2] in service.ask("/admin/statistics?days=90", accept="text/html", **admin.browser).text
    days = _csv(service.ask("/admin/statistics.csv?days=90", **admin.browser).body)
    assert days[0] == ["day", "uploads", "bytes", "downloads", "active accounts"]
    assert len(days) == 91
    assert days[-1][0] == TODAY
    assert [_days_ago(1), "7", "1024", "1234567", "2"] in days
    months = _csv(service.ask("/admin/statistics.csv?table=months", **admin.browser).body)
    assert months == [["month", "active accounts"], [_days_ago(1)[:7], "2"]]
    files = _csv(service.ask("/admin/statistics.csv?table=files", **admin.browser).body)
    assert [row[3] for row in files[1:]] == ["9", "4"]
    for query in ("days=31", "days=x", "table=other"):
        assert service.ask(f"/admin/statistics.csv?{query}", **admin.browser).status_int == 400


def test_what_has_ended_is_not_in_the_top(service: Service, admin: Person) -> None:
    name = service.filehash(b"secret", "a.txt")
    service.ask(f"/d/{name}")
    service.registry.services.counting.flush()
    assert name in service.ask("/admin/statistics", **admin.browser).text
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(FILES).values(expires=datetime.now(UTC) - timedelta(hours=1)))
    service.registry.services.cache.delete(f"file:{name}")
    assert name not in service.ask("/admin/statistics", **admin.browser).text
    with service.registry.services.engine.begin() as connection:
        connection.execute(FILES.delete())
    service.registry.services.statistics.remove_old()
    assert rows(service, FILE_DAYS) == []
    assert rows(service) == [(TODAY, 1, 6, 1)]


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    " =1",
    "＝1",
    "=HYPERLINK(1)",
    "a\x01b",
    "x" * 9,
]


def test_no_name_becomes_a_formula() -> None:
    table = [("name", "downloads"), *((name, 1) for name in HOSTILE)]
    for row in _csv(as_csv(table))[1:-2]:
        assert row[0].startswith("'")
    assert _csv(as_csv(table))[-2:] == [["a\x01b", "1"], ["x" * 9, "1"]]
    with zipfile.ZipFile(io.BytesIO(as_workbook({"files": table}))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet.lower()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "=1+1" in texts


def test_the_workbook_has_every_table(service: Service, admin: Person) -> None:
    service.filehash(b"x", "=cmd.txt")
    service.ask(f"/d/{service.rows()[0].filehash}")
    service.registry.services.counting.flush()
    answer = service.ask("/admin/statistics.xlsx", **admin.browser)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="statistics.xlsx"')
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        names = book.read("xl/workbook.xml").decode()
        assert all(f'name="{name}"' in names for name in ("days", "months", "files"))
        assert "=cmd.txt" in book.read("xl/sharedStrings.xml").decode()


def _csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
