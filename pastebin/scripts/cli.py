"""`pastebin`: what an operator does from a shell.

Every command reads the same INI file as the service: `pastebin -c production.ini check`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from ..errors import Banned, NotFound
from ..models import Base
from ..services.audit import Act
from ..services.legacy import LegacyFolder
from ..units import humanize_bytes
from ..version import __version__
from . import accounts, flags, moderating
from .opening import note_done, opened_service

ARE_YOU_SURE = "Are you sure you want to lose all your data"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("-c", "--config", default="development.ini", show_default=True, help="INI file of the service.")
@click.pass_context
def main(context: click.Context, config: str) -> None:
    """Look after the files of a pastebin service."""
    if not Path(config).is_file():
        raise click.ClickException(f"There is no file {config}: name the service's INI file with -c.")
    context.obj = config


@main.command("get-file")
@click.argument("filehash", metavar="HASH")
@click.pass_obj
def get_file(config: str, filehash: str) -> None:
    """Print the address of the file with the public name HASH, or `Not exists`."""
    with opened_service(config) as request:
        try:
            file = request.services.files.by_hash(filehash)
        except NotFound:
            click.echo("Not exists")
        else:
            click.echo(f"URL is {request.address('i', file.filehash)}")


@main.command()
@click.confirmation_option(prompt=ARE_YOU_SURE)
@click.pass_obj
def dropdb(config: str) -> None:
    """Drop all tables: every link is lost. The stored contents go with the next sweep."""
    with opened_service(config) as request:
        engine = request.services.engine
        Base.metadata.drop_all(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    click.echo("Dropped. `alembic upgrade head` makes empty tables.")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def adopt(config: str, folder: Path) -> None:
    """Take in FOLDER, in which an older service kept its files under their public names."""
    with opened_service(config) as request:
        legacy = request.services.legacy_folder(folder)
        names, taken = list(legacy.names()), 0
        for name in tqdm(names, unit="file", disable=None):
            taken += _import(legacy, name)
        if taken:
            note_done(request, Act.ADOPTED, f"{taken} files")
    what_next = f"they may be removed from {folder} now" if taken == len(names) else "the others stay there"
    click.echo(f"Took in {taken} of {len(names)} files; {what_next}.")


def _import(legacy: LegacyFolder, name: str) -> bool:
    try:
        return legacy.import_file(name) is not None
    except Banned:
        click.echo(f"{name}: its content is banned", err=True)
        return False


@main.command()
@click.pass_obj
def check(config: str) -> None:
    """Compare every stored content with what its rows say; exit with 1 if anything is wrong."""
    with opened_service(config) as request:
        service = request.services.maintenance
        faults = 0
        for fault in tqdm(service.check(), total=service.count_contents(), unit="file", disable=None):
            if fault is not None:
                faults += 1
                click.echo(f"{fault.subject}: {fault.message}", err=True)
    if faults:
        raise click.ClickException(f"{faults} of the stored contents are wrong.")
    click.echo("Every file has its content, and every content its right hash.")


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@click.option("--force", is_flag=True, help="Go on where much would go, or links have lost their contents.")
@click.pass_obj
def sweep(config: str, *, dry_run: bool, force: bool) -> None:
    """Remove contents that no row refers to, leftovers of killed uploads, and unfinished ones that are over.

    Safe while the service runs: only what is older than an hour goes. Ends with 1 and removes nothing where
    links have lost their contents, or more than a tenth of the contents would go.
    """
    with opened_service(config) as request:
        swept = request.services.maintenance.sweep(dry_run=dry_run, force=force)
        unfinished = 0 if dry_run else request.services.resumable.sweep()
        if not dry_run and (swept.contents or swept.temporaries or unfinished):
            said = f"{swept.contents} contents, {swept.temporaries} temporary files, {unfinished} unfinished"
            note_done(request, Act.SWEPT, said)
    contents = f"{swept.contents} contents ({humanize_bytes(swept.size)})"
    if dry_run:
        click.echo(f"Would remove {contents}.")
    else:
        click.echo(f"Removed {contents} and {swept.temporaries} temporary files.")
        if unfinished:
            click.echo(f"Removed {unfinished} unfinished uploads whose time is over.")


@main.command()
@click.pass_obj
def pack(config: str) -> None:
    """Move files of at most `pastebin.inline_size` into the database.

    Safe while the service runs, and when interrupted.
    """
    with opened_service(config) as request:
        moved = _counted(request, Act.PACKED, request.services.packing.pack())
    click.echo(f"Moved {moved} contents into the database.")


@main.command()
@click.pass_obj
def unpack(config: str) -> None:
    """Move every content of the database into a file, as before a downgrade below revision 0004.

    Set `pastebin.inline_size = 0` first, or uploads go on writing into the database.
    """
    with opened_service(config) as request:
        moved = _counted(request, Act.UNPACKED, request.services.packing.unpack())
    click.echo(f"Moved {moved} contents into files.")


@main.command()
@click.pass_obj
def repair(config: str) -> None:
    """Find the contents of rows again that lost them, by MD5 and size, as after a downgrade."""
    with opened_service(config) as request:
        repaired = _counted(request, Act.REPAIRED, request.services.repair.repair())
    click.echo(f"Gave {repaired} rows their contents again.")


@main.command("new-generation")
@click.pass_obj
def new_generation(config: str) -> None:
    """Have every process forget its cached look-ups, as after an older dump was restored."""
    with opened_service(config) as request:
        request.services.generation.renew()
        note_done(request, Act.NEW_GENERATION)
    click.echo("Cached look-ups are forgotten.")


def _counted(request: Any, act: Act, steps: Iterator[int]) -> int:
    """Take steps, with a progress bar for whoever looks on; return their sum, which the audit has too."""
    moved = sum(tqdm(steps, unit="step", disable=None))
    if moved:
        note_done(request, act, f"{moved} contents")
    return moved


for command in (*moderating.COMMANDS, *accounts.COMMANDS, flags.flag):
    main.add_command(command)
