"""The command `drill`: an exercise with simulated officers, on the dialplan for this host."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bridge.commands.duty import PlanOption, find_dialplan


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(drill)


def drill(
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario", help="Name of one, or all; a wrong one lists them. Default: two exercises of the relay."
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    dialplan: PlanOption = "loopback",
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder for the records. Default: a new one in recordings/drill.")
    ] = None,
) -> None:
    """Play an exercise over real SIP and RTP; print the time line, the figures and a verdict."""
    from bridge.drill import run

    folder = data or Path("recordings") / "drill" / datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    raise typer.Exit(run.run(find_dialplan(dialplan), folder, as_json, scenario))
