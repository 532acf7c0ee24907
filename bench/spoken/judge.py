"""From what was heard to the desk's verdict, through the desk's own code: entries, scene, comparison."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from bench.spoken.hear import LEG, Heard
from bridge.base.terms import Precedence
from bridge.base.wire import Entry, Fields
from bridge.desk.scene import Scene
from bridge.desk.spoken import compare_spoken
from bridge.relay.facts import Finding
from bridge.relay.giving_events import Match, Part
from bridge.relay.message import NONE, Identity, Kind, Message, Originator
from bridge.relay.sealed_text import NOT_STATED
from bridge.relay.serials import Serial

HEARINGS = ("live", "checker", "fused")


@dataclass(frozen=True, slots=True)
class Verdict:
    match: Match
    findings: tuple[Finding, ...]
    seconds: float
    """Of computing for the comparison."""

    @property
    def is_flagged(self) -> bool:
        return self.match in (Match.CHECK, Match.ALTERED)


def message(text: str, number: int = 1) -> Message:
    """A text as a sealed message from us to ir."""
    return Message(
        serial=Serial("us", number),
        kind=Kind.STATEMENT,
        cites=None,
        precedence=Precedence.ROUTINE,
        dtg="231435Z NOV 26",
        to_side="ir",
        originator=Originator(name="J. Smith", role="Duty officer", rank="OF-5", tier="1"),
        identity=Identity.CHALLENGED,
        addressee=NOT_STATED,
        reply=NOT_STATED,
        coded=NONE,
        language="en",
        text=text,
    )


def judge(sealed: str, heard: Heard, hearing: str = "fused") -> Verdict:
    """The comparison at the end of a relay.

    Args:
        hearing: one of `HEARINGS`; with one recogniser alone the other's entries are left out.
    """
    leg = _scene(_of(heard, hearing)).legs[LEG]
    sealed_message = message(sealed)
    began = time.process_time()
    spoken = compare_spoken(sealed_message, Part.RELAY, leg, 0, complete=True)
    return Verdict(spoken.event.match, spoken.findings, time.process_time() - began)


def _of(heard: Heard, hearing: str) -> Iterable[tuple[str, Fields]]:
    if hearing == "fused":
        return heard.entries
    if hearing == "live":
        return [(kind, data) for kind, data in heard.entries if kind == "Final"]
    checks = {data["utterance"]: data["text"] for kind, data in heard.entries if kind == "Checked"}
    finals = [data for kind, data in heard.entries if kind == "Final"]
    return [("Final", {**data, "text": checks[data["utterance"]]}) for data in finals]


def _scene(entries: Iterable[tuple[str, Fields]]) -> Scene:
    call = LEG.partition("/")[0]
    known: Fields = {"call": call, "leg": LEG, "role": "operator"}
    track: Fields = {"rate_hz": 8000, "t0_utc": "2026-11-23T12:00:00.000000Z", "language": "en"}
    scene = Scene()
    for seq, (kind, data) in enumerate(
        (("Dialled", known), ("TrackOpened", {**known, **track}), ("Answered", {"leg": LEG}), *entries), 1
    ):
        scene.take(Entry(seq, "2026-11-23T12:00:00.000000Z", seq, "unknown", kind, data))
    return scene
