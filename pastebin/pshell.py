"""What a `pshell` session finds ready."""

from typing import Any

from . import models
from .services.account_records import StoredAccount
from .services.files import StoredFile
from .version import __version__


def setup(env: dict[str, Any]) -> None:
    """Add the session, the models, the services, `find` and `user`, and say where one is.

    `accounts`, `tokens`, `invites` and `flags` do what `pastebin user`, `token`, `invite` and `flag` do.

    The session takes part in `request.tm`: `request.tm.commit()` keeps what was changed.
    """
    request = env["request"]
    settings = request.services.settings
    request.tm.begin()

    def find(text: str) -> StoredFile:
        """Return the file with a short code, a public name, or an address that ends in one."""
        name = text.rstrip("/").rpartition("/")[2]
        files = request.services.files
        return files.by_hash(name) if "." in name or len(name) >= 32 else files.by_short(name)

    def user(name: str) -> StoredAccount:
        """Return the account with a name or an e-mail address."""
        return request.services.accounts.named(name)

    env.update(
        session=request.dbsession,
        models=models,
        PasteFile=models.PasteFile,
        services=request.services,
        settings=settings,
        find=find,
        user=user,
        accounts=request.services.accounts,
        tokens=request.services.tokens,
        invites=request.services.invites,
        flags=request.services.flags,
    )
    print(banner(settings.environment, str(request.services.engine.url)))


def banner(environment: str, database: str) -> str:
    """Return the lines that say what one is connected to, loudly if that is production."""
    title = f"pastebin {__version__}: {environment.upper()}"
    if environment == "production":
        title = f"*** {title}: what you change here, people see ***"
    hint = 'session, models, PasteFile, services, settings, root; find("867nv") finds a file'
    people = 'accounts, tokens, invites, flags; user("ada") finds an account'
    return f"\n{title}\n{database}\n{hint}\n{people}\n"
