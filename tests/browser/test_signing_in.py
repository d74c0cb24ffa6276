"""Every page of signing in, in Chromium: passkeys of a virtual device, codes, messages; how they look."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.pages import overflow
from tests.browser.test_accounts import PASSWORD, run
from tests.browser.test_looks import violations
from tests.servers import AppServer
from tests.servers.issuer import CLIENT, Issuer


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
    form.get_by_label("Password now").fill("wrong password")
    form.get_by_role("button", name="Make a passkey").click()
    expect(form.get_by_text("This is not the password you have now.")).to_be_visible()
    form.get_by_label("Password now").fill(PASSWORD)
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


def test_a_second_factor_without_scripts(open_page, server):
    page = open_page("about:blank", java_script_enabled=False)
    sign_in(page, server, "Grace")
    page.goto(f"{server.url}/account/second-factor")
    expect(page.get_by_alt_text("QR code for the app")).to_be_visible()
    secret = page.get_by_label("Or type this into the app", exact=True).input_value()
    app = pyotp.TOTP(secret)
    page.get_by_label("Code of the app").fill(app.now())
    page.get_by_label("Password now").fill(PASSWORD)
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


def test_an_account_and_a_password_by_message_without_scripts(open_page, server):
    page = open_page("about:blank", java_script_enabled=False)
    page.goto(f"{server.url}/login")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail").fill("edsger@example.org")
    page.get_by_role("button", name="Send the message").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(link_to(server, "confirm"))
    page.get_by_label("Name").fill("Edsger")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page).to_have_url(f"{server.url}/account/files")
    page.context.clear_cookies()
    page.goto(f"{server.url}/login")
    page.get_by_role("link", name="I have forgotten my password").click()
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


def test_another_address_by_message_without_scripts(open_page, server):
    run(server, "user", "add", "Barbara", "--email", "barbara@example.org")
    page = open_page("about:blank", java_script_enabled=False)
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


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(360, "light", "en"), (768, "dark", "zh_CN"), (1440, "light", "en"), (360, "dark", "zh_CN")],
)
def test_the_pages_fit_and_are_accessible(open_page, server, tmp_path, width, scheme, language):
    page = open_page("about:blank", width=width, color_scheme=scheme)
    wrong = {}

    def look(name, address=""):
        if address:
            page.goto(f"{server.url}{address}")
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        wrong.update({name: violations(page), f"{name} overflows": overflow(page)})

    page.goto(f"{server.url}/signup?lang=en")
    page.get_by_label("E-mail").fill(f"{'x' * 50}{width}{scheme}@example.org")
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
    ask_for_address(page, f"{'y' * 50}{width}{scheme}@example.org")
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
