"""Relays on a real call: the operator's telephone says them, a whole station records, hears, compares and enters.

    slip typed -> the desk rings the ladder -> officer answers, operator lifts -> RelayStarted
    -> telephone says the file -> RTP -> line process -> track -> speech process -> desk -> Compared, DifferencesFound

One message after the other on one call. Nothing is taken from inside the station: acts go in by `desk.sock`, what came
of them is read from its answers and from the journals.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.spoken.figures import Outcome
from bench.spoken.hear import LEG, Heard
from bench.spoken.judge import Verdict, judge, message
from bench.spoken.relays import Relay
from bench.waiting import await_
from bridge.base.wire import Entry, Fields
from bridge.drill.party import Party, Setup
from bridge.drill.stations import Station
from bridge.relay.facts import Finding
from bridge.relay.giving_events import Match
from bridge.relay.slip import render
from tests import rig

LIMIT_S = 300.0
"""Longest wait for anything. Only a broken chain needs it; a busy host is waited for."""
Answer = dict[str, Any]


class CallError(Exception):
    """The chain broke: the desk refused, or came to another verdict."""


@dataclass(slots=True)
class Desk:
    """Acts of one operator over the socket."""

    path: Path
    acts: int = 0

    def act(self, name: str, subject: str = "", **fields: Any) -> Answer:
        self.acts += 1
        asked = {"id": f"relays-{self.acts}", "person": "op-b", "role": "operator", "console": "A"}
        line = json.dumps({**asked, "act": name, "subject": subject, "fields": fields}).encode() + b"\n"
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(LIMIT_S)
            channel.connect(str(self.path))
            channel.sendall(line)
            received = b""
            while not received.endswith(b"\n"):
                part = channel.recv(65536)
                if not part:
                    raise CallError(f"{name}: the desk hung up without an answer")
                received += part
        answer: Answer = json.loads(received)
        return answer

    def done(self, name: str, subject: str = "", **fields: Any) -> Answer:
        """An act that has to be taken."""
        answer = self.act(name, subject, **fields)
        if answer["result"] != "done":
            raise CallError(f"{name} {subject}: {answer}")
        return answer

    def machine(self, subject: str) -> Answer:
        machine: Answer = self.done("StateAsked")["state"]["machines"][subject]
        return machine


@dataclass(slots=True)
class Call:
    """One call with its station and telephones."""

    station: Station
    desk: Desk
    operator: Party
    side_leg: str = ""
    operator_leg: str = ""

    def open(self, relay: Relay, number: int) -> str:
        """Type the slip of a message and bring it to where it can be said; the message's subject."""
        subject = f"giving/US-{number:04d}"
        self.desk.done("SlipTyped", text=render(message(relay.sealed, number)))
        if not self.side_leg:
            await_(lambda: self.desk.machine(subject)["state"] == "answered", LIMIT_S, "answer of the ladder")
            self.side_leg = self.desk.machine(subject)["leg"]
            call = self.side_leg.partition("/")[0]
            linked = self.station.wait_until(
                self.station.line, "a link", LIMIT_S, lambda e: e.kind == "Linked" and e.data.get("to") == self.side_leg
            )
            self.operator_leg = linked.text("from")
            assert self.operator_leg.startswith(call)
        else:
            self.desk.done("CallAnswered", subject, leg=self.side_leg, contact="watch")
        self.desk.done("PrincipalAsked", subject)
        return subject

    def say(self, file: Path) -> None:
        mark = self.operator.mark()
        self.operator.say(file)
        self.operator.wait_for("said", LIMIT_S, after=mark)

    def heard_since(self, seq: int) -> list[Entry]:
        entries = self.station.speech.of("Final", "Checked", "EngineFailed")
        return [entry for entry in entries if entry.seq > seq and entry.data.get("leg") == self.operator_leg]

    def settled(self, seq: int, said_by_ns: int) -> bool:
        """Whether all that was said has a final and every final its check."""
        heard = self.heard_since(seq)
        finals = {entry.number("utterance") for entry in heard if entry.kind == "Final"}
        checked = {entry.number("utterance") for entry in heard if entry.kind == "Checked"}
        return bool(finals) and finals == checked and self._heard_to_ns(heard) >= said_by_ns

    def _heard_to_ns(self, heard: Sequence[Entry]) -> int:
        opened = next(e for e in self.station.line.of("TrackOpened") if e.data.get("leg") == self.operator_leg)
        last = max(entry.number("to_sample") for entry in heard if entry.kind == "Final")
        return int(opened.text("t0_mono_ns")) + last * 1_000_000_000 // opened.number("rate_hz")


LAST_WORD_NS = 2_000_000_000
"""A file ends at most this long after its last word."""


def carry(call: Call, relay: Relay, file: Path, number: int, before: str) -> tuple[Outcome, str]:
    """Say one relay and let the desk judge it; returns the message's subject, too."""
    subject = call.open(relay, number)
    if before:
        call.desk.done("Ended", before, outcome="CANNOT SAY", reason="")
    call.station.speech.look()
    seq = call.station.speech.entries[-1].seq if call.station.speech.entries else 0
    call.desk.done("RelayStarted", subject)
    call.say(file)
    end_ns = time.monotonic_ns() - LAST_WORD_NS
    await_(lambda: call.settled(seq, end_ns), LIMIT_S, "final and check of all that was said")
    last = len(call.heard_since(seq))
    finished: Answer = {}

    def judged() -> bool:
        finished.update(call.desk.act("RelayFinished", subject))
        return finished.get("code") != "not-settled"

    await_(judged, LIMIT_S, "settled words")
    assert last == len(call.heard_since(seq)), "words came after all had been said"
    return _outcome(call, relay, subject, seq), subject


def _outcome(call: Call, relay: Relay, subject: str, seq: int) -> Outcome:
    """The desk's verdict, and what it was made of."""
    heard = Heard(tuple((entry.kind, _offline(entry)) for entry in call.heard_since(seq)))
    compared = next(one for one in call.desk.machine(subject)["said"]["compared"] if one["part"] == "relay")
    if not compared["is_complete"]:
        raise CallError(f"{subject}: the last comparison is not of all that was said")
    shown = call.desk.done("StateAsked")["shown"][subject].get("DifferencesFound", {"findings": []})
    findings = tuple(
        Finding(one["kind"], one["sealed"], one["heard"], tuple(one["span"]), tuple(one["sealed_span"]), one["certain"])
        for one in shown["findings"]
    )
    again = judge(relay.sealed, heard)
    match = Match(compared["match"])
    if again.match is not match:
        raise CallError(f"{subject}: the desk says {match.value}, the same words offline {again.match.value}")
    return Outcome(relay, heard, {"fused": Verdict(match, findings, again.seconds)})


def _offline(entry: Entry) -> Fields:
    return {**entry.data, "leg": LEG}


def calls(said: Sequence[tuple[Relay, Path]], folder: Path, take: Callable[[Outcome], None]) -> None:
    """Say all of them on one call.

    Args:
        folder: empty; gets the station's data.
        take: is given each outcome as it comes.

    Raises:
        CallError, PartyError, StationError, TimeoutError: the chain broke.
    """
    play = rig.theatre(folder, **{"exercise = true": "exercise = false"})
    contact = Setup(bind=f"{play.prefix}.2.11", user="watch", rtp_port=17000, mode="answer")
    with (
        Station("ir", play.path, folder / "ir") as station,
        Party(Setup(bind=play.handset("ir").replace(".11", ".12"), user="desk-b")) as operator,
        Party(contact) as officer,
    ):
        station.wait_until_up()
        desk = Desk(folder / "ir" / "desk.sock")
        await_(desk.path.exists, LIMIT_S, "desk")
        operator.answer_mode("answer", after_s=0.3)
        officer.answer_mode("answer", after_s=0.3)
        call = Call(station, desk, operator)
        subject = ""
        for number, (relay, file) in enumerate(said, 1):
            outcome, subject = carry(call, relay, file, number, subject)
            take(outcome)
        officer.hang_up()
