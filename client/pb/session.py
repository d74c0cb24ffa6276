"""One run of `pb`, as commands see it."""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from .account import Account
from .failures import Failure, LocalFault, Refused, combined_status
from .history import History, history_path
from .links import Link, parse_link
from .managing import Holdings
from .settings import Settings
from .terminal import Terminal
from .web import Web

Item = TypeVar("Item")


class Session:
    """One run of `pb`: settings, history, web and terminal."""

    def __init__(self, options: argparse.Namespace, environ: Mapping[str, str]) -> None:
        self.options = options
        self.environ = environ
        self.terminal = Terminal(sys.stderr)
        self.settings = Settings.load(options.server, environ)
        self.history = History(history_path(environ))
        tell = self.terminal.say if self.terminal.is_watched else lambda _text: None
        self.web = Web(self.settings.token_for, options.retries, tell)

    def each(self, items: Iterable[Item], do: Callable[[Item], None], *, several: bool) -> int:
        """Do something for each item; one that fails is told and does not keep the others from it."""
        statuses = []
        for item in items:
            try:
                do(item)
                statuses.append(0)
            except Failure as failure:
                about = f"{item}: " if several and str(item) not in str(failure) else ""
                self.terminal.say(f"pb: {about}{failure}")
                statuses.append(failure.status)
        return combined_status(statuses)

    def holdings(self) -> Holdings:
        """Return what was shared from here, and with a token what its account has."""
        account = Account(self.web, self.settings.base) if self.settings.token else None
        return Holdings(self.web, self.history, account)

    def link(self, text: str) -> Link:
        """Read a link from the command line."""
        return parse_link(text, self.settings.server)

    def password(self) -> str | None:
        """Return the password that the options ask for: typed without echo, or a line of standard input."""
        if self.options.password_stdin:
            return self.first_line()
        return self.ask("Password: ") if self.options.password else None

    def password_of_link(self) -> str:
        """Return the password of a link that has one."""
        if not self.options.password_stdin and not self.terminal.is_watched:
            raise Refused("this has a password: give it by --password or --password=-")
        self.options.password = True
        return self.password() or ""

    def ask(self, prompt: str) -> str:
        """Ask for a secret without echo; LocalFault where nobody can be asked."""
        self.terminal.clear()
        try:
            return getpass.getpass(prompt)
        except (EOFError, OSError) as error:
            raise LocalFault("nobody is there to type a secret") from error

    @staticmethod
    def first_line() -> str:
        """Return a line of standard input without its end."""
        return sys.stdin.readline().rstrip("\r\n")
