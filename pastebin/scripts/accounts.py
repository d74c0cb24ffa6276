"""Commands for accounts: users, their tokens, and invites."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click

from ..services.account_records import NewAccount, StoredAccount
from ..services.api_tokens import SCOPE_NAMES, NewToken
from ..services.audit import SHELL
from ..services.rights import ADMINISTER, LOGIN
from ..setting_types import parse_duration, parse_size
from .opening import opened_service


def _size(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    return None if text is None else _parsed(parse_size, text)


def _seconds(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    return None if text is None else _parsed(parse_duration, text)


def _parsed(parse: Callable[[str], int], text: str) -> int:
    try:
        return parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group()
def user() -> None:
    """Make and change accounts."""


@user.command("add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="Give it every role.")
@click.option("--email", help="Its e-mail address, by which it may sign in too.")
@click.pass_obj
def add_user(config: str, name: str, *, admin: bool, email: str | None) -> None:
    """Make the account NAME. The password is asked for, or is the first line of the standard input."""
    password = _read_password()
    with opened_service(config) as request:
        new = NewAccount(name, password, email, ADMINISTER if admin else LOGIN)
        account = request.services.accounts.add(new, SHELL)
    click.echo(f"Made the account {account.name}.")


@user.command("passwd")
@click.argument("name")
@click.option("--only", "is_only_way", is_flag=True, help="Its passkeys and linked sign-ins end too.")
@click.pass_obj
def change_password(config: str, name: str, *, is_only_way: bool) -> None:
    """Give the account NAME another password, which ends its sessions and tokens."""
    password = _read_password()
    with opened_service(config) as request:
        services = request.services
        account = services.accounts.named(name)
        services.accounts.replace_password(account, password, SHELL, is_only_way=is_only_way)
        ways = services.passkeys.of_account(account.id), services.identities.of_account(account.id)
    click.echo("Changed the password. Every session and every token of the account has ended.")
    if left := sum(map(len, ways)):
        click.echo(f"{left} passkeys and linked sign-ins stay: with --only they end.")


@user.command("factor-off")
@click.argument("name")
@click.pass_obj
def turn_factor_off(config: str, name: str) -> None:
    """End the second factor of the account NAME, for who has lost both the phone and the recovery codes."""
    with opened_service(config) as request:
        account = request.services.accounts.named(name)
        was_on = request.services.second_factors.turn_off(account, SHELL)
    click.echo(f"Ended the second factor of {name}." if was_on else f"{name} has no second factor.")


@user.command()
@click.argument("name")
@click.pass_obj
def suspend(config: str, name: str) -> None:
    """Keep the account NAME from signing in, end its sessions, and hide its files from everybody."""
    with opened_service(config) as request:
        accounts = request.services.accounts
        accounts.suspend(accounts.named(name), SHELL)
    click.echo(f"Suspended {name}.")


@user.command()
@click.argument("name")
@click.pass_obj
def resume(config: str, name: str) -> None:
    """Let the suspended account NAME go on; its files are there again."""
    with opened_service(config) as request:
        accounts = request.services.accounts
        accounts.suspend(accounts.named(name), SHELL, is_suspended=False)
    click.echo(f"Resumed {name}.")


@user.command()
@click.argument("name")
@click.argument("bits", type=click.IntRange(0, ADMINISTER))
@click.pass_obj
def roles(config: str, name: str, bits: int) -> None:
    """Give the account NAME the roles BITS: 1 signs in, 2 edits, 4 operates, 255 administers; or a sum."""
    with opened_service(config) as request:
        accounts = request.services.accounts
        accounts.set_roles(accounts.named(name), bits, SHELL)
    click.echo(f"{name} has the roles {bits} now.")


@user.command()
@click.argument("name")
@click.option("--bytes", "most_bytes", callback=_size, metavar="SIZE", help="Such as `10 GiB`.")
@click.option("--files", "most_files", type=click.IntRange(0, 2**31 - 1), help="How many files.")
@click.pass_obj
def quota(config: str, name: str, most_bytes: int | None, most_files: int | None) -> None:
    """Give the account NAME a quota of its own; what is not given is that of its roles."""
    with opened_service(config) as request:
        accounts = request.services.accounts
        accounts.set_quota(accounts.named(name), most_bytes, most_files, SHELL)
    click.echo(f"Changed the quota of {name}.")


@user.command("list")
@click.pass_obj
def list_users(config: str) -> None:
    """List the accounts: name, e-mail address, roles."""
    with opened_service(config) as request:
        for account in request.services.accounts.all():
            click.echo(_line(account))


@click.group()
def token() -> None:
    """Make tokens for programs."""


@token.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPE_NAMES), help="May be repeated."
)
@click.option("--label", default="from the shell", show_default=True, help="What it is for.")
@click.option("--expires", callback=_seconds, metavar="TIME", help="Such as `30d`; else it never does.")
@click.option("--max-size", callback=_size, metavar="SIZE", help="Its largest upload, such as `100 MiB`.")
@click.pass_obj
def add_token(
    config: str, name: str, scopes: tuple[str, ...], label: str, expires: int | None, max_size: int | None
) -> None:
    """Make a token of the account NAME and print it, which nothing does again."""
    end = None if expires is None else datetime.now(UTC) + timedelta(seconds=expires)
    with opened_service(config) as request:
        account = request.services.accounts.named(name)
        text = request.services.tokens.create(
            account.id, NewToken(label, set(scopes), end, max_size), actor=SHELL
        )
    click.echo(text)


@click.group()
def invite() -> None:
    """Invite people to make an account, where `pastebin.signup` is `invite`."""


@invite.command("add")
@click.option("--uses", type=click.IntRange(1, 100_000), default=1, show_default=True, help="For how many.")
@click.option("--expires", callback=_seconds, default="7d", show_default=True, metavar="TIME")
@click.option("--note", default="", help="Whom it is for.")
@click.pass_obj
def add_invite(config: str, uses: int, expires: int, note: str) -> None:
    """Make an invite and print its address, which nothing does again."""
    with opened_service(config) as request:
        code = request.services.invites.create(uses, timedelta(seconds=expires), note)
        click.echo(request.address("signup", code))


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _line(account: StoredAccount) -> str:
    state = "  suspended" if account.is_suspended else ""
    return f"{account.name}  {account.email or '-'}  {account.roles}{state}"


COMMANDS = (user, token, invite)
