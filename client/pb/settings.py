"""Which server and which token: option, then environment, then config.toml."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from .failures import LocalFault, WrongUsage
from .private import write_private

KEYS = ("server", "token")
PORTS = {"http": 80, "https": 443}


def xdg_folder(environ: Mapping[str, str], name: str, default: str) -> Path:
    """Return a base folder; relative ones are to be ignored, says the XDG specification."""
    folder = environ.get(name, "")
    return Path(folder) if os.path.isabs(folder) else Path(environ.get("HOME") or "/") / default


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where the settings are kept."""
    if environ.get("PB_CONFIG"):
        return Path(environ["PB_CONFIG"])
    return xdg_folder(environ, "XDG_CONFIG_HOME", ".config") / "pb" / "config.toml"


def origin_of(address: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)
    except ValueError:  # `http://[`, or a port above 65535: nothing can be there
        return "", "", None


def clean_server(address: str) -> str:
    """Return the address of a server with a slash at its end; WrongUsage if it is none."""
    scheme, host, _port = origin_of(address.strip())
    parts = urlsplit(address.strip() if host else "")
    if scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise WrongUsage("a server is given as https://paste.example.org/")
    return urlunsplit((scheme, parts.netloc, f"{parts.path.rstrip('/')}/", "", ""))


def clean_token(text: str) -> str:
    """Return a token; WrongUsage, without the token in it, if it cannot be one."""
    if not re.fullmatch(r"[!-~]+", text.strip()):
        raise WrongUsage("a token is one word of printable ASCII characters")
    return text.strip()


@dataclass(frozen=True)
class Settings:
    """The server to use, the token for it, and the file where both are kept."""

    path: Path
    server: str | None
    token: str | None

    @classmethod
    def load(cls, server: str | None, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; `server` is what the command line says."""
        path = config_path(environ)
        kept = read_config(path)
        used = server or environ.get("PB_SERVER") or kept.get("server")
        used = clean_server(used) if used else None
        token = environ.get("PB_TOKEN") or _kept_token(kept, used)
        return cls(path, used, clean_token(token) if token else None)

    @property
    def base(self) -> str:
        """Return the address of the server; WrongUsage if none is set."""
        if not self.server:
            raise WrongUsage("which server? say it once: pb config server https://paste.example.org/")
        return self.server

    def token_for(self, address: str) -> str | None:
        """Return the token for an address: no other server ever sees it."""
        is_ours = self.server and origin_of(address) == origin_of(self.server)
        return self.token if is_ours else None


def _kept_token(kept: Mapping[str, str], server: str | None) -> str | None:
    """Return the token of the file, which is for the server that the file names."""
    if not server or "server" not in kept or origin_of(kept["server"]) != origin_of(server):
        return None
    return kept.get("token")


def read_config(path: Path) -> dict[str, str]:
    """Return what a file of settings says; nothing if there is none."""
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LocalFault(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LocalFault(f"{path} is no TOML") from error  # its message could quote the token
    return {name: value for name, value in kept.items() if name in KEYS and isinstance(value, str) and value}


def change_config(path: Path, changes: Mapping[str, str | None]) -> None:
    """Set some settings, remove those that are None, and leave the other lines as they are."""
    read_config(path)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if not _sets(line, changes)]
    added = [f"{name} = {_quoted(value)}" for name, value in changes.items() if value is not None]
    write_private(path, "".join(f"{line}\n" for line in [*added, *kept]))


def _sets(line: str, names: Mapping[str, str | None]) -> bool:
    name, _equals, _value = line.partition("=")
    return name.strip() in names


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
