"""The second table of docs/rights.md: what every address that is none of the API answers to whom."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from pastebin.resources import Noun
from tests.inprocess import Service, contents, file_part, text_part
from tests.inprocess.accounts import OWN, PASSWORD, Person
from tests.inprocess.forms import body_of, content_type

FORM = "application/x-www-form-urlencoded"
TUS = {"tus_resumable": "1.0.0", "upload_offset": "0"}

# What makes every address be there. The provider of accounts does not answer.
SETTINGS = {
    **{"environment": "development", "public_listing": "true", "signup": "open", "accent_color": "#336699"},
    **{"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "x", "public_url": "http://localhost"},
}

# What stands in for a file under a restriction (the gate has its own table), and what answers wrong methods.
STAND_INS = frozenset({"LimitedContext", "LimitedZipContext", "LockedContext", "Noun"})

_NUMBERS = count()


class Things:
    """Things of the owner that requests are about: an image, a private one, a collection, and others."""

    def __init__(self, service: Service, owner: Person, user: Person) -> None:
        self.service, self.owner, self.user = service, owner, user
        self.services = service.registry.services
        self.links = {visibility: self.upload(visibility) for visibility in ("listed", "private")}
        self.code, self.collection_key = self.collection()
        self.request = self.services.file_requests.create(owner.account.id, {"title": "wanted"}).code
        self.invite = self.services.invites.create(1000, timedelta(days=7))

    def upload(self, visibility: str = "listed") -> dict[str, str]:
        """Return the addresses of a new image."""
        content = contents.image() + f"{next(_NUMBERS)}".encode()
        parts = [file_part(content, "a.png"), text_part("visibility", visibility)]
        said: dict[str, str] = self.service.send(parts, **self.owner.browser, **OWN).json
        return {name: value for name, value in said.items() if name.startswith("url_")}

    def collection(self) -> tuple[str, str]:
        """Return code and key of a new collection."""
        parts = [file_part(f"{next(_NUMBERS)}".encode(), "a.txt"), text_part("collection", "")]
        said = self.service.send(parts, **self.owner.browser, **OWN).json
        return said["url_c"].rpartition("/")[2], said["url_m"].rpartition("/")[2]

    def name(self, visibility: str = "listed") -> str:
        """Return the public name of one of the images."""
        return self.links[visibility]["url_p"].rpartition("/")[2]

    def key(self) -> str:
        """Return the management key of a new image."""
        return self.upload()["url_m"].rpartition("/")[2]

    def tus(self) -> str:
        """Return the path of a new upload, of which nothing has come yet."""
        headers = {"tus_resumable": "1.0.0", "upload_length": "5", **self.owner.browser, **OWN}
        return str(dict(self.service.ask("/tus", "POST", **headers).headerlist)["Location"])

    def mailed(self, kind: str) -> str:
        """Return the path in a message: for an account, for the user's password, for the owner's address."""
        email = f"{next(_NUMBERS)}@example.org"
        if kind == "confirm":
            return f"/confirm/{self.services.email_sign_up.token_for(email)}"
        if kind == "reset":
            return f"/reset/{self.services.password_reset.token_for(self.user.account)}"
        account = self.services.accounts.by_id(self.owner.account.id)
        return f"/account/email/{self.services.email_changes.token_for(account, email)}"


@dataclass(frozen=True)
class Page:
    """A row: which noun is asked, by which method, and with what. `case` tells rows of one noun apart."""

    context: str
    method: str
    address: str
    path: Callable[[Things], str]
    body: Callable[[Things], bytes] = lambda _things: b""
    headers: dict[str, str] = field(default_factory=dict)
    case: str = ""

    def send(self, things: Things, visitor: dict[str, str]) -> str:
        """Return the status."""
        headers = {**OWN, "accept": "*/*", "user_agent": "curl/8", **self.headers, **visitor}
        things.service.client.reset()
        answer = things.service.ask(self.path(things), self.method, self.body(things), **headers)
        return str(answer.status_int)


def _at(path: str) -> Callable[[Things], str]:
    return lambda _things: path


def _get(context: str, path: str, address: str = "") -> Page:
    return Page(context, "GET", address or path, _at(path))


def _form(
    context: str, path: str | Callable[[Things], str], said: str, address: str = "", **more: Any
) -> Page:
    found = _at(path) if isinstance(path, str) else path
    given = {"content_type": FORM, **more.pop("headers", {})}
    return Page(context, "POST", address or str(path), found, lambda _: said.encode(), given, **more)


def _files(visibility: str, case: str) -> Iterator[Page]:
    """Yield the rows of an image by its public name."""
    of_file = {
        **{"PreviewContext": "p", "InlineContext": "i", "DownloadContext": "d", "ResizedContext": "r"},
        **{"ThumbnailContext": "t", "QRCodeContext": "q"},
    }
    for context, noun in of_file.items():
        query = "?w=10" if noun == "r" else ""
        path: Callable[[Things], str] = lambda s, noun=noun, query=query: (  # type: ignore[misc]  # noqa: E731
            f"/{noun}/{s.name(visibility)}{query}"
        )
        yield Page(context, "GET", f"/{noun}/{{name}}", path, case=case)
    yield Page("ShortLinkContext", "GET", "/s/{code}", lambda s: s.links[visibility]["url_s"], case=case)
    for context, noun in (("PreviewContext", "p"), ("DownloadContext", "d")):
        path = lambda s, noun=noun: f"/{noun}/{s.name(visibility)}"  # type: ignore[misc]  # noqa: E731
        yield _form(context, path, "report=spam", f"/{noun}/{{name}}", case=case)
    yield Page("OEmbed", "GET", "/oembed", lambda s: f"/oembed?url={s.links[visibility]['url_p']}", case=case)
    files = lambda s: f"/admin/files/{s.name(visibility)}"  # noqa: E731
    yield Page("AdminFile", "GET", "/admin/files/{name}", files, case=case)
    yield _form("AdminFile", files, "action=close-reports", "/admin/files/{name}", case=case)
    own = lambda s: f"/account/files/{s.name(visibility)}"  # noqa: E731
    yield Page("OwnedFile", "GET", "/account/files/{name}", own, case=case)
    yield _form("OwnedFile", own, "action=x", "/account/files/{name}", case=case)


def _by_key(context: str, key: Callable[[Things], str], case: str) -> Iterator[Page]:
    """Yield the rows of a management address; each request has a new thing."""
    path: Callable[[Things], str] = lambda s: f"/m/{key(s)}"  # noqa: E731
    of_json = {"content_type": "application/json"}
    yield Page(context, "GET", "/m/{key}", path, case=case)
    yield Page(context, "PATCH", "/m/{key}", path, lambda _: b'{"title": "new"}', of_json, case)
    yield _form(context, path, "action=claim", "/m/{key}", case=f"{case}, claimed by an account")
    yield Page(context, "DELETE", "/m/{key}", path, case=case)


def _file(_things: Things) -> bytes:
    return body_of([file_part(f"{next(_NUMBERS)}".encode(), "new.txt")])


MULTIPART = {"content_type": content_type()}
SMALL = {"content_type": "text/plain"}

PAGES = (
    _get("Root", "/"),
    Page("Root", "POST", "/", _at("/"), _file, MULTIPART),
    Page("NewFile", "PUT", "/{name}", _at("/new.txt"), lambda _: str(next(_NUMBERS)).encode(), SMALL),
    Page("NewFile", "OPTIONS", "/{name}", _at("/new.txt")),
    Page("MachineUpload", "POST", "/j", _at("/j"), _file, MULTIPART),
    Page("MachineUpload", "OPTIONS", "/j", _at("/j")),
    Page("TusPreflight", "OPTIONS", "/tus", _at("/tus")),
    Page("TusUploads", "POST", "/tus", _at("/tus"), headers={"tus_resumable": "1.0.0", "upload_length": "5"}),
    Page("TusUpload", "GET", "/tus/{id}", Things.tus),
    Page(
        *("TusUpload", "PATCH", "/tus/{id}", Things.tus, lambda _: b"hello"),
        {**TUS, "content_type": "application/offset+octet-stream"},
    ),
    Page("TusUpload", "DELETE", "/tus/{id}", Things.tus, headers=TUS),
    *_files("listed", "open"),
    *_files("private", "private"),
    *_by_key("ManagedLink", Things.key, "a file"),
    *_by_key("ManagedCollection", lambda s: s.collection()[1], "a collection"),
    Page(
        *("Collections", "POST", "/c", _at("/c")),
        lambda s: json.dumps({"files": [{"key": s.key()}]}).encode(),
        {"content_type": "application/json"},
    ),
    Page("CollectionContext", "GET", "/c/{code}", lambda s: f"/c/{s.code}"),
    Page("ZipContext", "GET", "/c/{code}.zip", lambda s: f"/c/{s.code}.zip"),
    _form("ZipContext", lambda s: f"/c/{s.code}.zip", "x=1", "/c/{code}.zip"),
    Page("FileRequestContext", "GET", "/u/{code}", lambda s: f"/u/{s.request}"),
    Page("FileRequestContext", "POST", "/u/{code}", lambda s: f"/u/{s.request}", _file, MULTIPART),
    Page("Uploaded", "GET", "/uploaded", lambda s: f"/uploaded?files={s.links['listed']['url_s'][-9:]}"),
    _get("Latest", "/latest"),
    *(_get(*one) for one in (("Health", "/health"), ("Live", "/live"), ("Robots", "/robots.txt"))),
    *(_get(*one) for one in (("BrandStyle", "/brand.css"), ("Logo", "/logo"))),
    _get("Manifest", "/manifest.webmanifest"),
    *(_get(*one) for one in (("ShareXUploader", "/sharex.sxcu"), ("ScreenshotScript", "/screenshot.sh"))),
    *(_get(*one) for one in (("ApiPage", "/api/v1/"), ("ApiDocument", "/api/v1/openapi.json"))),
    Page("ApiPreflight", "OPTIONS", "/api/v1/…", _at("/api/v1/files")),
    _get("Login", "/login"),
    _form("Login", "/login", "name=nobody&password=wrong"),
    _get("LoginCode", "/login/code"),
    _form("LoginCode", "/login/code", "code=000000"),
    _form("LoginPasskey", "/login/passkey", "action=options"),
    _get("LoginOidc", "/login/oidc"),
    _form("LoginOidc", "/login/oidc", "name=new"),
    _get("OidcCallback", "/login/oidc/callback"),
    _get("SignUps", "/signup"),
    _form("SignUps", "/signup", "email=none"),
    Page("SignUp", "GET", "/signup/{code}", lambda s: f"/signup/{s.invite}"),
    _form("SignUp", lambda s: f"/signup/{s.invite}", "name=&password=", "/signup/{code}"),
    Page("MailedSignUp", "GET", "/confirm/{token}", lambda s: s.mailed("confirm")),
    _form("MailedSignUp", lambda s: s.mailed("confirm"), "name=&password=", "/confirm/{token}"),
    _get("PasswordResets", "/reset"),
    _form("PasswordResets", "/reset", "name=nobody"),
    Page("PasswordReset", "GET", "/reset/{token}", lambda s: s.mailed("reset")),
    _form("PasswordReset", lambda s: s.mailed("reset"), "password=a&again=b", "/reset/{token}"),
    _get("AccountContext", "/account"),
    _get("AccountFilesContext", "/account/files"),
    _form("AccountFilesContext", "/account/files", "action=x"),
    _get("AccountCollectionsContext", "/account/collections"),
    Page("OwnedCollection", "GET", "/account/collections/{code}", lambda s: f"/account/collections/{s.code}"),
    Page(
        *("OwnedCollection", "PATCH", "/account/collections/{code}"),
        *(lambda s: f"/account/collections/{s.code}", lambda _: b'{"title": "new"}'),
        {"content_type": "application/json"},
    ),
    _form(
        *("OwnedCollection", lambda s: f"/account/collections/{s.code}", "action=x"),
        "/account/collections/{code}",
    ),
    _get("AccountRequests", "/account/requests"),
    _form("AccountRequests", "/account/requests", "action=x"),
    _get("AccountExport", "/account/export"),
    _get("AccountSecondFactor", "/account/second-factor"),
    _form("AccountSecondFactor", "/account/second-factor", f"action=x&password={PASSWORD}"),
    _form("AccountPassword", "/account/password", f"old_password={PASSWORD}&new_password=a&again=b"),
    _form("AccountEmails", "/account/email", f"email=none&password={PASSWORD}"),
    Page("AccountEmail", "GET", "/account/email/{token}", lambda s: s.mailed("email")),
    _form("AccountEmail", lambda s: s.mailed("email"), "x=1", "/account/email/{token}"),
    _form("AccountSessions", "/account/sessions", "action=end&session=0"),
    _form("AccountTokens", "/account/tokens", "action=x"),
    _form("AccountPrograms", "/account/programs", "program=x"),
    _form("AccountPasskeys", "/account/passkeys", "action=x"),
    _form("AccountIdentities", "/account/identities", f"action=x&password={PASSWORD}"),
    _form("AccountDeletion", "/account/deletion", "password=", case="without the password"),
    _get("AdminContext", "/admin"),
    _get("AdminFiles", "/admin/files"),
    _get("AdminReports", "/admin/reports"),
    _get("AdminBans", "/admin/bans"),
    _form("AdminBans", "/admin/bans", "action=x"),
    _get("AdminAudit", "/admin/audit"),
    _get("AdminListing", "/admin/listing"),
    Page(
        *("AdminListing", "POST", "/admin/listing", _at("/admin/listing")),
        lambda s: f"action=x&file={s.name()}".encode(),
        {"content_type": FORM},
    ),
    _get("AdminUsers", "/admin/users"),
    Page("AdminUser", "GET", "/admin/users/{id}", lambda s: f"/admin/users/{s.user.account.id}"),
    _form("AdminUser", lambda s: f"/admin/users/{s.user.account.id}", "action=x", "/admin/users/{id}"),
    *(_get(f"Admin{name.capitalize()}", f"/admin/{name}") for name in ("invites", "flags", "webhooks")),
    *(
        _form(f"Admin{name.capitalize()}", f"/admin/{name}", "action=x")
        for name in ("invites", "flags", "webhooks")
    ),
    _get("AdminStatistics", "/admin/statistics"),
    _get("AdminStatisticsTable", "/admin/statistics.csv"),
    _form("Logout", "/logout", "x=1"),  # the last one: sessions have ended then
)


def table(things: Things, visitors: dict[str, dict[str, str]]) -> list[str]:
    """Return the table in Markdown: a row for each address and method, a column for each visitor."""
    lines = [f"| address | {' | '.join(visitors)} |", f"|---|{'---|' * len(visitors)}"]
    for page in PAGES:
        statuses = [page.send(things, headers) for headers in visitors.values()]
        case = f" ({page.case})" if page.case else ""
        lines.append(f"| `{page.method} {page.address}`{case} | {' | '.join(statuses)} |")
    return lines


def missing(service: Service) -> set[tuple[str, str]]:
    """Return the views without a row, by noun and method."""
    found = set()
    for one in service.registry.introspector.get_category("views"):
        view = one["introspectable"]
        context, methods = view["context"], view["request_methods"] or ()
        if not isinstance(context, type) or not issubclass(context, Noun) or view.get("operation"):
            continue
        named = {methods} if isinstance(methods, str) else set(methods)
        found |= {(context.__name__, method) for method in named - {"HEAD"}}
    return {(name, method) for name, method in found if name not in STAND_INS} - {
        (page.context, page.method) for page in PAGES
    }
