"""File requests: by the API, for guests, within their limits, and what their owners get."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch as replaced

import pytest
from sqlalchemy import func, select, update
from webtest import TestResponse

from pastebin.models import ACCOUNTS, COLLECTIONS, FILE_REQUESTS
from pastebin.services.flags import Flag
from tests.functional.test_api import error_of, full, patch, send
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import OWN, Person, sign_up, token_of
from tests.inprocess.fixtures import StartService

REQUESTS = "/api/v1/requests"
HTML = {"accept": "text/html"}


def make(service: Service, token: dict[str, str], **asked: Any) -> dict[str, Any]:
    answer = send(service, "POST", REQUESTS, {"title": "Photos", **asked}, **token)
    assert answer.status_int == 201
    made: dict[str, Any] = answer.json
    return made


def give(service: Service, made: dict[str, Any], *files: tuple[bytes, str], **given: str) -> TestResponse:
    """Send files as a guest; `sender` is a field, the rest are headers."""
    sender = [text_part("sender", given.pop("sender"))] if "sender" in given else []
    parts = [file_part(content, name) for content, name in files]
    return service.send([*sender, *parts], made["url_u"], **given)


def counted(service: Service, table: Any) -> int:
    with service.registry.services.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def set_row(service: Service, table: Any, **values: Any) -> None:
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(table).values(values))


# The API


def test_a_request_is_made_listed_changed_and_ended(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    asked = {
        **{"title": "  Our\nparty ", "note": "All\r\nof them", "files": 5, "bytes": 10_000},
        **{"types": ["image/*", "Application/PDF"], "expires": "7d", "blind": False},
    }
    answer = send(each_service, "POST", REQUESTS, asked, **token)
    made = answer.json
    assert (answer.status_int, answer.headers["Location"]) == (201, made["url"])
    said = {name: made[name] for name in ("title", "note", "files", "bytes", "types", "blind")}
    assert said == {
        **{"title": "Our party", "note": "All\nof them", "files": 5, "bytes": 10_000},
        **{"types": ["image/*", "application/pdf"], "blind": False},
    }
    read = each_service.ask(made["url"], **token)
    assert (read.json, read.headers["ETag"]) == (made, answer.headers["ETag"])
    assert each_service.ask(made["url"], if_none_match=read.headers["ETag"], **token).status_int == 304
    other = make(each_service, token)
    assert (other["blind"], other["files"], other["types"], other["expires"]) == (True, None, [], None)
    listed = each_service.ask(REQUESTS, **token)
    assert [one["code"] for one in listed.json["items"]] == [other["code"], made["code"]]
    assert each_service.ask(f"{REQUESTS}?q=party", **token).json["items"] == [made]
    tag = read.headers["ETag"]
    changed = patch(each_service, made["url"], {"files": None, "note": "x"}, if_match=tag, **token)
    assert (changed.status_int, changed.json["files"], changed.json["note"]) == (200, None, "x")
    assert patch(each_service, made["url"], {"note": "y"}, if_match=tag, **token).status_int == 412
    assert send(each_service, "DELETE", made["url"], **token).status_int == 428
    assert send(each_service, "DELETE", made["url"], if_match="*", **token).status_int == 204
    for address in (made["url"], made["url_u"]):
        assert each_service.ask(address, **token).status_int == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u202e\u202e" * 101}, "title"),
        ({}, "title"),
        ({"title": "x", "note": "n" * 2001}, "note"),
        ({"title": "x", "files": 0}, "files"),
        ({"title": "x", "files": 501}, "files"),
        ({"title": "x", "bytes": -1}, "bytes"),
        ({"title": "x", "bytes": 2**63}, "bytes"),
        ({"title": "x", "types": ["image"]}, "types"),
        ({"title": "x", "types": ['image/*" onclick="x']}, "types"),
        ({"title": "x", "types": ["image/" + "x" * 3000]}, "types"),
        ({"title": "x", "expires": "yesterday"}, "expires"),
        ({"title": "x", "expires": 0}, "expires"),
        ({"title": "x", "blind": 1}, "blind"),
    ],
)
def test_nonsense_is_named(service: Service, asked: dict[str, Any], field: str) -> None:
    answer = send(service, "POST", REQUESTS, asked, **full(service, sign_up(service)))
    assert (answer.status_int, answer.json["error"]["field"]) == (422, field)
    assert counted(service, FILE_REQUESTS) == 0


def test_requests_are_their_owners_alone(service: Service) -> None:
    ada, eve = (full(service, sign_up(service, name)) for name in ("ada", "eve"))
    made = make(service, ada)
    assert service.ask(REQUESTS, **eve).json == {"items": []}
    for answer in (
        service.ask(made["url"], **eve),
        patch(service, made["url"], {"title": "x"}, **eve),
        send(service, "DELETE", made["url"], if_match="*", **eve),
    ):
        assert answer.status_int == 404
    assert service.ask(made["url"], **ada).json == made


def test_a_token_with_limits_does_not_pass_on_what_it_may_not_do(service: Service) -> None:
    person = sign_up(service)
    for limits in ({"max_size": 10}, {"terms": {"expires": "1d"}}):
        token = token_of(service, person, "upload", **limits)
        assert send(service, "POST", REQUESTS, {"title": "x"}, **token).status_int == 403
    assert counted(service, FILE_REQUESTS) == 0


def test_an_account_has_a_bounded_number_of_requests(service: Service) -> None:
    token = full(service, sign_up(service))
    with replaced("pastebin.services.file_requests.MOST", 2):
        for _ in range(2):
            make(service, token)
        assert send(service, "POST", REQUESTS, {"title": "x"}, **token).status_int == 400


# Guests


def test_what_guests_send_is_one_collection_of_the_owner(each_service: Service) -> None:
    person = sign_up(each_service)
    token = full(each_service, person)
    made = make(each_service, token)
    first = give(each_service, made, (b"one", "a.txt"), (b"two", "b.txt"), sender="Grace / Hopper")
    assert (first.status_int, first.json["sender"]) == (201, "Grace / Hopper")
    assert first.json["files"] == [{"filename": "a.txt", "size": 3}, {"filename": "b.txt", "size": 3}]
    assert give(each_service, made, (b"one", "a.txt")).status_int == 201
    assert "/m/" not in first.text + str(first.headers)
    after = each_service.ask(made["url"], **token).json
    assert (after["files_taken"], after["bytes_taken"]) == (3, 9)
    collection = each_service.ask(f"/api/v1/collections/{after['collection']}", **token).json
    assert (collection["title"], collection["visibility"]) == ("Photos", "private")
    paths = [one["path"] for one in collection["files"]]
    assert paths == ["Grace - Hopper/a.txt", "Grace - Hopper/b.txt", "a.txt"]
    listed = each_service.ask("/api/v1/collections", **token).json["items"]
    assert [one["code"] for one in listed] == [after["collection"]]
    rows = each_service.rows()
    assert {(row.owner_id, bool(row.is_private)) for row in rows} == {(person.account.id, True)}
    assert len(each_service.ask("/api/v1/files", **token).json["items"]) == 3
    for row in rows:  # a guest, or anybody else, sees nothing of it
        assert each_service.ask(f"/i/{row.filehash}").status_int == 404
    assert each_service.ask(f"/c/{after['collection']}").status_int == 404


def test_others_see_what_came_only_where_the_owner_wants_that(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token, blind=False)
    assert give(service, made, (b"for all", "a.txt")).status_int == 201
    code = service.ask(made["url"], **token).json["collection"]
    assert service.ask(f"/c/{code}").status_int == 200
    assert code in service.ask(made["url_u"], **HTML).text
    assert patch(service, made["url"], {"blind": True}, **token).json["blind"] is True
    assert service.ask(f"/c/{code}").status_int == 404
    assert service.ask(f"/i/{service.rows()[0].filehash}").status_int == 404
    assert code not in service.ask(made["url_u"], **HTML).text
    patch(service, made["url"], {"blind": False}, **token)
    assert service.ask(f"/c/{code}").status_int == 200


def test_after_the_collection_is_deleted_what_comes_begins_another(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token)
    give(service, made, (b"one", "a.txt"))
    code = service.ask(made["url"], **token).json["collection"]
    assert send(service, "DELETE", f"/api/v1/collections/{code}", if_match="*", **token).status_int == 204
    assert service.rows() == []
    assert give(service, made, (b"two", "b.txt")).status_int == 201
    after = service.ask(made["url"], **token).json
    assert (after["collection"] != code, after["files_taken"]) == (True, 2)
    assert patch(service, made["url"], {"blind": False}, **token).status_int == 200


def test_terms_that_the_owner_gives_the_collection_hold_for_what_comes_later(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token, blind=False)
    give(service, made, (b"one", "a.txt"))
    code = service.ask(made["url"], **token).json["collection"]
    patch(service, f"/api/v1/collections/{code}", {"password": "sesame"}, **token)
    give(service, made, (b"two", "b.txt"))
    assert [row.password is not None for row in service.rows()] == [True, True]


def test_the_page_for_guests_says_what_is_wanted_and_works_without_script(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token, title="<b>Party</b>", note="a\nb", files=2, bytes=2048, types=["text/*"])
    page = service.ask(made["url_u"], **HTML)
    assert (page.status_int, page.headers["Cache-Control"]) == (200, "no-store")
    assert "&lt;b&gt;Party&lt;/b&gt;" in page.text
    assert 'accept="text/*"' in page.text
    assert "2 files are still wanted." in page.text
    assert "/login" not in page.text
    sent = give(service, made, (b"one", "a.txt"), (b"two", "b.txt"), **HTML)
    assert (sent.status_int, sent.headers["Location"]) == (303, f"{made['url_u']}?sent=2")
    after = service.ask(sent.headers["Location"], **HTML).text
    assert "2 files have arrived" in after
    assert 'type="file"' not in after  # there is no room for more
    assert "have arrived" not in service.ask(f"{made['url_u']}?sent=x", **HTML).text


# Limits, all before anything is kept

Break = Callable[[Service, Person, dict[str, Any]], Any]


def _set(table: Any, **values: Any) -> Break:
    return lambda service, _person, _made: set_row(service, table, **values)


def _ban(service: Service, _person: Person, _made: dict[str, Any]) -> None:
    service.registry.services.moderation.ban(hashlib.sha256(b"evil").hexdigest(), "test")


def _switch(flag: Flag) -> Break:
    return lambda service, *_: service.registry.services.flags.switch(flag, "test", is_on=True)


def _nothing(*_: Any) -> None:
    """Break nothing."""


PAST = datetime.now(UTC) - timedelta(seconds=1)
ONE = ((b"some bytes", "a.txt"),)


@pytest.mark.parametrize(
    ("breaking", "asked", "files", "expected"),
    [
        (_set(FILE_REQUESTS, expires=PAST), {}, ONE, (404, "not_found")),
        (_set(FILE_REQUESTS, code="2" * 16), {}, ONE, (404, "not_found")),
        (_set(ACCOUNTS, is_suspended=True), {}, ONE, (404, "not_found")),
        (_set(ACCOUNTS, roles=0), {}, ONE, (404, "not_found")),
        (_set(FILE_REQUESTS, files=3), {"files": 3}, ONE, (403, "request_full")),
        (_set(FILE_REQUESTS, bytes=30), {"bytes": 30}, ONE, (403, "request_full")),
        (_nothing, {"files": 1}, (*ONE, (b"x", "b.txt")), (403, "request_full")),
        (_nothing, {"bytes": 9}, ONE, (413, "too_large")),
        (_nothing, {"bytes": 10}, (*ONE, (b"x", "b.txt")), (413, "too_large")),
        (_nothing, {"types": ["image/*"]}, ONE, (415, "unsupported_body")),
        (_nothing, {"types": ["text/html"]}, ONE, (415, "unsupported_body")),
        (_nothing, {"types": ["image/*"]}, ((b"not really", "a.png"),), (415, "unsupported_body")),
        (_nothing, {"types": ["image/*"]}, ((contents.image(), "a.png"), *ONE), (415, "unsupported_body")),
        (_set(ACCOUNTS, quota_files=0), {}, ONE, (507, "quota_exceeded")),
        (_set(ACCOUNTS, quota_files=1), {}, (*ONE, (b"x", "b.txt")), (507, "quota_exceeded")),
        (_set(ACCOUNTS, quota_bytes=12), {}, (*ONE, (b"xyz", "b.txt")), (507, "quota_exceeded")),
        (_ban, {}, (*ONE, (b"evil", "b.txt")), (451, "banned")),
        (_switch(Flag.NO_UPLOADS), {}, ONE, (503, "switched_off")),
        (_switch(Flag.READ_ONLY), {}, ONE, (503, "switched_off")),
        (_nothing, {}, (), (400, "bad_upload")),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    service: Service,
    breaking: Break,
    asked: dict[str, Any],
    files: tuple[tuple[bytes, str], ...],
    expected: tuple[int, str],
) -> None:
    person = sign_up(service)
    made = make(service, full(service, person), **asked)
    breaking(service, person, made)
    answer = give(service, made, *files)
    assert error_of(answer)[:2] == expected
    assert service.rows() == []
    assert counted(service, COLLECTIONS) == 0
    assert "account" not in answer.json["error"]["message"]  # what the owner has and may have is not told
    if expected[0] == 404:
        assert service.ask(made["url_u"], **HTML).status_int == 404


def test_types_are_what_the_bytes_are(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token, types=["image/*", "text/plain"])
    assert give(service, made, (contents.image(), "a.txt"), (b"text", "b.txt")).status_int == 201


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([text_part("sender", "x" * 101)], 400),
        ([text_part("expires", "7d")], 400),
        ([text_part("collection", "mine")], 400),
        ([text_part("url", "http://127.0.0.1/")], 400),
        ([text_part("sender", "\u202ex\x00/../..")], 201),
    ],
)
def test_a_guest_says_a_name_and_nothing_else(service: Service, parts: Any, status: int) -> None:
    made = make(service, full(service, sign_up(service)))
    answer = service.send([*parts, file_part(b"x", "../a.txt")], made["url_u"])
    assert (answer.status_int, len(service.rows())) == (status, int(status == 201))


def test_terms_beside_the_form_are_not_ignored_without_a_word(service: Service) -> None:
    made = make(service, full(service, sign_up(service)))
    for to, headers in ((f"{made['url_u']}?expires=1d", {}), (made["url_u"], {"pb_password": "x"})):
        assert service.send([file_part(b"x", "a.txt")], to, **headers).status_int == 400
    service.assert_untouched()


def test_guests_are_refused_in_their_language(service: Service) -> None:
    made = make(service, full(service, sign_up(service)), bytes=2)
    for form in (HTML, {"accept": "text/plain"}):
        answer = give(service, made, (b"xyz", "a.txt"), accept_language="zh", **form)
        assert (answer.status_int, "此收集只能再接收" in answer.text) == (413, True)


def test_a_body_that_is_no_form_is_refused(service: Service) -> None:
    made = make(service, full(service, sign_up(service)))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        assert service.ask(made["url_u"], "POST", b"text=x", content_type=kind).status_int == 415
    service.assert_untouched()


def test_sixty_four_at_once_and_one_is_wanted(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    made = make(each_service, token, files=1)

    def one(number: int) -> int:
        return int(give(each_service, made, (b"%d" % number, "a.txt")).status_int)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(64)))
    assert sorted(answers) == [201, *[403] * 63]
    assert len(each_service.rows()) == 1
    after = each_service.ask(made["url"], **token).json
    assert (after["files_taken"], counted(each_service, COLLECTIONS)) == (1, 1)


def test_two_begin_one_collection(each_service: Service) -> None:
    token = full(each_service, sign_up(each_service))
    made = make(each_service, token)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: give(each_service, made, (b"%d" % n, "a.txt")), range(16)))
    assert {answer.status_int for answer in answers} == {201}
    assert counted(each_service, COLLECTIONS) == 1
    code = each_service.ask(made["url"], **token).json["collection"]
    assert len(each_service.ask(f"/api/v1/collections/{code}", **token).json["files"]) == 16


def test_what_comes_to_a_full_collection_begins_another(service: Service) -> None:
    token = full(service, sign_up(service))
    made = make(service, token)
    with replaced("pastebin.services.collection_records.MAX_FILES", 2):
        for number in range(3):
            assert give(service, made, (b"%d" % number, "a.txt")).status_int == 201
    assert counted(service, COLLECTIONS) == 2


def test_guests_need_no_account_where_others_do(start: StartService) -> None:
    service = start(anonymous_uploads="false", default_lifetime="7d")
    made = make(service, full(service, sign_up(service)))
    assert give(service, made, (b"x", "a.txt")).status_int == 201
    assert service.rows()[0].expires is not None  # as uploads do here


def test_limits_by_address_hold_for_guests(start: StartService) -> None:
    service = start(limits="on", uploads_per_hour="2")
    made = make(service, full(service, sign_up(service)))
    assert give(service, made, (b"1", "a.txt"), (b"2", "b.txt")).status_int == 201
    assert give(service, made, (b"3", "a.txt")).status_int == 429
    assert len(service.rows()) == 2


def test_codes_cannot_be_tried_one_after_the_other(start: StartService) -> None:
    service = start(limits="on")
    answers = [service.ask(f"/u/{'2' * 15}{letter}").status_int for letter in "3456789abcdefgh" * 5]
    assert (answers[0], answers[-1]) == (404, 429)


def test_the_owner_gets_a_message(start: StartService) -> None:
    service = start(environment="development")
    person = sign_up(service)
    made = make(service, full(service, person))
    sent: list[Any] = []
    with replaced.object(service.registry.services.mail, "send", sent.append):
        give(service, made, (b"x", "a.txt"))
        assert sent == []  # there is no address
        set_row(service, ACCOUNTS, email="ada@example.org")
        give(service, made, (b"x", "a.txt"), sender="Grace")
    (message,) = sent
    assert (message.to, "Photos" in message.subject) == ("ada@example.org", True)
    code = service.ask(made["url"], **full(service, person)).json["collection"]
    assert all(word in message.text for word in ("Grace", "a.txt", f"/c/{code}"))


def test_an_account_takes_its_requests_with_it(service: Service) -> None:
    person = sign_up(service)
    made = make(service, full(service, person))
    give(service, made, (b"x", "a.txt"))
    deletion = service.registry.services.account_deletion
    deletion.begin(person.account.id)
    assert service.ask(made["url_u"]).status_int == 404
    while deletion.go_on():
        pass
    assert (counted(service, FILE_REQUESTS), counted(service, COLLECTIONS), service.rows()) == (0, 0, [])


# The page of the account


def form(service: Service, person: Person, **fields: str) -> TestResponse:
    parts = [text_part(name, text) for name, text in fields.items()]
    return service.send(parts, "/account/requests", **person.browser, **OWN, **HTML)


def test_requests_are_made_and_ended_by_a_page(service: Service) -> None:
    person = sign_up(service)
    limits = {"files": "3", "bytes": "1 MB", "types": "image/*, text/plain", "expires": "1w", "note": "n"}
    made = form(service, person, action="create", title="Photos", **limits)
    assert made.status_int == 303, made.text
    (one,) = service.ask(REQUESTS, **full(service, person)).json["items"]
    assert (one["files"], one["bytes"], one["types"]) == (3, 2**20, ["image/*", "text/plain"])
    page = service.ask("/account/requests", **person.browser, **HTML)
    assert one["url_u"] in page.text
    assert form(service, person, action="end", code=one["code"]).status_int == 303
    assert service.ask(one["url_u"]).status_int == 404
    for wrong in ({"files": "x"}, {"bytes": "much"}, {"expires": "soon"}, {"title": ""}, {"action": "x"}):
        said = {"action": "create", "title": "x", **wrong}
        assert form(service, person, **said).status_int == 400, wrong
    assert form(service, person, action="end", code=one["code"]).status_int == 404
    assert counted(service, FILE_REQUESTS) == 0


def test_the_page_is_for_who_is_signed_in_and_its_form_for_its_own(service: Service) -> None:
    person = sign_up(service)
    assert service.ask("/account/requests", accept="*/*").status_int in (401, 403)
    parts = [text_part("action", "create"), text_part("title", "x")]
    foreign = {"origin": "https://evil.example"}
    assert service.send(parts, "/account/requests", **person.browser, **foreign).status_int == 403
    assert counted(service, FILE_REQUESTS) == 0
