"""Commands that read the messages of a station from its ledger: `messages` and `replay`. They change nothing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.base.errors import SetupError

if TYPE_CHECKING:  # loaded inside the commands: `--help` is quick
    from bridge.base.wire import Entry
    from bridge.relay.chronicle import Chronicle

DataOption = Annotated[Path, typer.Option("--data", help="Data folder of the station, such as recordings/us.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    for command in (messages, replay):
        app.command()(command)


def messages(data: DataOption, as_json: JsonOption = False) -> None:
    """List all messages of a station: state, steps with times, verdicts, outcome, and who had each when."""
    from bridge.relay.chronicle import chronicles

    with _entries(data) as entries:
        found = chronicles(entries)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        for line in _lines(one):
            typer.echo(line)


def replay(
    subject: Annotated[str, typer.Argument(help="Serial, such as US-0007, or subject, such as taking/1.")],
    data: DataOption,
    as_json: JsonOption = False,
) -> None:
    """Print every entry of one message, in order, in words."""
    from bridge.relay.chronicle import chronicles
    from bridge.relay.telling import tell

    with _entries(data) as entries:
        record = list(entries)
    known = chronicles(record)
    subjects = [one.subject for one in known if subject in (one.subject, one.serial)]
    if not subjects:
        names = ", ".join(sorted({one.serial or one.subject for one in known})) or "none"
        typer.echo(f"hotline: no message {subject[:60]!r} is in this record; there are: {names}", err=True)
        raise typer.Exit(1)
    told = [{"subject": name, **asdict(one)} for name in subjects for one in tell(record, name)]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for row in told:
        typer.echo(f"{row['utc']}  {row['subject']:18} {row['who']:16} {row['what']}")


@contextlib.contextmanager
def _entries(data: Path) -> Iterator[Iterator[Entry]]:
    """The desk's own entries of a station's ledger.

    Raises:
        SetupError: there is no ledger.
    """
    from bridge.desk.intake import entry_of
    from bridge.ledger.store import Reader
    from bridge.station.folder import Folder

    path = Folder(data).ledger
    if not path.is_file():
        raise SetupError("no ledger of a station is there", str(path), "Give a station's folder.")
    reader = Reader(path)
    try:
        yield (entry_of(item) for item in reader.read() if item.source == "desk")
    finally:
        reader.close()


def _lines(one: Chronicle) -> Iterator[str]:
    from bridge.relay.telling import clean

    name = one.serial or f"({one.subject})"
    cited = f", cites {one.cites}" if one.cites else ""
    coded = f", {one.coded}" if one.coded not in ("", "NONE") else ""
    yield f"{name}  {one.half}  {one.precedence} {one.kind}{coded}{cited}  {one.from_side} to {one.to_side}"
    yield f"    state {one.state}, outcome {one.outcome}" + (f", reply {one.reply}" if one.reply else "")
    yield clean(f"    originator {one.originator}, authority {one.authority}")
    if one.heard_by != "NOT STATED" or one.acknowledged_by != "NOT STATED":
        under = f", authority {one.answered_under}" if one.half == "giving" else ""
        yield clean(f"    heard by {one.heard_by}; acknowledged by {one.acknowledged_by}{under}")
    for verdict in one.verdicts:
        judged = f", judged by {verdict.judged_by}" if verdict.judged_by else ""
        whole = "all of it" if verdict.is_complete else "so far"
        yield f"    {verdict.part} {verdict.match}, {verdict.findings} difference(s), {whole}{judged}"
    for step in one.steps:
        yield f"    {step.utc}  {step.state}"
    for held in one.tracer:
        late = f", deadline passed {held.passed} time(s)" if held.passed else ""
        yield f"    {held.hop}: {held.since_utc} to {held.until_utc or 'now'}{late}"
