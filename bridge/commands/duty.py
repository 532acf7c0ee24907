"""Commands that run stations and tell whether they can: `station`, `up`, `check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bridge.base.errors import SetupError

PlanOption = Annotated[str, typer.Option("--dialplan", help="TOML file, or the name of one that comes along.")]
SideOption = Annotated[str, typer.Option("--side", help="Short name of the side, as in the dialplan.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data folder of the station. Default: recordings/<side>.")
]
BothDataOption = Annotated[Path, typer.Option("--data", help="Folder of both data folders, one below for each side.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    for command in (station, up, check):
        app.command()(command)


def find_dialplan(name: str) -> Path:
    """A dialplan by path, or by name among those that come with the program.

    Raises:
        SetupError: there is none.
    """
    given = Path(name)
    if given.is_file():
        return given
    shipped = Path(__file__).resolve().parents[2] / "dialplans"
    if given.name == name and (shipped / f"{name}.toml").is_file():
        return shipped / f"{name}.toml"
    known = ", ".join(sorted(path.stem for path in shipped.glob("*.toml"))) or "none"
    raise SetupError("no such dialplan", name, f"Give a TOML file, or one of those that come along: {known}.")


def station(side: SideOption, dialplan: PlanOption = "loopback", data: DataOption = None) -> None:
    """Run one station in the foreground, as on a real installation."""
    from bridge.station import supervisor

    raise typer.Exit(supervisor.run(side, find_dialplan(dialplan), data or Path("recordings") / side))


def up(dialplan: PlanOption = "loopback", data: BothDataOption = Path("recordings")) -> None:
    """Run both stations on this host, for training and trying out."""
    from bridge.station import both

    raise typer.Exit(both.run(find_dialplan(dialplan), data))


def check(
    side: SideOption, dialplan: PlanOption = "loopback", data: DataOption = None, as_json: JsonOption = False
) -> None:
    """Tell whether this installation is fit for duty."""
    from bridge.base.dialplan import load
    from bridge.station import check as checking

    plan = load(find_dialplan(dialplan))
    findings = checking.examine(plan, side, data or Path("recordings") / side)
    if as_json:
        rows = [{"level": f.level.value, "what": f.what, "where": f.where, "remedy": f.remedy} for f in findings]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{finding.level.value:8} {finding.what} ({finding.where}). {finding.remedy}".rstrip())
    if any(finding.level is checking.Level.UNFIT for finding in findings):
        raise typer.Exit(2)
