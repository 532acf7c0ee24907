"""The command `hotline`: gathers the groups of commands and turns refusals into one sentence and an exit code.

Exit codes: 0 done, 1 refused or not verified, 2 usage or not fit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bridge.base.errors import BridgeError
from bridge.commands import duty, exercise, messages, record, speech, users

app = typer.Typer(
    name="hotline",
    help="A mediated hotline between two sides.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
duty.add_to(app)
exercise.add_to(app)
record.add_to(app)
messages.add_to(app)
speech.add_to(app)
users.add_to(app)


@app.command()
def compare(
    batch: Annotated[Path, typer.Option("--batch", help="Pairs of a sealed and a heard text, one JSON object a line.")],
) -> None:
    """Print one JSON object a pair: the verdict and what differs, with its place in the heard text."""
    from bridge.desk.judge import MeaningJudge
    from bridge.relay.batch import compare_batch

    judge = MeaningJudge()
    try:
        with batch.open(encoding="utf-8") as lines:
            for shown in compare_batch(lines, judge):
                typer.echo(shown)
    except ValueError as error:
        typer.echo(f"hotline: {batch}: {error}", err=True)
        raise typer.Exit(2) from None


def main() -> None:
    """Run the command line; every error of ours is one sentence, never a traceback."""
    try:
        app()
    except BridgeError as error:
        print(f"hotline: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        print(f"hotline: {error.strerror} ({error.filename or 'system'}). See to it and try again.", file=sys.stderr)
        raise SystemExit(2) from None
