"""Other programs upload here with what they get from here."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.inprocess import Service, contents
from tests.inprocess.fixtures import StartService
from tests.servers import AppServer

UPLOADED = "screenshot.png"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """Give a real server."""
    with AppServer(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Give an image in a file whose name is hard on shells and forms."""
    path = tmp_path / 'it\'s "quoted"; $(x), =.png'
    path.write_bytes(contents.image())
    return path


def fetched(server: AppServer, path: str) -> str:
    answer = requests.get(server.url + path, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return answer.text


def stored_name(link: str) -> str:
    return requests.get(link, headers={"Accept": "application/json"}, timeout=10).json()["filename"]


# ShareX


def test_the_uploader_says_what_sharex_asks(service: Service) -> None:
    answer = service.ask("/sharex.sxcu")
    assert 'filename="pastebin.sxcu"' in answer.headers["Content-Disposition"]
    said = json.loads(answer.body)
    assert (said["RequestMethod"], said["RequestURL"]) == ("POST", "http://localhost/j")
    assert (said["Body"], said["FileFormName"]) == ("MultipartFormData", "file")
    uploaded = service.upload(contents.image(), UPLOADED, to="/j").json
    for field in ("URL", "ThumbnailURL", "DeletionURL"):
        assert said[field].removeprefix("{json:").removesuffix("}") in uploaded


def test_the_uploader_carries_the_operators_names(start: StartService) -> None:
    service = start(site_name='a/b "c"\\d', public_url="https://files.example.org/x")
    answer = service.ask("/sharex.sxcu")
    assert 'filename="a_b _c__d.sxcu"' in answer.headers["Content-Disposition"]
    said = json.loads(answer.body)
    assert (said["Name"], said["RequestURL"]) == ('a/b "c"\\d', "https://files.example.org/x/j")


def test_sharex_cli_uploads(server: AppServer, tmp_path: Path) -> None:
    (tmp_path / UPLOADED).write_bytes(contents.image())
    environment = {**os.environ, "HOME": str(tmp_path), "SHAREX_CONFIG": fetched(server, "/sharex.sxcu")}
    program = Path(sys.executable).with_name("sharex-cli")
    command = [str(program), "--no-copy", "--no-launch", str(tmp_path / UPLOADED)]
    terminal, stdin = pty.openpty()  # without a terminal it would share what comes in
    done = subprocess.run(
        command, env=environment, stdin=stdin, capture_output=True, text=True, check=True, timeout=60
    )
    os.close(terminal)
    os.close(stdin)
    assert done.stdout.startswith(f"{server.url}/s/")
    assert stored_name(done.stdout.strip()) == UPLOADED


# Flameshot and others


@pytest.fixture
def script(server: AppServer, tmp_path: Path) -> Path:
    """Give the script with the server's address in it."""
    path = tmp_path / "screenshot.sh"
    path.write_text(fetched(server, "/screenshot.sh"))
    return path


def programs(folder: Path, **bodies: str) -> dict[str, str]:
    """Make programs of one line each, and return an environment in which they are found first."""
    folder.mkdir()
    for name, body in bodies.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def run(script: Path, *files: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(script), *files]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options)


def test_a_screenshot_is_shared_and_its_link_copied(script: Path, picture: Path, tmp_path: Path) -> None:
    clipboard = tmp_path / "clipboard"
    environment = programs(tmp_path / "bin", flameshot=f"cat '{tmp_path}/shot'", xclip=f"cat >'{clipboard}'")
    (tmp_path / "shot").write_bytes(picture.read_bytes())
    done = run(script, env={**environment, "DISPLAY": ":0", "WAYLAND_DISPLAY": "", "TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert clipboard.read_text() == done.stdout.strip()
    assert stored_name(done.stdout.strip()).startswith("screenshot-")
    assert not list(tmp_path.glob("tmp.*"))


def test_files_and_what_comes_in_are_shared(script: Path, picture: Path) -> None:
    done = run(script, str(picture), "-", input="hello")
    assert done.returncode == 0, done.stderr
    assert [stored_name(link) for link in done.stdout.split()] == [picture.name, "paste.txt"]


def test_the_script_takes_terms_and_tells_how_to_delete(script: Path, picture: Path, tmp_path: Path) -> None:
    terms = {
        "EXPIRES": "7d",
        "DOWNLOADS": "3",
        "PASSWORD": "@a;b=c\\n",
        "TITLE": "@Holidays; 2",
        "VISIBILITY": "",
    }
    given = {f"SHARE_{name}": value for name, value in terms.items()}
    done = run(script, str(picture), env={**os.environ, **given, "TMPDIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    address = done.stderr.strip().removeprefix("Change or delete: ")
    state = requests.get(address, headers={"Accept": "application/json"}, timeout=10).json()
    assert (state["downloads_left"], state["title"], state["password"]) == (3, "@Holidays; 2", True)
    assert state["expires"]
    opened = requests.get(
        state["url_p"], auth=("", terms["PASSWORD"]), headers={"User-Agent": "curl"}, timeout=10
    )
    assert opened.status_code == 200
    assert requests.delete(address, timeout=10).status_code == 204
    assert not list(tmp_path.glob("tmp.*"))


def test_what_cannot_be_shared_is_said(script: Path, picture: Path, tmp_path: Path) -> None:
    done = run(script, str(tmp_path / "nothing"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "There is no file" in done.stderr
    done = run(script, env=programs(tmp_path / "bin", flameshot="exit 0"))
    assert (done.returncode, "No screenshot was taken." in done.stderr) == (1, True)
    elsewhere = script.read_text().replace("\nserver=", "\nserver=http://127.0.0.1:9/ #", 1)
    script.write_text(elsewhere)
    assert run(script, str(picture)).returncode == 1


def test_the_address_cannot_leave_its_quotes(start: StartService) -> None:
    service = start(public_url="http://x/$(touch${IFS}pwned)`id`'")
    text = service.ask("/screenshot.sh").text
    line = next(line for line in text.splitlines() if line.startswith("server="))
    done = subprocess.run(
        ["sh", "-c", f'{line}\nprintf %s "$server"'], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("http://x/$(touch${IFS}pwned)`id`'")
