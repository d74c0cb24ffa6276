"""What each command does, with its options read and its parts put together."""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from . import qr
from .clipboard import copy
from .downloading import Downloader
from .failures import LocalFault, Refused, WrongUsage
from .history import Shared
from .session import Session
from .settings import KEYS, change_config, clean_server, clean_token, read_config
from .sources import STANDARD_INPUT, Folder, source_of
from .terms import Terms
from .uploading import Uploader
from .words import fitted, size_words, visible, width


def put(session: Session) -> int:
    """Share files."""
    options = session.options
    arguments = _arguments_to_put(options)
    uploader = Uploader(
        session.web, session.settings.base, session.history, session.terminal, not options.no_resume
    )
    session.history.require_writable()
    terms = terms_of(options, session.password())

    def share(argument: str) -> None:
        _show_shared(session, uploader.share(source_of(argument, options.name), terms))

    return session.each(arguments, share, several=len(arguments) > 1)


def _arguments_to_put(options: argparse.Namespace) -> list[str]:
    arguments: list[str] = options.items
    if options.name and len(arguments) > 1:
        raise WrongUsage("--name is for one file")
    if arguments.count(STANDARD_INPUT) > (0 if options.password_stdin else 1):
        raise WrongUsage("standard input can be read once")
    return [one for argument in arguments for one in _files_of(argument)] if options.each else arguments


def _files_of(argument: str) -> list[str]:
    """Return the files of a folder; a folder without any stays, to be told in its turn."""
    try:
        source = source_of(argument, None) if os.path.isdir(argument) else None
    except LocalFault:
        source = None
    return [str(file.path) for file in source.files] if isinstance(source, Folder) else [argument]


def terms_of(options: argparse.Namespace, password: str | None) -> Terms:
    """Return the terms that options ask for."""
    visibility = "private" if options.private else options.visibility
    downloads = None if options.downloads is None else str(options.downloads)
    return Terms(options.expires, downloads, password, visibility, options.title)


def _show_shared(session: Session, said: dict[str, Any]) -> None:
    """Print a link, and do with it what else was asked for."""
    session.terminal.clear()
    link = visible(str(said["link"]))
    print_item(session, link, {name: value for name, value in said.items() if name != "upload"})
    if session.options.copy and not copy(link, session.environ):
        session.terminal.say("the link could not be copied: there is no clipboard here")
    if session.options.qr:
        try:
            lines = list(qr.drawing(qr.qr_code(link)))
        except ValueError:
            session.terminal.say("the link is too long for a QR code")
        else:
            session.terminal.draw(lines)


def print_item(session: Session, line: str, said: Mapping[str, Any]) -> None:
    """Print a link, or all that is known of it as JSON; at once, as somebody may wait for it."""
    print(json.dumps(said) if session.options.json else line, flush=True)


def get(session: Session) -> int:
    """Download links."""
    options = session.options
    to_stdout = options.output == "-"
    if to_stdout and options.json:
        raise WrongUsage("with -o - the file itself goes to standard output")
    if len(options.items) > 1 and options.output and not (to_stdout or os.path.isdir(options.output)):
        raise WrongUsage("several files go into a folder: -o FOLDER")
    downloader = Downloader(session.web, session.terminal, session.password_of_link)

    def download(text: str) -> None:
        link = session.link(text)
        if to_stdout:
            downloader.write(link, sys.stdout.buffer)
            return
        saved = downloader.save(link, options.output, replace=options.force)
        if options.json:
            print_item(session, "", {"link": link.address, **saved})
        session.terminal.say(f"{saved['path']}  {size_words(saved['size'])}")

    return session.each(options.items, download, several=len(options.items) > 1)


def list_shared(session: Session) -> int:
    """List what was shared: links alone, or with their names where somebody looks."""
    try:
        for shared in session.holdings().alive():
            line = _described(shared) if sys.stdout.isatty() else visible(shared.link)
            print_item(session, line, asdict(shared))
    except Refused as failure:  # a token may be for uploads alone
        session.terminal.say(f"what else the account has is not listed: {failure}")
    for unfinished in session.history.unfinished():
        session.terminal.say(f"{unfinished.path} is not all there: share it again to go on with it")
    return 0


def _described(shared: Shared) -> str:
    name = fitted(shared.name, 36)
    expires = f"  expires {shared.expires[:16]}" if shared.expires else ""
    facts = f"{size_words(shared.size):>11}  {shared.time[:10]}  {shared.link}{expires}"
    return f"{name}{' ' * (36 - width(name))}  {visible(facts)}"


def remove(session: Session) -> int:
    """Delete links."""
    holdings = session.holdings()
    return session.each(
        session.options.items,
        lambda text: holdings.release(session.link(text)),
        several=len(session.options.items) > 1,
    )


def change(session: Session) -> int:
    """Change the terms of links."""
    holdings, options = session.holdings(), session.options
    changes = _changes(session)

    def change_one(text: str) -> None:
        said = holdings.change(session.link(text), changes)
        print_item(session, visible(str(said["link"])), said)

    return session.each(options.items, change_one, several=len(options.items) > 1)


def _changes(session: Session) -> dict[str, str | None]:
    options = session.options
    given = terms_of(options, session.password()).fields()
    changes = {name: value or None for name, value in given.items()}
    if options.expires == "never":
        changes["expires"] = None
    if options.no_password:
        changes["password"] = None
    if options.unlimited:
        changes["downloads"] = None
    if not changes:
        raise WrongUsage("nothing to change: --expires, --downloads, --password, --title, …")
    return changes


def log_in(session: Session) -> int:
    """Keep a token for the server, after asking the server about it."""
    base = session.settings.base
    token = clean_token(session.ask("Token: ") if sys.stdin.isatty() else session.first_line())
    session.web.get(base, {"Authorization": f"Bearer {token}"})  # a wrong one is refused at every address
    change_config(session.settings.path, {"server": base, "token": token})
    session.terminal.say(f"the token for {base} is kept in {session.settings.path}")
    return 0


def configure(session: Session) -> int:
    """Show the settings, one of them, or set it."""
    match session.options.items:
        case []:
            print(f"file = {visible(str(session.settings.path))}")
            print(f"server = {session.settings.server or ''}")
            print(f"token = {'set' if session.settings.token else ''}")
        case ["server"] if session.options.unset:
            change_config(session.settings.path, dict.fromkeys(KEYS))  # the token is that server's
        case ["token"] if session.options.unset:
            change_config(session.settings.path, {"token": None})
        case ["server"]:
            print(session.settings.base)
        case ["server", address]:
            server = clean_server(address)
            is_same = server == read_config(session.settings.path).get("server")
            change_config(session.settings.path, {"server": server} | ({} if is_same else {"token": None}))
        case _:
            raise WrongUsage("pb config, pb config server [ADDRESS], pb config --unset server|token")
    return 0
