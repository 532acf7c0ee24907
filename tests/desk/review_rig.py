"""A record for the tests of its reader: a ledger written entry by entry, by real machines, with recordings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from fastapi import FastAPI
from starlette.testclient import TestClient

from bridge.base.audio import write_wav
from bridge.base.clock import NS, ManualClock, parse_utc, utc_text
from bridge.base.errors import StorageError
from bridge.base.wire import Entry, Fields, Value
from bridge.desk.feed import Feed
from bridge.desk.hearing import make_hearing
from bridge.desk.ports import Answer, Ports, RefusalError, Sound, respond_refusal
from bridge.desk.review import make_review
from bridge.desk.review_archive import Archive
from bridge.desk.session import Session
from bridge.desk.trail import Way
from bridge.ledger.store import Place, Store, sqlite_url
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.events import Event
from bridge.relay.records import Record, kind_of, to_fields
from tests.desk.open_desk import OPERATOR, Inject
from tests.page import scenes
from tests.page.scenes import CALL, RATE_HZ, SIDE, TEXTS
from tests.page.scenes import OPERATOR as OPERATOR_LEG

START = "2026-11-23T10:05:12.000000Z"
DIGITS = {"en": "0123456789", "ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹"}


def heard(language: str, speed: str = "19") -> list[str]:
    """The message as a recogniser writes it, a sentence each, in the digits of its language, with this speed."""
    said = f" {TEXTS[language]} ".replace(" 9 ", f" {speed} ").strip()
    digits = str.maketrans(DIGITS["en"], DIGITS[language])
    parts = re.split(r"(?<=[.])\s+(?=\D|12)", said)
    return [part.rstrip(".").translate(digits) for part in parts]


@dataclass
class Written:
    """One station's ledger, its recordings, and who reads it."""

    folder: Path
    store: Store
    archive: Archive
    clock: ManualClock = field(default_factory=lambda: ManualClock(parse_utc(START)))
    sounds: dict[str, Sound] = field(default_factory=dict)
    noted: list[tuple[str, Fields]] = field(default_factory=list)
    seqs: dict[str, int] = field(default_factory=dict)
    waiting: tuple[str, list[Entry]] | None = None

    @property
    def utc(self) -> str:
        return self.clock.now().utc

    def append(self, source: str, kind: str, data: Fields) -> None:
        """One entry, now."""
        self.append_all(source, [(kind, data)])

    def append_all(self, source: str, entries: Sequence[tuple[str, Fields]]) -> None:
        if self.waiting and self.waiting[0] != source:
            self.flush()
        now, first = self.clock.now(), self.seqs.get(source, 0) + 1
        made = [
            Entry(first + at, now.utc, now.mono_ns, now.sync.value, kind, data)
            for at, (kind, data) in enumerate(entries)
        ]
        self.seqs[source] = made[-1].seq
        self.waiting = source, [*(self.waiting[1] if self.waiting else ()), *made]

    def flush(self) -> None:
        """Write what was appended since; not one by one, because each time waits for the disk."""
        if self.waiting:
            source, made = self.waiting
            self.store.append(Place(source, made[-1].seq, 0, b""), made)
        self.waiting = None

    def line(self, kind: str, **data: Value) -> None:
        self.append("line", kind, data)

    def speech(self, kind: str, **data: Value) -> None:
        self.append("speech", kind, data)

    def after(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def sound(self, leg: str, seconds: int) -> None:
        """A recording: bursts of a tone, so that its picture has something to show."""
        path = self.folder / "recordings" / f"{leg}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        at = np.arange(seconds * RATE_HZ)
        loud = ((at // (RATE_HZ * 2)) % 2) * np.abs(np.sin(at / 9000)) * 12_000
        write_wav(path, (np.sin(at / 3) * loud).astype(np.int16), RATE_HZ)
        self.sounds[leg] = Sound(path, RATE_HZ)

    def leg(self, call: str, role: str, number: int = 1, contact: str = "", **more: Value) -> str:
        """A leg that is answered and recorded from now on."""
        name = f"{call}/{role}-{number}"
        about: dict[str, Value] = {"call": call, "leg": name, "role": role, "precedence": "IMMEDIATE", **more}
        if contact:
            self.line("Dialled", **about, contact=contact, tier=1, rung=1)
        else:
            self.line("Invited", **about, source="127.0.1.21", user="desk")
        now = self.clock.now()
        track: dict[str, Value] = {"rate_hz": RATE_HZ, "t0_utc": now.utc, "path": f"{name}.wav"}
        language = str(more.get("language", "en"))
        self.line("TrackOpened", call=call, leg=name, role=role, language=language, **track)
        self.after(0.5)
        self.line("Answered", leg=name, after_ms=500)
        self.line("MediaStarted", leg=name)
        return name

    def end(self, leg: str, outcome: str = "answered", samples: int = 0) -> None:
        call, _, role = leg.partition("/")
        about: dict[str, Value] = {"call": call, "leg": leg, "role": role.partition("-")[0]}
        self.line("LegEnded", **about, outcome=outcome, status=200, detail="", talk_ms=9000)
        if samples:
            self.line("TrackClosed", leg=leg, samples=samples)

    def final(self, leg: str, utterance: int, start_s: float, text: str, *, timed: bool = False) -> None:
        start, words = round(start_s * RATE_HZ), text.split()
        step = 4 * RATE_HZ // max(1, len(words))
        rows: list[Value] = [
            {
                "word": word,
                "from_sample": start + at * step,
                "to_sample": start + (at + 1) * step,
                "confidence_permille": -1,
            }
            for at, word in enumerate(words)
        ]
        span: dict[str, Value] = {"from_sample": start, "to_sample": start + 4 * RATE_HZ}
        rest: dict[str, Value] = {"engine": "moonshine", "revised_from": -1, "unclear": False}
        self.speech("Final", leg=leg, utterance=utterance, text=text, words=rows if timed else [], **span, **rest)

    def checked(self, leg: str, utterance: int, text: str, *marks: Value) -> None:
        rest: dict[str, Value] = {"engine": "whisper", "distance_permille": 120, "words": []}
        self.speech("Checked", leg=leg, utterance=utterance, text=text, marks=[*marks], **rest)

    def reader(self, session: Session | None = OPERATOR) -> TestClient:
        served = self.app() if session is None else Inject(self.app(), session)
        return TestClient(served, base_url="http://127.0.0.11:8080", raise_server_exceptions=False)

    def app(self) -> FastAPI:
        """The routes of the record and of its sound."""
        self.flush()
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(RefusalError, respond_refusal)
        app.include_router(make_review(self.archive))
        app.include_router(make_hearing(Ports(Feed("b"), self.clock, _nobody, _nobody, self._note, self.sounds.get)))
        return app

    def _note(self, kind: str, fields: Fields) -> Future[Answer]:
        self.noted.append((kind, fields))
        found: Future[Answer] = Future()
        found.set_result({"result": "done", "seq": len(self.noted)})
        return found

    def close(self) -> None:
        self.archive.close()
        self.store.close()


def _nobody(_: bytes) -> Future[Answer]:
    raise StorageError("nobody acts here")


def written(folder: Path) -> Written:
    """An empty record of station `us`."""
    store = Store(sqlite_url(folder / "ledger.db"))
    sounds: dict[str, Sound] = {}

    def length(leg: str) -> int:
        return (sounds[leg].path.stat().st_size - 44) // 2 if leg in sounds else 0

    archive = Archive(
        folder / "ledger.db", folder / "search.db", "us", exercise=False, clock=ManualClock(), length=length
    )
    return Written(folder, store, archive, sounds=sounds)


@dataclass
class Recording(scenes.Desk):
    """Messages made by the real machines, each event written down as the desk does."""

    record: Written | None = None

    def enter(self, subject: str, event: Event, person: str = "op-a") -> None:
        assert self.record is not None
        self.record.after(1)
        self.now = self.record.clock.now().utc_ns
        one = Record(subject, self.now, event)
        self.relay.handle(one)
        self.ways.setdefault(subject, Way())
        data = to_fields(one)
        if isinstance(event, ev.Act):
            data["act"] = {
                "id": f"k{self.record.seqs.get('desk', 0)}",
                "person": person,
                "role": "operator",
                "console": "A",
            }
        entries: list[tuple[str, Fields]] = [(kind_of(one), data)]
        if isinstance(event, gv.Compared):
            machine = self.relay.machines[subject]
            assert machine.message is not None
            rows: list[Value] = [scenes.finding(machine.message.text)] if event.findings else []
            about: dict[str, Value] = {"subject": subject, "part": event.part.value, "match": event.match.value}
            entries.append(("DifferencesFound", {**about, "spoken_until": 9, "findings": rows}))
        self.record.append_all("desk", entries)
        if isinstance(event, gv.RelayStarted | gv.ReadBackBegun):
            self._say(OPERATOR_LEG if isinstance(event, gv.RelayStarted) else SIDE)

    def _say(self, leg: str) -> None:
        """What is said from now on, in the language of the message."""
        record = self.record
        assert record is not None
        (machine,) = (one for one in self.relay.machines.values() if one.state.value in ("relaying", "reading-back"))
        assert machine.message is not None
        begin = (self.now - parse_utc(START)) / NS + 1
        speed = "9" if leg == SIDE else "19"
        for number, text in enumerate(heard(machine.message.language, speed), 20 if leg == SIDE else 30):
            record.final(leg, number, begin + 5 * (number % 10), text, timed=True)
        record.after(25)


def one_of_each(record: Written, language: str, until: str = "acknowledged") -> None:
    """A call on which one message was taken and another given, with all that a track can suffer, and two more calls."""
    record.line("LineStarted", side="us", host="127.0.0.11", port=5060, transport="udp", srtp="off", pid=1, version="1")
    side = record.leg(CALL, "side", language=language)
    operator = record.leg(CALL, "operator", contact="desk-a", language=language)
    said = heard(language)
    for number, text in enumerate(said, 1):
        record.final(side, number, 5 * number, text, timed=number == 1)
    digits = DIGITS[language]
    wrong, right = digits[1] + digits[9], digits[9]
    at = said[0].split().index(wrong)
    record.checked(side, 1, heard(language, "9")[0], {"from_word": at, "to_word": at + 1, "heard": right})
    record.speech("NoRecognizer", leg=operator, language="xx")
    desk = Recording(parse_utc(record.utc), record=record)
    scenes.taking(desk, language, "carried")
    record.after(150)  # what is marked of a statement in these scenes is long
    record.line("HoldStarted", leg=side)
    record.after(4)
    record.line("HoldEnded", leg=side)
    record.append("desk", "NoteMade", {"id": "n1", "person": "op-a", "given": {"text": TEXTS[language][:40]}})
    scenes.giving(desk, language, until)
    record.line("AlarmRaised", alarm="track-silent", priority="MEDIUM", call=CALL, leg=side)
    length = (record.clock.now().utc_ns - parse_utc(START)) // NS
    for leg in (side, operator):
        record.end(leg, samples=length * RATE_HZ)
        record.sound(leg, length)
    record.line("LegMeasured", leg=side, rtp_received=5000, rtp_lost=12, jitter_us=800)
    record.line("CallEnded", call=CALL)
    for number, outcome in ((2, "no-answer"), (3, "busy")):
        record.after(600)
        call = f"us-20261123T11{number:02}00Z-000{number}"
        leg = f"{call}/side-1"
        about: dict[str, Value] = {"call": call, "leg": leg, "role": "side", "contact": "watch", "tier": 1, "rung": 1}
        record.line("Dialled", **about, precedence="FLASH")
        record.after(15)
        record.line("AttemptEnded", **{k: v for k, v in about.items() if k != "role"}, outcome=outcome, status=486)
        record.line("LegEnded", call=call, leg=leg, role="side", outcome=outcome, status=486, detail="", talk_ms=0)
        record.line("CallEnded", call=call)
    record.flush()


def moment(after_s: float) -> str:
    """UTC so many seconds after the first entry."""
    return utc_text(parse_utc(START) + round(after_s * NS))
