"""The command `hotline`: gathers the groups of commands and turns refusals into one sentence and an exit code.

Exit codes: 0 done, 1 refused or not verified, 2 usage or not fit.
"""

from __future__ import annotations

import sys

import typer

from bridge.base.errors import BridgeError
from bridge.commands import duty, exercise, record, speech

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
speech.add_to(app)


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
