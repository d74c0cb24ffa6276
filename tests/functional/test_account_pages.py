"""What an account has in its hand: its collections, all of it as a zip, programs set up, and its end."""

import io
import json
import re
import shlex
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update
from webtest import TestResponse

from pastebin.errors import BadRequest
from pastebin.models import ACCOUNTS, AUDIT, COLLECTIONS, FILES, HOLDERS, ITEMS, SESSIONS, TOKENS
from pastebin.services import account_deletion, account_export
from pastebin.services.account_records import NewAccount
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, PASSWORD, Person, sign_up, token_of
from tests.inprocess.forms import file_part, text_part

FORM = {"content_type": "application/x-www-form-urlencoded", "accept": "text/html"}


def post(service: Service, path: str, fields: str, **headers: str) -> TestResponse:
    """Return the answer to a form of a page of ours."""
    service.client.reset()
    return service.ask(path, "POST", fields.encode(), **{**FORM, **OWN, **headers})


def shared(service: Service, person: Person, *names: str) -> dict:
    """Return what the answer says of a new collection of an account."""
    parts = [file_part(f"in {name}".encode(), name) for name in names]
    return service.send([*parts, text_part("collection", "Holiday")], **person.browser).json


def exported(service: Service, person: Person, query: str = "") -> tuple[ZipFile, dict]:
    """Return the zip of all that an account has, and its list."""
    answer = service.ask(f"/account/export{query}", **person.browser)
    assert answer.status_int == 200
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    archive = ZipFile(io.BytesIO(answer.body))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("export.json"))


def test_an_export_has_all_that_an_account_has_and_nothing_else(each_service: Service) -> None:
    service = each_service
    ada, grace = sign_up(service, "ada"), sign_up(service, "grace")
    for number, terms in enumerate(
        ({}, {"password": "sesame"}, {"downloads": "1"}, {"visibility": "private"})
    ):
        parts = [file_part(f"number {number}".encode(), "note.txt"), *(text_part(*t) for t in terms.items())]
        assert service.send(parts, **ada.browser).status_int == 201
    shared(service, ada, "a.txt", "b.txt")
    service.upload(b"hers", "hers.txt", **grace.browser)
    service.upload(b"nobody's", "nobodys.txt")
    archive, said = exported(service, ada)
    files = {entry["path"]: entry for entry in said["files"]}
    assert set(archive.namelist()) == {"export.json", *files}
    assert set(files) == {
        *("files/note.txt", "files/note (2).txt", "files/note (3).txt", "files/note (4).txt"),
        *("collections/Holiday/a.txt", "collections/Holiday/b.txt"),
    }
    assert archive.read("files/note (2).txt") == b"number 1"
    assert [files[f"files/note{n}.txt"]["has_password"] for n in ("", " (2)")] == [False, True]
    assert files["files/note (3).txt"]["downloads_left"] == 1
    assert files["files/note (4).txt"]["visibility"] == "private"
    [collection] = said["collections"]
    assert (collection["title"], said["account"]) == ("Holiday", "ada")
    assert files["collections/Holiday/a.txt"]["collection"] == collection["code"]
    assert "argon2" not in json.dumps(said)


def test_an_export_has_the_file_requests(each_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_export, "PART", 1)
    ada, grace = sign_up(each_service, "ada"), sign_up(each_service, "grace")
    requests = each_service.registry.services.file_requests
    asked = requests.create(ada.account.id, {"title": "Photos", "note": "All", "types": "image/*"})
    requests.create(grace.account.id, {"title": "Hers"})
    for number in range(2):
        each_service.upload(b"%d" % number, f"{number}.txt", **ada.browser)
    [said] = exported(each_service, ada)[1]["requests"]
    assert (said["code"], said["title"], said["note"]) == (asked.code, "Photos", "All")
    assert said["url_u"].endswith(f"/u/{asked.code}")
    assert (said["types"], said["blind"], said["files"], said["expires"]) == (["image/*"], True, 0, None)
    after = each_service.rows()[0].id
    assert exported(each_service, ada, f"?after={after}")[1]["requests"] == []


@pytest.mark.parametrize(
    ("name", "path"),
    [("con.txt", "files/_con.txt"), ("a:b?.txt", "files/a_b_.txt"), ("x. .", "files/x")],
)
def test_names_in_an_export_are_safe(service: Service, name: str, path: str) -> None:
    ada = sign_up(service)
    service.upload(b"text", name, **ada.browser)
    assert exported(service, ada)[1]["files"][0]["path"] == path


def test_a_large_account_is_exported_in_parts(each_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_export, "PART", 3)
    ada = sign_up(each_service)
    for number in range(7):
        each_service.upload(f"{number}".encode(), f"{number}.txt", **ada.browser)
    page = each_service.ask("/account", accept="text/html", **ada.browser).text
    links = re.findall(r'href="/account/export([^"]*)"', page)
    assert len(links) == 3
    found = [[entry["filename"] for entry in exported(each_service, ada, link)[1]["files"]] for link in links]
    assert found == [["0.txt", "1.txt", "2.txt"], ["3.txt", "4.txt", "5.txt"], ["6.txt"]]


@pytest.mark.parametrize("query", ["?after=x", "?after=-1", "?after=9999999999999999999", "?after=%D9%A3"])
def test_what_begins_no_part(service: Service, query: str) -> None:
    ada = sign_up(service)
    for address in ("export", "collections"):
        assert service.ask(f"/account/{address}{query}", **ada.browser).status_int == 400


def test_collections_are_listed_changed_and_deleted_by_their_account(each_service: Service) -> None:
    service = each_service
    ada, grace = sign_up(service, "ada"), sign_up(service, "grace")
    made = shared(service, ada, "a.txt", "b.txt")
    code = made["url_c"].rpartition("/")[2]
    page = service.ask("/account/collections", accept="text/html", **ada.browser).text
    assert "Holiday" in page
    assert "2 files" in page
    assert f"/account/collections/{code}" in page
    assert code not in service.ask("/account/collections", accept="text/html", **grace.browser).text
    address = f"/account/collections/{code}"
    answer = post(service, address, "action=change&title=Trip&shown_title=Holiday&expires=1d", **ada.browser)
    assert (answer.status_int, answer.headers["Location"].endswith(address)) == (303, True)
    page = service.ask(address, accept="text/html", **ada.browser).text
    assert "Trip" in page
    assert "/m/" not in page
    said = service.ask(made["url_c"], accept="application/json").json
    assert (said["title"], said["expires"] is not None) == ("Trip", True)
    # The key still holds it.
    assert service.ask(made["url_m"]).status_int == 200
    assert post(service, address, "action=delete", **grace.browser).status_int == 404
    assert post(service, address, "action=delete", **ada.browser).status_int == 303
    assert service.ask(made["url_c"]).status_int == 404
    assert exported(service, ada)[1]["files"] == []


def chosen(service: Service, person: Person, *terms: dict[str, str]) -> str:
    """Upload a file with each of some terms, and return the fields that choose all of them."""
    answers = [
        service.send(
            [file_part(b"%d" % n, f"{n}.txt"), *(text_part(*t) for t in each.items())], **person.browser
        )
        for n, each in enumerate(terms)
    ]
    return "".join("&file=" + answer.json["url_p"].rpartition("/")[2] for answer in answers)


@pytest.mark.parametrize(
    ("terms", "visibility", "names"),
    [
        ([{}, {}], "", ["0.txt", "1.txt"]),
        ([{}, {}], "unlisted", ["0.txt", "1.txt"]),
        (
            [{"visibility": "private"}, {}, {"password": "x"}, {"downloads": "2"}, {"expires": "1d"}],
            "",
            ["1.txt"],
        ),
        ([{"visibility": "private"}, {"visibility": "private"}], "private", ["0.txt", "1.txt"]),
    ],
)
def test_chosen_files_get_one_link(
    each_service: Service, terms: list[dict[str, str]], visibility: str, names: list[str]
) -> None:
    service, ada = each_service, sign_up(each_service)
    fields = f"action=collect{chosen(service, ada, *terms)}"
    asked = post(service, "/account/files", fields, **ada.browser)
    assert asked.status_int == 200
    assert f"One link for {len(names)} file" in asked.text
    assert ("left out" in asked.text) == (len(names) < len(terms))
    assert service.ask("/account/collections", accept="text/html", **ada.browser).text.count("/c/") == 0
    more = f"&confirmed={len(terms)}&title=Trip&visibility={visibility}"
    made = post(service, "/account/files", fields + more, **ada.browser)
    assert (made.status_int, "/c/" in made.headers["Location"]) == (303, True)
    said = service.ask(made.headers["Location"], accept="application/json", **ada.browser).json
    assert (said["title"], [file["path"] for file in said["files"]]) == ("Trip", names)
    assert "Trip" in service.ask("/account/collections", accept="text/html", **ada.browser).text


@pytest.mark.parametrize("terms", [{"password": "x"}, {"downloads": "2"}, {"expires": "1d"}])
def test_files_with_terms_of_their_own_get_no_link_together(service: Service, terms: dict[str, str]) -> None:
    ada = sign_up(service)
    fields = f"action=collect{chosen(service, ada, terms)}"
    assert "left out" in post(service, "/account/files", fields, **ada.browser).text
    assert post(service, "/account/files", fields + "&confirmed=1", **ada.browser).status_int == 400


def test_files_of_others_get_no_link(service: Service) -> None:
    ada, grace = sign_up(service, "ada"), sign_up(service, "grace")
    fields = f"action=collect{chosen(service, grace, {})}&confirmed=1"
    answer = post(service, "/account/files", fields, **ada.browser)
    assert answer.headers["Location"].endswith("/account/files")
    with service.registry.services.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(COLLECTIONS)) == 0


def test_a_collection_is_not_changed_by_another_site_or_a_token(service: Service) -> None:
    ada = sign_up(service)
    code = shared(service, ada, "a.txt")["url_c"].rpartition("/")[2]
    address = f"/account/collections/{code}"
    foreign = {**ada.browser, "origin": "https://evil.example"}
    json_form = {"content_type": "application/json"}
    assert post(service, address, "action=delete", **foreign).status_int == 403
    assert service.ask(address, "PATCH", b'{"title": "x"}', **json_form, **foreign).status_int == 403
    no_origin = service.ask(address, "PATCH", b'{"title": "x"}', **json_form, **ada.browser)
    assert no_origin.status_int == 403
    for token in (token_of(service, ada, "upload", "read", "delete", "admin"), {}):
        assert service.ask(address, accept="text/html", **token).status_int in (403, 404)
    changed = service.ask(address, "PATCH", b'{"title": "x"}', **json_form, **OWN, **ada.browser)
    assert (changed.status_int, changed.json["title"], "url_m" in changed.json) == (200, "x", False)


def token_in(text: str) -> str:
    """Return the one token in a text."""
    [token] = set(re.findall(r"pb_[0-9a-f]{16}_[\w-]{43}", text))
    return token


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("sharex", '"Authorization": "Bearer '),
        ("script", "token=pb_"),
        ("shortcut", "Get Contents of URL"),
        ("curl", "-F file=@photo.jpg"),
    ],
)
def test_a_program_is_set_up_with_a_token_that_only_uploads(
    service: Service, program: str, said: str
) -> None:
    ada = sign_up(service)
    answer = post(service, "/account/programs", f"program={program}", **ada.browser)
    assert (answer.status_int, answer.headers["Cache-Control"]) == (200, "no-store")
    assert said in answer.text
    bearer = {"authorization": f"Bearer {token_in(answer.text)}"}
    parts = [file_part(b"by a program", "a.txt"), text_part("visibility", "private")]
    uploaded = service.send(parts, **bearer).json
    assert exported(service, ada)[1]["files"][0]["filename"] == "a.txt"
    assert service.ask(uploaded["url_i"], **bearer).status_int == 404  # it reads nothing
    assert service.ask("/account", **bearer).status_int == 403
    assert token_in(answer.text) not in service.ask("/account", accept="text/html", **ada.browser).text


def test_what_is_no_program(service: Service) -> None:
    ada = sign_up(service)
    assert post(service, "/account/programs", "program=nothing", **ada.browser).status_int == 400
    assert post(service, "/account/programs", "program=curl").status_int == 403
    assert service.registry.services.tokens.of_account(ada.account.id) == []


def test_the_scripts_that_everybody_gets_have_no_token(service: Service) -> None:
    assert f"token={shlex.quote('')}\n" in service.ask("/screenshot.sh").text
    assert "Authorization" not in service.ask("/sharex.sxcu").json["Headers"]


def rows_of(service: Service, person: Person) -> dict[str, int]:
    """Return how many rows of each table belong to an account."""
    number = person.account.id
    conditions = {
        "files": FILES.c.owner_id == number,
        "collections": COLLECTIONS.c.owner_id == number,
        "sessions": SESSIONS.c.account_id == number,
        "tokens": TOKENS.c.account_id == number,
        "accounts": ACCOUNTS.c.id == number,
    }
    with service.registry.services.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).where(condition))
            for name, condition in conditions.items()
        }


def test_an_account_is_deleted_with_all_that_it_has(
    each_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_deletion, "BATCH", 2)  # several turns
    service = each_service
    ada, grace = sign_up(service, "ada"), sign_up(service, "grace")
    token = token_of(service, ada, "upload")
    links = [service.upload(f"{n}".encode(), f"{n}.txt", **ada.browser).json for n in range(5)]
    collection = shared(service, ada, "a.txt", "b.txt")
    hers = service.upload(b"hers", "hers.txt", **grace.browser).json
    assert post(service, "/account/deletion", "password=wrong+password", **ada.browser).status_int == 403
    assert rows_of(service, ada)["files"] == 7
    answer = post(service, "/account/deletion", f"password={PASSWORD.replace(' ', '+')}", **ada.browser)
    assert answer.status_int == 303
    gone = [address for link in links for address in (link["url_p"], link["url_i"], link["url_s"])]
    gone += [link["url_m"] for link in links] + [collection["url_c"], collection["url_m"]]
    assert {service.ask(address).status_int for address in gone} == {404}
    assert service.ask("/account", **ada.browser).status_int == 403
    assert service.upload(b"late", "late.txt", **token).status_int == 401
    services = service.registry.services
    with pytest.raises(BadRequest):
        services.accounts.suspend(services.accounts.named("ada"), "test", is_suspended=False)
    services.sweeper.sweep()
    assert set(rows_of(service, ada).values()) == {0}
    assert rows_of(service, grace)["files"] == 1
    assert service.ask(hers["url_i"]).status_int == 200
    with services.engine.connect() as connection:
        said = connection.execute(select(AUDIT).where(AUDIT.c.act == "deleted")).all()
        left = [connection.scalar(select(func.count()).select_from(table)) for table in (ITEMS, HOLDERS)]
    assert f"account {ada.account.id}" in [row.reason for row in said]
    assert all("ada" not in row.reason for row in said)
    assert left == [0, 0]
    assert (
        services.accounts.add(NewAccount("ada", PASSWORD), "test").id != ada.account.id
    )  # the name is free again


def test_a_deletion_needs_a_form_of_ours(service: Service) -> None:
    ada = sign_up(service)
    fields = f"password={PASSWORD.replace(' ', '+')}"
    foreign = {**ada.browser, "origin": "https://evil.example"}
    assert post(service, "/account/deletion", fields, **foreign).status_int == 403
    assert post(service, "/account/deletion", fields, **token_of(service, ada, "admin")).status_int == 403
    assert rows_of(service, ada)["accounts"] == 1


def test_what_comes_in_during_a_deletion_is_deleted_too(service: Service) -> None:
    ada = sign_up(service)
    services = service.registry.services
    services.account_deletion.begin(ada.account.id)
    late = service.filehash(b"late", "late.txt")
    with services.engine.begin() as connection:
        connection.execute(update(FILES).where(FILES.c.filehash == late).values(owner_id=ada.account.id))
    services.sweeper.sweep()
    assert service.ask(f"/i/{late}").status_int == 404
    assert rows_of(service, ada)["accounts"] == 0
