"""Clients that people have, as they are: curl, wget, HTTPie, aria2, scripts for other hosts, two of tus."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.contracts.together import ROOT
from tests.servers import AppServer
from tests.services.client import MEBIBYTE, at, eventually
from tests.services.conftest import StartApp

CONTENT = os.urandom(3 * MEBIBYTE + 7)


@pytest.fixture(scope="module")
def server(start_shared_app: StartApp) -> AppServer:
    """Give a server."""
    return start_shared_app()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Give a file with a name that is not plain."""
    path = tmp_path / "a b ü.bin"
    path.write_bytes(CONTENT)
    return path


def run(*command: str | Path, given: bytes = b"", cwd: Path | None = None) -> str:
    """Return what a program prints."""
    done = subprocess.run(
        [str(word) for word in command], input=given, capture_output=True, check=False, timeout=120, cwd=cwd
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def assert_leads_to(server: AppServer, line: str, name: str, content: bytes = CONTENT) -> None:
    """Assert that a line is the short link of a file."""
    page = requests.get(line.strip(), headers={"Accept": "application/json"}, timeout=30).json()
    assert page["filename"] == name
    found = requests.get(at(server, page["url_d"]), timeout=60).content
    assert hashlib.sha256(found).digest() == hashlib.sha256(content).digest()


def test_curl_puts_a_file(server: AppServer, photo: Path) -> None:
    assert_leads_to(server, run("curl", "-sfT", photo, f"{server.url}/"), "a b ü.bin")


def test_curl_puts_a_pipe(server: AppServer) -> None:
    assert_leads_to(server, run("curl", "-sfT", "-", f"{server.url}/", given=CONTENT), "file")
    named = run("curl", "-sfT", "-", f"{server.url}/stream.bin", given=CONTENT)
    assert_leads_to(server, named, "stream.bin")


def test_curl_sends_bare_bytes(server: AppServer, photo: Path) -> None:
    kind = ("-H", "Content-Type: application/x-tar")
    answer = json.loads(run("curl", "-sf", *kind, "--data-binary", f"@{photo}", f"{server.url}/?name=x.tar"))
    assert_leads_to(server, answer["url_s"], "x.tar")
    refused = run("curl", "-s", "--data-binary", f"@{photo}", f"{server.url}/")
    assert "curl -T" in refused


def test_curl_that_wants_to_continue_hears_where(server: AppServer, photo: Path) -> None:
    assert "/tus" in run("curl", "-s", "-C", "5", "-T", photo, f"{server.url}/")


def test_wget_puts_a_file(server: AppServer, photo: Path) -> None:
    line = run("wget", "-qO-", "--method=PUT", f"--body-file={photo}", f"{server.url}/w.bin")
    assert_leads_to(server, line, "w.bin")


def test_httpie_puts_a_file(server: AppServer, photo: Path) -> None:
    http = Path(sys.executable).with_name("http")
    told = run(http, "--ignore-stdin", "--body", "PUT", f"{server.url}/h.bin", f"@{photo}")
    assert_leads_to(server, json.loads(told)["url_s"], "h.bin")  # it asks for JSON
    piped = run(http, "--body", "PUT", f"{server.url}/p.bin", "Accept:text/plain", given=CONTENT)
    assert_leads_to(server, piped, "p.bin")


def test_aria2_downloads_over_several_connections(server: AppServer, tmp_path: Path) -> None:
    content = os.urandom(24 * MEBIBYTE)
    made = requests.put(f"{server.url}/parts.bin", data=content, timeout=60)
    address = requests.get(made.text.strip(), headers={"Accept": "application/json"}, timeout=30).json()
    options = ("--max-connection-per-server=4", "--split=4", "--min-split-size=1M", "--no-conf")
    told = run("aria2c", *options, f"--dir={tmp_path}", at(server, address["url_d"]))
    assert "download completed" in told
    assert (tmp_path / "parts.bin").read_bytes() == content


# As the pages of transfer.sh, 0x0.st and linx have them; {host} is what is changed (see docs/api.md).
TRANSFER_SH = r"""
transfer() {
    if [ $# -eq 0 ]; then echo "no arguments"; return 1; fi
    if tty -s; then
        file="$1"; file_name=$(basename "$file")
        curl --progress-bar --upload-file "$file" "{host}/$file_name"
    else
        file_name=$1
        curl --silent --upload-file "-" "{host}/$file_name"
    fi
}
"""
SCRIPTS = {
    "transfer.sh, a file": ("curl -s --upload-file ./hello.txt {host}/hello.txt", "hello.txt"),
    "transfer.sh, limits": (
        "curl -s -H 'Max-Downloads: 1' -H 'Max-Days: 5' --upload-file ./hello.txt {host}/hello.txt",
        "hello.txt",
    ),
    "transfer.sh, a pipe": (
        "cat hello.txt | curl -s -X PUT --upload-file - {host}/test.txt",
        "test.txt",
    ),
    "transfer.sh, wget": (
        "wget --method PUT --body-file=./hello.txt {host}/file.tar -O - -nv 2>/dev/null",
        "file.tar",
    ),
    "transfer.sh, its function": (TRANSFER_SH + "\ncat hello.txt | transfer hello.txt", "hello.txt"),
    "0x0, its form": ("curl -s -H 'Accept: text/plain' -F'file=@hello.txt' {host}", "hello.txt"),
    "0x0, a secret address": (
        "curl -s -H 'Accept: text/plain' -F'file=@hello.txt' -Fsecret= {host}",
        "hello.txt",
    ),
    "0x0, a pipe": ("cat hello.txt | curl -s -H 'Accept: text/plain' -F'file=@-' {host}", "-"),
    "linx, without upload/": ("curl -s -T hello.txt {host}/", "hello.txt"),
    "linx, its headers": (
        "curl -s -H 'Linx-Expiry: 3600' -H 'Linx-Randomize: yes' -T hello.txt {host}/",
        "hello.txt",
    ),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_for_other_hosts(server: AppServer, tmp_path: Path, script: str) -> None:
    text, name = SCRIPTS[script]
    content = f"hello from {script}\n".encode()
    (tmp_path / "hello.txt").write_bytes(content)
    line = run("bash", "-c", text.replace("{host}", server.url), cwd=tmp_path)
    page = requests.get(line.strip(), headers={"Accept": "application/json"}, timeout=30).json()
    assert page["filename"] == name


def test_a_script_deletes_what_it_has_put(server: AppServer, tmp_path: Path) -> None:
    (tmp_path / "hello.txt").write_bytes(b"to be deleted")
    script = f"""
    url=$(curl -s -D headers --upload-file hello.txt {server.url}/hello.txt)
    delete=$(grep -i '^x-url-delete:' headers | cut -d ' ' -f 2 | tr -d '\\r')
    curl -sf -X DELETE "$delete"
    curl -s -o /dev/null -w '%{{http_code}}' "$url"
    """
    assert run("bash", "-c", script, cwd=tmp_path) == "404"


@pytest.mark.parametrize("end", ["in a chunk", "after a chunk"])
@pytest.mark.parametrize("way", ["closed", "reset"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_stream_that_breaks_leaves_no_link(server: AppServer, end: str, way: str, accept: str) -> None:
    name = f"{end}-{way}-{len(accept)}".replace(" ", "-")
    chunk = b"186a0\r\n" + bytes(100_000) + b"\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        head = f"PUT /{name} HTTP/1.1\r\nHost: a\r\nAccept: {accept}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode() + chunk + (chunk[:5000] if end == "in a chunk" else b""))
        time.sleep(0.2)
        if way == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    time.sleep(0.3)
    assert eventually(lambda: server.run("find", name).returncode == 1, 10)


# In a process of its own: it leaves files open.
TUSPY = """
import sys
from tusclient.client import TusClient
endpoint, path, url, size, is_checked, chunks = sys.argv[1:]
uploader = TusClient(endpoint).uploader(
    path, chunk_size=int(size), url=url or None, upload_checksum=is_checked == "True",
    metadata={"filename": path.rpartition("/")[2], "empty": ""},
)
if int(chunks):
    uploader.upload_chunk()
else:
    uploader.upload()
print(uploader.url, uploader.offset)
"""


def tuspy(
    server: AppServer,
    path: Path,
    url: str = "",
    size: int = MEBIBYTE,
    *,
    is_checked: bool = False,
    chunks: int = 0,
) -> tuple[str, int]:
    """Return the address of an upload and its offset, as tuspy has left it."""
    words = (f"{server.url}/tus", path, url, str(size), str(is_checked), str(chunks))
    address, offset = run(sys.executable, "-c", TUSPY, *words).split()
    return address, int(offset)


@pytest.mark.parametrize("is_checked", [False, True])
@pytest.mark.parametrize("size", [0, 1, 250_000])
def test_tuspy(server: AppServer, tmp_path: Path, size: int, is_checked: bool) -> None:
    content = CONTENT[:size]
    path = tmp_path / f"tuspy-{size}-{is_checked}.bin"
    path.write_bytes(content)
    url, _ = tuspy(server, path, size=100_000, is_checked=is_checked)
    told = requests.get(url, timeout=30).json()
    assert told["complete"]
    assert_leads_to(server, told["url_s"], path.name, content)


def test_tuspy_goes_on_with_what_another_began(server: AppServer, photo: Path) -> None:
    url, offset = tuspy(server, photo, chunks=1)
    assert offset == MEBIBYTE
    assert tuspy(server, photo, url) == (url, len(CONTENT))
    told = requests.get(url, timeout=30).json()
    assert told["prefix_sha256"] == hashlib.sha256(CONTENT).hexdigest()


JAVASCRIPT = Path(__file__).with_name("tus_js_client.cjs")
WAYS = ("plain", "creation", "chunked creation", "empty", "override", "parallel", "resumed", "aborted")


@pytest.mark.parametrize("way", WAYS)
def test_tus_js_client(server: AppServer, photo: Path, way: str) -> None:
    node = shutil.which("node")
    assert node is not None
    environment = {**os.environ, "NODE_PATH": str(ROOT / "node_modules")}
    command = [node, str(JAVASCRIPT), f"{server.url}/tus", str(photo), way]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr
    address = done.stdout.strip()
    if way == "aborted":
        assert requests.head(address, headers={"Tus-Resumable": "1.0.0"}, timeout=30).status_code == 404
        return
    told = requests.get(address, timeout=30).json()
    content = b"" if way == "empty" else CONTENT
    assert told["complete"]
    assert told["filename"] == "naïve.txt"
    assert_leads_to(server, told["url_s"], "naïve.txt", content)
