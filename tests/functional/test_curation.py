"""What editors do: files stay off the list of the newest, whatever becomes of them, until put back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pastebin.models import FILES
from pastebin.services import listing
from pastebin.services.gate import NOBODY, Decision, Identity, Purpose, decide
from pastebin.services.rights import ADMINISTER, EDITOR, LOGIN, OPERATOR, AccountIdentity
from pastebin.services.stored_file import StoredFile
from tests.functional.test_admin import act, actor, audited, look
from tests.functional.test_api import patch, send
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import Person, sign_up, token_of
from tests.inprocess.fixtures import StartService

PAGE = "/admin/listing"
PAST = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def host(emptied: StartService) -> Service:
    """Give a service with a list of the newest."""
    return emptied(public_listing="true")


@pytest.fixture
def editor(host: Service) -> Person:
    return sign_up(host, "edi", LOGIN | EDITOR)


def name_of(said: dict[str, Any]) -> str:
    return str(said["url_p"].rpartition("/")[2])


def is_listed(service: Service, name: str, query: str = "") -> bool:
    return f"/p/{name}" in service.ask(f"/latest{query}", accept="text/html").text


def take_off(service: Service, person: Person, name: str, **fields: str) -> Any:
    return act(service, person, PAGE, **{"action": "off-list", "file": name, **fields})


def put_back(service: Service, person: Person, name: str) -> Any:
    return act(service, person, PAGE, action="on-list", file=name)


def test_an_editor_takes_a_file_off_the_list_and_puts_it_back(host: Service, editor: Person) -> None:
    said = host.upload(contents.image(), "photo.png").json
    name = name_of(said)
    assert is_listed(host, name)
    assert "Take off Latest" in look(host, editor, "/latest").text
    answer = take_off(host, editor, name, **{"from": "latest", "type": "image", "reason": "spam"})
    assert (answer.status_int, answer.location) == (303, "http://localhost/latest?type=image")
    assert not is_listed(host, name)
    assert not is_listed(host, name, "?type=image")
    for noun in "pid":  # the link goes on
        assert host.ask(f"/{noun}/{name}").status_int == 200
    page = look(host, editor, PAGE).text
    assert f"/p/{name}" in page
    assert "Put back on Latest" in page
    assert "Put back on Latest" in look(host, editor, f"/p/{name}").text
    assert take_off(host, editor, name).status_int == 303  # again, which is no act
    assert put_back(host, editor, name).status_int == 303
    assert is_listed(host, name)
    assert f"/p/{name}" not in look(host, editor, PAGE).text
    assert audited(host) == [("off-list", actor(editor), "spam"), ("on-list", actor(editor), "")]


def test_nobody_brings_it_back_but_an_editor(host: Service, editor: Person) -> None:
    """Not its owner by its terms, not who uploads the same, and not a key that gets a link of its own."""
    said, other = (host.upload(b"words", "words.txt").json for _ in range(2))
    name = name_of(said)
    assert name_of(other) == name
    assert take_off(host, editor, name).status_int == 303
    host.upload(b"words", "words.txt")
    host.upload(b"words", "words.txt", pb_visibility="listed")
    changed = host.ask(other["url_m"], "PATCH", b'{"title": "new"}', content_type="application/json").json
    assert name_of(changed) != name
    for visibility in ("unlisted", "listed"):
        body = b'{"visibility": "%s"}' % visibility.encode()
        answer = host.ask(said["url_m"], "PATCH", body, content_type="application/json")
        assert answer.status_int == 200
    assert "words.txt" not in host.ask("/latest", accept="text/html").text
    assert put_back(host, editor, name).status_int == 303
    assert is_listed(host, name)


def test_a_file_stays_off_the_list_when_its_collection_changes(host: Service, editor: Person) -> None:
    parts = [file_part(b"one", "one.txt"), file_part(b"two", "two.txt")]
    said = host.send([*parts, text_part("collection", ""), text_part("visibility", "listed")]).json
    one, two = map(name_of, said["files"])
    assert take_off(host, editor, one).status_int == 303
    for visibility in ("unlisted", "listed"):
        body = b'{"visibility": "%s"}' % visibility.encode()
        host.ask(said["url_m"], "PATCH", body, content_type="application/json")
    assert (is_listed(host, one), is_listed(host, two)) == (False, True)


@pytest.mark.parametrize("role", ["user", "operator", "editor who may not sign in", "nobody", "token"])
def test_nobody_else_may(host: Service, role: str) -> None:
    roles = {"user": LOGIN, "operator": LOGIN | OPERATOR, "editor who may not sign in": EDITOR}
    name = host.filehash(b"words", "words.txt")
    person = sign_up(host, "eve", roles.get(role, ADMINISTER))
    if role in ("nobody", "token"):
        person = Person(person.account, token_of(host, person, "admin") if role == "token" else {})
    assert look(host, person, PAGE).status_int in (303, 403)
    assert take_off(host, person, name).status_int == 403
    if role != "token":
        assert "Take off Latest" not in look(host, person, "/latest").text
    assert is_listed(host, name)
    assert audited(host) == []


def test_the_way_there_is_shown_to_editors_alone(host: Service, editor: Person) -> None:
    assert f'href="{PAGE}"' in look(host, editor, "/").text
    assert look(host, editor, "/admin").status_int == 403
    admin, operator = sign_up(host, "anna", ADMINISTER), sign_up(host, "olga", LOGIN | OPERATOR)
    assert f'href="{PAGE}"' in look(host, admin, "/admin").text
    assert f'href="{PAGE}"' not in look(host, operator, "/admin").text


def test_without_a_list_there_is_nothing_to_edit(service: Service) -> None:
    person = sign_up(service, "edi", LOGIN | EDITOR)
    assert look(service, person, PAGE).status_int == 404
    assert f'href="{PAGE}"' not in look(service, person, "/").text


HIDDEN = {
    "private": {"is_private": True, "listed": False},
    "password": {"password": "argon2"},
    "quarantined": {"is_quarantined": True},
    "expired": {"expires": PAST},
    "used up": {"downloads_left": 0},
}


@pytest.mark.parametrize("restriction", [*HIDDEN, "none such", "unlisted"])
def test_what_an_editor_cannot_see_on_the_list_is_not_theirs(
    host: Service, editor: Person, restriction: str
) -> None:
    name = host.filehash(b"words", "words.txt")
    values = HIDDEN.get(restriction, {"listed": False})
    with host.registry.services.engine.begin() as connection:
        connection.execute(update(FILES).values(values))
    asked = "0" * 32 if restriction == "none such" else name
    answer = take_off(host, editor, asked)
    assert answer.status_int == (403 if restriction == "unlisted" else 404)
    assert "words.txt" not in answer.text
    assert audited(host) == []


@pytest.mark.parametrize("fields", [{"action": "nonsense"}, {"action": ""}])
def test_a_form_that_asks_for_nothing(host: Service, editor: Person, fields: dict[str, str]) -> None:
    name = host.filehash(b"words", "words.txt")
    assert act(host, editor, PAGE, file=name, **fields).status_int == 400
    assert act(host, editor, PAGE, action="off-list").status_int == 404


def test_the_way_back_leads_to_pages_of_ours(host: Service, editor: Person) -> None:
    name = host.filehash(b"words", "words.txt")
    ways = {"file": f"/p/{name}", "latest": "/latest", "": PAGE, "//evil.example": PAGE}
    for origin, path in ways.items():
        assert take_off(host, editor, name, **{"from": origin}).location == f"http://localhost{path}"


def test_pages_lead_on(host: Service, editor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    names = [host.filehash(b"%d" % number, f"{number}.txt") for number in range(5)]
    for name in names:
        take_off(host, editor, name)
    seen, address = [], PAGE
    while address:
        page = look(host, editor, address).text
        seen += [name for name in reversed(names) if f"/p/{name}" in page]
        following = page.partition('rel="next" href="')[2].partition('"')[0]
        address = f"{PAGE}{following}" if following else ""
    assert seen == names[::-1]
    assert look(host, editor, f"{PAGE}?before=!").status_int == 400


# The API


def test_an_editor_does_the_same_by_the_api(host: Service, editor: Person) -> None:
    names = [host.filehash(b"%d" % number, f"{number}.txt") for number in range(3)]
    token, one = token_of(host, editor, "admin"), f"/api/v1/files/{names[0]}"
    tag = host.ask(one).headers["ETag"]
    answer = patch(host, one, {"off_list": True}, if_match=tag, **token)
    assert (answer.status_int, answer.json["off_list"], answer.json["visibility"]) == (200, True, "listed")
    assert host.ask(one).json["off_list"] is True
    assert patch(host, one, {"off_list": False}, if_match=tag, **token).status_int == 412
    both = patch(host, one, {"off_list": True, "title": "x"}, if_match="*", **token)
    assert (both.status_int, both.json["error"]["field"]) == (422, "off_list")
    assert patch(host, one, {"visibility": "unlisted"}, if_match="*", **token).status_int == 403
    assert send(host, "DELETE", one, if_match="*", **token).status_int == 403
    many = {"names": [*names, "0" * 32], "set": {"off_list": True}}
    answer = send(host, "PATCH", "/api/v1/files", many, **token)
    assert [each["status"] for each in answer.json["items"]] == [200, 200, 200, 404]
    assert not any(is_listed(host, name) for name in names)
    assert [entry[0] for entry in audited(host)] == ["off-list"] * 3
    assert patch(host, one, {"off_list": False}, if_match="*", **token).status_int == 200
    assert is_listed(host, names[0])


def test_an_owner_is_told_but_may_not_say_so(host: Service, editor: Person) -> None:
    ada = sign_up(host)
    name = name_of(host.upload(b"hers", "hers.txt", **ada.browser).json)
    take_off(host, editor, name)
    token = token_of(host, ada, "read", "delete", "admin")
    one = f"/api/v1/files/{name}"
    assert host.ask(one, **token).json["off_list"] is True
    assert patch(host, one, {"off_list": False}, if_match="*", **token).status_int == 403
    assert "An editor keeps this file off Latest." in look(host, ada, f"/account/files/{name}").text


# The gate


def test_the_gate_lets_editors_alone() -> None:
    file = StoredFile(1, "a", "a", "", "", 0.0, "text/plain", "utf-8", 1, 0, 0)

    def decided(roles: int) -> Decision:
        identity = Identity(account=AccountIdentity(7, "edi", roles))
        return decide(identity, file, Purpose.CURATION, 1.0)

    assert decide(NOBODY, file, Purpose.CURATION, 1.0) is Decision.NOT_THERE
    for roles, decision in (
        (LOGIN, Decision.NOT_THERE),
        (EDITOR, Decision.NOT_THERE),
        (LOGIN | OPERATOR, Decision.NOT_THERE),
        (LOGIN | EDITOR, Decision.ALLOWED),
        (ADMINISTER, Decision.ALLOWED),
    ):
        assert decided(roles) is decision
