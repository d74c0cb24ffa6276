"""A resumable upload that joins a collection, by the collection's code and management key."""

from base64 import b64encode
from typing import Any

import pytest
from sqlalchemy import update
from webtest import TestResponse

from pastebin.models import COLLECTIONS, FILES
from pastebin.services import collection_records
from tests.inprocess import Service, file_part, text_part
from tests.inprocess.accounts import OWN, sign_up, token_of
from tests.inprocess.fixtures import StartService

OCTETS = "application/offset+octet-stream"


def collection(service: Service, **terms: str) -> tuple[str, str]:
    """Make a collection of one file; return its code and its management key."""
    parts = [text_part(name, text) for name, text in {"collection": "All", **terms}.items()]
    made = service.send([*parts, file_part(b"the first", "first.txt")], accept="application/json").json
    return made["url_c"].rpartition("/")[2], made["url_m"].rpartition("/")[2]


def begin(service: Service, code: str, key: str, length: int = 6, **metadata: str) -> TestResponse:
    given = {"filename": "second.txt", "collection": code, "collection_key": key, **metadata}
    pairs = ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in given.items())
    headers = {"tus_resumable": "1.0.0", "upload_length": str(length), "upload_metadata": pairs}
    return service.ask("/tus", "POST", accept="application/json", **headers)


def finish(service: Service, begun: TestResponse, body: bytes = b"second") -> TestResponse:
    path = dict(begun.headerlist)["Location"]
    headers = {"tus_resumable": "1.0.0", "content_type": OCTETS, "upload_offset": "0"}
    return service.ask(path, "PATCH", body, accept="application/json", **headers)


def paths(service: Service, code: str) -> list[Any]:
    return [one["path"] for one in service.ask(f"/c/{code}", accept="application/json").json["files"]]


def test_an_upload_joins_a_collection(each_service: Service) -> None:
    service = each_service
    code, key = collection(service)
    for number in range(2):
        done = finish(service, begin(service, code, key, filename=f"{number}.txt"))
        assert done.status_int == 204
    assert paths(service, code) == ["first.txt", "0.txt", "1.txt"]
    assert len(service.contents()) == 2
    page = done.headers["Pb-Location"]
    assert service.ask(page.replace("/p/", "/d/")).body == b"second"
    management = done.headers["Link"].partition(">")[0].removeprefix("<")
    assert service.ask(management, "DELETE").status_int == 204  # the collection holds it still
    assert service.ask(page.replace("/p/", "/d/")).body == b"second"
    assert service.ask(f"/m/{key}", "DELETE").status_int == 204
    assert service.ask(page).status_int == 404


def test_it_has_the_terms_of_the_collection(service: Service) -> None:
    code, key = collection(service, password="sesame", expires="7d")
    done = finish(service, begin(service, code, key, title="A title"))
    address = done.headers["Pb-Location"].replace("/p/", "/d/")
    assert service.ask(address).status_int == 401
    with service.session() as session:
        first, second = session.execute(FILES.select().order_by(FILES.c.id)).all()
    assert (second.password, second.expires, second.title) == (first.password, first.expires, "A title")


def test_it_never_shares_its_link(service: Service) -> None:
    code, key = collection(service, password="sesame")
    open_link = service.upload(b"second", "second.txt").json["url_d"]
    assert finish(service, begin(service, code, key)).status_int == 204
    assert service.ask(open_link).body == b"second"


@pytest.mark.parametrize("field", ["expires", "downloads", "password", "visibility"])
def test_it_has_no_terms_of_its_own(service: Service, field: str) -> None:
    code, key = collection(service)
    values = {"expires": "7d", "downloads": "1", "password": "x", "visibility": "unlisted"}
    refused = begin(service, code, key, **{field: values[field]})
    assert (refused.status_int, refused.json["error"]["code"]) == (400, "bad_term")


@pytest.mark.parametrize(
    ("wrong_code", "wrong_key"),
    [("2" * 16, None), (None, "A" * 43), (None, ""), ("../x", None), ("2" * 16, "A" * 43)],
)
def test_a_code_and_a_key_that_do_not_fit_are_not_there(
    service: Service, wrong_code: str | None, wrong_key: str | None
) -> None:
    code, key = collection(service)
    refused = begin(service, wrong_code or code, key if wrong_key is None else wrong_key)
    assert refused.status_int == 404
    assert not any((service.files / "unfinished").glob("*.state"))


def test_the_key_of_another_collection_is_not_there(service: Service) -> None:
    (code, _), (_, other) = collection(service), collection(service, title="Other")
    assert begin(service, code, other).status_int == 404
    single = service.upload(b"x", "x.txt").json["url_m"].rpartition("/")[2]
    assert begin(service, code, single).status_int == 404


def test_no_collection_is_asked_for_by_a_key_alone_or_an_empty_code(service: Service) -> None:
    done = finish(service, begin(service, "", "anything"))
    assert done.status_int == 204


def test_the_key_is_neither_told_back_nor_kept(service: Service) -> None:
    code, key = collection(service)
    path = dict(begin(service, code, key).headerlist)["Location"]
    told = service.ask(path, "HEAD", tus_resumable="1.0.0").headers["Upload-Metadata"]
    assert ("collection_key" in told, "collection " in told) == (False, True)
    kept = b"".join(file.read_bytes() for file in (service.files / "unfinished").glob("*.state"))
    assert key.encode() not in kept
    assert b64encode(key.encode()) not in kept


@pytest.mark.parametrize("end", ["deleted", "quarantined", "expired", "used up", "full"])
def test_it_is_looked_up_again_at_the_end(
    service: Service, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    code, key = collection(service)
    begun = begin(service, code, key)
    if end == "deleted":
        assert service.ask(f"/m/{key}", "DELETE").status_int == 204
    elif end == "full":
        monkeypatch.setattr(collection_records, "MAX_FILES", 1)
    else:
        changes: dict[str, Any] = {
            "quarantined": {"is_quarantined": True},
            "expired": {"expires": datetime(2020, 1, 1, tzinfo=UTC)},
            "used up": {"downloads_left": 0},
        }[end]
        with service.session() as session, session.begin():
            session.execute(update(COLLECTIONS).values(changes))
    rows = len(service.rows())
    assert finish(service, begun).status_int == (400 if end == "full" else 404)
    assert len(service.rows()) == rows
    assert not any((service.files / "unfinished").glob("*.state"))  # it was dropped


def test_a_private_collection_takes_files_of_its_owner_alone(start: StartService) -> None:
    service = start()
    ada, bob = sign_up(service, "ada"), sign_up(service, "bob")
    service.headers = {**ada.browser, **OWN}
    code, key = collection(service, visibility="private")
    assert finish(service, begin(service, code, key)).status_int == 204
    service.headers = token_of(service, bob, "upload")
    assert finish(service, begin(service, code, key)).status_int == 400
    service.headers = ada.browser
    assert paths(service, code) == ["first.txt", "second.txt"]


def test_what_parts_become_joins_it_too(service: Service) -> None:
    code, key = collection(service)
    found = []
    for piece in (b"sec", b"ond"):
        headers = {"tus_resumable": "1.0.0", "upload_length": "3", "upload_concat": "partial"}
        part = service.ask("/tus", "POST", piece, content_type=OCTETS, **headers)
        found.append(dict(part.headerlist)["Location"])
    pairs = {"filename": "whole.txt", "collection": code, "collection_key": key}
    metadata = ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in pairs.items())
    final = {"upload_concat": f"final;{' '.join(found)}", "upload_metadata": metadata}
    assert service.ask("/tus", "POST", tus_resumable="1.0.0", **final).status_int == 201
    assert paths(service, code) == ["first.txt", "whole.txt"]


def test_guessing_keys_is_limited(start: StartService) -> None:
    service = start(limits="on")
    code, _ = collection(service)
    statuses = {begin(service, code, f"{number:043d}").status_int for number in range(70)}
    assert statuses == {404, 429}
