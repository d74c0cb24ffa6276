"""What was deleted is gone: neither its bytes nor a word that came with it is left anywhere."""

import io
import zlib
from typing import Any

import requests
from PIL import Image
from sqlalchemy import NullPool, create_engine, select

from pastebin.models import Base
from tests.servers import AppServer
from tests.services.client import at, eventually
from tests.services.conftest import StartApp

# It is in every name, title, path, reason and content below.
WORD = "XYZZY-PLUGH"
PAGE = {"Accept": "text/html", "User-Agent": "Mozilla/5.0"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((80, 60), 50).convert("RGB").save(out, "PNG")
    return out.getvalue() + WORD.encode()


def send(server: AppServer, content: bytes, name: str, **terms: str) -> dict[str, Any]:
    """Upload by form and return the answer."""
    answer = requests.post(f"{server.url}/", files={"file": (name, content)}, data=terms, timeout=60)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def look(server: AppServer, said: dict[str, Any]) -> None:
    """Have the service read, draw and count a file in every way there is."""
    name = said["url_p"].rpartition("/")[2]
    for path in ("p", "i", "d", "q", "t", "r"):
        requests.get(f"{server.url}/{path}/{name}", timeout=60)
    for path in (f"i/{name}?w=20", f"i/{name}?w=nonsense", f"r/{name}?w=30", f"oembed?url={said['url_p']}"):
        requests.get(f"{server.url}/{path}", timeout=60)
    requests.get(said["url_p"], headers=PAGE, timeout=60)
    reported = requests.post(said["url_p"], data={"report": f"It is {WORD}."}, timeout=60)
    assert reported.status_code in (204, 401, 403), reported.text


def uploaded(server: AppServer) -> list[dict[str, Any]]:
    """Upload files of many kinds in every way."""
    name, bytes_of = f"{WORD} name", WORD.encode()
    files = [
        send(server, bytes_of * 50, f"{name}.txt"),
        send(server, bytes_of * 9000, f"{name}.log"),
        send(server, picture(), f"{name}.png", title=f"{WORD} title"),
        send(server, b"%PDF-1.7 broken " + bytes_of, f"{name}.pdf"),
        send(server, picture()[:900] + bytes_of, f"{name} broken.png"),
        send(server, b"\x1f\x8b\x08" + bytes_of, f"{name}.tar.gz"),
        send(server, bytes_of, f"{name} locked.txt", password=WORD, title=WORD),
    ]
    parts = [("file", (f"{WORD} folder/{n}.txt", b"%d" % n + bytes_of)) for n in range(3)]
    fields = {"collection": f"{WORD} of all"}
    together = requests.post(f"{server.url}/", files=parts, data=fields, timeout=60).json()
    assert requests.get(at(server, together["url_c"]) + ".zip", timeout=60).status_code == 200
    put = requests.put(f"{server.url}/{name}.bin", data=bytes_of, timeout=60)
    assert put.status_code == 201, put.text
    for said in (*files, *together["files"]):
        look(server, said)
    nonsense = {"files": {"file": (name, bytes_of)}, "data": {"expires": WORD}}
    assert requests.post(f"{server.url}/", **nonsense, timeout=60).status_code == 400
    return [*files, together, {"url_m": put.links["edit"]["url"]}]


def left(server: AppServer) -> list[str]:
    """Return where the word still is: tables, files of the service, what it has printed."""
    found: list[str] = []
    engine = create_engine(server.settings.get("database_url") or server._sqlite_url(), poolclass=NullPool)
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            found += [table.name for row in connection.execute(select(table)) if WORD in repr(row)]
    for path in server.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if WORD.encode() in data or zlib.compress(WORD.encode())[2:-4] in data or WORD in path.name:
            found.append(str(path))
    return found


def test_nothing_is_left_of_what_was_deleted(start_app: StartApp, database: dict[str, str]) -> None:
    server = start_app({"sweep_every": "3s", **database})
    files = uploaded(server)
    assert len(left(server)) > len(files)
    assert list((server.data / "derived").rglob("*/*"))
    for said in files:
        assert requests.delete(at(server, said["url_m"]), timeout=60).status_code == 204
    assert eventually(lambda: left(server) == [], 30), left(server)
    assert [path for path in (server.data / "derived").rglob("*") if path.is_file()] == []
    assert eventually(lambda: server.contents() == [], 30), server.contents()
