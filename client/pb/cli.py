"""The command line: which commands and options there are, and how each way to fail ends."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from . import __version__, commands, completion
from .failures import INTERRUPTED, Failure, LocalFault, WrongUsage
from .options import Command, Option
from .session import Session
from .terminal import Terminal, prepare_output

NONE, SOME = (0, 0), (1, 10**6)
PATH: Mapping[str, Any] = {"metavar": "PATH"}
FLAG: Mapping[str, Any] = {"action": "store_true"}
COMMON = (
    Option(("--server",), "the server to use", {"metavar": "URL"}),
    Option(("--retries",), "how often to try again (6)", {"type": int, "default": 6, "metavar": "N"}),
)
JSON = Option(("--json",), "print a JSON object for each instead of its link", FLAG)
PASSWORD = Option(("--password",), "ask for a password; --password=- reads a line of standard input", FLAG)
TERMS = (
    Option(("--expires",), "how long it lives, such as 90s, 12h, 7d, 4w", {"metavar": "TIME"}),
    Option(("--downloads",), "how often it may be fetched", {"type": int, "metavar": "N"}),
    PASSWORD,
    Option(("--title",), "a title instead of the file name", {"metavar": "TEXT"}),
    Option(("--private",), "only for the owner of the token", FLAG),
    Option(("--visibility",), "unlisted, listed or private", {"choices": ("unlisted", "listed", "private")}),
)

COMMANDS: dict[str, Command] = {
    "put": Command(
        commands.put,
        "share files, - (standard input) or folders; pb FILE is short for it",
        "FILE",
        SOME,
        (
            Option(("--name",), "the name to share it under", {"metavar": "NAME"}),
            *TERMS,
            Option(("--each",), "a link for each file of a folder, not one for all", FLAG),
            Option(("--copy",), "copy the link", FLAG),
            Option(("--qr",), "draw the link as a QR code", FLAG),
            JSON,
            Option(("--no-resume",), "send it in one piece, which cannot be gone on with", FLAG),
        ),
    ),
    "get": Command(
        commands.get,
        "download links",
        "LINK",
        SOME,
        (
            Option(
                ("-o", "--output"),
                "save there: a file, a folder, or - for standard output",
                {"metavar": "PATH"},
            ),
            Option(("-f", "--force"), "replace a file that is there", FLAG),
            PASSWORD,
            JSON,
        ),
    ),
    "list": Command(commands.list_shared, "list what was shared from here", "", NONE, (JSON,)),
    "rm": Command(commands.remove, "delete links", "LINK", SOME),
    "set": Command(
        commands.change,
        'change the terms of links; --expires never and --title "" remove one',
        "LINK",
        SOME,
        (
            *TERMS,
            Option(("--no-password",), "remove the password", FLAG),
            Option(("--unlimited",), "remove the limit of downloads", FLAG),
            JSON,
        ),
    ),
    "login": Command(commands.log_in, "keep a token: asked for, or read from standard input", "", NONE),
    "config": Command(
        commands.configure,
        "show the settings, or set one: pb config server https://paste.example.org/",
        "SETTING",
        (0, 2),
        (Option(("--unset",), "remove a setting", FLAG),),
    ),
    "completion": Command(
        lambda session: completion.show(session, COMMANDS, COMMON),
        "print what bash, zsh or fish needs",
        "SHELL",
        (1, 1),
    ),
}


class _Parser(argparse.ArgumentParser):
    """Tells wrong usage by an exception."""

    def error(self, message: str) -> NoReturn:
        raise WrongUsage(message, self.format_usage().strip())


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    prepare_output()
    terminal = Terminal(sys.stderr)
    session: Session | None = None
    try:
        name, options = parse(sys.argv[1:] if argv is None else argv)
        session = Session(options, os.environ)
        terminal = session.terminal
        return COMMANDS[name].run(session)
    except Failure as failure:
        terminal.say(f"pb: {failure}")
        if isinstance(failure, WrongUsage):
            terminal.draw(failure.usage.splitlines())
        return failure.status
    except KeyboardInterrupt:
        terminal.say(f"interrupted{f'; {terminal.way_on}' if terminal.way_on else ''}")
        return INTERRUPTED
    except BrokenPipeError:  # who read our output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return LocalFault.status
    except OSError as error:
        terminal.say(f"pb: {error.strerror or type(error).__name__}")
        return LocalFault.status


def parse(argv: Sequence[str]) -> tuple[str, argparse.Namespace]:
    """Return the command and its options; what stands behind `--` is no option."""
    name, rest = _split(argv)
    end = rest.index("--") if "--" in rest else len(rest)
    parser = parser_of(name)
    options = parser.parse_intermixed_args(_without_password(rest[:end]))
    options.items = [*getattr(options, "items", ()), *rest[end + 1 :]]
    least, most = COMMANDS[name].count
    if not least <= len(options.items) <= most:
        parser.error(f"{COMMANDS[name].items or 'nothing'} is what pb {name} takes")
    downloads = getattr(options, "downloads", None)
    if options.retries < 0 or (downloads is not None and downloads < 1):
        parser.error("--downloads is 1 or more, --retries 0 or more")
    return name, options


def parser_of(name: str) -> argparse.ArgumentParser:
    """Return the parser of a command."""
    command = COMMANDS[name]
    parser = _Parser(f"pb {name}", description=command.help, allow_abbrev=False)
    if command.items:
        parser.add_argument("items", nargs="*", metavar=command.items)
    for option in (*command.options, *COMMON):
        parser.add_argument(*option.names, help=option.help, **option.how)
    if PASSWORD in command.options:
        parser.add_argument("--password-stdin", help=argparse.SUPPRESS, **FLAG)
    return parser


def _split(argv: Sequence[str]) -> tuple[str, list[str]]:
    """Return the command and what follows; common options may stand before it, and `put` may be left out."""
    before: list[str] = []
    rest = list(argv)
    takes_value = [name for option in COMMON for name in option.names]
    while rest and rest[0].partition("=")[0] in takes_value:
        count = 1 if "=" in rest[0] else 2
        before, rest = before + rest[:count], rest[count:]
    if not rest:
        raise WrongUsage("what is to be done?", _summary())
    if rest[0] in ("-h", "--help"):
        print(_summary())
        raise SystemExit(0)
    if rest[0] == "--version":
        print(f"pb {__version__}")
        raise SystemExit(0)
    if rest[0] in COMMANDS:
        return rest[0], before + rest[1:]
    return "put", before + rest


def _without_password(arguments: list[str]) -> list[str]:
    """Translate --password=-, and refuse a password that everybody on this machine could read."""
    found = []
    for argument in arguments:
        if argument.startswith("--password=") and argument != "--password=-":
            raise WrongUsage("no password in the command line: --password asks for it, --password=- reads it")
        found.append("--password-stdin" if argument == "--password=-" else argument)
    return found


def _summary() -> str:
    lines = [f"  pb {f'{name} {command.items}':18} {command.help}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: pb [COMMAND] …", "", *lines, "", "pb COMMAND --help tells its options."])
