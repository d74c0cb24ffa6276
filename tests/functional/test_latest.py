"""The list of the newest public uploads."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import func, select

from pastebin.models import PasteFile
from pastebin.models.pastefile import FILES
from pastebin.services import Services, listing
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.fixtures import StartService


def listed(service: Service, address: str = "/latest") -> tuple[list[str], str | None, str | None]:
    """Return the names of a page of the list, and the addresses of its neighbours (newer, older)."""
    answer = service.ask(address, accept="text/html")
    assert answer.status_int == 200, answer.text
    names = list(dict.fromkeys(re.findall(r"file-\d+\.txt|photo\.png", answer.text)))
    links = [tag for tag in re.findall(r"<a [^>]*>", answer.text) if 'rel="' in tag]
    found = {}
    for tag in links:
        kind, address = re.search(r'rel="(\w+)"', tag), re.search(r'href="([^"]*)"', tag)
        if kind and address:
            found[kind[1]] = unescape(address[1])
    return names, found.get("prev"), found.get("next")


def test_there_is_no_list_unless_it_is_turned_on(service: Service, start: StartService) -> None:
    assert service.ask("/latest").status_int == 404
    assert service.ask("/latest", "POST").status_int == 404
    public = start(public_listing="true")
    assert public.ask("/latest").status_int == 200
    assert public.ask("/latest", "POST").status_int == 405
    assert public.ask("/latest/x").status_int == 404


def test_the_newest_come_first_page_by_page(start: StartService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    service = start(public_listing="true")
    names = [f"file-{number}.txt" for number in range(8)]
    for name in names:
        service.filehash(name.encode(), name)
    pages, address = [], "/latest"
    while address:
        found, _, address = listed(service, address)
        pages.append(found)
    assert pages == [names[:4:-1], names[4:1:-1], names[1::-1]]


def test_the_way_back_leads_the_same_way(start: StartService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    service = start(public_listing="true")
    for number in range(7):
        service.filehash(b"%d" % number, f"file-{number}.txt")
    first, newer, older = listed(service)
    assert newer is None
    second, _, last = listed(service, older or "")
    _, back, end = listed(service, last or "")
    assert end is None
    assert listed(service, back or "")[0] == second
    assert listed(service, listed(service, older or "")[1] or "")[0] == first


def test_a_page_stays_what_it_was_when_something_new_comes(
    start: StartService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    service = start(public_listing="true")
    for number in range(4):
        service.filehash(b"%d" % number, f"file-{number}.txt")
    older = listed(service)[2] or ""
    before = listed(service, older)[0]
    service.filehash(b"new", "file-9.txt")
    assert listed(service, older)[0] == before == ["file-1.txt", "file-0.txt"]


def test_what_was_uploaded_before_stays_unlisted(start: StartService) -> None:
    private = start()
    private.filehash(b"old", "file-1.txt")
    public = start(public_listing="true")
    assert listed(public)[0] == []
    public.filehash(b"new", "file-2.txt")
    public.filehash(b"old", "file-1.txt")
    assert listed(public)[0] == ["file-2.txt"]
    start().filehash(b"later", "file-3.txt")
    assert listed(public)[0] == ["file-2.txt"]


def test_only_what_people_upload_is_listed(start: StartService) -> None:
    service = start(public_listing="true")
    filehash = service.filehash(contents.image(), "photo.png")
    service.ask(f"/r/{filehash}?w=20")
    service.send([text_part("unlisted", "1"), file_part(b"secret", "file-1.txt")])
    assert [row.listed for row in service.rows()] == [True, False, False]
    answer = service.ask("/latest", accept="text/html")
    assert f"/i/{filehash}?w=" in answer.text
    assert "file-1.txt" not in answer.text


@pytest.mark.parametrize("query", ["before=", "before=1", "after=%00", "before=mmmmm", "after=" + "n" * 500])
def test_what_is_no_cursor_is_refused(emptied: StartService, query: str) -> None:
    assert emptied(public_listing="true").ask(f"/latest?{query}").status_int == 400


def pages_of(services: Services) -> listing.ListingService:
    """Return the list of a service that shows none."""
    services.suspensions.ids()  # which are read once, not for each page
    return listing.ListingService(services.engine, services.codec, services.suspensions)


def test_a_page_is_read_from_an_index_in_order(service: Service) -> None:
    service.filehash(b"x", "file-1.txt")
    registry = service.registry
    pages = pages_of(registry.services)
    with service.statements() as seen:
        pages.page()
    (statement,) = (text for text in seen if text.startswith("SELECT"))
    with registry.services.engine.connect() as connection:
        given = ("2026-01-01 00:00:00", 2**62, 61, 0)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    assert [
        "ix_PasteFile_listed (listed=? AND is_off_list=? AND rowid<?)" in step.detail for step in plan
    ] == [True]


def test_the_list_works_on_either_database(each_service: Service) -> None:
    registry = each_service.registry
    pages = pages_of(registry.services)
    assert pages.page() == listing.ListingPage([], None, None)
    each_service.filehash(b"x", "file-1.txt")
    with each_service.session() as session, session.begin():
        session.query(PasteFile).update({PasteFile.listed: True})
    page = pages.page()
    assert [file.filename for file in page.files] == ["file-1.txt"]
    cursor = registry.services.codec.encode(page.files[0].id)
    assert pages.page(before=cursor).files == []
    assert pages.page(after=cursor).files == page.files


def test_a_page_costs_mariadb_the_same_however_far_it_is(mariadb_service: Service) -> None:
    mariadb_service.empty()
    registry = mariadb_service.registry
    row = {"filename": "a", "filemd5": "", "mimetype": "a/b", "size": 1, "sha256": "0" * 64}
    rows = [
        {**row, "filehash": str(n), "link_key": str(n), "uploadtime": datetime.now(UTC), "listed": n % 2 == 0}
        for n in range(1000)
    ]
    with registry.services.engine.begin() as connection:
        connection.execute(FILES.insert(), rows)
        middle = connection.scalar(select(func.min(FILES.c.id))) + 500
    pages = pages_of(registry.services)
    with mariadb_service.statements() as seen:
        pages.page(before=registry.services.codec.encode(middle))
    (statement,) = (text for text in seen if text.startswith("SELECT"))
    with registry.services.engine.connect() as connection:
        given = {"id_1": middle, "param_1": 61, "now": datetime.now(UTC)}
        plan = connection.exec_driver_sql(f"ANALYZE {statement}", given).mappings().one()
    assert (plan["type"], float(plan["r_rows"])) == ("range", 61)


def test_the_list_is_filtered_by_kind(start: StartService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    monkeypatch.setattr(listing, "LOOKED_AT", 4)
    service = start(public_listing="true")
    service.filehash(contents.image(), "photo.png")
    for number in range(9):
        service.filehash(b"%d" % number, f"file-{number}.txt")
    assert listed(service, "/latest?type=pdf") == ([], None, listed(service, "/latest?type=pdf")[2])
    names, pages, address = [], 0, "/latest?type=text"
    while address:
        found, _, address = listed(service, address)
        names += found
        pages += 1
    assert (names, pages) == ([f"file-{number}.txt" for number in range(8, -1, -1)], 5)
    # Of a rare kind a page has few, or none, and leads on.
    found, _, address = listed(service, "/latest?type=image")
    assert found == []
    found, _, address = listed(service, address)
    assert found == []
    assert listed(service, address) == (["photo.png"], None, None)
    assert service.ask("/latest?type=nothing").status_int == 400
