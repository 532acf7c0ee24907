"""The record for its reader: follows the ledger by itself, keeps calls, words and messages, and an index of the words.

It opens the ledger for reading alone and holds up nobody who writes it. Everything here is derived: calls and messages
are read again at each start, the index lies on the disk and is made anew where it does not fit the ledger. Any thread
may ask; one is answered at a time.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bridge.base.clock import Clock
from bridge.base.errors import BridgeError, Theirs
from bridge.base.log import logger
from bridge.base.text import fold
from bridge.base.wire import Entry, Value
from bridge.desk.duty import KINDS as DUTY_KINDS
from bridge.desk.intake import entry_of
from bridge.desk.review_axis import axis
from bridge.desk.review_axis import row as call_row
from bridge.desk.review_calls import Call, Calls
from bridge.desk.review_columns import Books
from bridge.desk.review_find import hits, indexed, is_exact, parse, snippet
from bridge.desk.review_messages import Messages, Taken
from bridge.desk.review_words import Words
from bridge.ledger.entry import Record, encode, leaf_hash
from bridge.ledger.index import Doc, Index, Wanted
from bridge.ledger.store import Reader
from bridge.relay.fidelity import fuse

TURN_S = 4.0
"""How long one request may read on in the ledger; whoever comes then finds it further."""
BATCH = 2000
"""Texts added to the index at once."""
UTTERANCES_LIMIT = 4000
"""Of one engine on one leg."""
TRANSCRIPT, CHECKED, SEALED, NOTE = "transcript", "checked", "sealed", "note"
DOC_KINDS = (TRANSCRIPT, CHECKED, SEALED, NOTE)
_FIRST = 2**53
"""A cursor before every number that is given."""


class BehindError(Theirs):
    """The record is still being read."""

    code = "catching-up"


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of a list: an empty field filters nothing."""

    role: str = ""
    direction: str = ""
    precedence: str = ""
    outcome: str = ""
    contact: str = ""
    half: str = ""
    state: str = ""
    serial: str = ""
    language: str = ""
    kind: str = ""
    exercise: bool | None = None
    from_utc: str = ""
    to_utc: str = ""


class Archive:
    """One for a station's desk; `close` once nobody asks any more."""

    def __init__(
        self, ledger: Path, index: Path, side: str, *, exercise: bool, clock: Clock, length: Callable[[str], int]
    ) -> None:
        """
        Args:
            exercise: everything that happens at this station is one.
            length: samples of a leg's recording by now; 0 where there is none.

        Raises:
            StorageError: the index cannot be made.
        """
        self._lock = threading.Lock()
        self._reader = Reader(ledger)
        self._index = Index(index)
        self._side, self._exercise, self._clock, self._length = side, exercise, clock, length
        self._pending: list[Doc] = []
        self._log = logger("desk")
        self.trouble = ""
        """Why the record is shown only up to some entry, as a code."""
        self._begin()

    def _begin(self) -> None:
        self._seq = 0
        self._last: Record | None = None
        self._calls, self._words, self._messages = Calls(), Words(), Messages(self._side)
        self._pending.clear()

    def close(self) -> None:
        with self._lock:
            self._reader.close()
            self._index.close()

    # -- reading on --------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _up_to_date(self) -> Iterator[None]:
        """Hold the record while all that is in the ledger by now is in it.

        Raises:
            BehindError: there is so much that it takes longer.
        """
        with self._lock:
            until = time.monotonic() + TURN_S
            try:
                while not self._read_on(until):
                    self._log.warning("the index is of another ledger and is made anew")
                    self._index.clear()
                    self._begin()
                self._keep()
                self.trouble = self._messages.trouble
            except BehindError:
                self._keep()
                raise
            except BridgeError as error:
                # What was read so far is shown, and that it is not all.
                self.trouble = error.code
                self._log.error("the record is not read on", code=error.code)
            yield

    def _read_on(self, until: float) -> bool:
        """Take what is new; false where the index is not of this ledger."""
        for item in self._reader.read(self._seq):
            if item.seq == self._index.at and _mark(item) != self._index.mark:
                return False
            self._take(item)
            if len(self._pending) >= BATCH:
                self._keep()
            if time.monotonic() > until:
                raise BehindError(f"entry {self._seq} is read; ask again in a moment")
        return self._index.at <= self._seq

    def _take(self, item: Record) -> None:
        self._seq, self._last = item.seq, item
        entry = entry_of(item)
        if item.source == "desk":
            self._take_own(item.seq, entry)
            return
        self._messages.take_line(entry)
        self._calls.take(item.seq, item.source, entry)
        heard = self._words.take(entry) if item.source == "speech" else None
        if heard is not None:
            leg, engine, said = heard
            known = self._calls.legs.get(leg)
            kind = TRANSCRIPT if entry.kind == "Final" else CHECKED
            where: dict[str, Value] = {"leg": leg, "call": known.call if known else "", "engine": engine}
            where |= {"utterance": said.utterance, "from_sample": said.from_sample, "to_sample": said.to_sample}
            where["starts"] = [said.sample_of(at)[0] for at in range(len(said.words))] if said.words else []
            utc = (known.utc(said.from_sample) if known else "") or entry.utc
            self._add(Doc(item.seq, kind, utc, known.language if known else "", where, said.text))

    def _take_own(self, seq: int, entry: Entry) -> None:
        taken = self._messages.take(seq, entry)
        if taken is not None:
            self._calls.attach(taken.leg, taken.subject, taken.event, taken.is_exercise)
            self._take_sealed(seq, entry, taken)
        elif entry.kind in DUTY_KINDS:
            self._take_note(seq, entry)

    def _take_sealed(self, seq: int, entry: Entry, taken: Taken) -> None:
        sealed = taken.sealed
        if sealed is not None:
            where: dict[str, Value] = {"subject": taken.subject, "serial": str(sealed.serial)}
            self._add(Doc(seq, SEALED, entry.utc, sealed.language, where, sealed.text))

    def _take_note(self, seq: int, entry: Entry) -> None:
        given = entry.data.get("given")
        fields = given if isinstance(given, dict) else entry.data
        for name in ("text", "note", "reason"):
            text = fields.get(name)
            if isinstance(text, str) and text.strip():
                where: dict[str, Value] = {"entry": entry.kind, "person": str(entry.data.get("person", ""))}
                about = fields.get("leg")
                if isinstance(about, str) and about in self._calls.legs:
                    where |= {"leg": about, "call": self._calls.legs[about].call}
                    where["from_sample"] = fields.get("sample", 0)
                self._add(Doc(seq, NOTE, entry.utc, "", where, text))

    def _add(self, doc: Doc) -> None:
        if doc.seq > self._index.at and doc.text.strip():
            joined, apart = indexed(doc.text)
            self._pending.append(Doc(doc.seq, doc.kind, doc.utc, doc.language, doc.place, doc.text, joined, apart))

    def _keep(self) -> None:
        """Put what is new into the index, and how far it goes; what it does not take stays for the next time."""
        if self._last is not None and self._seq > self._index.at:
            self._index.add(self._pending, self._seq, _mark(self._last))
            self._pending.clear()

    # -- lists -------------------------------------------------------------------------------------------------------

    def calls(self, asked: Asked, before: int, limit: int) -> dict[str, Value]:
        """Calls, the newest first, and where the next page begins."""
        with self._up_to_date():
            found: list[Value] = []
            after: Value = None
            for call in reversed(self._calls.calls.values()):
                if call.number >= before:
                    continue
                row = call_row(self._calls, call, exercise=self._exercise)
                if not self._is_asked(call, row, asked):
                    continue
                if len(found) == limit:
                    after = str(_number(found[-1]))
                    break
                found.append(row)
            return self._answer(calls=found, next=after)

    def _is_asked(self, call: Call, row: dict[str, Value], asked: Asked) -> bool:
        legs = [self._calls.legs[name] for name in call.legs]
        contacts = [leg.contact for leg in legs] + [str(one.get("contact")) for one in call.attempts]
        return (
            (not asked.role or any(leg.role == asked.role for leg in legs))
            and (not asked.contact or asked.contact in contacts)
            and (asked.exercise is None or row["exercise"] is asked.exercise)
            and _fits(row, asked, "direction", "precedence", "outcome")
            and _is_between(str(row["began_utc"]), asked)
        )

    def messages(self, asked: Asked, before: int, limit: int) -> dict[str, Value]:
        """Messages, the newest first, and where the next page begins."""
        with self._up_to_date():
            found: list[Value] = []
            after: Value = None
            for subject, course in reversed(self._messages.courses.items()):
                if course.number >= before:
                    continue
                row = self._messages.row(subject, self._calls_of(subject))
                fits = _fits(row, asked, "half", "state", "precedence", "outcome", "language")
                serial = fold(asked.serial)
                if not fits or not fold(str(row["serial"] or "")).startswith(serial):
                    continue
                if not _is_between(str(row["began_utc"]), asked):
                    continue
                if len(found) == limit:
                    after = str(_number(found[-1]))
                    break
                found.append(row)
            return self._answer(messages=found, next=after)

    def _calls_of(self, subject: str) -> list[str]:
        legs = (self._calls.legs.get(name) for name in self._messages.courses[subject].legs)
        return list(dict.fromkeys(leg.call for leg in legs if leg is not None))

    def _answer(self, **fields: Value) -> dict[str, Value]:
        return {**fields, "entries": self._seq, "trouble": self.trouble}

    # -- one of each -------------------------------------------------------------------------------------------------

    def call(self, name: str) -> dict[str, Value] | None:
        """One call with tracks, events, transcripts, and the messages of it; None where the record has none."""
        with self._up_to_date():
            call = self._calls.calls.get(name)
            if call is None:
                return None
            subjects: list[Value] = [self._human(subject) for subject in call.subjects]
            return self._answer(
                call=call_row(self._calls, call, exercise=self._exercise),
                axis=axis(self._calls, call, self._length),
                events=[event.value() for event in call.events],
                events_left_out=call.left_out,
                transcripts=[self._transcript(leg) for leg in call.legs],
                messages=subjects,
            )

    def _transcript(self, leg: str) -> Value:
        found = self._words.of_leg(leg, UTTERANCES_LIMIT)
        return {**found, "role": self._calls.legs[leg].role, "language": self._calls.legs[leg].language}

    def _human(self, subject: str) -> Value:
        """What a person made of it: the draft, and what was sealed."""
        row = self._messages.row(subject, [])
        machine = self._messages.relay.machines[subject]
        drafts = getattr(machine, "drafts", ())
        return {
            **row,
            "draft": {"version": drafts[-1].version, "text": drafts[-1].text, "by": drafts[-1].by} if drafts else None,
            "sealed": machine.message.text if machine.message else None,
        }

    def message(self, subject: str) -> dict[str, Value] | None:
        """One message with its columns and history; None where the record has none."""
        with self._up_to_date():
            if subject not in self._messages.courses:
                return None
            books = Books(
                self._calls,
                self._words,
                lambda sealed, heard, language: fuse(sealed, heard, language, language),
            )
            now = self._clock.now().utc_ns
            return self._answer(**self._messages.whole(subject, self._calls_of(subject), books, now))

    # -- search ------------------------------------------------------------------------------------------------------

    def search(self, text: str, asked: Asked, cursor: tuple[str, int], limit: int) -> dict[str, Value]:
        """Texts that hold what was typed: as whole words first, then inside of words; each the newest first.

        Args:
            cursor: `w` or `p`, whole words or parts, and the id before which to go on.
        """
        phrases = parse(text)
        forms = tuple(tuple(" ".join(form) for form in phrase.forms) for phrase in phrases)
        kinds = (asked.kind,) if asked.kind else ()
        wanted = Wanted(forms, kinds, asked.language, asked.from_utc, asked.to_utc)
        with self._up_to_date():
            stage, before = cursor
            whole = self._index.whole(wanted, before, limit + 1) if stage == "w" else []
            after = f"w{whole[limit - 1].id}" if len(whole) > limit else None
            found: list[Value] = [self._hit(doc, text, "w") for doc in whole[:limit]]
            if after is None:
                room = limit - len(found)
                parts = self._index.parts(wanted, before if stage == "p" else _FIRST, room + 1)
                found += [self._hit(doc, text, "p") for doc in parts[:room]]
                if len(parts) > room:
                    after = f"p{parts[room - 1].id if room else _FIRST}"
            return self._answer(hits=found, next=after)

    def _hit(self, doc: Doc, text: str, stage: str) -> Value:
        phrases = parse(text)
        marked = hits(phrases, doc.text)
        match = "part" if stage == "p" else "exact" if is_exact(phrases, doc.text) else "spelling"
        place = {name: worth for name, worth in doc.place.items() if name != "starts"}
        starts = doc.place.get("starts")
        leg = self._calls.legs.get(str(place.get("leg", "")))
        utc = doc.utc
        if isinstance(starts, list) and len(starts) == len(doc.text.split()) and marked and leg is not None:
            place["from_sample"] = starts[min(marked)]
        if leg is not None and isinstance(place.get("from_sample"), int):
            place["rate_hz"] = leg.rate_hz
            utc = leg.utc(int(str(place["from_sample"]))) or utc
        about: dict[str, Value] = {"kind": doc.kind, "seq": doc.seq, "utc": utc, "language": doc.language}
        return {**about, "match": match, "place": place, "snippet": snippet(doc.text, marked)}


def _mark(item: Record) -> str:
    return leaf_hash(encode(item)).hex()


def _number(row: Value) -> int:
    assert isinstance(row, dict) and isinstance(row["number"], int)
    return row["number"]


def _fits(row: dict[str, Value], asked: Asked, *names: str) -> bool:
    return all(not getattr(asked, name) or row.get(name) == getattr(asked, name) for name in names)


def _is_between(utc: str, asked: Asked) -> bool:
    return (not asked.from_utc or utc >= asked.from_utc) and (not asked.to_utc or utc < asked.to_utc)
