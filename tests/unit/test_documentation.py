"""What the documents say is so."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pyramid.paster import get_appsettings

from pastebin.setting_sources import OTHER_VARIABLES
from pastebin.settings import Settings
from tests.servers.app import granian_options

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGES.md", *(ROOT / "docs").glob("*.md")])
INI_FILES = ["development.ini", "production.ini"]


def rows_of_settings() -> list[tuple[str, ...]]:
    """Return name, default and description of each setting in the README."""
    return re.findall(r"^\| `pastebin\.(\w+)` \| (?:`(.*?)`|none) \| (.+) \|$", README, re.MULTILINE)


def links_of(document: Path) -> list[str]:
    """Return the addresses a document links to, relative ones without their fragment."""
    prose = re.sub(r"```.*?```|^ {4}.*$|`[^`\n]*`", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"\]\(<?([^)\s>]+)>?(?: [^)]*)?\)", prose)
    return inline + re.findall(r"^\[[^\]]+\]: (\S+)", prose, re.MULTILINE)


def anchors_of(document: Path) -> set[str]:
    """Return the fragments by which the headings of a document can be linked to."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_table_of_settings_is_the_code() -> None:
    declared = [(s.name, s.metadata["default"], s.metadata["doc"]) for s in fields(Settings)]
    assert rows_of_settings() == declared


def test_no_row_of_the_table_is_misread() -> None:
    assert len(re.findall(r"^\| `pastebin\.", README, re.MULTILINE)) == len(rows_of_settings())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_setting_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    names = {item.name for item in fields(Settings)}
    named = set(re.findall(r"\bpastebin\.(\w+)\s*=", text))
    named |= {name.lower() for name in re.findall(r"\bPASTEBIN_([A-Z_]+)\b", text)}
    others = {name.removeprefix("PASTEBIN_").lower() for name in OTHER_VARIABLES}
    assert named - names <= others


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    broken = []
    for link in links_of(document):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (document.parent / unquote(parts.path)).resolve() if parts.path else document
        if not target.exists() or (parts.fragment and parts.fragment not in anchors_of(target)):
            broken.append(link)
    assert broken == []


def test_every_command_the_readme_names_exists() -> None:
    commands = set(re.findall(r"\bbin/\w+\b", README)) - {"venv/bin"}
    assert {"bin/serve", "bin/test", "bin/lint"} <= commands
    for command in commands:
        assert os.access(ROOT / command, os.X_OK), command


def test_every_subcommand_the_readme_names_exists() -> None:
    from pastebin.scripts.cli import main

    named = set(re.findall(r"^ +pastebin -c \S+ ([\w-]+)", README, re.MULTILINE))
    assert named == set(main.commands)


def test_every_place_of_the_map_exists() -> None:
    code_map = README.partition("## A map of the code")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`.+?`) \|", code_map, re.MULTILINE)
    places = [place for cell in first_cells for place in re.findall(r"`([^`]+)`", cell)]
    assert len(places) > 10
    for place in places:
        assert (ROOT / place).exists() or (ROOT / "pastebin" / place).exists(), place


def test_granian_has_every_option_that_is_set() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "granian", "--help"], capture_output=True, text=True, check=True
    ).stdout
    known = re.findall(r"GRANIAN_[A-Z0-9_]+(?=[;\]])", "".join(shown.split()))
    assert set(granian_options()) <= set(known)


def unit() -> dict[str, list[str]]:
    """Return the settings of the unit in docs/deployment.md."""
    text = (ROOT / "docs" / "deployment.md").read_text().partition("    [Unit]\n")[2].partition("\n\n`")[0]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^ {4}(\w+)=(.+)$", text, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def test_the_unit_serves_as_bin_serve_does() -> None:
    command = unit()["ExecStart"][0].partition(" ")[2]
    assert f'exec "$venv/bin/python" {command}\n' in (ROOT / "bin" / "serve").read_text()
    assert "/srv/pastebin/granian.env" in unit()["EnvironmentFile"]
    assert int(unit()["TimeoutStopSec"][0]) > int(granian_options()["GRANIAN_WORKERS_KILL_TIMEOUT"])


@pytest.mark.parametrize("ini", INI_FILES)
def test_the_ini_files_load(ini: str) -> None:
    Settings.load(get_appsettings(str(ROOT / ini)), {"PASTEBIN_SECRET": "a secret of the operator's own"})


@pytest.mark.parametrize("ini", INI_FILES)
def test_the_ini_files_say_which_they_are(ini: str) -> None:
    assert get_appsettings(str(ROOT / ini))["pastebin.environment"] == ini.removesuffix(".ini")


def test_the_ini_for_production_does_not_start_as_it_is_shipped() -> None:
    with pytest.raises(SystemExit, match="the one this software ships with"):
        Settings.load(get_appsettings(str(ROOT / "production.ini")), {})


def test_the_changes_begin_with_this_version_or_what_is_unreleased() -> None:
    from pastebin import __version__

    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGES.md").read_text(), re.MULTILINE)
    assert headings[0].lower().startswith(("unreleased", __version__))
