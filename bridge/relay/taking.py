"""Takes one message from its originator: hearing, draft, read-back, his confirmation, the seal, and its way back.

    NEW -> HEARING -> DRAFTING -> READING -> AWAITING -> CONFIRMED -> SEALED -> CARRIED -> RETURNED -> CLOSED
                         ^-----------+----------+------------+ refused, or written anew

What the recogniser returned and what a person wrote are two lists; neither is ever changed. It does not find critical
items, play audio or number anything but its own seal. The table of moves is in `taking_states`. `now` is UTC
nanoseconds (see `precedence`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from bridge.base import text as folding
from bridge.base.clock import dtg
from bridge.base.errors import MoveError
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay.commands import (
    AnnounceNightMode,
    Blocker,
    Command,
    KeepMessage,
    NotReadyError,
    PrintSlip,
    RaiseOverdue,
    SayReadBack,
    SendTracer,
    ShowDifference,
    TellOriginator,
)
from bridge.relay.events import Answer, Event, HeaderField, Slot
from bridge.relay.message import NONE, Identity, Message, Originator
from bridge.relay.opening import unopenable
from bridge.relay.precedence import NS_PER_MINUTE, WORD_LIMIT, Deadline, Hop, Limit, Step, limits_words
from bridge.relay.returns import NUMBER_LIMIT, Outcome, Return, Stage, Tracer
from bridge.relay.sealed_text import NOT_STATED, TextError, compose, require, word_count
from bridge.relay.serials import Serial, Serials
from bridge.relay.slip import render
from bridge.relay.spans import Span, coverage_permille
from bridge.relay.taking_states import MOVES, State

SLOT_LIMIT = 4
"""Critical items in one message above which it is offered to split it."""


_ENDS_UNSEALED = (Outcome.WITHDRAWN, Outcome.HUNG_UP, Outcome.OVERTAKEN, Outcome.EXPIRED, Outcome.CANNOT_SAY)
_ENDS_SEALED = (Outcome.OVERTAKEN, Outcome.EXPIRED, Outcome.CANNOT_SAY)


@dataclass(frozen=True, slots=True)
class Draft:
    """One whole text that a person wrote."""

    version: int
    text: str
    by: str
    at: int


class Notice(enum.Enum):
    """What the operator is told and may go on in spite of."""

    TOO_LONG = "too-long"
    """More than `WORD_LIMIT` words at FLASH or IMMEDIATE."""
    SPLIT = "split"
    """More than `SLOT_LIMIT` critical items: offer to split the message."""
    NEWER = "newer"


class Taking:
    """One message at its originator's station. Owned by the desk process."""

    def __init__(self, serials: Serials) -> None:
        self.state = State.NEW
        self.wake_at: int | None = None
        """When `wake` must be called, UTC nanoseconds; None if nothing is waited for."""
        self.opened: ev.Opened | None = None
        self.precedence = Precedence.ROUTINE
        self.heard: tuple[ev.Heard, ...] = ()
        """The machine's text, untouched."""
        self.drafts: tuple[Draft, ...] = ()
        """Every text that a person wrote, the last one in force."""
        self.header: dict[HeaderField, str] = {}
        self.identity = Identity.UNAUTHENTICATED
        self.slots: tuple[Slot, ...] | None = None
        """Critical items of the draft in force; None until they were looked for."""
        self.checked: frozenset[str] = frozenset()
        """Items that a person has heard or typed."""
        self.marked: tuple[Span, ...] = ()
        self.played: tuple[Span, ...] = ()
        self.confirmed: ev.Confirmed | None = None
        self.released_by = ""
        self.night_mode_by = ""
        self.newer: tuple[Serial, ...] = ()
        self.newer_noted = True
        self.message: Message | None = None
        self.returns: tuple[Return, ...] = ()
        self.told = False
        self.outcome = Outcome.OPEN
        self.limits: tuple[Limit, ...] = ()
        self._serials = serials
        self._known_slots: tuple[Slot, ...] = ()
        """The last ones found, so that an item that stays in the next draft need not be heard again."""
        self._legs: frozenset[str] = frozenset()
        self._deadline: Deadline | None = None

    @property
    def text(self) -> str:
        """The draft in force as it would be sealed; empty if there is none."""
        if not self.drafts or self.opened is None:
            return ""
        return compose(self.drafts[-1].text, self.opened.language, self.opened.exercise)

    @property
    def legs(self) -> frozenset[str]:
        return self._legs

    @property
    def coverage_permille(self) -> int:
        return coverage_permille(self.marked, self.played)

    def check(self, event: Event, now: int) -> State:
        """Say where an event would lead, and change nothing.

        Raises:
            MoveError: `MOVES` has no entry.
            NotReadyError: the rules do not allow it yet; says everything that is missing.
        """
        target = MOVES[self.state].get(type(event))
        if target is None:
            raise MoveError(f"{type(event).__name__} is not allowed in {self.state.name}")
        blocked = self._blocked(event, now)
        if blocked:
            raise NotReadyError(*blocked)
        return target

    def handle(self, event: Event, now: int) -> list[Command]:
        """Take one event; return the commands in order. Raises what `check` raises, and is then unchanged."""
        target = self.check(event, now)
        commands = self._take(event, now)
        self._enter(target, now)
        return commands

    def wake(self, now: int) -> list[Command]:
        """Tell the time. Early or needless calls do nothing."""
        if self.wake_at is None or now < self.wake_at:
            return []
        return self.handle(ev.DeadlinePassed(), now)

    def notices(self) -> tuple[Notice, ...]:
        """What to warn of. None of it stops the seal, but a newer message must have been noted."""
        found = []
        if limits_words(self.precedence) and word_count(self.text) > WORD_LIMIT:
            found.append(Notice.TOO_LONG)
        if len(self.slots or ()) > SLOT_LIMIT:
            found.append(Notice.SPLIT)
        if self.newer:
            found.append(Notice.NEWER)
        return tuple(found)

    def missing(self, by: str = "") -> list[tuple[Blocker, str]]:
        """What keeps `by` from sealing, each with its detail; empty if nothing does."""
        found = self._unreadable()
        if self.slots is not None:
            found += [(Blocker.SLOT_OPEN, slot.text) for slot in self.slots if slot.id not in self.checked]
        if not self.marked:
            found.append((Blocker.NO_SPAN, ""))
        elif self.coverage_permille < 1000:
            found.append((Blocker.NOT_HEARD, f"{self.coverage_permille} of 1000"))
        if self.confirmed is None:
            found.append((Blocker.NOT_CONFIRMED, ""))
        if self.precedence is Precedence.FLASH and not self.night_mode_by and self.released_by in ("", by):
            found.append((Blocker.TWO_PERSONS, ""))
        if not self.newer_noted:
            found.append((Blocker.NEWER, ", ".join(map(str, self.newer))))
        return found

    def _unreadable(self) -> list[tuple[Blocker, str]]:
        """What keeps the draft from being read back."""
        if not self.drafts or self.opened is None:
            return [(Blocker.NO_DRAFT, "")]
        try:
            require(self.text, self.opened.language)
        except TextError as error:
            return [(Blocker.TEXT, str(error))]
        return [] if self.slots is not None else [(Blocker.SLOTS_UNKNOWN, f"draft {len(self.drafts)}")]

    def _blocked(self, event: Event, now: int) -> list[tuple[Blocker, str]]:
        match event:
            case ev.Opened():
                return unopenable(event)
            case ev.HeaderStated(field, value):
                return self._unstatable(field, value)
            case ev.SlotsFound(version) if version != len(self.drafts):
                return [(Blocker.SLOTS_UNKNOWN, f"of draft {version}, expected {len(self.drafts)}")]
            case ev.ReadBackStarted():
                return self._unreadable()
            case ev.Confirmed() | ev.Rejected():
                return self._not_his(event)
            case ev.SealOrdered(by):
                return self.missing(by)
            case _:
                return self._blocked_late(event, now)

    def _blocked_late(self, event: Event, now: int) -> list[tuple[Blocker, str]]:
        match event:
            case ev.SlipCarried() if not self.newer_noted:
                return [(Blocker.NEWER, ", ".join(map(str, self.newer)))]
            case ev.ReturnTaken(slip) if self.message and slip.cites != self.message.serial:
                return [(Blocker.NOT_RETURNED, f"cites {slip.cites}, expected {self.message.serial}")]
            case ev.Filed() if not self.told or self.returns[-1].stage is not Stage.CLOSED:
                return [(Blocker.NOT_RETURNED, "")]
            case ev.Ended(outcome) if outcome not in (_ENDS_SEALED if self.message else _ENDS_UNSEALED):
                return [(Blocker.OUTCOME, outcome.value)]
            case ev.DeadlinePassed() if self.wake_at is None or now < self.wake_at:
                return [(Blocker.NOT_DUE, "")]
        return []

    def _unstatable(self, field: HeaderField, value: str) -> list[tuple[Blocker, str]]:
        text = compose("x", self._start.language, self._start.exercise)
        try:
            self._sealed(self._due, 0, {**self.header, field: self._header_value(field, value)}, text)
        except TextError as error:
            return [(Blocker.STATED, f"{field.value}: {error}")]
        return []

    def _header_value(self, field: HeaderField, value: str) -> str:
        if field in (HeaderField.RANK, HeaderField.TIER, HeaderField.CODED) or self.opened is None:
            return value
        return compose(value, self.opened.language)

    def _not_his(self, event: ev.Confirmed | ev.Rejected) -> list[tuple[Blocker, str]]:
        """Only the originator answers: his key on his leg, or his voice in his track, named by an operator."""
        key = "1" if isinstance(event, ev.Confirmed) else "2"
        if event.leg not in self._legs:
            return [(Blocker.NOT_THE_ORIGINATOR, f"leg {event.leg[:60]}")]
        if event.how is Answer.DIGIT:
            return (
                [] if event.digit == key else [(Blocker.NOT_THE_ORIGINATOR, f"key {event.digit[:1]}, expected {key}")]
            )
        spoken = event.by and event.span and event.span.leg == event.leg
        return [] if spoken else [(Blocker.NOT_THE_ORIGINATOR, "no audio of his, or no operator named")]

    def _take(self, event: Event, now: int) -> list[Command]:
        match event:
            case ev.Opened(precedence=precedence, leg=leg):
                self.opened, self.precedence, self._legs = event, precedence, frozenset({leg})
                self._deadline = Deadline(Hop.TAKING, precedence, now)
            case ev.PrecedenceStated(precedence):
                self.precedence = precedence
                self._deadline = self._deadline and self._deadline.with_precedence(precedence)
            case ev.HeaderStated(field, value):
                self.header = {**self.header, field: self._header_value(field, value)}
            case ev.Edited(text, by):
                self._draft(text, by, now)
            case ev.ReadBackStarted():
                return [SayReadBack(self.text)]
            case ev.Confirmed():
                self.confirmed = event
            case ev.Rejected():
                self.confirmed, self.released_by = None, ""
            case ev.SealOrdered():
                return self._seal(now)
            case ev.DeadlinePassed():
                return self._overdue(now)
            case _:
                return self._note(event, now)
        return []

    def _note(self, event: Event, now: int) -> list[Command]:
        """Events that add to what is known and decide nothing."""
        match event:
            case ev.LegJoined(leg):
                self._legs |= {leg}
            case ev.Heard():
                self.heard += (event,)
            case ev.LimitsSet(limits):
                self.limits = limits
            case ev.SpanMarked(span):
                self.marked += (span,)
            case ev.Played(span):
                self.played += (span,)
            case ev.IdentityChecked(identity):
                self.identity = identity
            case ev.SlotsFound(slots=slots):
                self.checked &= {slot.id for slot in slots if slot in self._known_slots}
                self.slots = self._known_slots = slots
            case ev.SlotHeard(slot):
                self._check(slot)
            case ev.SlotTyped(slot, value):
                return self._typed(slot, value)
            case _:
                return self._note_late(event, now)
        return []

    def _note_late(self, event: Event, now: int) -> list[Command]:
        match event:
            case ev.ReleaseGiven(by):
                self.released_by = by
            case ev.NightModeDeclared(by) if self.opened:
                self.night_mode_by = by
                return [AnnounceNightMode(self.opened.leg)]
            case ev.NewerFound(serials):
                self.newer, self.newer_noted = serials, not serials
            case ev.NewerNoted():
                self.newer_noted = True
            case ev.SlipCarried() if self._deadline and self._deadline.hop is Hop.CARRYING:
                self._deadline = Deadline(Hop.RETURNING, self.precedence, now)
            case ev.ReturnTaken(slip):
                self.returns, self.told = (*self.returns, slip), False
                self._deadline = Deadline(Hop.TELLING, self.precedence, now)
                return [TellOriginator(slip)]
            case ev.OriginatorTold():
                self.told = True
                waits = self.returns[-1].stage is not Stage.CLOSED
                self._deadline = Deadline(Hop.RETURNING if waits else Hop.TELLING, self.precedence, now)
            case ev.Filed():
                self.outcome = self.returns[-1].outcome
            case ev.Ended(outcome):
                self.outcome = outcome
        return []

    def _check(self, slot: str) -> None:
        self.checked |= {known.id for known in self._known_slots if known.id == slot}

    @property
    def _start(self) -> ev.Opened:
        assert self.opened is not None  # no move leads out of NEW without it
        return self.opened

    @property
    def _due(self) -> Serial:
        """The next number of this direction, not taken yet."""
        side, exercise = self._start.side, self._start.exercise
        return Serial(side, self._serials.last(side, exercise) + 1, exercise)

    def _typed(self, slot: str, value: str) -> list[Command]:
        """An item typed once more counts if it is the same; otherwise both are shown."""
        for known in self._known_slots:
            if known.id == slot and folding.fold(known.text) != folding.fold(value):
                return [ShowDifference(slot, known.text, value)]
        self._check(slot)
        return []

    def _draft(self, text: str, by: str, now: int) -> None:
        self.drafts += (Draft(len(self.drafts) + 1, text, by, now),)
        self.slots, self.confirmed, self.released_by = None, None, ""

    def _sealed(self, serial: Serial, now: int, header: dict[HeaderField, str], text: str) -> Message:
        """The message as it would be sealed.

        Raises:
            TextError: a value that cannot be sealed.
        """
        opened = self._start
        names = ("NAME", "ROLE", "AUTHORITY", "RANK", "TIER")
        return Message(
            serial,
            opened.kind,
            opened.cites,
            self.precedence,
            dtg(now),
            opened.to_side,
            Originator(*(header.get(HeaderField[name], NOT_STATED) for name in names)),
            self.identity,
            header.get(HeaderField.ADDRESSEE, NOT_STATED),
            header.get(HeaderField.REPLY, NOT_STATED),
            header.get(HeaderField.CODED, NONE),
            opened.language,
            text,
        )

    def _seal(self, now: int) -> list[Command]:
        # Build first, take the number after: a message that could not be built must not leave a hole in the serials.
        message = self._sealed(self._due, now, self.header, self.text)
        slip = render(message)
        self._serials.take(self._start.side, self._start.exercise)
        self.message = message
        self._deadline = Deadline(Hop.CARRYING, self.precedence, now)
        return [KeepMessage(message, message.digest().hex()), PrintSlip(slip, message.serial)]

    def _overdue(self, now: int) -> list[Command]:
        assert self._deadline is not None  # only a running deadline wakes
        late = self._deadline = self._deadline.next()
        commands: list[Command] = [RaiseOverdue(late.hop, (now - late.since) // NS_PER_MINUTE)]
        if Step.TRACE in late.steps() and self.message:
            number = min(late.passed, NUMBER_LIMIT)
            tracer = Tracer(self.message.serial, number, dtg(now), self.message.language)
            commands.append(SendTracer(tracer, render(tracer)))
        return commands

    def _enter(self, target: State, now: int) -> None:
        """The one place where the state changes, and with it what is waited for."""
        self.state = target
        if target is State.CLOSED:
            self._deadline = None
        self.wake_at = None if self._deadline is None else max(self._deadline.at(self.limits), now + 1)
