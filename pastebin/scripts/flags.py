"""The command for what an administrator switches."""

import click

from ..services.audit import SHELL
from ..services.flags import Flag
from .opening import opened_service


@click.command()
@click.argument("name", required=False, type=click.Choice([one.value for one in Flag]))
@click.argument("state", required=False, type=click.Choice(["on", "off"]))
@click.pass_obj
def flag(config: str, name: str | None, state: str | None) -> None:
    """Switch the flag NAME on or off, for every process within two seconds; without STATE say how it is.

    read-only: nothing can be changed but by operators. no-uploads: nothing can be uploaded.
    no-signup: nobody can make an account. Who tries is told to come back later (503).
    """
    with opened_service(config) as request:
        flags = request.services.flags
        if name is not None and state is not None:
            flags.switch(Flag(name), SHELL, is_on=state == "on")
        on = flags.on()
    for one in Flag if name is None else [Flag(name)]:
        click.echo(f"{one}  {'on' if one in on else 'off'}")
