"""The messages of a station as they live in its desk process: acts come in, events are written down, commands go out.

    act (socket, page) --> Relay.check --> ledger --> Relay.handle --> commands --> ledger --> line, screen
    line, speech ------> what is owed ----^

It decides nothing: machines are in `relay`, what they are owed in `desk.owed`, the form of acts in `desk.acts`. State
is what the ledger says: a start reads it again, and what was written but not carried out is carried out then. One
thread owns it all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import cast

from bridge.base import wire
from bridge.base.clock import Clock
from bridge.base.dialplan import Dialplan
from bridge.base.errors import BridgeError, MoveError, StorageError, Theirs
from bridge.base.log import logger
from bridge.base.terms import Precedence
from bridge.base.wire import Entry, Fields, Value
from bridge.desk import acts
from bridge.desk.acts import Act, ActError
from bridge.desk.duty import Duty
from bridge.desk.intake import entry_of
from bridge.desk.lists import check_coded, filled
from bridge.desk.owed import PARTS, Courses, is_news, is_to_be_asked_again, owed, speaker
from bridge.desk.scene import Scene
from bridge.desk.spoken import Spoken, compare_spoken, is_settled
from bridge.desk.trail import DIFFERENCES
from bridge.ledger.store import Place, Store
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.agreed import agreed
from bridge.relay.commands import CallTier, Command, NotReadyError
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Part
from bridge.relay.giving_states import State as GivingState
from bridge.relay.records import Record, from_entry, kind_of, plain, to_fields
from bridge.relay.remarks import with_warnings
from bridge.relay.replay import Relay
from bridge.relay.returns import Return
from bridge.relay.sheets import serial_of
from bridge.station.entries import ISSUED, SOURCE, Book, differences, issued, to_line
from bridge.station.judging import judge_for
from bridge.station.outbox import Outbox

_PROTECTED = (GivingState.RELAYING, GivingState.SAID, GivingState.READING_BACK)
_FINISHES = {gv.RelayFinished: Part.RELAY, gv.ReceiptGiven: Part.READ_BACK}
"""Acts that end a part that is said: all of it is compared before they are taken."""


class Relaying:
    """Owned by the thread that owns the ledger."""

    def __init__(self, plan: Dialplan, side: str, outbox: Outbox, clock: Clock, books: Sequence[Book] = ()) -> None:
        self._books = books
        self._judge = judge_for(plan)
        self._plan = plan
        self._side = side
        self._agreed = agreed(plan)
        self._clock = clock
        self._outbox = outbox
        self._store: Store | None = None
        self.trouble = ""
        """Why no act can be taken, as a code; empty if they can."""
        self._forget()

    def _forget(self) -> None:
        self.relay = Relay(self._side)
        self._scene = Scene()
        self._courses = Courses(judge=self._judge)
        self._done: dict[str, tuple[int, Record]] = {}
        """Acts by their id: number of the entry and what it says."""
        self._due: dict[str, tuple[str, Command]] = {}
        """Commands of entries that are written, not yet written themselves."""
        self._protected: dict[str, bool] = {}
        """Calls of which the line was told that a relay is being said, or no more."""
        self.duty = Duty()
        self.noted: dict[str, tuple[int, str, Value]] = {}
        """Entries of the duty log by their id: number, kind and fields."""
        self.shown: dict[str, dict[str, Value]] = {}
        """The last command of each kind of each message, as the operator is shown it."""
        self._seq = 0
        self._settled: tuple[int, int] = (-1, -1)
        self._outbox.waiting.clear()
        for book in self._books:
            book.forget()

    @property
    def scene(self) -> Scene:
        return self._scene

    @property
    def spoken(self) -> dict[str, Spoken]:
        """How far what is being said has come, by subject."""
        return {subject: one.spoken for subject, one in self._courses.of.items() if one.spoken is not None}

    @property
    def version(self) -> tuple[int, int]:
        """Another one after anything was taken."""
        return self._scene.tick, self._seq

    # -- the ledger ------------------------------------------------------------------------------------------------

    def open(self, store: Store) -> None:
        """Read the state from a ledger that was opened, or opened again after a failure.

        Raises:
            StorageError: it cannot be read.
        """
        self._forget()
        self._store, self.trouble = None, ""
        try:
            for item in store.read():
                if item.source == SOURCE:
                    self._take_own(entry_of(item))
                else:
                    self.take(entry_of(item))
        except StorageError:
            raise
        except BridgeError as error:
            # The line, the record and the page go on without the messages; somebody has to look at this ledger.
            logger("station").error("messages cannot be read from the ledger", code=error.code)
            self._forget()
            self.trouble = f"messages-{error.code}"
        self._store = store

    def is_of(self, store: Store) -> bool:
        return self._store is store

    def take(self, entry: Entry) -> None:
        """One entry of line or speech, which is in the ledger."""
        self._scene.take(entry)

    def _take_own(self, entry: Entry) -> None:
        self._seq = entry.seq
        self._scene.tick += 1
        for book in self._books:
            book.take(entry)
        record = from_entry(entry)
        if record is not None:
            self._handle(entry, record)
        elif entry.kind == ISSUED:
            self._take_issued(entry)
        elif entry.kind == DIFFERENCES:
            self.shown.setdefault(entry.text("subject"), {})[DIFFERENCES] = dict(entry.data)
        else:
            self.duty.take(entry.kind, entry.data, entry.utc)
            if "id" in entry.data:
                self.noted[entry.text("id")] = entry.seq, entry.kind, entry.data.get("given")

    def _handle(self, entry: Entry, record: Record) -> None:
        commands = self.relay.handle(record)
        self._courses.took(record, self.relay.machines[record.subject], self._scene.tick)
        match entry.data.get("act"):
            case {"id": str(name)}:
                self._done[name] = entry.seq, record
        for number, command in enumerate(commands, 1):
            self._due[f"desk-{entry.seq}-{number}"] = record.subject, command

    def _take_issued(self, entry: Entry) -> None:
        name, subject, command = entry.text("id"), entry.text("subject"), entry.text("command")
        self._due.pop(name, None)
        self.shown.setdefault(subject, {})[command] = entry.data.get("fields")
        line = entry.data.get("line")
        if not isinstance(line, dict):
            return
        self._outbox.add(subject, line)
        match line:
            case {"command": "call", "tier": str(tier)}:
                self._courses.asked(subject, name, int(tier), self._scene.tick)
            case {"command": str(word), "call": str(call)}:
                self._protected[call] = word == "protect"

    def _append(self, entries: Sequence[tuple[str, Fields]]) -> list[Entry]:
        """Write down entries of the desk, all or none; durable on return.

        Raises:
            StorageError: whether they reached the disk is unknown.
            WireError: one has no canonical form; nothing was written.
        """
        assert self._store is not None  # nothing is entered before a ledger was read
        now = self._clock.now()
        made = [
            Entry(self._seq + number, now.utc, now.mono_ns, now.sync.value, kind, data)
            for number, (kind, data) in enumerate(entries, 1)
        ]
        digest = hashlib.sha256(b"".join(wire.encode(entry) for entry in made)).digest()
        self._store.append(Place(SOURCE, made[-1].seq, 0, digest), made)
        return made

    # -- what concerns no message ----------------------------------------------------------------------------------

    def note(self, kind: str, fields: Fields) -> int:
        """Write down who came or went, or what was looked at; the number of the entry, durable on return.

        Raises:
            StorageError: whether it reached the disk is unknown.
        """
        if self._store is None:
            raise StorageError("the ledger takes nothing now")
        entry = self._append([(kind, fields)])[0]
        self._take_own(entry)
        return entry.seq

    # -- events ----------------------------------------------------------------------------------------------------

    def _enter(self, record: Record, act: Act | None = None, spoken: Spoken | None = None) -> int:
        """Check, write down, do; the number of the entry.

        Raises:
            MoveError, NotReadyError, SubjectError, RepeatedError, ConflictError: as `Relay.check`; nothing changed.
            StorageError: what reached the disk is unknown; nothing was done.
        """
        self.relay.check(record)
        data = to_fields(record)
        if act is not None:
            data["act"] = act.signature()
        entries: list[tuple[str, Fields]] = [(kind_of(record), data)]
        if spoken is not None:
            entries.append((DIFFERENCES, differences(record.subject, spoken)))
        written = self._append(entries)
        for entry in written:
            self._take_own(entry)
        self._issue()
        return written[0].seq

    def _issue(self) -> None:
        """Write down the commands of what was entered; from then on they are carried out."""
        asked = [
            (ISSUED, issued(name, subject, type(command).__name__, plain(command), to_line(name, command)))
            for name, (subject, command) in self._due.items()
        ]
        for entry in self._append(asked) if asked else []:
            self._take_own(entry)

    def settle(self) -> None:
        """Enter what is owed by now, and see to the commands.

        Raises:
            StorageError: the ledger is to be opened again.
        """
        if self._store is None or self.trouble:
            return
        self._issue()
        now = self._clock.now()
        wake_at = self.relay.wake_at
        if self._settled != (self._scene.tick, self._seq) or (wake_at is not None and wake_at <= now.utc_ns):
            while self._enter_next(now.utc_ns):
                pass
            self._protect()
            self._ask_again()
            self._settled = self._scene.tick, self._seq
        self._send(now.seconds)

    def _enter_next(self, now: int) -> bool:
        """Enter the first event that is owed and can be taken."""
        for record, spoken in owed(self.relay, self._scene, self._courses, now, self._agreed):
            try:
                self._enter(record, None, spoken)
            except (MoveError, Theirs):
                continue  # not yet: it is owed until the machine can take it
            return True
        return False

    def _protect(self) -> None:
        """Tell the line which calls are not to be cut while a message is being said."""
        legs = {one.leg for one in self._givings().values() if one.state in _PROTECTED}
        said = {self._scene.legs[leg].call for leg in legs if leg in self._scene.legs}
        for call in sorted(said | set(self._protected)):
            if (call in said) == self._protected.get(call, False) or call in self._scene.calls_ended:
                continue
            word = "protect" if call in said else "release"
            name = f"desk-{self._seq + 1}"
            line: Fields = {"id": name, "command": word, "call": call}
            for entry in self._append([(ISSUED, issued(name, "", word.capitalize(), {"call": call}, line))]):
                self._take_own(entry)

    def _ask_again(self) -> None:
        """Ask once more for calls that the line refused because it was engaged, each time it becomes free."""
        for subject, giving in self._givings().items():
            course = self._courses.of[subject]
            if not is_to_be_asked_again(giving, self._scene, course):
                continue
            contacts = tuple(one.contact for one in giving.ladder if one.tier == course.asked.tier)
            assert giving.message is not None  # it has a ladder only with one
            command = CallTier(course.asked.tier, contacts, giving.message.precedence)
            self._due[f"desk-{self._seq}-again"] = subject, command
            self._issue()

    def _send(self, now_s: float) -> None:
        self._outbox.forget([name for name in self._outbox.waiting if name in self._scene.answers])
        stale = [name for name, one in self._outbox.waiting.items() if not self._is_wanted(name, one.command)]
        self._outbox.forget(stale)
        calls = {name: one for name, one in self._outbox.waiting.items() if one.command["command"] == "call"}
        wanted = [name for name in self._outbox.waiting if name not in calls]
        if calls and not any(one.leg or one.state is GivingState.CALLING for one in self._givings().values()):
            # One ladder at a time: the side has one line, and the highest precedence goes first.
            wanted.append(max(calls, key=lambda name: Precedence(str(calls[name].command["precedence"])).rank))
        self._outbox.send(wanted, now_s)

    def _is_wanted(self, name: str, command: Fields) -> bool:
        if command["command"] == "announce":
            return self._scene.is_up(str(command["leg"]))
        if command["command"] != "call":
            call = str(command["call"])
            return call not in self._scene.calls_ended and self._protected[call] == (command["command"] == "protect")
        subject = self._outbox.waiting[name].subject
        machine = self.relay.machines[subject]
        waits = (GivingState.READY, GivingState.CALLING, GivingState.RECEIPTED, GivingState.ACKNOWLEDGED)
        return machine.state in waits and self._courses.of[subject].asked.id == name

    def _givings(self) -> dict[str, Giving]:
        return {subject: one for subject, one in self.relay.machines.items() if isinstance(one, Giving)}

    # -- acts ------------------------------------------------------------------------------------------------------

    def perform(self, line: bytes) -> dict[str, Value]:
        """Take one act and say what became of it.

        Raises:
            StorageError: what reached the disk is unknown. The ledger is to be opened again; the same act with the
                same id may then be repeated.
        """
        name = ""
        try:
            act = acts.parse(line)
            name = act.id
            return self._perform(act)
        except ActError as error:
            return acts.refusal(name, error)
        except NotReadyError as error:
            blocked: list[Value] = [{"blocker": one.value, "detail": detail} for one, detail in error.blocked]
            return acts.answer(name, "refused", code=error.code, detail=str(error), blocked=blocked)
        except (MoveError, Theirs) as error:
            return acts.answer(name, "refused", code=error.code, detail=str(error))

    def _perform(self, act: Act) -> dict[str, Value]:
        if self._store is None or self.trouble:
            raise ActError(self.trouble or "storage", "the ledger takes nothing now; nothing was changed")
        if act.name == acts.STATE_ASKED:
            shown = cast(dict[str, Value], self.shown)
            state = with_warnings(self.relay, self._agreed, self._plan.side(self._side).line_language)
            return acts.answer(act.id, "done", state=state, shown=shown)
        record = self._record(filled(act, self._agreed, self.relay.machines.get(act.subject)))
        known = self._done.get(act.id)
        if known is not None:
            if (known[1].subject, known[1].event) != (record.subject, record.event):
                raise ActError("id-taken", "another act has this id; nothing was changed")
            return acts.answer(act.id, "done", seq=known[0], subject=record.subject, repeated=True)
        self.settle()
        self._check_leg(record)
        check_coded(record, self.relay.machines.get(record.subject), self._agreed)
        part = _FINISHES.get(type(record.event))
        if part is not None:
            self._compare_all(record, part)
        seq = self._enter(record, act)
        self.settle()
        return acts.answer(act.id, "done", seq=seq, subject=record.subject, repeated=False)

    def _record(self, act: Act) -> Record:
        now = self._clock.now().utc_ns
        if act.name != acts.SLIP_TYPED:
            return acts.record(act, now, self._plan, self._side)
        sheet = acts.typed_slip(act)
        returned_to = self.relay.taking_of(serial_of(sheet)) if isinstance(sheet, Return) else ""
        return acts.slip_record(act, sheet, now, self._plan, self._side, returned_to)

    def _check_leg(self, record: Record) -> None:
        """A leg that a person names has to be one of the side's, and there if somebody is to be spoken to."""
        match record.event:
            case ev.Opened(leg=name) | ev.LegJoined(leg=name) | gv.CallAnswered(leg=name):
                leg = self._scene.legs.get(name)
                if leg is None or leg.role != "side":
                    raise ActError("no-leg", "no such leg of the side is known")
                if isinstance(record.event, gv.CallAnswered) and not leg.is_up:
                    raise ActError("no-leg", "nobody of the side is on this leg")

    def _compare_all(self, record: Record, part: Part) -> None:
        """Enter the comparison of all that was said before a person says that it was all.

        Raises:
            ActError: the recogniser is still at work on what was said.
        """
        giving = self.relay.machines.get(record.subject)
        if not isinstance(giving, Giving) or giving.message is None or PARTS.get(giving.state) is not part:
            return
        leg, since = speaker(giving, part, self._scene), self._courses.of[record.subject].since_ns
        if not is_settled(leg, since, record.at):
            raise ActError("not-settled", "the last words are still being recognised; do it again in a moment")
        spoken = compare_spoken(giving.message, part, leg, since, complete=True, agreed=self._agreed, judge=self._judge)
        if is_news(giving, spoken):
            self._enter(Record(record.subject, record.at, spoken.event), None, spoken)
