"""Section 1 of what the service promises: which addresses there are, and what each answers."""

import re

import pytest

from tests.inprocess import Service, contents, without_key
from tests.inprocess.fixtures import StartService

UNKNOWN = "0123456789abcdef0123456789abcdef.txt"
NOUNS = ("p", "i", "d", "r")

# Every address with the methods it takes; {hash} and {short} are those of an image.
METHODS = {
    "/": {"GET", "HEAD", "OPTIONS", "POST", "PUT"},
    "/j": {"OPTIONS", "POST"},
    "/p/{hash}": {"GET", "HEAD", "POST"},
    "/i/{hash}": {"GET", "HEAD"},
    "/i/{hash}?w=20": {"GET", "HEAD"},
    "/d/{hash}": {"GET", "HEAD"},
    "/r/{hash}?w=20": {"GET", "HEAD"},
    "/s/{short}": {"GET", "HEAD"},
    "/health": {"GET", "HEAD"},
}
ALL_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}


def filled(address: str, service: Service) -> str:
    """Return an address of the table, with an image uploaded for it if it needs one."""
    if "{" not in address:
        return address
    answer = service.upload(contents.image(), "photo.png").json
    names = {"hash": answer["url_p"].rpartition("/")[2], "short": answer["url_s"].rpartition("/")[2]}
    return address.format(**names)


def test_the_upload_page(each_service: Service) -> None:
    answer = each_service.ask("/", accept="text/html")
    assert answer.status_int == 200
    assert answer.content_type == "text/html"
    assert 'enctype="multipart/form-data"' in answer.text
    assert 'name="file"' in answer.text


def test_an_upload_is_found_at_every_address(each_service: Service) -> None:
    content = contents.image("PNG", 60, 40)
    uploaded = each_service.upload(content, "photo.png")
    assert uploaded.status_int == 201
    urls = uploaded.json
    page = each_service.ask(urls["url_p"], accept="text/html")
    assert (page.status_int, page.content_type) == (200, "text/html")
    assert "photo.png" in page.text
    inline = each_service.ask(urls["url_i"])
    assert (inline.status_int, inline.content_type, inline.body) == (200, "image/png", content)
    saved = each_service.ask(urls["url_d"])
    assert (saved.status_int, saved.body) == (200, content)
    short = each_service.ask(urls["url_s"])
    assert (short.status_int, short.location) == (302, urls["url_p"])
    resized = each_service.ask(urls["url_i"] + "?w=30")
    assert contents.opened(resized.body).size == (30, 20)
    copy = each_service.ask(urls["url_i"].replace("/i/", "/r/") + "?w=30")
    assert contents.opened(each_service.ask(copy.text).body).size == (30, 20)


def test_a_download_has_its_name_and_its_age(service: Service) -> None:
    answer = service.ask(service.upload(b"text", "notes.txt").json["url_d"])
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Cache-Control"] == "public, max-age=2592000, s-maxage=60"
    disposition = "attachment; filename=\"notes.txt\"; filename*=UTF-8''notes.txt"
    assert answer.headers["Content-Disposition"] == disposition


def test_health_tells_each_part(each_service: Service) -> None:
    answer = each_service.ask("/health")
    assert answer.status_int == 200
    assert answer.content_type == "application/json"
    assert answer.json["status"] == "ok"
    assert {"database", "cache", "store", "speedups", "version"} <= set(answer.json)
    assert {answer.json[part]["status"] for part in ("database", "cache", "store")} == {"ok"}
    assert set(answer.json["speedups"]) == {"hashing", "shorturl", "imagecrop"}


@pytest.mark.parametrize("address", [row for row, methods in METHODS.items() if "HEAD" in methods])
def test_head_is_get_without_its_body(service: Service, address: str) -> None:
    path = filled(address, service)
    get, head = service.ask(path), service.ask(path, "HEAD")
    assert head.status_int == get.status_int
    assert head.body == b""
    assert head.content_type == get.content_type
    assert head.headers.get("Content-Length") == get.headers.get("Content-Length")
    for name in ("ETag", "Location", "Content-Disposition", "Content-Security-Policy"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("address", METHODS)
def test_a_wrong_method_is_405_and_names_the_right_ones(service: Service, address: str) -> None:
    path = filled(address, service)
    # Where a name is as good as any other, PUT makes a file, and OPTIONS says so.
    others = {"PUT", "OPTIONS"} if path.count("/") == 1 else set()
    for method in ALL_METHODS - METHODS[address] - others:
        answer = service.ask(path, method)
        assert answer.status_int == 405, method
        assert set(answer.headers["Allow"].split(", ")) == METHODS[address]
        if method != "HEAD":
            assert answer.json["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("query", ["", "?w=10"])
def test_an_unknown_file_is_404(each_service: Service, noun: str, query: str) -> None:
    answer = each_service.ask(f"/{noun}/{UNKNOWN}{query}")
    assert (answer.status_int, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "code", ["mmmmm", "867nv", "zzzzzzzzzzzzz", "ABC", "a-b", "1", "m" * 64, "x" * 300, "é"]
)
def test_an_unknown_short_code_is_404(each_service: Service, code: str) -> None:
    answer = each_service.ask(f"/s/{code}")
    assert (answer.status_int, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["/x", "/p", "/i", "/d", "/r", "/s", "/P", "/favicon.ico", "/index.html", "/__class__", "/_services"],
)
def test_there_is_nothing_anywhere_else(service: Service, method: str, path: str) -> None:
    assert service.ask(path, method).status_int == 404


@pytest.mark.parametrize("address", [row for row in METHODS if row != "/" and "?" not in row])
@pytest.mark.parametrize("rest", ["/anything", "/", "//", "/@@", "/@@view", "/.", "/..", "/%2e", "/%00"])
def test_below_a_noun_there_is_nothing(service: Service, address: str, rest: str) -> None:
    assert service.ask(filled(address, service) + rest).status_int == 404


@pytest.mark.parametrize(
    "written",
    [
        "//p//{}",
        "/p//{}",
        "//p/{}",
        "/./p/{}",
        "/p/./{}",
        "/p/../p/{}",
        "/x/../p/{}",
        "/p/%2e/{}",
        "/p/%2e%2e/p/{}",
        "/p%2f%2f{}",
        "/p/@@/{}",
        "/@@/p/{}",
        "/p/{}%00",
        "/p/{}%20",
        "/p/%20{}",
        "/p/{}%0a",
        "/p/x/../{}",
    ],
)
def test_a_file_has_one_address_a_noun(service: Service, written: str) -> None:
    filehash = service.filehash(b"text", "a.txt")
    assert service.ask(f"/p/{filehash}").status_int == 200
    assert service.ask(written.format(filehash)).status_int == 404


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    "name",
    [
        "../../pastebin.sqlite",
        "..%2f..%2fpastebin.sqlite",
        "%2e%2e%2fpastebin.sqlite",
        "%2fetc%2fpasswd",
        "..%5c..%5cpastebin.sqlite",
        "a%00.txt",
        "%00",
        "%e2%80%ae",
        "*",
        "a" * 5000,
        "%f0%9f%98%80",
        "'%20OR%201=1",
    ],
)
def test_no_name_leads_out_of_the_store(service: Service, noun: str, name: str) -> None:
    service.upload(b"text", "a.txt")
    answer = service.ask(f"/{noun}/{name}?w=1")
    assert (answer.status_int, answer.json["error"]["code"]) == (404, "not_found")


def test_an_address_without_a_path_is_the_root(service: Service) -> None:
    """A service under a prefix may be asked for that alone, and CONNECT asks for a host without a path."""
    assert service.ask("").status_int == 200
    assert service.ask("", method="DELETE").status_int == 405


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain"])
@pytest.mark.parametrize("agent", ["curl/8.5.0", "Mozilla/5.0"])
@pytest.mark.parametrize("path", ["/%ff", "/p/%ff", "/p/%c3%28", "/static/%ff", "/j/%ff", "/i/{hash}?w=%ff"])
def test_an_address_that_is_no_utf8_is_400(service: Service, path: str, accept: str, agent: str) -> None:
    answer = service.ask(filled(path, service), accept=accept, user_agent=agent)
    assert (answer.status_int, answer.content_type) == (400, accept)


@pytest.mark.parametrize(
    ("filename", "suffix"),
    [
        ("photo.jpg", ".jpg"),
        ("PHOTO.JPG", ".jpg"),
        ("archive.tar.gz", ".gz"),
        ("a.b", ".b"),
        ("x." + "a" * 16, "." + "a" * 16),
        ("x." + "a" * 17, ""),
        ("noext", ""),
        (".bashrc", ""),
        ("dot.", ""),
        ("a.b c", ""),
        ("a.c++", ""),
        ("a.é", ""),
        ("a.١٢", ""),
        ("a.jp-g", ""),
        ("a.mp4\n", ".mp4"),
        ("a.7Z", ".7z"),
    ],
)
def test_a_filehash_is_random_and_has_the_suffix(service: Service, filename: str, suffix: str) -> None:
    filehash = service.filehash(b"the same bytes", filename)
    assert re.fullmatch(r"[0-9a-f]{32}" + re.escape(suffix), filehash)


def test_a_filehash_is_not_made_of_the_bytes(start: StartService, service: Service) -> None:
    """The same upload to two services gives two names, and neither is a digest of the content."""
    content = b"the same bytes everywhere"
    first = service.filehash(content, "a.txt")
    with service.session() as session, session.begin():
        session.delete(service.rows()[0])
    second = start().filehash(content, "a.txt")
    assert first != second


def test_addresses_use_the_scheme_and_host_of_the_client(service: Service) -> None:
    service.base = "https://files.example.org:8443"
    answer = service.upload(b"text", "a.txt")
    for key, noun in (("url_p", "p"), ("url_i", "i"), ("url_d", "d"), ("url_s", "s")):
        assert answer.json[key].startswith(f"https://files.example.org:8443/{noun}/")
    assert answer.location == answer.json["url_p"]


@pytest.mark.parametrize("public_url", ["https://files.example.org", "https://example.org/files/"])
def test_public_url_is_in_every_address(start: StartService, public_url: str) -> None:
    service = start(public_url=public_url)
    base = public_url.rstrip("/")
    image = service.upload(contents.image(), "a.png", host="other.example")
    assert image.location.startswith(f"{base}/p/")
    for key, noun in (("url_p", "p"), ("url_i", "i"), ("url_d", "d"), ("url_s", "s")):
        assert image.json[key].startswith(f"{base}/{noun}/")
    filehash = image.location.rpartition("/")[2]
    assert service.ask(f"/r/{filehash}?w=5").text.startswith(f"{base}/i/")
    assert service.ask(image.json["url_s"].removeprefix(base)).location == image.location
    machine = service.upload(contents.image(), "a.png", to="/j").json
    assert machine["url"] == image.json["url_i"]
    assert machine["short_url"] == image.json["url_s"]
    assert service.upload(contents.image(), "a.png", accept="text/html").location == image.location


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP"]
)
def test_what_a_client_says_of_proxies_changes_nothing(service: Service, name: str) -> None:
    value = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}.get(
        name, "for=6.6.6.6;host=evil.example"
    )
    plain = service.upload(b"text", "a.txt")
    forged = service.upload(b"text", "a.txt", **{name.replace("-", "_"): value})
    assert forged.status_int == 200
    assert without_key(forged.json) == without_key(plain.json)
    assert forged.location == plain.location
