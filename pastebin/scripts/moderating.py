"""Commands against files: find, remove, ban, and what visitors report."""

from typing import Any

import click

from ..services.keyset import every
from ..services.stored_file import StoredFile
from ..units import humanize_bytes
from .opening import opened_service

# A moment as tables show it.
_MOMENT = "%Y-%m-%d %H:%M"


@click.command()
@click.argument("what")
@click.pass_obj
def find(config: str, what: str) -> None:
    """List the files with the file name, public name, short code, address or SHA-256 WHAT."""
    with opened_service(config) as request:
        found = request.services.moderation.find(what)
        for file in found:
            click.echo(_line(request, file))
    if not found:
        raise click.ClickException("There is no such file.")


@click.command()
@click.argument("name", metavar="HASH")
@click.option("--reason", required=True, help="Why, for the audit.")
@click.option("--ban", "is_banned", is_flag=True, help="Refuse these bytes from now on, too.")
@click.pass_obj
def remove(config: str, name: str, reason: str, *, is_banned: bool) -> None:
    """End the link with the public name, short code or address HASH, whoever holds it."""
    with opened_service(config) as request:
        moderation = request.services.moderation
        file = moderation.named(name)
        if is_banned:
            moderation.ban(file.sha256, reason)
        moderation.remove(file, reason)
    click.echo(f"Removed {file.filehash}. Its bytes go with the next sweep unless another link has them.")


@click.command()
@click.argument("sha256")
@click.option("--reason", default="", help="Why, for the audit.")
@click.pass_obj
def ban(config: str, sha256: str, reason: str) -> None:
    """Refuse the content SHA256 from now on, with 451, wherever it comes from. Links that have it stay."""
    with opened_service(config) as request:
        links = request.services.moderation.ban(sha256, reason)
    click.echo(f"Banned {sha256}.")
    if links:
        click.echo(f"{links} links have it still: `pastebin find {sha256}` names them, `remove` ends one.")


@click.command()
@click.argument("sha256")
@click.pass_obj
def unban(config: str, sha256: str) -> None:
    """Take the content SHA256 again."""
    with opened_service(config) as request:
        request.services.moderation.unban(sha256)
    click.echo(f"{sha256} may be uploaded again.")


@click.command()
@click.pass_obj
def bans(config: str) -> None:
    """List the banned contents."""
    with opened_service(config) as request:
        for one in every(request.services.administration_lists.bans, "newest"):
            click.echo(f"{one.sha256}  {one.moment.strftime(_MOMENT)}  {one.reason}".rstrip())


@click.command()
@click.option("--close", metavar="HASH", help="Close the reports of this file, which stays.")
@click.pass_obj
def reports(config: str, close: str | None) -> None:
    """List what visitors have reported and nobody has closed."""
    with opened_service(config) as request:
        moderation = request.services.moderation
        if close is not None:
            click.echo(f"Closed {moderation.close_reports(moderation.named(close))} reports.")
            return
        for one in every(request.services.administration_lists.reports, "oldest"):
            page = request.address("p", one.file.filehash)
            click.echo(f"{one.moment.strftime(_MOMENT)}  {page}  {one.reason}")


def _line(request: Any, file: StoredFile) -> str:
    short = request.services.files.short_code(file)
    uploaded = file.uploadtime.strftime(_MOMENT)
    said = (file.filehash, short, file.sha256, humanize_bytes(file.size), uploaded, file.filename)
    return "  ".join(said)


COMMANDS = (find, remove, ban, unban, bans, reports)
