"""Files of accounts: tokens, private files, sharing, quotas, claims, and the page of one's files."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert, select, update

from pastebin.models import FILES, TOKENS
from pastebin.services.account_files import KINDS, PAGE_SIZE, SORTS, STATES, Query
from pastebin.services.rights import LOGIN, OPERATOR
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import OWN, Person, session_of, sign_up, token_of
from tests.inprocess.fixtures import StartService

FORM = {"content_type": "application/x-www-form-urlencoded"}
PAGE = {"accept": "text/html"}


def owner_of(service: Service, answer: Any) -> int | None:
    """Return whose a file is, by what its upload was told."""
    filehash = answer.json["url_p"].rpartition("/")[2]
    with service.session() as session:
        return session.scalar(select(FILES.c.owner_id).where(FILES.c.filehash == filehash))


def submit(service: Service, person: Person, fields: str, **headers: str) -> Any:
    given = {**FORM, **OWN, **person.browser, **headers}
    return service.ask("/account/files", "POST", fields.encode(), **given)


# Tokens


def test_a_token_uploads_for_its_account(each_service: Service) -> None:
    person = sign_up(each_service)
    token = token_of(each_service, person, "upload")
    basic = {
        "authorization": "Basic "
        + __import__("base64").b64encode(b"any:" + token["authorization"].split()[1].encode()).decode()
    }
    for number, headers in enumerate((token, basic)):
        answer = each_service.upload(b"x", f"{number}.txt", **headers)
        assert (answer.status_int, owner_of(each_service, answer)) == (201, person.account.id)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer nonsense",
        "Bearer ",
        "bearer pb_0123456789abcdef_" + "x" * 43,
        "Bearer pb_" + "x" * 5000,
        "Basic " + __import__("base64").b64encode(b"me:pb_wrong_token").decode(),
    ],
)
def test_a_wrong_token_is_401_everywhere_and_never_nobody(service: Service, header: str) -> None:
    page = service.upload(b"x").json["url_i"]
    for method, path in (
        ("GET", "/"),
        ("GET", page),
        ("GET", "/account"),
        ("GET", "/nothing"),
        ("POST", "/j"),
    ):
        answer = service.ask(path, method, authorization=header)
        assert answer.status_int == 401, (method, path)
        assert answer.json["error"]["code"] == "unauthorized"
    assert service.upload(b"never", "never.txt", authorization=header).status_int == 401
    assert len(service.rows()) == 1


@pytest.mark.parametrize(
    "name", ["token", "access_token", "api_key", "authorization", "Authorization", "bearer"]
)
def test_a_token_in_the_address_is_none(service: Service, name: str) -> None:
    """It would stand in logs and in the history of browsers."""
    person = sign_up(service)
    token = token_of(service, person, "upload", "read", "delete", "admin")["authorization"]
    private = service.send(
        [file_part(b"mine", "a.txt"), text_part("visibility", "private")], **person.browser
    )
    for value in (token, token.removeprefix("Bearer ")):
        query = f"?{urlencode({name: value})}"
        assert service.ask(f"/account/files{query}").status_int == 403
        assert service.ask(f"{private.json['url_d']}{query}").status_int == 404
        assert service.ask(f"/api/v1/me{query}").status_int == 401
        sent = service.send([file_part(value.encode(), "b.txt")], f"/{query}")
        assert sent.status_int in (201, 400)
    with service.session() as session:
        owners = set(session.scalars(select(FILES.c.owner_id).where(FILES.c.filename == "b.txt")))
    assert owners <= {None}


def test_a_right_id_with_a_wrong_secret_is_wrong(service: Service) -> None:
    person = sign_up(service)
    text = token_of(service, person, "upload")["authorization"]
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert service.upload(b"x", authorization=other).status_int == 401


def test_a_token_ends_by_time_and_by_revocation(service: Service) -> None:
    person, tokens = sign_up(service), service.registry.services.tokens
    token = token_of(service, person, "upload", expires=datetime.now(UTC) + timedelta(hours=1))
    assert service.upload(b"x", **token).status_int == 201
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(TOKENS).values(expires=datetime.now(UTC) - timedelta(seconds=1)))
    assert service.upload(b"x", **token).status_int == 401
    other = token_of(service, person, "upload")
    [_, stored] = tokens.of_account(person.account.id)
    tokens.revoke(person.account.id, stored.public_id)
    assert service.upload(b"x", **other).status_int == 401


def test_a_token_never_reaches_the_pages_of_its_account(service: Service) -> None:
    person = sign_up(service)
    token = token_of(service, person, "upload", "read", "delete", "admin")
    for path in ("/account", "/account/files"):
        assert service.ask(path, **token).status_int == 403
    for path in ("/account/files", "/account/tokens", "/account/sessions", "/account/password"):
        assert service.ask(path, "POST", b"action=end-all", **FORM, **OWN, **token).status_int == 403
    both = service.ask("/account", **token, **person.browser)  # a token is not made more by a cookie
    assert both.status_int == 403


@pytest.mark.parametrize(
    ("scopes", "uploads", "reads"),
    [(["upload"], 201, 404), (["read"], 403, 200), (["delete"], 403, 404), (["upload", "read"], 201, 200)],
)
def test_a_token_does_what_its_scopes_say(
    service: Service, scopes: list[str], uploads: int, reads: int
) -> None:
    person = sign_up(service)
    private = service.send([file_part(b"x"), text_part("visibility", "private")], **person.browser).json
    token = token_of(service, person, *scopes)
    assert service.upload(b"new", "new.txt", **token).status_int == uploads
    assert service.ask(private["url_i"], **token).status_int == reads


def test_a_token_has_no_more_rights_than_its_account(service: Service) -> None:
    owner, operator = sign_up(service), sign_up(service, "op", LOGIN | OPERATOR)
    private = service.send([file_part(b"x"), text_part("visibility", "private")], **owner.browser).json
    admin = token_of(service, operator, "admin")
    assert service.ask(private["url_i"], **admin).status_int == 200
    assert service.ask(private["url_i"], **token_of(service, operator, "read")).status_int == 404
    assert (
        service.ask(private["url_i"], **token_of(service, sign_up(service, "eve"), "admin")).status_int == 404
    )
    service.registry.services.accounts.set_roles(operator.account, LOGIN, "test")
    assert service.ask(private["url_i"], **admin).status_int == 404


def test_a_token_limits_and_marks_its_uploads(service: Service) -> None:
    person = sign_up(service)
    token = token_of(service, person, "upload", max_size=10, terms={"visibility": "private", "expires": "1h"})
    assert service.upload(b"x" * 11, **token).status_int == 413
    answer = service.upload(b"x" * 10, **token)
    assert answer.json["expires"] is not None
    assert service.ask(answer.json["url_i"]).status_int == 404
    own = service.send([file_part(b"y"), text_part("visibility", "unlisted")], **token)
    assert service.ask(own.json["url_i"]).status_int == 200


def test_a_token_is_made_on_the_page_told_once_and_revoked(service: Service) -> None:
    person = sign_up(service)
    ask = {**FORM, **OWN, **PAGE, **person.browser}
    name = "<script>alert(1)</script>"
    fields = f"action=create&name={name}&scope=upload&scope=read&lifetime=4w&max_size=1+MB&uploads_expires=1d"
    made = service.ask("/account/tokens", "POST", fields.encode(), **ask)
    assert made.status_int == 200
    text = re.search(r"pb_[0-9a-f]{16}_[\w-]{43}", made.text)[0]
    assert "<script>alert" not in made.text
    assert service.upload(b"x", authorization=f"Bearer {text}").status_int == 201
    page = service.ask("/account", **PAGE, **person.browser).text
    assert text not in page
    with service.session() as session:
        assert text.rpartition("_")[2] not in str(session.execute(select(TOKENS)).all())
    public = text.split("_")[1]
    eve = sign_up(service, "eve")
    theirs = {**ask, **eve.browser}
    assert (
        service.ask("/account/tokens", "POST", f"action=revoke&token={public}".encode(), **theirs).status_int
        == 404
    )
    assert (
        service.ask("/account/tokens", "POST", f"action=revoke&token={public}".encode(), **ask).status_int
        == 303
    )
    assert service.upload(b"x", authorization=f"Bearer {text}").status_int == 401


@pytest.mark.parametrize(
    "fields",
    [
        "name=t",
        "name=t&scope=everything",
        "scope=upload",
        "name=t&scope=upload&lifetime=soon",
        "name=t&scope=upload&max_size=big",
        "name=t&scope=upload&uploads_visibility=secret",
        "name=t&scope=upload&lifetime=9999999999w",
        f"name={'x' * 300}&scope=upload",
    ],
)
def test_what_is_no_token(service: Service, fields: str) -> None:
    person = sign_up(service)
    body = f"action=create&{fields}".encode()
    assert service.ask("/account/tokens", "POST", body, **FORM, **OWN, **person.browser).status_int == 400


# Whose links are whose


def test_accounts_share_their_links_with_nobody_else(each_service: Service) -> None:
    ada, eve = sign_up(each_service), sign_up(each_service, "eve")
    links = {}
    for name, headers in (("nobody", {}), ("ada", ada.browser), ("eve", eve.browser)):
        answers = [each_service.upload(b"same", "same.txt", **headers) for _ in range(2)]
        assert [answer.status_int for answer in answers] == [201, 200], name
        assert answers[0].json["url_p"] == answers[1].json["url_p"]
        links[name] = answers[0].json["url_p"]
    assert len(set(links.values())) == 3


def test_a_key_that_lets_go_leaves_the_file_to_its_account(service: Service) -> None:
    person = sign_up(service)
    answer = service.upload(b"x", **person.browser).json
    assert service.ask(answer["url_m"], "DELETE").status_int == 204
    assert service.ask(answer["url_m"]).status_int == 404
    assert service.ask(answer["url_i"]).status_int == 200
    name = answer["url_p"].rpartition("/")[2]
    assert submit(service, person, f"action=delete&file={name}&confirmed=1").json["deleted"] == 1
    assert service.ask(answer["url_i"]).status_int == 404


def test_private_needs_an_account(service: Service) -> None:
    assert service.send([file_part(b"x"), text_part("visibility", "private")]).status_int == 403
    answer = service.upload(b"x").json
    change = json.dumps({"visibility": "private"}).encode()
    assert service.ask(answer["url_m"], "PATCH", change).status_int == 403
    person = sign_up(service)
    own = service.upload(b"x", **person.browser).json
    assert service.ask(own["url_m"], "PATCH", change).status_int == 200
    assert service.ask(own["url_i"]).status_int == 404
    seen = service.ask(own["url_i"], **person.browser)
    assert (seen.status_int, seen.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_private_image_and_its_copies(service: Service) -> None:
    person = sign_up(service)
    parts = [file_part(contents.image(), "a.png"), text_part("visibility", "private")]
    name = service.send(parts, **person.browser).json["url_p"].rpartition("/")[2]
    copy = service.ask(f"/r/{name}?w=10", **person.browser)
    assert copy.status_int == 200
    path = copy.text.strip().rpartition("/")[2]
    assert service.ask(f"/i/{path}").status_int == 404
    assert service.ask(f"/i/{path}", **person.browser).status_int == 200
    assert service.registry.services.quotas.of(person.account.id).files == 1


def test_a_private_collection(service: Service) -> None:
    person = sign_up(service)
    parts = [file_part(b"x", "a.txt"), text_part("collection", ""), text_part("visibility", "private")]
    answer = service.send(parts, **person.browser).json
    inside = answer["files"][0]["url_i"]
    for address in (answer["url_c"], answer["url_c"] + ".zip", inside):
        assert service.ask(address).status_int == 404
        assert service.ask(address, **person.browser).status_int == 200
    open_it = json.dumps({"visibility": "unlisted"}).encode()
    assert service.ask(answer["url_m"], "PATCH", open_it).status_int == 200
    assert service.ask(inside).status_int == 200


def test_only_accounts_upload_where_that_is_so(start: StartService) -> None:
    service = start(anonymous_uploads="false")
    assert service.upload(b"x").status_int == 403
    assert service.upload(b"x", to="/j").status_int == 403
    assert service.ask("/c", "POST", b'{"files": [{"key": "x"}]}').status_int == 403
    assert service.ask("/", **PAGE).status_int == 303
    person = sign_up(service)
    assert service.upload(b"x", **person.browser).status_int == 201
    assert service.ask("/", **PAGE, **person.browser).status_int == 200


# Quotas


def test_a_quota_in_bytes_and_files(each_service: Service) -> None:
    person = sign_up(each_service)
    set_quota = each_service.registry.services.accounts.set_quota
    set_quota(person.account, 100_000, 2, "test")
    never = each_service.upload(b"x" * 200_000, **person.browser)
    assert (never.status_int, never.json["error"]["code"]) == (413, "too_large")
    assert each_service.upload(b"x" * 60_000, "a.bin", **person.browser).status_int == 201
    full = each_service.upload(b"y" * 60_000, "b.bin", **person.browser)
    assert (full.status_int, full.json["error"]["code"]) == (507, "quota_exceeded")
    assert each_service.upload(b"z" * 100, "c.bin", **person.browser).status_int == 201
    assert each_service.upload(b"z" * 100, "d.bin", **person.browser).status_int == 507
    assert len(each_service.rows()) == 2


@pytest.mark.parametrize("path", ["/account", "/account/files", "/account/collections", "/account/requests"])
def test_a_quota_is_shown(service: Service, path: str) -> None:
    person = sign_up(service)
    service.registry.services.accounts.set_quota(person.account, 100 * 2**20, 40, "test")
    service.upload(b"x" * 512, "a.bin", **person.browser)
    lines = " ".join(service.ask(path, **PAGE, **person.browser).html.get_text().split())
    assert "512 bytes of 100 MB · 1 of 40 files" in lines


def test_of_many_at_once_no_more_than_fit_are_kept(each_service: Service) -> None:
    person = sign_up(each_service)
    each_service.registry.services.accounts.set_quota(person.account, None, 3, "test")
    from webtest import TestApp

    def upload(number: int) -> int:
        client = TestApp(each_service.app)
        files = [("file", f"{number}.txt", b"%d" % number)]
        headers = {"Cookie": person.browser["cookie"]}
        return client.post("/", upload_files=files, headers=headers, expect_errors=True).status_int

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(upload, range(8)))
    assert sorted(answers) == [201] * 3 + [507] * 5
    assert len(each_service.rows()) == 3


def test_a_quota_by_role(start: StartService) -> None:
    service = start(quota_files="login 1, operator 3")
    small, large = sign_up(service), sign_up(service, "op", LOGIN | OPERATOR)
    for person, most in ((small, 1), (large, 3)):
        answers = [service.upload(b"x", f"{n}.txt", **person.browser).status_int for n in range(most + 1)]
        assert answers == [201] * most + [507]
    service.registry.services.accounts.set_quota(small.account, None, 2, "test")
    assert service.upload(b"x", "more.txt", **small.browser).status_int == 201


def test_an_account_that_is_suspended_during_its_upload_keeps_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, services = sign_up(service), service.registry.services
    examine = services.uploads.examine

    def suspend_meanwhile(*given: Any, **named: Any) -> Any:
        services.accounts.suspend(person.account, "test")
        return examine(*given, **named)

    monkeypatch.setattr(services.uploads, "examine", suspend_meanwhile)
    assert service.upload(b"x", **person.browser).status_int == 403
    assert service.rows() == []


# Claims


def claim(service: Service, address: str, **headers: str) -> Any:
    return service.ask(address, "POST", b"action=claim", **{**FORM, **OWN, **headers})


def test_an_upload_of_nobody_is_claimed_by_its_key(each_service: Service) -> None:
    person = sign_up(each_service)
    answer = each_service.upload(b"x")
    assert claim(each_service, answer.json["url_m"]).status_int == 403
    assert claim(each_service, answer.json["url_m"], **person.browser).status_int == 303
    assert owner_of(each_service, answer) == person.account.id
    assert claim(each_service, answer.json["url_m"], **person.browser).status_int == 303
    eve = sign_up(each_service, "eve")
    assert claim(each_service, answer.json["url_m"], **eve.browser).status_int == 403
    again = each_service.upload(b"x")  # by nobody: never the account's link
    assert (again.status_int, owner_of(each_service, again)) == (201, None)


def test_what_others_hold_too_stays_theirs(service: Service) -> None:
    person = sign_up(service)
    first, second = service.upload(b"x").json, service.upload(b"x").json
    assert first["url_p"] == second["url_p"]
    assert claim(service, second["url_m"], **person.browser).status_int == 303
    mine, theirs = service.ask(second["url_m"]).json, service.ask(first["url_m"]).json
    assert mine["url_p"] != theirs["url_p"] == first["url_p"]


def test_a_collection_is_claimed_with_its_files(service: Service) -> None:
    person = sign_up(service)
    answer = service.send([file_part(b"x", "a.txt"), text_part("collection", "")]).json
    assert claim(service, answer["url_m"], **person.browser).status_int == 303
    [row] = service.rows()
    assert row.owner_id == person.account.id
    private = json.dumps({"visibility": "private"}).encode()
    assert service.ask(answer["url_m"], "PATCH", private).status_int == 200
    assert service.ask(answer["files"][0]["url_i"]).status_int == 404


def test_a_claim_stays_within_the_quota(service: Service) -> None:
    person = sign_up(service)
    service.registry.services.accounts.set_quota(person.account, None, 1, "test")
    service.upload(b"mine", **person.browser)
    answer = service.upload(b"x")
    assert claim(service, answer.json["url_m"], **person.browser).status_int == 507
    assert owner_of(service, answer) is None


def test_a_claim_by_a_form_of_another_site_is_refused(service: Service) -> None:
    person, answer = sign_up(service), service.upload(b"x")
    for origin in ("https://evil.example", "null"):
        assert claim(service, answer.json["url_m"], **person.browser, origin=origin).status_int == 403
    page = service.ask(answer.json["url_m"], **PAGE, **person.browser).text
    token = re.search(
        r'name="csrf_token" value="(\w+)"[^<]*<input type="hidden" name="action" value="claim"', page
    )
    body = f"action=claim&csrf_token={token[1]}".encode()
    assert (
        service.ask(answer.json["url_m"], "POST", body, **FORM, **person.browser, origin="null").status_int
        == 303
    )


# My files


def fill(service: Service, person: Person, number: int, **values: Any) -> None:
    """Give an account files by rows alone."""
    rows = [
        {
            "filename": f"File {place:05}.txt",
            "filehash": f"{person.account.id:08}{place:024}.txt",
            "filemd5": "0" * 32,
            "uploadtime": datetime.now(UTC),
            "mimetype": "text/plain",
            "size": place * 7 % 1000,
            "sha256": f"{place:064}",
            "width": 0,
            "height": 0,
            "encoding": "utf-8",
            "owner_id": person.account.id,
            **values,
        }
        for place in range(number)
    ]
    with service.registry.services.engine.begin() as connection:
        connection.execute(insert(FILES), rows)


def names_on(service: Service, person: Person, query: str = "") -> list[str]:
    page = service.ask(f"/account/files{query}", **PAGE, **person.browser)
    assert page.status_int == 200
    return re.findall(r'name="file" value="([^"]+)"', page.text)


@pytest.mark.parametrize("sort", list(SORTS))
def test_pages_go_through_all_files_in_order_and_back(each_service: Service, sort: str) -> None:
    person = sign_up(each_service)
    fill(each_service, person, 2 * PAGE_SIZE + 5)
    fill(each_service, sign_up(each_service, "eve"), 3)
    service, number = each_service.registry.services.account_files, person.account.id
    query, seen, after, pages = Query(sort=sort), [], "", []
    while True:
        page = service.page(number, query, after)
        assert page.total == 2 * PAGE_SIZE + 5
        seen += page.items
        pages.append(page)
        if page.after is None:
            break
        after = page.after
    assert len({file.id for file in seen}) == len(seen) == 2 * PAGE_SIZE + 5
    orders = {
        "newest": lambda file: -file.id,
        "oldest": lambda file: file.id,
        "name": lambda file: (file.filename.lower(), file.id),
        "largest": lambda file: (-file.size, -file.id),
        "smallest": lambda file: (file.size, file.id),
    }
    assert seen == sorted(seen, key=orders[sort])
    back = service.page(number, query, before=pages[2].before)
    assert back.items == pages[1].items
    assert service.page(number, query, before=back.before).items == pages[0].items


def test_search_takes_words_and_never_patterns(each_service: Service) -> None:
    person = sign_up(each_service)
    for name in ("Grüße an Alle.txt", "100% sure.txt", "a_b.txt", "axb.txt"):
        each_service.upload(name.encode(), name, **person.browser)
    each_service.send([file_part(b"t", "t.txt"), text_part("title", "Ein ÜBERBLICK")], **person.browser)
    found = {
        "GRÜSSE": 0,
        "grüße": 1,
        "GRÜßE alle": 1,
        "%": 1,
        "_": 1,
        ".*": 0,
        "überblick ein": 1,
        "txt": 5,
        "' OR 1=1": 0,
        "\\": 0,
    }
    page = each_service.registry.services.account_files.page
    assert {words: page(person.account.id, Query(words)).total for words in found} == found


def test_filters_by_kind_and_state(service: Service) -> None:
    person = sign_up(service)
    service.upload(contents.image(), "a.png", **person.browser)
    service.send([file_part(b"x", "p.txt"), text_part("visibility", "private")], **person.browser)
    service.send([file_part(b"x", "e.txt"), text_part("expires", "1h")], **person.browser)
    service.send([file_part(b"x", "l.txt"), text_part("downloads", "3")], **person.browser)
    service.send([file_part(b"x", "s.txt"), text_part("password", "sesame")], **person.browser)
    page, number = service.registry.services.account_files.page, person.account.id
    kinds = {kind: page(number, Query(kind=kind)).total for kind in KINDS}
    assert kinds == {"image": 1, "video": 0, "audio": 0, "text": 4, "pdf": 0, "other": 0}
    states = {state: page(number, Query(state=state)).total for state in STATES}
    assert states == {"listed": 0, "unlisted": 4, "private": 1, "expiring": 1, "limited": 1, "locked": 1}


@pytest.mark.parametrize(
    "query",
    [
        *("type=x", "state=x", "sort=x", "view=x", "after=x", "before=%ff", "after=WzFd"),
        *("after=WyJcXHVkODAwIiwxXQ", "sort=name&after=WyJcdWQ4MDAiLDFd", "after=WzFlOTk5LDFd"),
        *("after=WzEsMV0x", "after=W3RydWUsMV0"),
    ],
)
def test_nonsense_in_the_address_is_400(service: Service, query: str) -> None:
    person = sign_up(service)
    assert service.ask(f"/account/files?{query}", **PAGE, **person.browser).status_int in (400, 200)
    assert service.ask(f"/account/files?{query}", **person.browser).status_int != 500


def test_many_are_changed_and_deleted_after_the_number_is_confirmed(each_service: Service) -> None:
    person = sign_up(each_service)
    names = [
        each_service.upload(b"%d" % n, f"{n}.txt", **person.browser).json["url_p"].rpartition("/")[2]
        for n in range(3)
    ]
    chosen = "&".join(f"file={name}" for name in names)
    asked = submit(each_service, person, f"action=delete&{chosen}", **PAGE)
    assert "Delete 3 files?" in asked.text
    assert len(names_on(each_service, person)) == 3
    for wrong in ("2", "4", "x", ""):
        submit(each_service, person, f"action=delete&{chosen}&confirmed={wrong}", **PAGE)
    assert len(names_on(each_service, person)) == 3
    done = submit(each_service, person, f"action=change&visibility=private&expires=1d&{chosen}&confirmed=3")
    assert done.json == {"changed": 3, "asked": 3}
    assert all(row.is_private and row.expires for row in each_service.rows())
    assert each_service.ask(f"/i/{names[0]}").status_int == 404
    done = submit(each_service, person, f"action=delete&{chosen}&confirmed=3", **PAGE)
    assert done.status_int == 303
    assert names_on(each_service, person) == []
    assert each_service.rows() == []


def test_one_file_is_changed_and_deleted_by_its_owner(service: Service) -> None:
    person, eve = sign_up(service), sign_up(service, "eve")
    name = service.upload(b"x", "a.txt", **person.browser).json["url_p"].rpartition("/")[2]
    path = f"/account/files/{name}"
    assert service.ask(path, **PAGE, **person.browser).status_int == 200
    assert service.ask(path, **PAGE, **eve.browser).status_int == 404
    assert service.ask(path, **token_of(service, person, "read", "delete")).status_int == 404
    send = {**FORM, **OWN, **person.browser}
    fields = b"action=change&title=New&downloads=3&password=sesame&visibility=private&expires=1d"
    assert service.ask(path, "POST", fields, **{**send, **eve.browser}).status_int == 404
    answer = service.ask(path, "POST", fields, **send)
    assert (answer.status_int, answer.location) == (303, f"http://localhost{path}")
    [row] = service.rows()
    assert (row.title, row.downloads_left, row.is_private) == ("New", 3, True)
    assert row.expires
    assert row.password
    assert service.ask(path, "POST", b"action=change&expires=soon", **send).status_int == 400
    assert service.ask(path, "POST", b"action=delete", **send).status_int == 303
    assert service.rows() == []
    assert service.ask(path, "POST", b"action=delete", **send).status_int == 404


def test_a_file_of_a_collection_keeps_its_terms(service: Service) -> None:
    person = sign_up(service)
    answer = service.send([file_part(b"x", "a.txt"), text_part("collection", "")], **person.browser).json
    name = answer["files"][0]["url_p"].rpartition("/")[2]
    changed = submit(service, person, f"action=change&visibility=private&file={name}&confirmed=1")
    assert changed.json == {"changed": 0, "asked": 1}
    send = {**FORM, **OWN, **person.browser}
    assert service.ask(f"/account/files/{name}", "POST", b"action=change&title=x", **send).status_int == 400
    assert submit(service, person, f"action=delete&file={name}&confirmed=1").json["deleted"] == 1
    assert service.ask(answer["url_c"]).json["files"] == [{"path": None, "gone": True}]


def test_nobody_changes_or_deletes_what_is_another_s(service: Service) -> None:
    ada, eve = sign_up(service), sign_up(service, "eve")
    hers = service.upload(b"a", "a", **ada.browser).json["url_p"].rpartition("/")[2]
    nobodys = service.upload(b"b", "ab").json["url_p"].rpartition("/")[2]
    own = service.upload(b"c", "abc", **eve.browser).json["url_p"].rpartition("/")[2]
    chosen = f"file={hers}&file={nobodys}&file={own}&confirmed=3"
    assert submit(service, eve, f"action=change&visibility=private&{chosen}").json == {
        "changed": 1,
        "asked": 3,
    }
    assert submit(service, eve, f"action=delete&{chosen}").json == {"deleted": 1, "asked": 3}
    assert {row.filehash for row in service.rows()} == {hers, nobodys}


def test_the_address_that_a_form_leads_back_to_is_ours(service: Service) -> None:
    person = sign_up(service)
    for here, target in (("q=a&sort=name", "?q=a&sort=name"), ("//evil.example", ""), ("a\r\nb: c", "")):
        from urllib.parse import quote

        answer = submit(service, person, f"action=delete&here={quote(here)}", **PAGE)
        assert answer.location == f"http://localhost/account/files{target}"


def test_names_are_text_on_every_page(service: Service) -> None:
    person = sign_up(service, "<b>ada</b>")
    hostile = '"><img src=x onerror=alert(1)>.txt'
    service.send([file_part(b"x", "a.txt"), text_part("title", hostile)], **person.browser)
    session_of(service, person.account)
    for path in ("/account", "/account/files", "/account/files?view=list", "/"):
        page = service.ask(path, **PAGE, **person.browser).text
        assert "<img src=x" not in page
        assert "<b>ada" not in page


def test_ten_thousand_files_are_found_quickly(each_service: Service) -> None:
    """Generously: what the pages cost must not grow with what others have, nor with how far one goes."""
    import time

    person = sign_up(each_service)
    fill(each_service, person, 10_000)
    service, number = each_service.registry.services.account_files, person.account.id
    for query in (Query(), Query("file 99"), Query(sort="name")):
        service.page(number, query)
        begun = time.perf_counter()
        service.page(number, query)
        assert time.perf_counter() - begun < 1, query


@pytest.mark.parametrize("is_unheard", [False, True])
def test_only_what_an_account_never_heard_of_ends_with_its_key(service: Service, is_unheard: bool) -> None:
    token = token_of(service, sign_up(service), "upload")
    key = service.upload(b"cut off", **token).json["url_m"].rpartition("/")[2]
    service.registry.services.links.release(key, is_unheard=is_unheard)
    assert len(service.rows()) == (not is_unheard)
