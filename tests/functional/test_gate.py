"""Every address × every restriction × every visitor: what is seen of a file, and that nothing else is."""

import io
import json
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update
from webtest import TestResponse

from pastebin.models import COLLECTIONS, FILES
from pastebin.resources import Noun
from pastebin.services.file_records import key_hash, new_management_key
from pastebin.services.links import Ending
from pastebin.services.rights import LOGIN, OPERATOR, Right
from pastebin.services.stored_file import StoredFile
from pastebin.web.security import Tickets
from tests.inprocess import PRODUCTION, Service, contents
from tests.inprocess.accounts import OWN, session_of, sign_up
from tests.inprocess.forms import file_part, text_part
from tests.servers.passwords import QuickHasher

WRITING = frozenset({"DELETE", "PATCH", "POST", "PUT"})
READING = frozenset({"GET", "HEAD"})
READING_PERMISSIONS = frozenset({"view", "read"})
FORM = {"content_type": "application/x-www-form-urlencoded"}
SESAME = QuickHasher().hash("sesame")
PHOTO = contents.image()  # made once; what follows its end makes each file another
PAST = datetime.now(UTC) - timedelta(hours=1)

RESTRICTIONS = (
    *("none", "password", "expired", "used up", "limited", "removed", "quarantined"),
    *("private", "suspended"),
)
VISITORS = ("nobody", "key", "unlock", "claim", "owner", "other", "operator")
SIGNED_IN = frozenset({"owner", "other", "operator"})


@dataclass
class Subject:
    """A file, the key that holds it, and another that holds nothing; or the same of its collection."""

    file: StoredFile
    key: str
    short: str
    other_key: str
    code: str = "2" * 16
    resumable: str = "0" * 32


@dataclass(frozen=True)
class Asked:
    """A request for something of a file."""

    method: str
    path: Callable[[Subject], str]
    body: bytes = b""
    content_type: str = ""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        given = {"accept": "*/*", "user_agent": "curl/8", **headers}
        if self.content_type:
            given["content_type"] = self.content_type
        return service.ask(self.path(subject), self.method, self.body, **given)


def _get(path: Callable[[Subject], str]) -> Asked:
    return Asked("GET", path)


def _form(path: Callable[[Subject], str], body: bytes) -> Asked:
    return Asked("POST", path, body, FORM["content_type"])


def _of(noun: str, query: str = "") -> Callable[[Subject], str]:
    return lambda subject: f"/{noun}/{subject.file.filehash}{query}"


def _managed(subject: Subject) -> str:
    return f"/m/{subject.key}"


def _collection(ending: str = "") -> Callable[[Subject], str]:
    return lambda subject: f"/c/{subject.code}{ending}"


@dataclass(frozen=True)
class AskedWithKey(Asked):
    """A request for a collection of the file that a key holds."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        body = json.dumps({"files": [{"key": subject.key}]}).encode()
        return Asked("POST", self.path, body, "application/json").send(service, subject, **headers)


@dataclass(frozen=True)
class AskedByForm(Asked):
    """A form about a file that a page of ours sends."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        body = self.body.replace(b"HASH", subject.file.filehash.encode())
        return Asked("POST", self.path, body, self.content_type).send(service, subject, **headers, **OWN)


@dataclass(frozen=True)
class AskedByPage(Asked):
    """A request that a script of a page of ours sends."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        return super().send(service, subject, **headers, **OWN)


def _own_files(_subject: Subject) -> str:
    return "/account/files"


def _moderated(subject: Subject) -> str:
    return f"/admin/files/{subject.file.filehash}"


@dataclass(frozen=True)
class AskedWithReport(Asked):
    """A request for a list that has the file once somebody has reported it."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        moderation = service.registry.services.moderation
        moderation.report(subject.file, "spam")
        answer = super().send(service, subject, **headers)
        moderation.close_reports(subject.file)  # a page of a list has so many only
        return answer


def _api(subject: Subject) -> str:
    return f"/api/v1/files/{subject.file.filehash}"


def _api_files(_subject: Subject) -> str:
    return "/api/v1/files"


def _api_collection(subject: Subject) -> str:
    return f"/api/v1/collections/{subject.code}"


@dataclass(frozen=True)
class AskedByApi(Asked):
    """A request to change something by the API."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        body = self.body.replace(b"HASH", subject.file.filehash.encode())
        asked = Asked(self.method, self.path, body, "application/json")
        return asked.send(service, subject, **{**headers, **OWN, "if_match": "*"})


def _own_collection(subject: Subject) -> str:
    return f"/account/collections/{subject.code}"


OCTETS = "application/offset+octet-stream"


def _resumable(subject: Subject) -> str:
    return f"/tus/{subject.resumable}"


@dataclass(frozen=True)
class AskedByTus(Asked):
    """A request of tus for an upload that has become the file."""

    def send(self, service: Service, subject: Subject, **headers: str) -> TestResponse:
        tus = {"tus_resumable": "1.0.0", "upload_offset": str(subject.file.size), "content_length": "0"}
        return super().send(service, subject, **{**tus, **headers})


# What each view of a file is asked by: (context, method, the parameter of the query that it is the view for).
# A view that does two things by its query has two entries: `sizes` is no parameter, but any of a transform.
ASKED: dict[tuple[str, str, str], Asked] = {
    ("PreviewContext", "GET", ""): _get(_of("p")),
    ("PreviewContext", "GET", "against"): _get(
        lambda subject: f"{_of('p')(subject)}?against={subject.file.filehash}"
    ),
    ("PreviewContext", "GET", "edit"): _get(_of("p", "?edit=utf-8")),
    ("PreviewContext", "POST", ""): _form(_of("p"), b"report=spam"),
    ("InlineContext", "GET", ""): _get(_of("i")),
    ("InlineContext", "GET", "sizes"): _get(_of("i", "?w=10")),
    ("DownloadContext", "GET", ""): _get(_of("d")),
    ("DownloadContext", "GET", "entry"): _get(_of("d", "?entry=0")),
    ("DownloadContext", "POST", ""): _form(_of("d"), b"x=1"),
    ("ResizedContext", "GET", ""): _get(_of("r", "?w=10")),
    ("ShortLinkContext", "GET", ""): _get(lambda subject: f"/s/{subject.short}"),
    ("QRCodeContext", "GET", ""): _get(_of("q")),
    ("ThumbnailContext", "GET", ""): _get(_of("t")),
    ("OEmbed", "GET", ""): _get(_of("oembed?url=http://localhost/p")),
    ("Latest", "GET", ""): _get(lambda _subject: "/latest"),
    ("ManagedLink", "GET", ""): _get(_managed),
    ("ManagedLink", "PATCH", ""): Asked("PATCH", _managed, b'{"title": "new"}', "application/json"),
    ("ManagedLink", "DELETE", ""): Asked("DELETE", _managed),
    ("ManagedLink", "POST", ""): _form(_managed, b"action=change&title=new"),
    ("AccountFilesContext", "GET", ""): _get(_own_files),
    ("OwnedFile", "GET", ""): _get(lambda subject: f"{_own_files(subject)}/{subject.file.filehash}"),
    ("OwnedFile", "POST", ""): AskedByForm(
        "POST",
        lambda subject: f"{_own_files(subject)}/{subject.file.filehash}",
        b"action=change&title=new",
        FORM["content_type"],
    ),
    ("AccountFilesContext", "POST", ""): AskedByForm(
        "POST", _own_files, b"action=delete&file=HASH&confirmed=1", FORM["content_type"]
    ),
    # The zip of this file alone: that of all would be read hundreds of times.
    ("AccountExport", "GET", ""): _get(lambda subject: f"/account/export?after={subject.file.id - 1}"),
    ("AccountCollectionsContext", "GET", ""): _get(lambda _subject: "/account/collections"),
    ("OwnedCollection", "GET", ""): _get(_own_collection),
    ("OwnedCollection", "PATCH", ""): AskedByPage(
        "PATCH", _own_collection, b'{"title": "new"}', "application/json"
    ),
    ("OwnedCollection", "POST", ""): AskedByPage(
        "POST", _own_collection, b"action=change&title=new", FORM["content_type"]
    ),
    ("AdminFiles", "GET", ""): _get(lambda subject: f"/admin/files?q={subject.short}"),
    ("AdminReports", "GET", ""): AskedWithReport("GET", lambda _subject: "/admin/reports"),
    ("AdminListing", "GET", ""): _get(lambda _subject: "/admin/listing"),
    ("AdminListing", "POST", ""): AskedByForm(
        "POST", lambda _subject: "/admin/listing", b"action=off-list&file=HASH", FORM["content_type"]
    ),
    ("AdminStatistics", "GET", ""): _get(lambda _subject: "/admin/statistics"),
    ("AdminStatisticsTable", "GET", ""): _get(lambda _subject: "/admin/statistics.csv?table=files"),
    ("AdminFile", "GET", ""): _get(_moderated),
    ("AdminFile", "POST", ""): AskedByForm("POST", _moderated, b"action=close-reports", FORM["content_type"]),
    ("ApiReports", "GET", ""): AskedWithReport("GET", lambda _subject: "/api/v1/reports"),
    ("ApiFile", "GET", ""): _get(_api),
    ("ApiFile", "PATCH", ""): AskedByApi("PATCH", _api, b'{"title": "new"}'),
    ("ApiFile", "DELETE", ""): AskedByApi("DELETE", _api),
    ("ApiFiles", "GET", ""): _get(_api_files),
    ("ApiFiles", "PATCH", ""): AskedByApi(
        "PATCH", _api_files, b'{"names": ["HASH"], "set": {"title": "new"}}'
    ),
    ("ApiFiles", "DELETE", ""): AskedByApi("DELETE", _api_files, b'{"names": ["HASH"]}'),
    ("ApiCollection", "GET", ""): _get(_api_collection),
    ("ApiCollection", "PATCH", ""): AskedByApi("PATCH", _api_collection, b'{"title": "new"}'),
    ("ApiCollection", "DELETE", ""): AskedByApi("DELETE", _api_collection),
    ("ApiCollections", "GET", ""): _get(lambda _subject: "/api/v1/collections"),
    ("ApiCollections", "POST", ""): AskedByApi(
        "POST", lambda _subject: "/api/v1/collections", b'{"files": [{"file": "HASH"}]}'
    ),
    ("TusUpload", "GET", ""): _get(_resumable),
    ("TusUpload", "PATCH", ""): AskedByTus("PATCH", _resumable, content_type=OCTETS),
    ("TusUpload", "DELETE", ""): AskedByTus("DELETE", _resumable),
    ("Uploaded", "GET", ""): _get(lambda subject: f"/uploaded?files={subject.short}"),
    ("Collections", "POST", ""): AskedWithKey("POST", lambda _subject: "/c"),
    ("CollectionContext", "GET", ""): _get(_collection()),
    ("ZipContext", "GET", ""): _get(_collection(".zip")),
    ("ZipContext", "POST", ""): _form(_collection(".zip"), b"x=1"),
    ("ManagedCollection", "GET", ""): _get(_managed),
    ("ManagedCollection", "PATCH", ""): Asked("PATCH", _managed, b'{"title": "new"}', "application/json"),
    ("ManagedCollection", "DELETE", ""): Asked("DELETE", _managed),
    ("ManagedCollection", "POST", ""): _form(_managed, b"action=change&title=new"),
}

# Views that show what operators may see.
LISTS_OF_OPERATORS = frozenset({"AdminFiles", "AdminReports", "ApiReports"})

LISTS = LISTS_OF_OPERATORS | {"ApiFiles"}

# What takes a file in, and so shows none that was here.
TAKES_FILES_IN = frozenset({("ApiFiles", "POST", "")})

# Views of a collection, whose restriction its files have too, and those for who has the key.
OF_COLLECTIONS = frozenset(
    {
        *("CollectionContext", "ZipContext", "ManagedCollection", "ApiCollection"),
        *("AccountCollectionsContext", "OwnedCollection"),
    }
)
# Pages of what an account has, which tell nothing of what others have.
OWN_LISTS = frozenset({"AccountFilesContext", "AccountExport", "AccountCollectionsContext"})
BY_KEY = frozenset({"Collections", "ManagedCollection", "ManagedLink", "TusUpload"})

# Views that stand in for those above where the gate says so, and views that show no file.
STAND_INS = frozenset({"LockedContext", "LimitedContext", "LimitedZipContext"})
NOT_OF_FILES = frozenset(
    {
        *("Root", "MachineUpload", "Health", "Live", "Robots", "Logo", "BrandStyle"),
        *("ShareXUploader", "ScreenshotScript", "Login", "Logout", "SignUp", "SignUps", "Manifest"),
        *("AccountContext", "AccountPassword", "AccountSessions", "AccountTokens"),
        *("NewFile", "TusPreflight", "TusUploads", "MailedSignUp", "PasswordReset", "PasswordResets"),
        *("LoginCode", "AccountSecondFactor", "AccountDeletion", "AccountPrograms"),
        *("AccountEmail", "AccountEmails"),
        *("LoginOidc", "OidcCallback", "AccountIdentities", "LoginPasskey", "AccountPasskeys"),
        *("AdminContext", "AdminBans", "AdminAudit", "AdminUsers", "AdminUser", "AdminInvites", "AdminFlags"),
        "AdminWebhooks",
        *("ApiPage", "ApiDocument", "ApiPreflight", "ApiMe", "ApiToken", "ApiTokens"),
        *("ApiUsers", "ApiUser", "ApiBans", "ApiBan", "ApiAudit", "ApiAct", "ApiFlags", "ApiFlag"),
        *("ApiRequests", "ApiRequest", "AccountRequests", "FileRequestContext"),
        "ApiReport",  # which names a file that its list has
    }
)

ALLOWED = {
    ("PreviewContext", "GET", ""): 200,
    ("PreviewContext", "GET", "against"): 200,
    ("PreviewContext", "GET", "edit"): 200,
    ("PreviewContext", "POST", ""): 204,
    ("InlineContext", "GET", ""): 200,
    ("InlineContext", "GET", "sizes"): 200,
    ("DownloadContext", "GET", ""): 200,
    ("DownloadContext", "GET", "entry"): 200,
    ("DownloadContext", "POST", ""): 405,
    ("ResizedContext", "GET", ""): 200,
    ("ShortLinkContext", "GET", ""): 302,
    ("QRCodeContext", "GET", ""): 200,
    ("ThumbnailContext", "GET", ""): 200,
    ("OEmbed", "GET", ""): 200,
    ("Latest", "GET", ""): 200,
    ("ManagedLink", "GET", ""): 200,
    ("ManagedLink", "PATCH", ""): 200,
    ("ManagedLink", "DELETE", ""): 204,
    ("ManagedLink", "POST", ""): 303,
    ("AccountFilesContext", "GET", ""): 200,
    ("AccountFilesContext", "POST", ""): 200,
    ("AccountExport", "GET", ""): 200,
    ("AccountCollectionsContext", "GET", ""): 200,
    ("OwnedCollection", "GET", ""): 200,
    ("OwnedCollection", "PATCH", ""): 200,
    ("OwnedCollection", "POST", ""): 303,
    ("OwnedFile", "GET", ""): 200,
    ("OwnedFile", "POST", ""): 303,
    ("AdminFiles", "GET", ""): 200,
    ("AdminReports", "GET", ""): 200,
    ("AdminListing", "GET", ""): 200,
    ("AdminListing", "POST", ""): 303,
    ("AdminStatistics", "GET", ""): 200,
    ("AdminStatisticsTable", "GET", ""): 200,
    ("AdminFile", "GET", ""): 200,
    ("AdminFile", "POST", ""): 303,
    ("ApiReports", "GET", ""): 200,
    ("ApiFile", "GET", ""): 200,
    ("ApiFile", "PATCH", ""): 200,
    ("ApiFile", "DELETE", ""): 204,
    ("ApiFiles", "GET", ""): 200,
    ("ApiFiles", "PATCH", ""): 200,
    ("ApiFiles", "DELETE", ""): 204,
    ("ApiCollection", "GET", ""): 200,
    ("ApiCollection", "PATCH", ""): 200,
    ("ApiCollection", "DELETE", ""): 204,
    ("ApiCollections", "GET", ""): 200,
    ("ApiCollections", "POST", ""): 201,
    ("TusUpload", "GET", ""): 200,
    ("TusUpload", "PATCH", ""): 204,
    ("TusUpload", "DELETE", ""): 204,
    ("Uploaded", "GET", ""): 200,
    ("Collections", "POST", ""): 201,
    ("CollectionContext", "GET", ""): 200,
    ("ZipContext", "GET", ""): 200,
    ("ZipContext", "POST", ""): 405,
    ("ManagedCollection", "GET", ""): 200,
    ("ManagedCollection", "PATCH", ""): 200,
    ("ManagedCollection", "DELETE", ""): 204,
    ("ManagedCollection", "POST", ""): 303,
}
GIVES_BYTES = frozenset(
    key for key in ALLOWED if key[0] in ("InlineContext", "DownloadContext", "ZipContext")
)
# Views that read the bytes of a file to show something else, and what they say where downloads are counted.
OF_READ_BYTES = {
    ("PreviewContext", "GET", "against"): 400,
    ("PreviewContext", "GET", "edit"): 400,
    ("DownloadContext", "GET", "entry"): 404,
}
GONE = frozenset({"expired", "used up", "removed", "quarantined", "suspended"})

CELLS = [
    (asked, restriction, visitor) for asked in ASKED for restriction in RESTRICTIONS for visitor in VISITORS
]


def test_the_table_has_these_cells() -> None:
    assert len(CELLS) == 60 * 9 * 7 == 3780


def expected(asked: tuple[str, str, str], restriction: str, visitor: str) -> int:  # noqa: PLR0911, PLR0912
    """Return the status that the contract has for a cell; 0 for a list that does not name the file."""
    context, method, _ = asked
    if context in LISTS_OF_OPERATORS:
        if visitor != "operator":
            is_somebody = visitor in SIGNED_IN and (visitor, restriction) != ("owner", "suspended")
            return 403 if is_somebody or context != "ApiReports" else 401
        return 0 if restriction in ("expired", "used up", "removed") else 200
    if context.startswith("Api"):
        return expected_of_api(asked, restriction, visitor)
    if context in OWN_LISTS:  # of no file that another account has anything is told
        if visitor not in SIGNED_IN or (visitor, restriction) == ("owner", "suspended"):
            return 403
        return 200 if visitor == "owner" and restriction not in GONE else 0
    if context in ("AdminListing", "AdminStatistics", "AdminStatisticsTable"):  # for other roles
        return 403
    if context == "AdminFile":  # they act against what is hidden from everybody, but not what has ended
        is_there = visitor == "operator" and restriction not in ("expired", "used up", "removed")
        return ALLOWED[asked] if is_there else 404
    if context in ("OwnedFile", "OwnedCollection"):
        return ALLOWED[asked] if visitor == "owner" and restriction not in GONE else 404
    if context == "Collections":  # a file's term is never lifted by a collection without it
        return 201 if restriction == "none" and visitor != "nobody" else 400
    if context == "Uploaded":
        is_open = restriction in ("none", "limited") or (restriction, visitor) == ("password", "unlock")
        return 200 if is_open or sees_hidden(restriction, visitor) else 0
    if context == "TusUpload" and restriction == "private" and visitor in ("other", "operator"):
        return 404  # it is its maker's, and they are somebody else
    if context in ("ManagedLink", "ManagedCollection", "TusUpload"):
        is_there = restriction in ("none", "password", "limited", "private") and visitor != "nobody"
        return ALLOWED[asked] if is_there else 404
    if context == "Latest":
        return 200 if restriction == "none" else 0
    if restriction in ("expired", "removed", "suspended"):
        return 404
    if restriction in ("private", "quarantined"):
        is_copy = restriction == "quarantined" and context in ("ResizedContext", "ThumbnailContext")
        is_seen = sees_hidden(restriction, visitor) and context != "OEmbed" and not is_copy
        return ALLOWED[asked] if is_seen else 404
    if restriction == "used up":
        return 200 if visitor == "claim" and asked in GIVES_BYTES else 404
    if restriction == "password" and context == "OEmbed":
        return 404
    if restriction == "password" and visitor != "unlock" and context != "ShortLinkContext":
        return 403 if method == "POST" else 401
    if restriction == "limited":
        if context in ("ResizedContext", "ThumbnailContext"):
            return 404
        if asked in (("DownloadContext", "POST", ""), ("ZipContext", "POST", "")):
            return 200
        if asked in OF_READ_BYTES and visitor != "claim":  # nothing of the content, and no download is taken
            return OF_READ_BYTES[asked]
    return ALLOWED[asked]


def expected_of_api(  # noqa: PLR0911
    asked: tuple[str, str, str], restriction: str, visitor: str
) -> int:
    """Return what the API says: who is in charge needs no password, who may only see changes nothing."""
    context, method, _ = asked
    is_signed_in = visitor in SIGNED_IN and (visitor, restriction) != ("owner", "suspended")
    if context in ("ApiFiles", "ApiCollections") and not is_signed_in:
        return 401
    if context == "ApiCollections":  # of one's own files alone, and no term of theirs is lifted
        is_own = visitor == "owner" and restriction == "none"
        return 200 if method == "GET" else (201 if is_own else 422)
    if context == "ApiFiles" and method == "GET":
        return 200 if visitor == "owner" and restriction not in GONE else 0
    is_gone = restriction in ("expired", "removed", "suspended", "used up")
    is_hidden = restriction in ("private", "quarantined") and not sees_hidden(restriction, visitor)
    if is_gone or is_hidden:
        return 404
    if visitor == "owner" or (visitor == "operator" and method != "PATCH"):
        return ALLOWED[asked]
    if restriction == "password" and visitor not in ("unlock", "operator"):
        return 401
    if method == "GET":
        return 200
    return 403 if is_signed_in else 401


def sees_hidden(restriction: str, visitor: str) -> bool:
    """Tell whether a visitor sees what others do not."""
    return (restriction, visitor) in (
        ("private", "owner"),
        ("private", "operator"),
        ("quarantined", "operator"),
    )


@pytest.fixture(scope="module")
def host(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a service that lists what is uploaded."""
    folder = tmp_path_factory.mktemp("gate") / "data"
    folder.mkdir()
    (folder / "pastebin.sqlite").write_bytes(sqlite_template.read_bytes())
    service = Service(folder, {"public_listing": "true"})
    service.people = {
        "owner": sign_up(service, "owner"),
        "other": sign_up(service, "other"),
        "operator": sign_up(service, "operator", OPERATOR | LOGIN),
        "suspended": sign_up(service, "suspended"),
    }
    yield service
    service.close()


VALUES: dict[str, dict[str, Any]] = {
    "password": {"password": SESAME},
    "expired": {"expires": PAST},
    "used up": {"downloads_left": 0},
    "limited": {"downloads_left": 2},
    "quarantined": {"is_quarantined": True},
    "private": {"is_private": True, "listed": False},
}


def uploader(service: Service, restriction: str, visitor: str) -> dict[str, str]:
    """Return the headers of who uploads: an account where the restriction or the visitor needs one."""
    people = getattr(service, "people", {})
    if restriction == "suspended":
        person = people["suspended"]
        service.registry.services.accounts.suspend(person.account, "test", is_suspended=False)
        return session_of(service, person.account)
    return people["owner"].browser if "owner" in (visitor, *PRIVATE.get(restriction, ())) else {}


PRIVATE = {"private": ("owner",)}


def suspend_again(service: Service, restriction: str) -> None:
    """End what only the upload needed."""
    if restriction == "suspended":
        service.registry.services.accounts.suspend(service.people["suspended"].account, "test")


def subject_of(
    service: Service, restriction: str, seed: str, visitor: str = "nobody", name: str = "photo.png"
) -> Subject:
    """Return a new file under a restriction: an image, or what the name says."""
    headers = uploader(service, restriction, visitor)
    answer = service.upload(CONTENTS[name](seed), name, **headers).json
    suspend_again(service, restriction)
    subject = subject_named(service, restriction, answer["url_p"].rpartition("/")[2])
    subject.key, subject.short = (answer[name].rpartition("/")[2] for name in ("url_m", "url_s"))
    return subject


def archive(seed: str) -> bytes:
    """Return a zip of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("entry.txt", seed)
    return out.getvalue()


CONTENTS: dict[str, Callable[[str], bytes]] = {
    "photo.png": lambda seed: PHOTO + seed.encode(),
    "archive.zip": archive,
    "note.txt": lambda seed: f"a note: {seed}\n".encode(),
}


def subject_named(service: Service, restriction: str, filehash: str) -> Subject:
    """Return a file, which gets the restriction now."""
    values = VALUES.get(restriction, {})
    with service.registry.services.engine.begin() as connection:
        if values:
            connection.execute(update(FILES).where(FILES.c.filehash == filehash).values(values))
        row = connection.execute(FILES.select().where(FILES.c.filehash == filehash)).one()
    file = StoredFile.of(row)
    if restriction == "removed":
        assert service.registry.services.links.end(file, Ending("removed", "test"))
    return Subject(file, "", "", new_management_key())


def collection_of(service: Service, restriction: str, seed: str, visitor: str = "nobody") -> Subject:
    """Return a new image in a collection under a restriction."""
    parts = [file_part(PHOTO + seed.encode(), "photo.png"), text_part("collection", "")]
    answer = service.send(parts, **uploader(service, restriction, visitor)).json
    suspend_again(service, restriction)
    code, key = answer["url_c"].rpartition("/")[2], answer["url_m"].rpartition("/")[2]
    collections = service.registry.services.collections
    with service.registry.services.engine.begin() as connection:
        if values := VALUES.get(restriction):
            connection.execute(update(COLLECTIONS).where(COLLECTIONS.c.code == code).values(values))
            number = collections.by_code(code).id
            connection.execute(update(FILES).where(FILES.c.collection_id == number).values(values))
    collection = collections.by_code(code)
    file = collections.items(collection)[0].file
    assert file is not None
    if restriction == "removed":
        collections.end(collection, Ending("removed", "test"))
    return Subject(file, key, "", new_management_key(), code)


def resumable_of(service: Service, restriction: str, seed: str, visitor: str = "nobody") -> Subject:
    """Return a new image under a restriction that came in over several requests."""
    content = PHOTO + seed.encode()
    headers = {"tus_resumable": "1.0.0", "upload_length": str(len(content)), "content_type": OCTETS}
    metadata = {"upload_metadata": "filename cGhvdG8ucG5n"}
    person = uploader(service, restriction, visitor)
    answer = service.ask("/tus", "POST", content, **headers, **metadata, **person)
    suspend_again(service, restriction)
    subject = subject_named(service, restriction, answer.headers["Pb-Location"].rpartition("/")[2])
    subject.resumable = dict(answer.headerlist)["Location"].rpartition("/")[2]
    return subject


# How the file of a view is made, where that is not by a form of one file.
MAKERS: dict[Any, Callable[..., Subject]] = {
    **dict.fromkeys(OF_COLLECTIONS, collection_of),
    "TusUpload": resumable_of,
    ("PreviewContext", "GET", "against"): partial(subject_of, name="note.txt"),
    ("PreviewContext", "GET", "edit"): partial(subject_of, name="note.txt"),
    ("DownloadContext", "GET", "entry"): partial(subject_of, name="archive.zip"),
}


def as_visitor(service: Service, subject: Subject, visitor: str, restriction: str) -> dict[str, str]:
    """Return the cookie of a visitor; that of a suspended owner is one that has ended."""
    if visitor in SIGNED_IN:
        person = service.people["suspended" if (visitor, restriction) == ("owner", "suspended") else visitor]
        return dict(person.browser)
    tickets = Tickets(PRODUCTION["secret"])
    if visitor == "unlock":
        name, value = tickets.cookie("unlock", subject.file, subject.file.password_version)
    elif visitor == "claim":
        name, value = tickets.cookie("claim", subject.file)
    else:
        return {}
    return {"cookie": f"{name}={value}"}


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_address(host: Service, restriction: str, visitor: str) -> None:
    read: dict[Callable[..., Subject], Subject] = {}  # who only reads one leaves it as it is
    for asked, request in ASKED.items():
        host.client.reset()
        make = MAKERS.get(asked) or MAKERS.get(asked[0], subject_of)
        is_kept = asked[1] == "GET" and restriction != "limited"
        subject = read.get(make) if is_kept else None
        if subject is None:
            subject = make(host, restriction, f"{asked}{restriction}{visitor}", visitor)
        if is_kept:
            read[make] = subject
        cookies = as_visitor(host, subject, visitor, restriction)
        if asked[0] in BY_KEY and visitor == "nobody":
            subject = replace(subject, key=subject.other_key, resumable="f" * 32)
        answer = request.send(host, subject, **cookies)
        wanted = expected(asked, restriction, visitor)
        if asked[0] in OWN_LISTS and wanted != 403:
            assert_own_files(asked, subject, answer, is_seen=bool(wanted))
            continue
        if asked[0] == "ApiFiles" and answer.status_int == 207:
            assert answer.json["items"] == [{"name": subject.file.filehash, "status": wanted}]
            continue
        if asked[0] in ("Latest", "Uploaded") or (asked[0] in LISTS and wanted not in (401, 403)):
            assert answer.status_int == 200
            assert (subject.file.filehash in answer.text) is bool(wanted), (asked, restriction, visitor)
            continue
        assert answer.status_int == wanted, (asked, restriction, visitor, answer.text[:200])
        if wanted == 404 or (wanted == 400 and restriction in GONE):
            assert_like_one_that_never_was(host, request, subject, answer)
        else:
            assert_not_for_others(asked, restriction, subject, answer)
        assert_tells_no_secret(asked, subject, answer)


def assert_own_files(
    asked: tuple[str, str, str], subject: Subject, answer: TestResponse, *, is_seen: bool
) -> None:
    """Assert that the page of one's files shows a file, or that it could be deleted; or neither."""
    assert answer.status_int == 200, (asked, answer.body[:200])
    if asked[1] == "GET":
        name = subject.code if asked[0] == "AccountCollectionsContext" else subject.file.filehash
        assert (name.encode() in answer.body) is is_seen
    else:
        assert answer.json == ({"deleted": 1, "asked": 1} if is_seen else {"nothing": 0, "asked": 1})


def assert_like_one_that_never_was(
    host: Service, request: Asked, subject: Subject, answer: TestResponse
) -> None:
    """Assert that an answer tells nothing: as for a name that was never given."""
    never = StoredFile(**{**subject.file.__dict__, "filehash": "never" + subject.file.filehash[5:]})
    unknown = Subject(never, new_management_key(), "mmmmmmmm", "", resumable="e" * 32)
    other = request.send(host, unknown)
    assert (answer.status, answer.body) == (other.status, other.body)
    changing = ("X-Request-Id",)
    assert sorted(h for h in answer.headerlist if h[0] not in changing) == sorted(
        h for h in other.headerlist if h[0] not in changing
    )
    assert answer.headers["Cache-Control"] == "no-store"


def assert_not_for_others(
    asked: tuple[str, str, str], restriction: str, subject: Subject, answer: TestResponse
) -> None:
    """Assert that no cache keeps what needs a right, and that a refusal names nothing of the file."""
    if restriction not in ("none", "expired", "removed", "suspended") and asked in GIVES_BYTES:
        assert "no-store" in answer.headers["Cache-Control"]
    if answer.status_int in (401, 403):
        assert "no-store" in answer.headers["Cache-Control"]
        assert not [word for word in (subject.file.filename, "entry.txt", "a note") if word in str(answer)]


def assert_tells_no_secret(asked: tuple[str, str, str], subject: Subject, answer: TestResponse) -> None:
    """Assert that an answer has nothing that opens a file, nor what is kept of that."""
    said = f"{answer.headers}{answer.body!r}"
    secrets = [SESAME, "argon2", key_hash(subject.key), key_hash(subject.other_key), PRODUCTION["secret"]]
    if asked[0] not in BY_KEY:
        secrets += [subject.key, subject.other_key]
    assert not [secret for secret in secrets if secret in said], (asked, said[:300])


def views_of(service: Service) -> list[Any]:
    """Return what Pyramid knows of every view that is none of errors."""
    found = [one["introspectable"] for one in service.registry.introspector.get_category("views")]
    return [view for view in found if isinstance(view["context"], type) and issubclass(view["context"], Noun)]


def methods_of(view: Any) -> set[str]:
    """Return the methods that a view answers by name."""
    given = view["request_methods"] or ()
    return {given} if isinstance(given, str) else set(given)


def test_a_view_without_an_entry_fails(service: Service) -> None:
    unknown = []
    for view in views_of(service):
        context = view["context"].__name__
        if context in STAND_INS | NOT_OF_FILES:
            continue
        variant = view["request_param"] or ""
        keys = {(context, method, variant) for method in methods_of(view) - {"HEAD"}}
        unknown += sorted(keys - ASKED.keys() - TAKES_FILES_IN)
    assert unknown == []


def test_what_answers_every_method_is_no_view_of_a_file(service: Service) -> None:
    catch_all = {view["callable"].__name__ for view in views_of(service) if not methods_of(view)}
    assert catch_all == {"wrong_method"}


def test_no_view_that_writes_can_be_read(service: Service) -> None:
    writing = [view for view in views_of(service) if WRITING & methods_of(view)]
    assert len(writing) >= 9
    introspector = service.registry.introspector
    for view in writing:
        assert not READING & methods_of(view), view
        permissions = [
            one["value"] for one in introspector.related(view) if one.category_name == "permissions"
        ]
        assert not READING_PERMISSIONS & set(permissions), view
        operation = view.get("operation")
        assert operation is None or Right.READ not in operation.rights, view


def test_a_page_that_asks_for_the_password_shows_nothing(host: Service) -> None:
    subject = subject_of(host, "password", "page")
    with host.registry.services.engine.begin() as connection:
        connection.execute(
            update(FILES).where(FILES.c.id == subject.file.id).values(title="the secret title")
        )
    for noun in "pidrq":
        answer = host.ask(
            f"/{noun}/{subject.file.filehash}?w=10", accept="text/html", user_agent="Mozilla/5.0"
        )
        assert (answer.status_int, answer.headers["Cache-Control"]) == (403, "no-store")
        assert not any(word in answer.text for word in ("photo.png", "secret title", "image/png"))


@pytest.mark.alone
@pytest.mark.parametrize("restriction", ["private", "expired", "removed"])
def test_what_is_not_shown_answers_as_fast_as_what_never_was(host: Service, restriction: str) -> None:
    """Medians of many, in turn: a step that only one of both takes would be seen."""
    host.client.reset()
    subject = subject_of(host, restriction, "fast")
    host.client.reset()
    names = {"gone": subject.file.filehash, "never": "never" + subject.file.filehash[5:]}
    times: dict[str, list[float]] = {"gone": [], "never": []}
    for _ in range(200):
        for kind, name in names.items():
            begun = time.perf_counter()
            assert host.ask(f"/i/{name}").status_int == 404
            times[kind].append(time.perf_counter() - begun)
    assert abs(statistics.median(times["gone"]) - statistics.median(times["never"])) < 0.001


@pytest.mark.parametrize("restriction", RESTRICTIONS)
@pytest.mark.parametrize("visitor", VISITORS)
def test_a_comparison_or_a_copy_shows_nothing_that_the_bytes_would_not(
    host: Service, restriction: str, visitor: str
) -> None:
    host.client.reset()
    open_name = host.filehash(f"open {restriction} {visitor}\n".encode(), "open.txt")
    guarded = text_of(host, restriction, f"guarded {restriction} {visitor}\n", visitor)
    cookies = as_visitor(host, guarded, visitor, restriction)
    name = guarded.file.filehash
    rights = {("password", "unlock"), ("limited", "claim"), ("used up", "claim")}
    is_seen = restriction == "none" or sees_hidden(restriction, visitor)
    is_readable = is_seen or (restriction, visitor) in rights
    has_page = is_readable and restriction != "used up"
    as_newer, as_older = (
        host.ask(path, accept="text/html", user_agent="Mozilla/5.0", **cookies)
        for path in (f"/p/{open_name}?against={name}", f"/p/{name}?against={open_name}")
    )
    assert ("guarded" in as_newer.text) is (as_newer.status_int == 200) is is_readable
    assert ("guarded" in as_older.text) is (as_older.status_int == 200) is has_page
    copied = host.ask(f"/p/{name}?edit=utf-8", accept="text/html", user_agent="Mozilla/5.0", **cookies)
    assert ("guarded" in copied.text) is (copied.status_int == 200) is has_page
    for answer in (as_newer, as_older, copied):
        assert "no-store" in answer.headers["Cache-Control"]


def text_of(service: Service, restriction: str, text: str, visitor: str) -> Subject:
    """Return a new text under a restriction."""
    answer = service.upload(text.encode(), "guarded.txt", **uploader(service, restriction, visitor)).json
    suspend_again(service, restriction)
    filehash = answer["url_p"].rpartition("/")[2]
    with service.registry.services.engine.begin() as connection:
        if values := VALUES.get(restriction):
            connection.execute(update(FILES).where(FILES.c.filehash == filehash).values(values))
        file = StoredFile.of(connection.execute(FILES.select().where(FILES.c.filehash == filehash)).one())
    if restriction == "removed":
        assert service.registry.services.links.end(file, Ending("removed", "test"))
    return Subject(file, "", "", "")
