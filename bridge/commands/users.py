"""Commands about who may sit at a station's desk: `users add / list / disable / enable / reset / code / passkeys`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.base.errors import SetupError

if TYPE_CHECKING:
    from bridge.desk.enrol import Made
    from bridge.ledger.accounts import Accounts

users = typer.Typer(help="Who may sit at a station's desk.", no_args_is_help=True)
DataOption = Annotated[Path, typer.Option("--data", help="Data folder of the station, such as recordings/us.")]
NameArgument = Annotated[str, typer.Argument(help="Short name: letters a-z, digits, . _ -")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input; else one is made.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.add_typer(users, name="users")


@users.command()
def add(
    name: NameArgument,
    data: DataOption,
    role: Annotated[str, typer.Option(help="operator, supervisor, reviewer, exporter or administrator")] = "operator",
    display: Annotated[str, typer.Option(help="Name as the desk shows it.")] = "",
    language: Annotated[str, typer.Option(help="Language of the page: en, ar or fa.")] = "en",
    qualified: Annotated[str, typer.Option(help="Note on what the person is qualified for.")] = "",
    password_stdin: PasswordOption = False,
) -> None:
    """Make an account; print its password, if one was made, and its secret for the authenticator once."""
    from bridge.desk import enrol

    password = _password() if password_stdin else None
    with _open(data, may_make=True) as accounts:
        made = enrol.add(accounts, enrol.Person(name, display or name, role, language, qualified), password)
    _tell(made, data.name)


@users.command("list")
def list_(data: DataOption, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """All accounts with role and state."""
    with _open(data) as accounts:
        kept, passkeys = accounts.all(), accounts.passkey_counts()
    rows = [
        {
            "name": one.name,
            "display": one.display,
            "role": one.role,
            "language": one.language,
            "qualified": one.qualified,
            "disabled": one.is_disabled,
            "training": one.is_training,
            "passkeys": passkeys.get(one.name, 0),
            "changed_utc": one.changed_utc,
        }
        for one in kept
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        state = "disabled" if row["disabled"] else "training" if row["training"] else "active"
        typer.echo(f"{row['name']:16} {row['role']:13} {state:9} {row['display']}  {row['qualified']}".rstrip())


@users.command()
def disable(name: NameArgument, data: DataOption) -> None:
    """Shut an account; its sessions end at once, its acts stay in the record."""
    _change(data, name, is_disabled=True)


@users.command()
def enable(name: NameArgument, data: DataOption) -> None:
    """Open a disabled account again."""
    _change(data, name, is_disabled=False)


@users.command()
def reset(name: NameArgument, data: DataOption, password_stdin: PasswordOption = False) -> None:
    """Give an account a new password and a new secret; its sessions end at once, its passkeys are removed."""
    from bridge.desk import enrol

    password = _password() if password_stdin else None
    with _open(data) as accounts:
        made = enrol.reset(accounts, name, password)
    _tell(made, data.name)


@users.command()
def code(name: NameArgument, data: DataOption) -> None:
    """Print the code of this moment; for accounts of an exercise only, where nobody has an authenticator."""
    from bridge.base.clock import NS, SystemClock
    from bridge.desk import credentials

    with _open(data) as accounts:
        account = accounts.get(name)
    if not account.is_training:
        raise SetupError("this is no account of an exercise", name, "Use the authenticator of that person.")
    typer.echo(credentials.code_at(account.secret, SystemClock().now().utc_ns // NS))


@users.command()
def passkeys(
    name: NameArgument, data: DataOption, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Passkeys of an account: what it calls them, when they were made and used last."""
    with _open(data) as accounts:
        accounts.get(name)
        kept = accounts.passkeys(name)
    rows = [
        {"id": one.id, "label": one.label, "made_utc": one.made_utc, "used_utc": one.used_utc, "uses": one.sign_count}
        for one in kept
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['id']}  made {row['made_utc']}  used {row['used_utc'] or '-':27}  {row['label']}".rstrip())


@users.command("remove-passkey")
def remove_passkey(
    name: NameArgument, passkey: Annotated[str, typer.Argument(help="Its id, as listed.")], data: DataOption
) -> None:
    """Remove a passkey, as of a device that is lost; the account's sessions end at once."""
    from bridge.base.clock import SystemClock

    with _open(data) as accounts:
        accounts.remove_passkey(name, passkey, SystemClock().now().utc, ends_sessions=True)


@contextmanager
def _open(data: Path, *, may_make: bool = False) -> Iterator[Accounts]:
    from bridge.ledger.accounts import Accounts
    from bridge.station.folder import Folder, prepare

    folder = prepare(data) if may_make else Folder(data.absolute())
    if not may_make and not folder.accounts.is_file():
        raise SetupError("no accounts are there", str(folder.accounts), "Make one with hotline users add.")
    with closing(Accounts(folder.accounts)) as accounts:
        yield accounts


def _change(data: Path, name: str, *, is_disabled: bool) -> None:
    from bridge.base.clock import SystemClock

    with _open(data) as accounts:
        changed = replace(accounts.get(name), is_disabled=is_disabled, changed_utc=SystemClock().now().utc)
        accounts.put(changed, ends_sessions=True)


def _password() -> str:
    return sys.stdin.readline().rstrip("\n")


def _tell(made: Made, station: str) -> None:
    if made.password:
        typer.echo(f"password  {made.password}")
    typer.echo(f"secret    {made.secret_text}")
    typer.echo(f"uri       {made.uri(station)}")
    typer.echo("This is shown once. Put the secret into an authenticator (time-based, 6 digits, 30 s).")
