"""`/admin`: who may see what, and what each act does; one row in the audit for each, none for looking."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from webtest import TestResponse

from pastebin.models import AUDIT
from pastebin.services.audit import Act, note
from pastebin.services.keyset import Wanted
from pastebin.services.rights import ADMINISTER, EDITOR, LOGIN, OPERATOR
from pastebin.views import admin_files
from tests.inprocess import Service, contents
from tests.inprocess.accounts import OWN, PASSWORD, Person, sign_up, token_of
from tests.inprocess.fixtures import StartService

OF_OPERATORS = ("/admin", "/admin/files", "/admin/reports", "/admin/bans", "/admin/audit")
OF_ADMINISTRATORS = (
    "/admin/users",
    "/admin/invites",
    "/admin/flags",
    "/admin/statistics",
    "/admin/statistics.csv",
)
HTML = {"accept": "text/html"}


@pytest.fixture
def operator(service: Service) -> Person:
    return sign_up(service, "olga", LOGIN | OPERATOR)


@pytest.fixture
def admin(service: Service) -> Person:
    return sign_up(service, "anna", ADMINISTER)


def look(service: Service, person: Person, path: str) -> TestResponse:
    return service.ask(path, **HTML, **person.browser)


def act(service: Service, person: Person, path: str, **fields: str) -> TestResponse:
    form = {"content_type": "application/x-www-form-urlencoded", **HTML, **OWN}
    return service.ask(path, "POST", urlencode(fields).encode(), **form, **person.browser)


def audited(service: Service) -> list[tuple[str, str, str]]:
    with service.registry.services.engine.connect() as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.id))
        return [(row.act, row.actor, row.reason) for row in rows]


def actor(person: Person) -> str:
    return f"account {person.account.id}"


def test_who_may_see_which_page(service: Service) -> None:
    people = {
        "user": sign_up(service, "uwe"),
        "editor": sign_up(service, "edi", LOGIN | EDITOR),
        "operator": sign_up(service, "olga", LOGIN | OPERATOR),
        "administrator": sign_up(service, "anna", ADMINISTER),
        "administrator who may not sign in": sign_up(service, "anton", ADMINISTER & ~LOGIN),
    }
    for path in (*OF_OPERATORS, *OF_ADMINISTRATORS):
        for who, person in people.items():
            may = who == "administrator" or (who == "operator" and path in OF_OPERATORS)
            found = service.ask(path, **person.browser)
            assert found.status_int == (200 if may else 403), (path, who)
            if may:
                assert found.headers["Cache-Control"] == "no-store"
        assert service.ask(path).status_int == 403
        by_nobody = service.ask(path, accept="text/html", sec_fetch_mode="navigate", user_agent="Mozilla/5.0")
        assert (by_nobody.status_int, "/login?next=" in by_nobody.location) == (303, True)
        token = token_of(service, people["administrator"], "upload", "read", "delete", "admin")
        assert service.ask(path, **token).status_int == 403
    assert audited(service) == []


@pytest.mark.parametrize(
    "path", ["/admin/users", "/admin/invites", "/admin/flags", "/admin/webhooks", "/admin/users/1"]
)
def test_an_operator_changes_no_account(service: Service, operator: Person, path: str) -> None:
    fields = {"action": "suspend", "flag": "read-only", "uses": "1", "lifetime": "7d"}
    assert act(service, operator, path, **fields).status_int in (403, 404, 405)
    assert audited(service) == []


def test_a_form_of_another_page_does_nothing(service: Service, admin: Person) -> None:
    form = {"content_type": "application/x-www-form-urlencoded", **admin.browser}
    for headers in ({}, {"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        answer = service.ask("/admin/flags", "POST", b"action=on&flag=read-only", **form, **headers)
        assert answer.status_int == 403
    assert audited(service) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_act_has_a_label_in_the_audit(service: Service, operator: Person, language: str) -> None:
    with service.registry.services.engine.begin() as connection:
        for one in Act:
            note(connection, one, "shell")
    page = service.ask("/admin/audit", **HTML, **operator.browser, accept_language=language).text
    cells = [cell.strip() for cell in re.findall(r"<td>([^<]*)</td>", page)]
    assert len([cell for cell in cells if cell]) == len(Act)
    assert not {one.value for one in Act} & set(cells)
    assert all(len(one) <= 16 for one in Act)


def test_files_are_found_by_all_that_names_them(each_service: Service) -> None:
    service, operator = each_service, sign_up(each_service, "olga", LOGIN | OPERATOR)
    owner = sign_up(service, "ada")
    said = service.upload(b"content of one", "Grüße aus Köln.txt", **owner.browser).json
    service.upload(b"content of another", "other.txt")
    file = service.rows()[0]
    code = said["url_s"].rpartition("/")[2]
    for words in ("grüße", "köln aus", file.filehash, code, said["url_p"], file.sha256, file.sha256.upper()):
        found = look(service, operator, f"/admin/files?{urlencode({'q': words})}").text
        assert f"/admin/files/{file.filehash}" in found, words
        assert "other.txt" not in found, words
    of_ada = ("grüße", file.sha256, file.filehash, code, said["url_d"])
    for query in ({"owner": "ADA"}, *({"owner": "ada", "q": words} for words in of_ada)):
        assert file.filehash in look(service, operator, f"/admin/files?{urlencode(query)}").text
    other = service.rows()[1]
    none = ("other", other.sha256, other.filehash)
    for query in ({"owner": "nobody"}, {"q": "%"}, {"q": "gr_ße"}, *({"owner": "ada", "q": q} for q in none)):
        assert "No files match." in look(service, operator, f"/admin/files?{urlencode(query)}").text
    assert "other.txt" in look(service, operator, "/admin/files").text
    assert service.ask("/admin/files?before=x", **operator.browser).status_int == 400


def test_a_search_goes_on_from_page_to_page(
    service: Service, operator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at so many rows at most, and each row is looked at by one page."""
    from pastebin.services import file_search

    monkeypatch.setattr(file_search, "PAGE_SIZE", 3)
    monkeypatch.setattr(file_search, "WINDOW", 5)
    names = [service.filehash(b"%d" % number, f"{number}.txt") for number in range(12)]
    seen: list[str] = []
    path: str | None = "/admin/files?q=txt"
    while path:
        text = look(service, operator, path).text
        seen += re.findall(r'admin/files/([0-9a-z.]+)"', text)
        older = re.search(r'rel="next" href="\?([^"]+)"', text)
        path = f"/admin/files?{older[1].replace('&amp;', '&')}" if older else None
    assert seen == names[::-1]


def test_a_file_is_hidden_shown_again_and_removed(service: Service, operator: Person) -> None:
    said = service.upload(contents.image(), "a.png").json
    name = said["url_p"].rpartition("/")[2]
    page, size = f"/admin/files/{name}", f"{said['url_p'].replace('/p/', '/r/')}?w=20"
    copy = service.ask(size).headers.get("Location") or size
    hidden = act(service, operator, page, action="quarantine", reason="looks\nbad")
    assert (hidden.status_int, hidden.location) == (303, f"http://localhost{page}")
    for address in (said["url_p"], said["url_d"], said["url_i"], copy):
        assert service.ask(address).status_int == 404
    assert service.ask(said["url_d"], **operator.browser).status_int == 200
    assert act(service, operator, page, action="quarantine").status_int == 303
    assert "Show it again" in look(service, operator, page).text
    assert act(service, operator, page, action="release").status_int == 303
    assert service.ask(said["url_d"]).status_int == 200
    removed = act(service, operator, page, action="remove", reason="copyright")
    assert (removed.status_int, removed.location) == (303, "http://localhost/admin/files")
    assert service.ask(said["url_d"]).status_int == service.ask(page, **operator.browser).status_int == 404
    who = actor(operator)
    assert [one for one in audited(service) if one[1] == who] == [
        ("quarantined", who, "looks bad"),
        ("released", who, ""),
        ("removed", who, "copyright"),
    ]


def test_a_content_is_banned_with_its_link_and_taken_again(service: Service, operator: Person) -> None:
    said = service.upload(b"evil bytes", "a.txt").json
    page = f"/admin/files/{said['url_p'].rpartition('/')[2]}"
    assert act(service, operator, page, action="ban", reason="spam").status_int == 303
    assert service.upload(b"evil bytes", "b.txt").status_int == 451
    (banned,) = service.registry.services.administration_lists.bans(Wanted()).items
    assert banned.sha256 in look(service, operator, "/admin/bans").text
    assert act(service, operator, "/admin/bans", action="unban", sha256=banned.sha256).status_int == 303
    assert service.upload(b"evil bytes", "b.txt").status_int == 201
    assert act(service, operator, "/admin/bans", action="ban", sha256=banned.sha256.upper()).status_int == 303
    assert service.upload(b"evil bytes", "c.txt").status_int == 451
    assert act(service, operator, "/admin/bans", action="ban", sha256="x").status_int == 400
    assert [one[0] for one in audited(service)] == ["banned", "removed", "unbanned", "banned"]


def test_reports_reach_operators_who_close_them(service: Service, operator: Person) -> None:
    said = service.upload(b"reported", "<b>a.txt").json
    service.ask(said["url_p"], "POST", b"report=<script>x", content_type="application/x-www-form-urlencoded")
    text = look(service, operator, "/admin/reports").text
    assert "&lt;script&gt;x" in text
    assert "<script>x" not in text
    assert "1 report waits" in look(service, operator, "/admin").text
    page = f"/admin/files/{said['url_p'].rpartition('/')[2]}"
    closed = act(service, operator, page, **{"action": "close-reports", "from": "reports"})
    assert closed.location == "http://localhost/admin/reports"
    assert "No report waits" in look(service, operator, "/admin/reports").text
    assert audited(service) == [("reports-closed", actor(operator), "")]
    assert "Reports closed" in look(service, operator, "/admin/audit").text


def test_a_suspended_account_is_shut_out_at_once_everywhere(service: Service, admin: Person) -> None:
    ada = sign_up(service, "ada")
    token = token_of(service, ada, "upload", "read")
    said = service.upload(b"of ada", "a.txt", **ada.browser).json
    page = f"/admin/users/{ada.account.id}"
    assert "ada" in look(service, admin, "/admin/users?q=AD").text
    assert act(service, admin, page, action="suspend").status_int == 303
    assert service.ask("/account", **ada.browser).status_int == 403
    assert service.upload(b"x", "x.txt", **token).status_int == 401
    assert service.ask(said["url_d"]).status_int == 404
    assert "The account is suspended" in look(service, admin, page).text
    file = f"/admin/files/{said['url_p'].rpartition('/')[2]}"
    assert "Its owner is suspended" in look(service, admin, file).text
    assert act(service, admin, page, action="resume").status_int == 303
    assert service.ask(said["url_d"]).status_int == 200
    assert [one[0] for one in audited(service)] == ["suspended", "resumed"]


def test_roles_and_quota_are_obeyed_at_the_next_request(service: Service, admin: Person) -> None:
    ada = sign_up(service, "ada")
    page = f"/admin/users/{ada.account.id}"
    made = act(service, admin, page, action="roles", role_login="1", role_operator="1")
    assert made.status_int == 303
    assert service.ask("/admin/files", **ada.browser).status_int == 200
    act(service, admin, page, action="roles", role_login="1")
    assert service.ask("/admin/files", **ada.browser).status_int == 403
    act(service, admin, page, action="roles", role_administrator="1")
    assert service.ask("/admin/users", **ada.browser).status_int == 200
    act(service, admin, page, action="roles")
    assert service.ask("/account", **ada.browser).status_int == 403
    act(service, admin, page, action="roles", role_login="1")
    assert act(service, admin, page, action="quota", quota_bytes="1 KiB", quota_files="5").status_int == 303
    assert service.upload(bytes(2000), "x.bin", **ada.browser).status_int == 413
    assert act(service, admin, page, action="quota").status_int == 303
    assert service.upload(bytes(2000), "x.bin", **ada.browser).status_int == 201
    for nonsense in ({"quota_bytes": "many"}, {"quota_files": "-1"}, {"quota_files": "9" * 11}):
        assert act(service, admin, page, action="quota", **nonsense).status_int == 400
    assert [one[0] for one in audited(service)] == ["roles"] * 5 + ["quota"] * 2


def test_nobody_shuts_themselves_out(service: Service, admin: Person) -> None:
    page = f"/admin/users/{admin.account.id}"
    for fields in ({"action": "suspend"}, {"action": "roles", "role_login": "1"}):
        assert act(service, admin, page, **fields).status_int == 400
    assert look(service, admin, page).status_int == 200
    assert audited(service) == []


def test_accounts_are_listed_from_page_to_page(
    service: Service, admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_files, "ROWS", 2)
    names = [sign_up(service, name).account.name for name in ("a%b", "bob", "Çelik", "dora")]
    seen: list[str] = []
    path: str | None = "/admin/users"
    while path:
        text = look(service, admin, path).text
        seen += re.findall(r"<bdi>([^<@]+)</bdi></a>\s*<p class=\"facts", text)
        after = re.search(r'rel="next" href="\?([^"]+)"', text)
        path = f"/admin/users?{after[1].replace('&amp;', '&')}" if after else None
    assert sorted(seen) == sorted([*names, "anna"])
    assert "bob" not in look(service, admin, "/admin/users?q=%25").text


def test_bans_are_listed_the_newest_first_forward_and_back(
    each_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_files, "ROWS", 2)
    operator = sign_up(each_service, "olga", LOGIN | OPERATOR)
    digests = [f"{number}" * 64 for number in (2, 1, 3)]
    for digest in digests:
        each_service.registry.services.moderation.ban(digest)

    def shown(query: str) -> tuple[list[str], dict[str, str]]:
        text = look(each_service, operator, f"/admin/bans{query}").text
        ways = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', text))
        return re.findall(r"\?q=([0-9]{64})", text), ways

    first, ways = shown("")
    assert (first, set(ways)) == ([digests[2], digests[1]], {"next"})
    second, ways = shown(ways["next"])
    assert (second, set(ways)) == ([digests[0]], {"prev"})
    assert shown(ways["prev"])[0] == first


@pytest.fixture
def inviting(start: StartService) -> tuple[Service, Person]:
    service = start(signup="invite")
    return service, sign_up(service, "anna", ADMINISTER)


def test_invites_are_made_told_once_and_ended(inviting: tuple[Service, Person]) -> None:
    service, admin = inviting
    told = act(service, admin, "/admin/invites", action="create", uses="2", lifetime="1d", note="<i>friends")
    found = re.search(r"http://localhost(/signup/[A-Za-z0-9_-]+)", told.text)
    assert found
    page = look(service, admin, "/admin/invites").text
    assert "&lt;i&gt;friends" in page
    assert found[1] not in page
    new = urlencode({"name": "eve", "password": PASSWORD}).encode()
    form = {"content_type": "application/x-www-form-urlencoded", **OWN}
    assert service.ask(found[1], "POST", new, **form).status_int == 303
    number = service.registry.services.invites.open()[0].id
    assert act(service, admin, "/admin/invites", action="end", invite=str(number)).status_int == 303
    assert act(service, admin, "/admin/invites", action="end", invite=str(number)).status_int == 404
    assert service.ask(found[1]).status_int == 404
    for fields in ({"uses": "0", "lifetime": "1d"}, {"uses": "1", "lifetime": "x"}, {"uses": "x"}):
        assert act(service, admin, "/admin/invites", action="create", **fields).status_int == 400
    assert [one[0] for one in audited(service)] == ["invited", "invite-ended"]
    with pytest.raises(Exception, match="a year at most"):
        service.registry.services.invites.create(1, timedelta(days=400))


def test_flags_are_switched_also_while_read_only(service: Service, admin: Person) -> None:
    assert act(service, admin, "/admin/flags", action="on", flag="read-only").status_int == 303
    assert service.upload(b"x", "x.txt").status_int == 503
    assert "Switched on: read-only." in look(service, admin, "/admin").text
    assert act(service, admin, "/admin/flags", action="off", flag="read-only").status_int == 303
    assert service.upload(b"x", "x.txt").status_int == 201
    assert act(service, admin, "/admin/flags", action="on", flag="other").status_int == 404
    assert act(service, admin, "/admin/flags", action="x", flag="read-only").status_int == 400
    who = actor(admin)
    assert audited(service) == [("flag-on", who, "read-only"), ("flag-off", who, "read-only")]
    text = look(service, admin, "/admin/audit").text
    assert "<bdi>anna</bdi>" in text


def test_looking_is_no_act(service: Service, admin: Person) -> None:
    service.upload(b"looked at", "a.txt")
    name = service.rows()[0].filehash
    for path in (*OF_OPERATORS, *OF_ADMINISTRATORS, f"/admin/files/{name}", "/admin/users/1"):
        look(service, admin, path)
    assert audited(service) == []
