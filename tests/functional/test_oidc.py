"""Signing in with an account of a provider: each way in which that must not work, one by one."""

import base64
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select, update
from webtest import TestResponse

from pastebin.errors import Forbidden
from pastebin.models import IDENTITIES, SESSIONS
from pastebin.services.account_records import NewAccount
from pastebin.services.flags import Flag
from pastebin.services.oidc import fetching
from tests.functional.test_accounts import PAGE, cookie_of, is_signed_in, post, sign_in
from tests.functional.test_second_factors import hidden, now, with_factor
from tests.inprocess import Service
from tests.inprocess.accounts import PASSWORD, Person, sign_up
from tests.inprocess.fixtures import StartService, start_service
from tests.servers.issuer import CLIENT, SECRET, Issuer, elliptic_key

CALLBACK = "/login/oidc/callback"


@pytest.fixture(scope="module")
def one_issuer() -> Iterator[Issuer]:
    """Give the provider of this module."""
    with Issuer() as server:
        yield server


@pytest.fixture
def issuer(one_issuer: Issuer) -> Issuer:
    """Give it as it is when it is right."""
    one_issuer.reset()
    return one_issuer


def settings(issuer: Issuer) -> dict[str, str]:
    return {
        "oidc_issuer": issuer.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Acme",
        "public_url": "http://localhost",
    }


@pytest.fixture(scope="module")
def one_host(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, one_issuer: Issuer
) -> Iterator[Service]:
    """Give the service of this module."""
    folder = tmp_path_factory.mktemp("oidc") / "data"
    service = start_service(sqlite_template, folder, {"oidc_signup": "true", **settings(one_issuer)})
    yield service
    service.close()


@pytest.fixture
def host(one_host: Service) -> Service:
    """Give it empty, and as if it had not asked the provider for anything yet."""
    one_host.empty()
    forget(one_host)
    return one_host


def forget(service: Service) -> None:
    provider = service.registry.services.oidc._provider
    provider._configuration, provider._keys = None, []
    provider._read_at = provider._keys_read_at = provider._failed_at = float("-inf")


def set_out(service: Service, target: str = "") -> tuple[str, dict[str, str]]:
    """Return the provider's address that a browser is sent to, and the browser."""
    service.client.reset()
    answer = service.ask(f"/login/oidc?next={quote(target)}", **PAGE)
    assert answer.status_int == 303, answer.text
    return answer.location, {"cookie": cookie_of(answer, "pb-oidc")}


def come_back(service: Service, brought: dict[str, str], browser: dict[str, str]) -> TestResponse:
    service.client.reset()
    return service.ask(f"{CALLBACK}?{urlencode(brought)}", **PAGE, **browser)


def there_and_back(service: Service, issuer: Issuer, **changes: str) -> TestResponse:
    address, browser = set_out(service)
    return come_back(service, issuer.arrive(address, **changes), browser)


def linked(service: Service, issuer: Issuer, name: str = "ada") -> Person:
    """Return an account that the provider's only subject signs in to."""
    person = sign_up(service, name)
    service.registry.services.identities.link(person.account.id, issuer.address, issuer.subject, "Ada")
    return person


def is_refused(answer: TestResponse) -> bool:
    return answer.status_int == 403 and "pb-session" not in str(answer.headers)


# As it should be


def test_a_linked_identity_signs_in(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host, "/latest")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{issuer.address}/authorize?")
    assert asked["redirect_uri"] == f"http://localhost{CALLBACK}"
    assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert "openid" in asked["scope"].split()
    answer = come_back(host, issuer.arrive(address), browser)
    assert (answer.status_int, answer.location) == (303, "http://localhost/latest")
    assert is_signed_in(host, {"cookie": cookie_of(answer)})
    told = base64.b64decode(issuer.forms[0]["authorization"].removeprefix("Basic ")).decode()
    assert told == f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"


@pytest.mark.parametrize(
    "claims", [{"aud": [CLIENT]}, {"aud": [CLIENT, "other"], "azp": CLIENT}, {"azp": CLIENT}]
)
def test_tokens_that_are_right(host: Service, issuer: Issuer, claims: dict[str, Any]) -> None:
    linked(host, issuer)
    issuer.claims = claims
    assert there_and_back(host, issuer).status_int == 303


def test_a_key_of_another_kind_and_one_that_is_new(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    assert there_and_back(host, issuer).status_int == 303
    host.registry.services.oidc._provider._keys_read_at -= 61  # a minute later
    other = elliptic_key()
    issuer.published.append(other.as_dict(private=False))
    issuer.signed_by, issuer.header = other, {"alg": "ES256", "kid": "two"}
    assert there_and_back(host, issuer).status_int == 303
    issuer.header = {"alg": "ES256", "kid": None}
    assert there_and_back(host, issuer).status_int == 303


def test_what_the_provider_says_of_itself_is_asked_for_once(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    for _ in range(3):
        assert there_and_back(host, issuer).status_int == 303
    assert issuer.asked.count("/.well-known/openid-configuration") == 1
    assert issuer.asked.count("/keys") == 1


@pytest.mark.parametrize("methods", [["client_secret_post"], []])
def test_the_secret_goes_as_the_provider_wants_it(host: Service, issuer: Issuer, methods: list[str]) -> None:
    linked(host, issuer)
    issuer.document = {"token_endpoint_auth_methods_supported": methods}
    assert there_and_back(host, issuer).status_int == 303
    assert issuer.forms[0]["client_secret"] == SECRET
    assert issuer.forms[0]["authorization"] == ""


# Tokens that are wrong


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "other issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "other audience": {"aud": "other"},
    "no audience": {"aud": None},
    "odd audience": {"aud": {"x": CLIENT}},
    "two audiences, no azp": {"aud": [CLIENT, "other"]},
    "two audiences, other azp": {"aud": [CLIENT, "other"], "azp": "other"},
    "one audience, other azp": {"azp": "other"},
    "expired": {"exp": int(time.time()) - 120},
    "no exp": {"exp": None},
    "exp is a text": {"exp": "9999999999"},
    "exp is true": {"exp": True},
    "of the future": {"iat": int(time.time()) + 3600},
    "no iat": {"iat": None},
    "not yet": {"nbf": int(time.time()) + 3600},
    "wrong nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "nonce is a number": {"nonce": 1},
    "no subject": {"sub": None},
    "empty subject": {"sub": ""},
    "long subject": {"sub": "x" * 256},
    "subject is a number": {"sub": 1},
}


@pytest.mark.parametrize("name", WRONG_CLAIMS)
def test_a_token_that_says_something_wrong(host: Service, issuer: Issuer, name: str) -> None:
    linked(host, issuer)
    issuer.claims = WRONG_CLAIMS[name]
    assert is_refused(there_and_back(host, issuer))


@pytest.mark.parametrize(
    "how", ["none", "hmac with the public key", "hmac with the secret", "other key", "same id"]
)
def test_a_token_that_is_signed_by_nobody_or_another(host: Service, issuer: Issuer, how: str) -> None:
    linked(host, issuer)
    other = RSAKey.generate_key(2048)
    issuer.header, issuer.signed_by = {
        "none": ({"alg": "none"}, None),
        "hmac with the public key": (
            {"alg": "HS256"},
            OctKey.import_key(issuer.key.as_pem(private=False).hex()),
        ),
        "hmac with the secret": ({"alg": "HS256"}, OctKey.import_key(SECRET)),
        "other key": ({"kid": "other"}, other),
        "same id": ({}, other),
    }[how]
    assert is_refused(there_and_back(host, issuer))


@pytest.mark.parametrize("token", ["x", "a.b.c", "..", "", "e30.e30.e30", "\u00e9.x.y", "[]", "x" * 100_000])
def test_what_is_no_token(host: Service, issuer: Issuer, token: str) -> None:
    linked(host, issuer)
    issuer.token = token or "."
    assert is_refused(there_and_back(host, issuer))


def test_a_token_whose_claims_are_changed(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought = issuer.arrive(address)
    issuer.subject = "somebody else"
    header, claims, signature = issuer.made_token().split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**said, "sub": "subject-1"}).encode()).decode().rstrip("=")
    issuer.token = f"{header}.{forged}.{signature}"
    assert is_refused(come_back(host, brought, browser))


# Ways back that are wrong


@pytest.mark.parametrize("missing", ["state", "code", "cookie", "both"])
def test_without_a_part_there_is_no_way_back(host: Service, issuer: Issuer, missing: str) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought = issuer.arrive(address)
    if missing in ("state", "both"):
        brought.pop("state")
    if missing == "code":
        brought.pop("code")
    assert is_refused(come_back(host, brought, {} if missing in ("cookie", "both") else browser))


def test_the_state_of_another_browser(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    other_address, other = set_out(host)
    assert is_refused(come_back(host, issuer.arrive(address), other))
    assert is_refused(come_back(host, issuer.arrive(other_address), browser))
    assert is_refused(come_back(host, issuer.arrive(address), {"cookie": "pb-oidc="}))


def test_a_state_works_once(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought = issuer.arrive(address)
    assert come_back(host, brought, browser).status_int == 303
    assert is_refused(come_back(host, brought, browser))
    assert len(issuer.forms) == 1  # the provider is not asked again


def test_of_many_ways_back_at_once_with_one_state_one_counts(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought, binding = issuer.arrive(address), browser["cookie"].partition("=")[2]
    complete, redirect = host.registry.services.oidc.complete, f"http://localhost{CALLBACK}"

    def arrives(_number: int) -> bool:
        try:
            return complete(binding, brought, redirect).subject == issuer.subject
        except Forbidden:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(arrives, range(8))) == 1
    assert len(issuer.forms) == 1  # nor is the code shown twice


@pytest.mark.parametrize(
    "forged",
    [{"host": "evil.example"}, {"x_forwarded_host": "evil.example"}, {"forwarded": "host=evil.example"}],
)
def test_a_forged_host_leads_nobody_elsewhere(host: Service, issuer: Issuer, forged: dict[str, str]) -> None:
    answer = host.ask("/login/oidc", **PAGE, **forged)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
    assert asked["redirect_uri"] == f"http://localhost{CALLBACK}"
    assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("kind", ["over", "of another kind", "changed", "a constant"])
def test_a_state_that_is_none(host: Service, issuer: Issuer, kind: str) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought, tokens = issuer.arrive(address), host.registry.services.signed_tokens
    values = tokens.read("oidc", brought["state"])
    state = {
        "over": tokens.make("oidc", values, -1),
        "of another kind": tokens.make("reset", values, 60),
        "changed": f"x{brought['state']}",
        "a constant": "link",
    }[kind]
    assert is_refused(come_back(host, {**brought, "state": state}, browser))


def test_what_the_provider_refused(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    address, browser = set_out(host)
    brought = {"state": issuer.arrive(address)["state"], "error": "access_denied"}
    assert is_refused(come_back(host, brought, browser))
    assert issuer.forms == []


def test_an_answer_of_another_provider(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    assert is_refused(there_and_back(host, issuer, iss="https://evil.example"))
    assert there_and_back(host, issuer, iss=issuer.address).status_int == 303
    forget(host)
    issuer.document = {"authorization_response_iss_parameter_supported": True}
    assert is_refused(there_and_back(host, issuer))
    assert there_and_back(host, issuer, iss=issuer.address).status_int == 303


def test_a_code_of_another_way_there(host: Service, issuer: Issuer) -> None:
    """The verifier (PKCE) is that of the browser's own way there: a code from elsewhere is worth nothing."""
    linked(host, issuer)
    address, browser = set_out(host)
    state = issuer.arrive(address)["state"]
    other, _ = set_out(host)
    brought = {**issuer.arrive(other), "state": state}
    assert come_back(host, brought, browser).status_int == 503


# Providers that are wrong


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_provider_that_says_wrong_things_of_itself(
    host: Service, issuer: Issuer, document: dict[str, Any]
) -> None:
    issuer.document = document
    answer = host.ask("/login/oidc", **PAGE)
    assert (answer.status_int, "pb-oidc" in str(answer.headers)) == (503, False)
    assert "does not answer as it should" in answer.text


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"[" * 100_000, b"{" + b" " * 2**19 + b"}", b"\xff"])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_what_is_no_answer(host: Service, issuer: Issuer, path: str, data: bytes) -> None:
    linked(host, issuer)
    issuer.answers = {path: data}
    if path.startswith("/."):
        assert host.ask("/login/oidc", **PAGE).status_int == 503
    else:
        assert there_and_back(host, issuer).status_int == 503


def test_a_redirect_of_the_provider_is_not_followed(host: Service, issuer: Issuer) -> None:
    def redirect(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"{issuer.address}/keys")
        handler.end_headers()

    issuer.answers = {"/.well-known/openid-configuration": redirect}
    assert host.ask("/login/oidc", **PAGE).status_int == 503
    assert "/keys" not in issuer.asked


def test_a_provider_that_takes_its_time_holds_nobody_for_long(
    host: Service, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TOTAL_SECONDS", 1.0)

    def drip(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(300):
            handler.wfile.write(b" ")
            time.sleep(0.1)

    issuer.answers = {"/.well-known/openid-configuration": drip}
    begun = time.monotonic()
    assert host.ask("/login/oidc", **PAGE).status_int == 503
    assert time.monotonic() - begun < 15  # of 30
    begun = time.monotonic()
    assert host.ask("/login/oidc", **PAGE).status_int == 503  # and for a while it is not asked again
    assert issuer.asked.count("/.well-known/openid-configuration") == 1


# Which account


def test_an_e_mail_address_links_nothing(host: Service, issuer: Issuer) -> None:
    host.registry.services.accounts.add(NewAccount("Ada", PASSWORD, "ada@example.org"), "test")
    for verified in (True, False, "true"):
        issuer.claims = {"email": "ada@example.org", "email_verified": verified}
        answer = there_and_back(host, issuer)
        assert answer.status_int == 200  # asks for a name: it is nobody's yet
        assert "pb-session" not in str(answer.headers)
    with host.session() as session:
        assert session.execute(select(IDENTITIES)).all() == []


def test_who_comes_for_the_first_time_chooses_a_name(host: Service, issuer: Issuer) -> None:
    sign_up(host, "ada")
    page = there_and_back(host, issuer)
    assert 'value="ada"' in page.text
    token = hidden(page.text, "token")
    taken = post(host, "/login/oidc", urlencode({"token": token, "name": "ADA"}))
    assert (taken.status_int, "too alike" in taken.text) == (422, True)
    answer = post(host, "/login/oidc", urlencode({"token": token, "name": "Grace", "roles": "255"}))
    assert (answer.status_int, answer.location) == (303, "http://localhost/account/files")
    account = host.registry.services.accounts.named("grace")
    assert (account.roles, account.email, account.password) == (1, None, "")
    assert post(host, "/login/oidc", urlencode({"token": token, "name": "Eve"})).status_int in (403, 404)
    assert there_and_back(host, issuer).status_int == 303
    for password in ("", "x", "None"):
        assert sign_in(host, "grace", password).status_int == 403


@pytest.mark.parametrize("token", ["", "x", "of another kind", "over"])
def test_nobody_makes_an_account_without_coming_from_there(host: Service, issuer: Issuer, token: str) -> None:
    tokens, values = host.registry.services.signed_tokens, [issuer.address, "me", ""]
    made = {"of another kind": tokens.make("oidc", values, 60), "over": tokens.make("oidc-new", values, -1)}
    answer = post(host, "/login/oidc", urlencode({"token": made.get(token, token), "name": "Eve"}))
    assert answer.status_int == 404
    assert host.registry.services.accounts.all() == []


def test_without_sign_up_nobody_new_comes_in(start: StartService, issuer: Issuer) -> None:
    service = start(signup="invite", **settings(issuer))
    assert is_refused(there_and_back(service, issuer))
    token = service.registry.services.identities.token_for(issuer.address, "me", "")
    assert is_refused(post(service, "/login/oidc", urlencode({"token": token, "name": "Eve"})))
    linked(service, issuer)
    assert there_and_back(service, issuer).status_int == 303


def test_nobody_new_comes_in_while_that_is_switched_off(host: Service, issuer: Issuer) -> None:
    host.registry.services.flags.switch(Flag.NO_SIGNUP, "test", is_on=True)
    token = host.registry.services.identities.token_for(issuer.address, "me", "")
    assert post(host, "/login/oidc", urlencode({"token": token, "name": "Eve"})).status_int == 503
    assert host.registry.services.accounts.all() == []


def test_the_same_subject_of_another_issuer_is_somebody_else(host: Service, issuer: Issuer) -> None:
    person = sign_up(host)
    host.registry.services.identities.link(person.account.id, "https://other.example", issuer.subject, "")
    assert there_and_back(host, issuer).status_int == 200


@pytest.mark.parametrize("act", ["suspend", "demote"])
def test_suspension_and_demotion_hold(host: Service, issuer: Issuer, act: str) -> None:
    person, accounts = linked(host, issuer), host.registry.services.accounts
    if act == "suspend":
        accounts.suspend(person.account, "test")
    else:
        accounts.set_roles(person.account, 0, "test")
    assert is_refused(there_and_back(host, issuer))


def test_a_second_factor_is_asked_for(host: Service, issuer: Issuer) -> None:
    secret, _ = with_factor(host, linked(host, issuer))
    answer = there_and_back(host, issuer)
    assert answer.location.startswith("http://localhost/login/code?")
    assert "pb-session" not in str(answer.headers)
    browser = {"cookie": cookie_of(answer, "pb-half")}
    assert post(host, "/login/code", urlencode({"code": now(secret)}), **browser).status_int == 303


# Linking


def begin_link(service: Service, person: Person, **fields: str) -> TestResponse:
    given = {"action": "link", "password": PASSWORD, **fields}
    return post(service, "/account/identities", urlencode(given), **person.browser)


def address_in(page: TestResponse, issuer: Issuer) -> str:
    return page.text.partition(f'href="{issuer.address}')[2].partition('"')[0].replace("&amp;", "&")


def with_both(person: Person, answer: TestResponse) -> dict[str, str]:
    return {"cookie": f"{person.browser['cookie']}; {cookie_of(answer, 'pb-oidc')}"}


def test_an_identity_is_linked_by_who_is_signed_in_and_unlinked(host: Service, issuer: Issuer) -> None:
    person = sign_up(host)
    assert begin_link(host, person, password="wrong").status_int == 403
    page = begin_link(host, person)
    brought = issuer.arrive(issuer.address + address_in(page, issuer))
    answer = come_back(host, brought, with_both(person, page))
    assert (answer.status_int, answer.location) == (303, "http://localhost/account")
    assert there_and_back(host, issuer).status_int == 303
    [identity] = host.registry.services.identities.of_account(person.account.id)
    fields = {"action": "unlink", "identity": str(identity.id)}
    eve = sign_up(host, "eve")
    wrong = {**fields, "password": PASSWORD}
    assert post(host, "/account/identities", urlencode(wrong), **eve.browser).status_int == 404
    assert post(host, "/account/identities", urlencode(fields), **person.browser).status_int == 403
    assert post(host, "/account/identities", urlencode(wrong), **person.browser).status_int == 303
    assert there_and_back(host, issuer).status_int == 200


@pytest.mark.parametrize("who", ["nobody", "another account"])
def test_only_who_began_is_linked(host: Service, issuer: Issuer, who: str) -> None:
    person, eve = sign_up(host), sign_up(host, "eve")
    page = begin_link(host, person)
    brought = issuer.arrive(issuer.address + address_in(page, issuer))
    browser = {"cookie": cookie_of(page, "pb-oidc")} if who == "nobody" else with_both(eve, page)
    assert is_refused(come_back(host, brought, browser))
    with host.session() as session:
        assert session.execute(select(IDENTITIES)).all() == []


def test_the_identity_of_another_account_is_not_taken(host: Service, issuer: Issuer) -> None:
    linked(host, issuer)
    eve = sign_up(host, "eve")
    page = begin_link(host, eve)
    brought = issuer.arrive(issuer.address + address_in(page, issuer))
    assert is_refused(come_back(host, brought, with_both(eve, page)))
    assert host.registry.services.identities.find(issuer.address, issuer.subject).name == "ada"


def test_a_sign_in_is_not_turned_into_a_link(host: Service, issuer: Issuer) -> None:
    """Who only set out to sign in is never linked to the account that is signed in here."""
    person = sign_up(host)
    address, browser = set_out(host)
    both = {"cookie": f"{person.browser['cookie']}; {browser['cookie']}"}
    come_back(host, issuer.arrive(address), both)
    with host.session() as session:
        assert session.execute(select(IDENTITIES)).all() == []


def test_who_has_no_password_confirms_by_signing_in_anew(host: Service, issuer: Issuer) -> None:
    token = hidden(there_and_back(host, issuer).text, "token")
    answer = post(host, "/login/oidc", urlencode({"token": token, "name": "Grace"}))
    browser = {"cookie": cookie_of(answer)}
    [identity] = host.registry.services.identities.of_account(
        host.registry.services.accounts.named("grace").id
    )
    unlink = f"action=unlink&identity={identity.id}"
    assert post(host, "/account/identities", unlink, **browser).status_int == 400  # the only way in
    fields, services = "new_password=a+new+password&again=a+new+password", host.registry.services
    signed_in_at = services.account_sessions.of_account(services.accounts.named("grace").id)[0].created
    for minutes, status in ((-11, 403), (0, 303)):
        with services.engine.begin() as connection:
            moment = signed_in_at + timedelta(minutes=minutes)
            connection.execute(update(SESSIONS).values(created=moment))
        answer = post(host, "/account/password", fields, **browser)
        assert answer.status_int == status
    assert sign_in(host, "grace", "a new password").status_int == 303
    assert post(host, "/account/password", fields, **browser).status_int == 403  # there is one now


# Forms and limits


def test_a_form_of_another_site_does_nothing(host: Service, issuer: Issuer) -> None:
    person = sign_up(host)
    kind = {"content_type": "application/x-www-form-urlencoded"}
    token = host.registry.services.identities.token_for(issuer.address, "me", "")
    for path, fields in (
        ("/account/identities", urlencode({"action": "link", "password": PASSWORD})),
        ("/login/oidc", urlencode({"token": token, "name": "Eve"})),
    ):
        for headers in ({"origin": "https://evil.example"}, {}):
            host.client.reset()
            answer = host.ask(path, "POST", fields.encode(), **kind, **person.browser, **headers)
            assert answer.status_int == 403


def test_wrong_ways_back_are_limited(start: StartService, issuer: Issuer) -> None:
    service = start(limits="on", **settings(issuer))
    answers = [service.ask(f"{CALLBACK}?state=x&code=y", **PAGE).status_int for _ in range(61)]
    assert (answers[0], answers[-1]) == (403, 429)


def test_there_is_no_such_address_without_a_provider(service: Service) -> None:
    for path in ("/login/oidc", CALLBACK):
        assert service.ask(path, **PAGE).status_int == 404
    assert "/login/oidc" not in service.ask("/login", **PAGE).text
