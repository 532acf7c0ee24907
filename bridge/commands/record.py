"""Commands that read the record of a station: `calls`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bridge.base.errors import SetupError


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(calls)


def calls(
    data: Annotated[Path, typer.Option("--data", help="Data folder of the station, such as recordings/us.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List all calls of a station with their legs, outcomes and recordings."""
    from bridge.base.wire import Follower
    from bridge.desk import calls as listing
    from bridge.station.folder import Folder

    folder = Folder(data)
    if not folder.line_journal.is_file():
        raise SetupError("no journal of a line is there", str(folder.line_journal), "Give a station's folder.")
    rows = listing.calls(Follower(folder.line_journal).read())
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row.began_utc}  {row.call}")
        for leg in row.legs:
            who = f"{leg.role} {leg.contact}".strip()
            typer.echo(f"    {who:24} {leg.precedence:9} {leg.outcome:11} {leg.talk_ms / 1000:7.1f} s  {leg.path}")
