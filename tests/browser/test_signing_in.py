"""Every page of signing in, in Chromium: passkeys of a virtual device, codes, messages; how they look."""

import re
import time
from urllib.parse import urlencode

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import faults
from tests.browser.test_accounts import PASSWORD, run
from tests.servers import AppServer
from tests.servers.issuer import CLIENT, Issuer
from tests.services.client import eventually


class ServerWithAddress(AppServer):
    """A server that is told its own address, by the name for which browsers have passkeys."""

    @property
    def url(self):
        """Return it."""
        return f"http://localhost:{self.port or 1}"

    def _all_settings(self):
        return {**super()._all_settings(), "public_url": self.url}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Give a server where there is every way of signing in; messages are in its log."""
    with Issuer() as issuer:
        settings = {
            "signup": "open",
            "oidc_issuer": issuer.address,
            "oidc_client_id": CLIENT,
            "oidc_name": "Acme",
        }
        with ServerWithAddress(tmp_path_factory.mktemp("ways") / "app", settings) as server:
            for name in ("Ada", "Grace", "Mary"):
                run(server, "user", "add", name, "--email", f"{name}@example.org")
            server.issuer = issuer
            yield server


def link_to(server, word):
    """Wait for the last message of a kind in the log; return the address in it."""
    for _ in range(100):
        found = re.findall(rf"http://localhost:\d+/{word}/\S+", server.log_text())
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(server.log_text())


def sign_in(page, server, name):
    page.goto(f"{server.url}/login")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def authenticator(page, verified=True):
    """Give a page a device with passkeys; return its session and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**kind, "isUserVerified": verified, "automaticPresenceSimulation": True}
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_made_and_signs_in(open_page, server):
    page = open_page("about:blank")
    session, device = authenticator(page)
    sign_in(page, server, "Ada")
    page.goto(f"{server.url}/account")
    page.get_by_text("New passkey").click()
    form = page.locator("form[data-passkey=new]")
    form.get_by_label("Name").fill("laptop")
    form.get_by_label("Current password").fill("wrong password")
    form.get_by_role("button", name="Make a passkey").click()
    expect(form.get_by_text("This is not the password you have now.")).to_be_visible()
    form.get_by_label("Current password").fill(PASSWORD)
    form.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("The passkey is here")).to_be_visible()
    expect(page.get_by_text("laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto(f"{server.url}/login?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{server.url}/account")
    page.get_by_role("button", name="Remove: laptop").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere").click()
    page.goto(f"{server.url}/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey is not known here.")).to_be_visible()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The browser has shown no passkey.")).to_be_visible()


def test_a_second_factor_without_scripts(open_used_page, server):
    page = open_used_page("about:blank", java_script_enabled=False)
    sign_in(page, server, "Grace")
    page.goto(f"{server.url}/account/second-factor")
    expect(page.get_by_alt_text("QR code for the app")).to_be_visible()
    secret = page.get_by_label("Or type this into the app", exact=True).input_value()
    app = pyotp.TOTP(secret)
    page.get_by_label("Code of the app").fill(app.now())
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".codes code")
    expect(codes).to_have_count(10)
    recovery = codes.first.text_content()
    page.context.clear_cookies()
    sign_in(page, server, "Grace")
    page.get_by_label("Code of the app").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    page.get_by_label("Code of the app").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{server.url}/account/files")


def test_an_account_and_a_password_by_message_without_scripts(open_used_page, server):
    page = open_used_page("about:blank", java_script_enabled=False)
    page.goto(f"{server.url}/login")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail").fill("edsger@example.org")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.goto(link_to(server, "confirm"))
    page.get_by_label("Name").fill("Edsger")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page).to_have_url(f"{server.url}/account/files")
    page.context.clear_cookies()
    page.goto(f"{server.url}/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Name or e-mail").fill("Edsger")
    page.get_by_role("button", name="Send the message").click()
    page.goto(link_to(server, "reset"))
    page.get_by_label("New password", exact=True).fill("another password")
    page.get_by_label("New password again").fill("another password")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("The password is changed. Sign in with the new one.")).to_be_visible()


def ask_for_address(page, email):
    page.locator("#email ~ details summary").click()
    page.locator("#new-email").fill(email)
    page.locator("#password-email").fill(PASSWORD)
    page.locator("#email ~ details button").click()


def test_another_address_by_message_without_scripts(open_used_page, server):
    run(server, "user", "add", "Barbara", "--email", "barbara@example.org")
    page = open_used_page("about:blank", java_script_enabled=False)
    sign_in(page, server, "Barbara")
    page.goto(f"{server.url}/account")
    ask_for_address(page, "liskov@example.org")
    expect(page.get_by_text("A message is on its way to the new address.")).to_be_visible()
    page.goto(link_to(server, "account/email"))
    expect(page.get_by_text("liskov@example.org")).to_be_visible()
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("The account has another e-mail address.")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, server, "liskov@example.org")
    expect(page).to_have_url(f"{server.url}/account/files")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_pages_fit_and_are_accessible(open_used_page, server, language):
    page = open_used_page("about:blank")
    wrong = {}

    def look(name, address=""):
        if address:
            page.goto(f"{server.url}{address}")
        wrong[name] = faults(page)

    page.goto(f"{server.url}/signup?lang=en")
    page.get_by_label("E-mail").fill(f"{'x' * 50}{language}@example.org")
    page.get_by_role("button", name="Send the message").click()
    page.context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
    confirm = link_to(server, "confirm").partition("/confirm/")[2]
    for name, address in (
        ("login", "/login"),
        ("signup", "/signup"),
        ("confirm", f"/confirm/{confirm}"),
        ("reset", "/reset"),
        ("lost", "/reset/x"),
        ("callback", "/login/oidc/callback"),
    ):
        look(name, address)
    page.goto(f"{server.url}/reset")
    page.locator("#name").fill("Mary")
    page.locator("main button").first.click()
    look("reset sent")
    look("reset form", f"/reset/{link_to(server, 'reset').partition('/reset/')[2]}")
    page.context.add_cookies([{"name": "lang", "value": "en", "url": server.url}])
    sign_in(page, server, "Mary")
    page.context.add_cookies([{"name": "lang", "value": language, "url": server.url}])
    look("account", "/account")
    for fold in page.locator("details.fold summary").all():
        fold.click()
    look("account unfolded")
    page.goto(f"{server.url}/account")
    ask_for_address(page, f"{'y' * 50}{language}@example.org")
    look("account, message sent")
    look("another address", f"/account/email/{link_to(server, 'account/email').partition('/email/')[2]}")
    look("second factor", "/account/second-factor")
    page.locator("#code").fill("000000")
    page.locator("#password-now").fill(PASSWORD)
    page.locator("form.stack button.primary").click()
    look("second factor, wrong code")
    page.goto(f"{server.url}/account")
    page.locator("#identities ~ details summary").click()
    page.locator("#password-link").fill(PASSWORD)
    page.locator("#identities ~ details button").click()
    look("link")
    assert not any(wrong.values()), wrong


def make_passkey(page, server, name):
    """Make a passkey on the account's page, with the device of the browser."""
    page.goto(f"{server.url}/account")
    page.get_by_text("New passkey").click()
    form = page.locator("form[data-passkey=new]")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Current password").fill(PASSWORD)
    form.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("The passkey is here")).to_be_visible()


def turn_factor_on(page, server):
    """Turn the second factor on; what the browser shows then are the recovery codes."""
    page.goto(f"{server.url}/account/second-factor")
    secret = page.locator("main input[readonly]").first.input_value()
    page.locator("#code").fill(pyotp.TOTP(secret).now())
    page.locator("#password-now").fill(PASSWORD)
    page.locator("form.stack button.primary").click()
    expect(page.locator(".codes code")).to_have_count(10)


def come_from_provider(page, server):
    """Come back from the provider of accounts for the first time."""
    issuer = server.issuer
    issuer.subject = f"somebody {page.context.cookies()}"[:60]
    issuer.claims = {"preferred_username": "somebody_whose_name_has_no_place_to_break_it_and_is_long"}
    sent = page.request.get(f"{server.url}/login/oidc", max_redirects=0)
    brought = issuer.arrive(sent.headers["location"])
    page.goto(f"{server.url}/login/oidc/callback?{urlencode(brought)}")
    expect(page.locator("#name")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_small_pages_fit_and_are_accessible(open_page, server, language):
    """Those that come between others: a code, codes told once, a name to choose, what else signs in."""
    page, name, wrong = open_page("about:blank"), f"Barbara {language}", {}
    run(server, "user", "add", name, "--email", f"barbara.{language}@example.org")
    speak = {"name": "lang", "value": language, "url": server.url}

    def look(what):
        page.context.add_cookies([speak])
        page.reload()
        wrong[what] = faults(page)
        page.context.add_cookies([{**speak, "value": "en"}])

    authenticator(page)
    sign_in(page, server, name)
    expect(page).to_have_url(f"{server.url}/account/files")
    make_passkey(page, server, "a_key_whose_name_has_no_place_to_break_it" * 2)
    page.goto(f"{server.url}/reset")
    page.get_by_label("Name or e-mail").fill(name)
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    reset = link_to(server, "reset")
    page.context.add_cookies([speak])
    turn_factor_on(page, server)
    wrong["recovery codes"] = faults(page)
    page.goto(reset)
    expect(page.get_by_role("checkbox")).to_have_count(1)
    look("reset with a passkey")
    page.context.clear_cookies()
    sign_in(page, server, name)
    expect(page).to_have_url(f"{server.url}/login/code?next=%2Faccount%2Ffiles")
    look("a code is asked for")
    page.context.clear_cookies()
    page.context.add_cookies([speak])
    come_from_provider(page, server)
    wrong["a name to choose"] = faults(page)
    assert not any(wrong.values()), wrong


def test_a_forgotten_password_ends_a_passkey_that_is_not_kept(open_page, server):
    page, name = open_page("about:blank"), "Frances"
    run(server, "user", "add", name, "--email", "frances@example.org")
    authenticator(page)
    sign_in(page, server, name)
    make_passkey(page, server, "phone")
    for is_kept in (True, False):
        page.context.clear_cookies()
        before = server.log_text().count("/reset/")
        page.goto(f"{server.url}/reset")
        page.get_by_label("Name or e-mail").fill(name)
        page.get_by_role("button", name="Send the message").click()
        assert eventually(lambda before=before: server.log_text().count("/reset/") > before)
        page.goto(link_to(server, "reset"))
        page.get_by_label("New password", exact=True).fill(f"{PASSWORD} {is_kept}")
        page.get_by_label("New password again").fill(f"{PASSWORD} {is_kept}")
        page.get_by_label("Keep phone").set_checked(is_kept)
        page.get_by_role("button", name="Change the password").click()
        expect(page).to_have_url(f"{server.url}/login")
        page.get_by_role("button", name="Sign in with a passkey").click()
        said = page.get_by_text("This passkey is not known here.")
        expect(page.get_by_role("heading", name="My files") if is_kept else said).to_be_visible()
