"""Accounts: names, signing in and out, sessions, passwords, invites, and forms of other sites."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from webtest import TestResponse

from pastebin.errors import BadRequest, NameTaken, NotFound, TooManyRequests
from pastebin.models import ACCOUNTS, AUDIT, SESSIONS, TOKENS
from pastebin.services.account_records import NewAccount
from pastebin.services.rights import ADMINISTER, LOGIN
from tests.inprocess import Service
from tests.inprocess.accounts import OWN, PASSWORD, session_of, sign_up, token_of
from tests.inprocess.fixtures import StartService

FORM = {"content_type": "application/x-www-form-urlencoded"}
PAGE = {"accept": "text/html"}


def post(service: Service, path: str, fields: str, **headers: str) -> TestResponse:
    """Return the answer to a form that a page of ours sends; cookies are those of the headers alone."""
    service.client.reset()
    return service.ask(path, "POST", fields.encode(), **{**FORM, **PAGE, **OWN, **headers})


def sign_in(service: Service, name: str = "ada", password: str = PASSWORD, **headers: str) -> TestResponse:
    return post(service, "/login", f"name={name}&password={password}", **headers)


def cookie_of(answer: TestResponse, name: str = "pb-session") -> str:
    """Return the cookie that an answer sets, as a browser sends it back."""
    [cookie] = [c for c in answer.headers.getall("Set-Cookie") if c.startswith(f"{name}=")]
    return cookie.partition(";")[0]


def is_signed_in(service: Service, headers: dict[str, str]) -> bool:
    service.client.reset()
    return service.ask("/account", **headers).status_int == 200


# Names


@pytest.mark.parametrize("other", ["ada", "ADA", "Ａda", " ada ", "aDa"])
def test_names_that_read_alike_are_one(service: Service, other: str) -> None:
    accounts = service.registry.services.accounts
    accounts.add(NewAccount("Ada", PASSWORD), "test")
    with pytest.raises(NameTaken):
        accounts.add(NewAccount(other, PASSWORD), "test")


def test_of_many_sign_ups_at_once_one_gets_the_name(each_service: Service) -> None:
    services = each_service.registry.services
    code = services.invites.create(64, timedelta(hours=1))

    def add(number: int) -> bool:
        try:
            services.invites.sign_up(code, NewAccount("STRASSE" if number % 2 else "straße", PASSWORD))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 1
    assert len(services.accounts.all()) == 1


@pytest.mark.parametrize("name", ["", "   ", "a" * 65, "a@b", "a＠b", "zero\u200bwidth\u202e", "bell\x07"])
def test_what_is_no_name(service: Service, name: str) -> None:
    with pytest.raises(BadRequest):
        service.registry.services.accounts.add(NewAccount(name, PASSWORD), "test")


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_what_is_no_password(service: Service, password: str) -> None:
    with pytest.raises(BadRequest):
        service.registry.services.accounts.add(NewAccount("ada", password), "test")


def test_a_password_is_kept_as_argon2id_and_a_session_as_a_hash(service: Service) -> None:
    person = sign_up(service)
    secret = person.browser["cookie"].partition("=")[2]
    with service.session() as session:
        assert session.scalar(select(ACCOUNTS.c.password)).startswith("$argon2id$")
        kept = str(session.execute(select(SESSIONS)).all())
    assert secret not in kept


# Signing in and out


def test_signing_in_and_out(each_service: Service) -> None:
    sign_up(each_service)
    answer = sign_in(each_service)
    assert (answer.status_int, answer.location) == (303, "http://localhost/account/files")
    [cookie] = [c for c in answer.headers.getall("Set-Cookie") if c.startswith("pb-session")]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/"))
    browser = {"cookie": cookie.partition(";")[0]}
    assert is_signed_in(each_service, browser)
    assert post(each_service, "/logout", "", **browser).status_int == 303
    assert not is_signed_in(each_service, browser)


def test_by_name_in_any_case_or_by_e_mail(service: Service) -> None:
    service.registry.services.accounts.add(NewAccount("Ada", PASSWORD, "Ada@example.org"), "test")
    for name in ("ADA", "ada@EXAMPLE.org", "Ａda"):
        assert sign_in(service, name).status_int == 303


def test_every_sign_in_has_a_session_of_its_own_and_ends_the_one_before(service: Service) -> None:
    sign_up(service)
    first = cookie_of(sign_in(service))
    second = cookie_of(sign_in(service, cookie=first))
    assert first != second
    assert not is_signed_in(service, {"cookie": first})
    assert is_signed_in(service, {"cookie": second})


def test_a_cookie_that_somebody_else_chose_never_becomes_a_session(service: Service) -> None:
    sign_up(service)
    chosen = f"pb-session={'x' * 43}"
    assert cookie_of(sign_in(service, cookie=chosen)) != chosen
    assert not is_signed_in(service, {"cookie": chosen})


def test_unknown_names_and_wrong_passwords_are_told_the_same(service: Service) -> None:
    sign_up(service)
    suspended = sign_up(service, "eve")
    service.registry.services.accounts.suspend(suspended.account, "test")
    answers = [
        sign_in(service, "ada", "wrong password"),
        sign_in(service, "nobody", "wrong password"),
        sign_in(service, "eve"),
        sign_in(service, "ada", "x" * 2000),
    ]
    pages = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert {answer.status_int for answer in answers} == {403}
    assert len(pages) == 1


def test_an_unknown_name_costs_a_hash_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    passwords = service.registry.services.passwords
    monkeypatch.setattr(passwords, "check_nothing", checked.append)
    sign_in(service, "nobody", "some password")
    assert checked == ["some password"]


def test_a_long_password_is_never_hashed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_up(service)
    checked = []
    monkeypatch.setattr(service.registry.services.passwords, "is_right", lambda *given: checked.append(given))
    assert sign_in(service, "ada", "x" * 1025).status_int == 403
    assert checked == []


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/account?a=b", "/account?a=b"),
        ("https://evil.example/", "/account/files"),
        ("//evil.example/", "/account/files"),
        ("/\\evil.example", "/account/files"),
        ("/a\r\nSet-Cookie: a=b", "/account/files"),
        ("javascript:alert(1)", "/account/files"),
    ],
)
def test_signing_in_leads_nowhere_else(service: Service, target: str, path: str) -> None:
    sign_up(service)
    fields = {"name": "ada", "password": PASSWORD, "next": target}
    answer = service.client.post("/login", fields, headers={"Origin": "http://localhost"})
    assert answer.location == f"http://localhost{path}"


@pytest.mark.parametrize("subject", ["address", "account"])
def test_who_guesses_too_often_has_to_wait(start: StartService, subject: str) -> None:
    service = start(limits="on", passwords_per_minute="3")
    sign_up(service)
    check = service.registry.services.sign_in.check
    for number in range(3):
        by_account = subject == "account"
        name, address = ("ADA", f"203.0.113.{number}") if by_account else (f"name{number}", "203.0.113.9")
        assert check(name, "wrong password", address) is None
    with pytest.raises(TooManyRequests):
        check("ada", PASSWORD, "203.0.113.9")


def test_who_guesses_too_often_is_told_when_to_go_on(start: StartService) -> None:
    service = start(limits="on", passwords_per_minute="2")
    answers = [sign_in(service, "ada", "wrong password") for _ in range(3)]
    assert [answer.status_int for answer in answers] == [403, 403, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


# Sessions


def test_sessions_are_listed_and_ended_one_by_one_or_all(service: Service) -> None:
    person = sign_up(service)
    other = session_of(service, person.account)
    sessions = service.registry.services.account_sessions
    assert len(sessions.of_account(person.account.id)) == 2
    page = service.ask("/account", **PAGE, **person.browser)
    ids = re.findall(r'name="session" value="(\d+)"', page.text)
    mine = [i for i in ids if "This browser" in page.text.split(f'name="session" value="{i}"')[0][-900:]]
    [its] = set(ids) - set(mine[:1])
    assert post(service, "/account/sessions", f"action=end&session={its}", **person.browser).status_int == 303
    assert not is_signed_in(service, other)
    assert is_signed_in(service, person.browser)
    post(service, "/account/sessions", "action=end-all", **person.browser)
    assert not is_signed_in(service, person.browser)


def test_nobody_ends_the_session_of_another(service: Service) -> None:
    ada, eve = sign_up(service), sign_up(service, "eve")
    [its] = service.registry.services.account_sessions.of_account(ada.account.id)
    for number in (str(its.id), "0", "-1", "x", "9" * 30):
        answer = post(service, "/account/sessions", f"action=end&session={number}", **eve.browser)
        assert answer.status_int == 404
    assert is_signed_in(service, ada.browser)


def test_a_session_that_nobody_used_is_over(service: Service) -> None:
    person = sign_up(service)
    with service.registry.services.engine.begin() as connection:
        connection.execute(update(SESSIONS).values(seen=datetime.now(UTC) - timedelta(days=31)))
    assert not is_signed_in(service, person.browser)
    assert service.registry.services.account_sessions.remove_old() == 1


def test_a_page_of_an_account_is_kept_by_no_cache(service: Service) -> None:
    person = sign_up(service)
    for path in ("/", "/account", "/account/files", "/login"):
        assert "no-store" in service.ask(path, **PAGE, **person.browser).headers["Cache-Control"]


# Changing the password


def test_the_password_changes_with_the_old_one_and_ends_the_other_sessions(service: Service) -> None:
    person = sign_up(service)
    other = session_of(service, person.account)
    wrong = "old_password=wrong&new_password=another+password&again=another+password"
    assert post(service, "/account/password", wrong, **person.browser).status_int == 403
    unlike = f"old_password={PASSWORD}&new_password=another+password&again=different"
    assert post(service, "/account/password", unlike, **person.browser).status_int == 422
    short = f"old_password={PASSWORD}&new_password=short&again=short"
    assert post(service, "/account/password", short, **person.browser).status_int == 422
    differently = f"Old_Password={PASSWORD}&new_password=another+password&again=another+password"
    assert post(service, "/account/password", differently, **person.browser).status_int == 403
    assert is_signed_in(service, other)
    right = f"old_password={PASSWORD}&new_password=another+password&again=another+password"
    assert post(service, "/account/password", right, **person.browser).status_int == 303
    assert is_signed_in(service, person.browser)
    assert not is_signed_in(service, other)
    assert sign_in(service).status_int == 403
    assert sign_in(service, password="another password").status_int == 303


def test_an_invite_proves_no_address(start: StartService) -> None:
    service = start(signup="invite")
    services = service.registry.services
    code = services.invites.create(1, timedelta(hours=1))
    fields = f"name=eve&password={PASSWORD}&email=ada@example.org"
    assert post(service, f"/signup/{code}", fields).status_int == 303
    assert services.accounts.named("eve").email is None
    assert services.accounts.find("ada@example.org") is None


# Suspension and demotion


def test_suspension_and_demotion_end_sessions_and_tokens(each_service: Service) -> None:
    accounts = each_service.registry.services.accounts
    for act in ("suspend", "demote"):
        person = sign_up(each_service, act)
        token = token_of(each_service, person, "upload")
        assert is_signed_in(each_service, person.browser)
        if act == "suspend":
            accounts.suspend(person.account, "test")
        else:
            accounts.set_roles(person.account, 0, "test")
        assert not is_signed_in(each_service, person.browser)
        assert each_service.upload(b"x", **token).status_int == 401
        assert sign_in(each_service, act).status_int == 403


def test_the_other_process_obeys_within_two_seconds(start: StartService) -> None:
    import time

    one, other = start(), start()
    person = sign_up(one)
    page = one.upload(b"of ada", **person.browser).json["url_i"]
    assert other.ask(page).status_int == 200
    one.registry.services.accounts.suspend(person.account, "test")
    assert one.ask(page).status_int == 404
    assert not is_signed_in(other, person.browser)
    deadline = time.monotonic() + 10
    begun = time.monotonic()
    while other.ask(page).status_int != 404:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert time.monotonic() - begun < 2
    one.registry.services.accounts.suspend(person.account, "test", is_suspended=False)
    assert one.ask(page).status_int == 200


def test_every_act_on_an_account_is_in_the_audit(service: Service) -> None:
    accounts, person = service.registry.services.accounts, sign_up(service)
    accounts.suspend(person.account, "shell")
    accounts.suspend(person.account, "shell", is_suspended=False)
    accounts.set_roles(person.account, ADMINISTER, "shell")
    accounts.set_quota(person.account, 1, 1, "shell")
    with service.session() as session:
        acts = list(session.scalars(select(AUDIT.c.act).order_by(AUDIT.c.id)))
    assert acts == ["suspended", "resumed", "roles", "quota"]


# Forms


FORMS = [
    ("/login", f"name=ada&password={PASSWORD}"),
    ("/logout", ""),
    ("/account/password", f"old_password={PASSWORD}&new_password=another+password&again=another+password"),
    ("/account/sessions", "action=end-all"),
    ("/account/tokens", "action=create&name=t&scope=upload"),
    ("/account/files", "action=delete&file=x&confirmed=1"),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://[broken"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://localhost"},
        {"referer": "https://evil.example/page"},
        {},
    ],
)
def test_a_form_of_another_site_does_nothing(
    service: Service, path: str, fields: str, headers: dict[str, str]
) -> None:
    person = sign_up(service)
    answer = service.ask(path, "POST", fields.encode(), **FORM, **person.browser, **headers)
    assert answer.status_int == 403
    assert "pb-session" not in str(answer.headers)
    assert is_signed_in(service, person.browser)
    with service.session() as session:
        assert session.execute(select(TOKENS)).all() == []


def test_a_form_without_an_origin_has_its_token(service: Service) -> None:
    person = sign_up(service)
    page = service.ask("/login", **PAGE)
    token = re.search(r'name="csrf_token" value="(\w+)"', page.text)[1]
    cookie = cookie_of(page, "pb-form")
    service.client.reset()
    fields = f"name=ada&password={PASSWORD}&csrf_token={token}".encode()
    assert service.ask("/login", "POST", fields, **FORM, cookie=cookie).status_int == 303
    service.client.reset()
    assert service.ask("/login", "POST", fields, **FORM, cookie="pb-form=other").status_int == 403
    service.client.reset()
    assert service.ask("/login", "POST", fields, **FORM).status_int == 403
    own = service.ask("/account", **PAGE, **person.browser).text
    token = re.search(r'name="csrf_token" value="(\w+)"', own)[1]
    assert service.ask("/logout", "POST", f"csrf_token={token}".encode(), **FORM, **person.browser)
    assert not is_signed_in(service, person.browser)


def test_an_upload_that_another_site_sends_with_the_session_is_refused(service: Service) -> None:
    person = sign_up(service)
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}):
        assert service.upload(b"x", **person.browser, **headers).status_int == 403
        assert service.upload(b"x", **headers).status_int in (200, 201)  # by nobody, as ever


@pytest.mark.parametrize(("method", "path"), [("PUT", "/a.txt"), ("PUT", "/"), ("POST", "/"), ("POST", "/j")])
def test_a_cookie_signs_in_no_bare_body_that_names_no_origin(
    service: Service, method: str, path: str
) -> None:
    person = sign_up(service)
    headers = {**person.browser, "content_type": "image/png", "pb_visibility": "private"}
    assert service.ask(path, method, b"bytes", **headers).status_int == 403
    assert service.ask(path, method, b"bytes", **headers, **OWN).status_int == 201
    token = {**token_of(service, person, "upload"), "content_type": "image/png", "pb_visibility": "private"}
    assert service.ask(path, method, b"other bytes", **token).status_int == 201


@pytest.mark.parametrize("path", ["/?name=a.txt", "/?name=", "/?expires=7d&name", "/j?name=a.txt"])
def test_a_cookie_signs_in_no_simple_form_that_is_a_file_and_names_no_origin(
    service: Service, path: str
) -> None:
    """A form of another site can send one; its query makes a file of it."""
    person = sign_up(service)
    headers = {**person.browser, **FORM, "pb_visibility": "private"}
    assert service.ask(path, "POST", b"text=1", **headers).status_int == 403
    assert service.ask(path, "POST", b"text=1", **headers, **OWN).status_int == 201
    assert service.rows()[0].owner_id == person.account.id
    plain = {**person.browser, **FORM}
    assert service.ask(path, "POST", b"text=2", **plain).status_int == 201
    assert service.rows()[1].owner_id is None
    for origin in ("https://evil.example", "null"):
        assert service.ask(path, "POST", b"text=3", **plain, origin=origin).status_int == 403
    for elsewhere in ({"sec_fetch_site": "cross-site"}, {"referer": "https://evil.example/"}):
        assert service.ask(path, "POST", b"text=3", **plain, **elsewhere).status_int == 403


def test_a_large_form_is_refused(service: Service) -> None:
    answer = post(service, "/login", "name=" + "x" * 70_000)
    assert answer.status_int == 413


# Invites


def test_an_account_by_invite(start: StartService) -> None:
    service = start(signup="invite")
    code = service.registry.services.invites.create(1, timedelta(hours=1))
    address = f"/signup/{code}"
    assert service.ask(address, **PAGE).status_int == 200
    assert service.ask(f"/signup?code={code}", **PAGE).location == f"http://localhost{address}"
    fields = "name=Ada&password=correct+horse&roles=255&id=7&is_suspended=1&quota_files=9"
    answer = post(service, address, fields)
    assert answer.status_int == 303
    assert is_signed_in(service, {"cookie": cookie_of(answer)})
    [account] = service.registry.services.accounts.all()
    assert (account.name, account.roles, account.quota_files, account.is_suspended) == ("Ada", 1, None, False)
    assert service.ask(address, **PAGE).status_int == 404
    assert post(service, address, "name=Eve&password=correct+horse").status_int == 404


def test_a_refused_name_costs_no_invite(start: StartService) -> None:
    service = start(signup="invite")
    sign_up(service)
    code = service.registry.services.invites.create(1, timedelta(hours=1))
    answer = post(service, f"/signup/{code}", "name=ADA&password=correct+horse")
    assert answer.status_int == 422
    assert "too alike" in answer.text
    assert post(service, f"/signup/{code}", "name=Eve&password=correct+horse").status_int == 303


def test_of_many_at_once_an_invite_lets_in_so_many(each_service: Service) -> None:
    services = each_service.registry.services
    code = services.invites.create(2, timedelta(hours=1))

    def add(number: int) -> bool:
        try:
            services.invites.sign_up(code, NewAccount(f"name{number}", PASSWORD))
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(8))) == 2
    assert len(services.accounts.all()) == 2


def test_there_are_no_invites_where_sign_up_is_closed(service: Service) -> None:
    code = service.registry.services.invites.create(1, timedelta(hours=1))
    for path in ("/signup", f"/signup/{code}"):
        assert service.ask(path, **PAGE).status_int == 404


def test_an_invite_ends(start: StartService) -> None:
    service = start(signup="invite")
    code = service.registry.services.invites.create(1, timedelta(microseconds=1))
    assert service.ask(f"/signup/{code}", **PAGE).status_int == 404


# Nobody


def test_who_is_not_signed_in_is_led_to_the_form(service: Service) -> None:
    answer = service.ask("/account/files?q=a", **PAGE)
    assert (answer.status_int, answer.location) == (303, "http://localhost/login?next=/account/files%3Fq%3Da")
    assert service.ask("/account", accept="application/json").status_int == 403


def test_nobody_costs_no_statement_more(service: Service) -> None:
    """A visitor without a cookie or a header of ours causes no look-up of accounts."""
    page = service.upload(b"warm", "a.txt").json["url_i"]
    with service.statements() as seen:
        service.ask(page)
        service.ask("/", **PAGE)
        service.upload(b"another", "b.txt")
    assert not [s for s in seen if "Account" in s or "ApiToken" in s], seen


def test_a_signed_in_visitor_of_a_public_file_costs_no_statement(service: Service) -> None:
    person = sign_up(service)
    page = service.upload(b"warm", "a.txt").json["url_i"]
    service.ask(page)
    with service.statements() as seen:
        assert service.ask(page, **person.browser).status_int == 200
    assert seen == []


def test_a_page_says_that_the_database_does_not_answer(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = sign_up(service)

    def fail(_secret: str) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(service.registry.services.account_sessions, "find", fail)
    for path in ("/account", "/nothing"):
        answer = service.ask(path, **PAGE, **person.browser)
        assert answer.status_int == (404 if path == "/nothing" else 503)
        assert "<h1>" in answer.text


def test_no_answer_has_what_is_kept_of_secrets(service: Service) -> None:
    person = sign_up(service)
    token_of(service, person, "upload")
    answer = service.upload(b"x", **person.browser).json
    with service.session() as session:
        kept = [
            session.scalar(select(ACCOUNTS.c.password)),
            session.scalar(select(SESSIONS.c.secret_hash)),
            session.scalar(select(TOKENS.c.secret_hash)),
        ]
    for path in ("/", "/account", "/account/files", answer["url_p"], answer["url_m"]):
        for accept in ("text/html", "application/json"):
            page = service.ask(path, accept=accept, **person.browser).text
            assert not [secret for secret in kept if secret in page]
            assert "$argon2" not in page


def test_roles_decide_what_a_session_may(service: Service) -> None:
    person = sign_up(service, roles=LOGIN)
    service.registry.services.accounts.set_roles(person.account, 2, "test")  # an editor who may not sign in
    assert not is_signed_in(service, person.browser)
