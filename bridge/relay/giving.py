"""Gives one sealed message to the addressee's side: ladder, relay, read-back, receipt, acknowledgement, return slip.

    NEW -> READY -> CALLING -> ANSWERED -> RELAYING -> SAID -> READING_BACK -> RECEIPTED -> ACKNOWLEDGED -> CLOSED
             ^---------+----------+-----------+---------+----------+ the line was lost

Receipt, acknowledgement and reply are three things. It does not compare: the desk does and says so (`Compared`). It
never waits for parity of rank. `now` is UTC nanoseconds (see `precedence`). The table of moves is in `giving_states`.
"""

from __future__ import annotations

from bridge.base.clock import dtg
from bridge.base.errors import MoveError
from bridge.base.terms import Precedence
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay.commands import (
    AnnounceNightMode,
    AskForPrincipal,
    Blocker,
    CallTier,
    Command,
    NotReadyError,
    PrintReturn,
    RaiseOverdue,
    SayMessage,
    ShowParity,
)
from bridge.relay.events import Event, Slot
from bridge.relay.giving_events import Candidate, Part
from bridge.relay.giving_states import ENDS, HOPS, MOVES, STAGES, State
from bridge.relay.message import Message
from bridge.relay.precedence import NS_PER_MINUTE, Deadline, Hop, Limit, Step, first_tier, limit_ns, next_tier
from bridge.relay.ranks import Parity, compare, standing
from bridge.relay.returns import NOBODY, NUMBER_LIMIT, Outcome, Person, ReplyState, Return, Stage
from bridge.relay.said import Said, after_comparison
from bridge.relay.sealed_text import NOT_STATED, VALUE_LIMIT, TextError, compose, require
from bridge.relay.serials import Serial
from bridge.relay.slip import render

RETRY_PART = 10
"""After the whole ladder was tried in vain it rests for this part of the hop's limit: 1 min at FLASH, 36 at ROUTINE.
Nobody's telephone rings without end."""


class Giving:
    """One message at the addressee's station. Owned by the desk process."""

    def __init__(self) -> None:
        self.state = State.NEW
        self.wake_at: int | None = None
        """When `wake` must be called, UTC nanoseconds; None if nothing is waited for."""
        self.message: Message | None = None
        self.ladder: tuple[Candidate, ...] = ()
        self.tier = 0
        """Asked for at present."""
        self.attempts: tuple[gv.AttemptEnded, ...] = ()
        self.ringing_tier = 0
        """The tier whose telephones ring now; 0 if none do."""
        self.leg = ""
        """The addressee's side on the line; empty if nobody is."""
        self.person = NOBODY
        self.parity: Parity | None = None
        self.principal_asked_by = ""
        self.released_by = ""
        """The second person, who has read a FLASH and hears it said."""
        self.night_mode_by = ""
        self.slots: tuple[Slot, ...] | None = None
        """Critical items of the sealed text, to be ticked in the read-back; None until they were looked for."""
        self.said = Said()
        self.said_to: Person | None = None
        """Who was on the line when all of it had been said as sealed."""
        self.heard_by = NOBODY
        self.acknowledged: gv.Acknowledged | None = None
        self.reply = ReplyState.NOT_STATED
        self.reply_serial: Serial | None = None
        self.newer: tuple[Serial, ...] = ()
        self.newer_noted = True
        self.returns: tuple[Return, ...] = ()
        self.outcome = Outcome.OPEN
        self.remark = NOT_STATED
        self.limits: tuple[Limit, ...] = ()
        self._deadline: Deadline | None = None
        self._retry_at: int | None = None

    def check(self, event: Event, now: int) -> State:
        """Say where an event would lead, and change nothing.

        Raises:
            MoveError: `MOVES` has no entry.
            NotReadyError: the rules do not allow it yet; says what is missing.
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
        return commands + self._enter(target, event, now)

    def wake(self, now: int) -> list[Command]:
        """Tell the time. Early or needless calls do nothing."""
        if self.wake_at is None or now < self.wake_at:
            return []
        return self.handle(ev.DeadlinePassed(), now)

    def _blocked(self, event: Event, now: int) -> list[tuple[Blocker, str]]:
        match event:
            case gv.RelayStarted():
                return self._not_to_be_said(event.by)
            case gv.Compared(part=part, sha256=sha256):
                return self._of_other(part, sha256)
            case gv.Judged(part=part) | gv.CorrectedAloud(part=part) if not self._is_in(part):
                return [(Blocker.NOT_COMPARED, f"{part.value} in {self.state.value}")]
            case gv.Judged(part) if not self.said.is_in_doubt(part):
                return [(Blocker.NOT_COMPARED, f"{part.value}: nothing is in doubt")]
            case gv.RelayFinished() if not self.said.is_as_sealed(Part.RELAY):
                return [(Blocker.NOT_COMPARED, Part.RELAY.value)]
            case gv.ReceiptGiven(person) | gv.PersonNamed(person):
                return self._unread(event) + self._unwritable(person)
            case gv.Acknowledged():
                return self._not_acknowledged(event)
            case _:
                return self._blocked_late(event, now)

    def _blocked_late(self, event: Event, now: int) -> list[tuple[Blocker, str]]:
        match event:
            case ev.Ended(outcome, reason):
                return self._not_ended(outcome) + self._unwritable(Person(self._remark(reason)))
            case gv.TierChosen(tier) if tier not in {one.tier for one in self.ladder}:
                return [(Blocker.STATED, f"nobody of the ladder has tier {tier}")]
            case gv.TracerTaken() | gv.ReplyStated() if len(self.returns) + 3 >= NUMBER_LIMIT:
                return [(Blocker.OUTCOME, f"{len(self.returns)} returns; the last numbers are kept for the outcome")]
            case ev.Filed() if self.reply in (ReplyState.NOT_STATED, ReplyState.OWED):
                return [(Blocker.OUTCOME, f"reply {self.reply.value}")]
            case gv.ReplyStated(reply) if reply in (ReplyState.GIVEN, ReplyState.NOT_STATED):
                return [(Blocker.OUTCOME, f"reply {reply.value} is not something one states")]
            case gv.ReplyTaken(cites=cites) if cites != self._sealed.serial:
                return [(Blocker.OUTCOME, f"cites {cites}, expected {self._sealed.serial}")]
            case gv.TracerTaken(tracer) if tracer.cites != self._sealed.serial:
                return [(Blocker.OUTCOME, f"cites {tracer.cites}, expected {self._sealed.serial}")]
            case gv.SlipAccepted(ladder=()):
                return [(Blocker.STATED, "the ladder of the addressee's side is empty")]
            case ev.DeadlinePassed() if self.wake_at is None or now < self.wake_at:
                return [(Blocker.NOT_DUE, "")]
        return []

    def _not_to_be_said(self, by: str) -> list[tuple[Blocker, str]]:
        found = []
        if not self.newer_noted:
            found.append((Blocker.NEWER, ", ".join(map(str, self.newer))))
        if not self.principal_asked_by:
            found.append((Blocker.NOBODY_NAMED, "the addressee was not asked for"))
        if self._precedence is Precedence.FLASH and not self.night_mode_by and self.released_by in ("", by):
            found.append((Blocker.TWO_PERSONS, ""))
        return found

    def _of_other(self, part: Part, sha256: str) -> list[tuple[Blocker, str]]:
        if sha256 != self._sealed.digest().hex():
            return [(Blocker.NOT_COMPARED, "compared with another text")]
        if not self._is_in(part):
            return [(Blocker.NOT_COMPARED, f"{part.value} in {self.state.value}")]
        return []

    def _is_in(self, part: Part) -> bool:
        """Whether this part is being said now: what was said before it stands as it was compared."""
        return (part is Part.RELAY) == (self.state is State.RELAYING)

    def _unread(self, event: Event) -> list[tuple[Blocker, str]]:
        if not isinstance(event, gv.ReceiptGiven):
            return []
        found = [(Blocker.NOT_COMPARED, part.value) for part in Part if not self.said.is_as_sealed(part)]
        if self.slots is None:
            return [*found, (Blocker.SLOTS_UNKNOWN, "")]
        return found + [(Blocker.SLOT_OPEN, slot.text) for slot in self.slots if slot.id not in self.said.ticked]

    def _unwritable(self, person: Person) -> list[tuple[Blocker, str]]:
        """Names go on the return slip, so they must be such that it can be printed."""
        try:
            for value in (person.name, person.role):
                require(value, self._language, VALUE_LIMIT)
        except TextError as error:
            return [(Blocker.STATED, str(error))]
        return []

    def _not_acknowledged(self, event: gv.Acknowledged) -> list[tuple[Blocker, str]]:
        if event.person.name == NOT_STATED or not event.is_authorised:
            return [(Blocker.NOT_AUTHORISED, "")]
        return self._unwritable(event.person) + self._unwritable(Person(self._remark(event.authority)))

    def _not_ended(self, outcome: Outcome) -> list[tuple[Blocker, str]]:
        said = outcome is Outcome.RECEIVE_ONLY and self.said_to is not None and self.state is not State.RECEIPTED
        if outcome not in ENDS[self.state] and not said:
            return [(Blocker.OUTCOME, f"{outcome.value} in {self.state.value}")]
        if outcome is Outcome.NO_ANSWER and not self.attempts:
            return [(Blocker.OUTCOME, "nobody was called")]
        return []

    def _remark(self, reason: str) -> str:
        return compose(reason, self._language) or NOT_STATED

    @property
    def _sealed(self) -> Message:
        assert self.message is not None  # no move leads out of NEW without one
        return self.message

    @property
    def _language(self) -> str:
        return self._sealed.language

    @property
    def _precedence(self) -> Precedence:
        return self._sealed.precedence

    def _take(self, event: Event, now: int) -> list[Command]:
        match event:
            case gv.SlipAccepted(message, ladder):
                self.message, self.ladder = message, ladder
                self.tier = first_tier(message.originator.tier, (one.tier for one in ladder))
                self._deadline = Deadline(Hop.GIVING, message.precedence, now)
                return self._call()
            case ev.DeadlinePassed():
                return self._due(now)
            case ev.Ended(outcome, reason):
                self.outcome, self.remark = outcome, self._remark(reason)
                if outcome is Outcome.RECEIVE_ONLY and self.said_to:
                    self.heard_by = self.said_to
            case ev.NightModeDeclared(by):
                self.night_mode_by = by
                return [AnnounceNightMode(self.leg)] if self.leg else []
            case ev.LimitsSet(limits):
                self.limits = limits
            case gv.TierChosen(tier):
                self.tier = tier
                return [] if self.leg else self._call()
            case _:
                return self._ring(event, now)
        return []

    def _ring(self, event: Event, now: int) -> list[Command]:
        """Events of the line: who was called, who answered, who is gone."""
        match event:
            case gv.AttemptEnded():
                self.attempts += (event,)
            case gv.CallStarted(tier):
                self.tier = self.ringing_tier = tier
                self._retry_at = None
            case gv.LadderEnded():
                self.ringing_tier = 0
                return self._climb(now)
            case gv.CallAnswered(contact, leg):
                self.leg, self.ringing_tier, self._retry_at = leg, 0, None
                self.person, self.principal_asked_by = NOBODY, ""
                announce = [AnnounceNightMode(leg)] if self.night_mode_by else []
                return [*announce, AskForPrincipal(self._sealed.addressee, self.tier), *self._judge_rank(contact)]
            case gv.CallEnded():
                self._hang_up()
            case _:
                return self._talk(event)
        return []

    def _talk(self, event: Event) -> list[Command]:
        """Events of the talk with the addressee's side."""
        match event:
            case gv.PrincipalAsked(by):
                self.principal_asked_by = by
            case gv.PersonNamed(person, contact):
                self.person = person
                return self._judge_rank(contact)
            case gv.RelayStarted():
                self.said = Said()
                return [SayMessage(self._sealed)]
            case gv.RelayFinished():
                self.said_to = self.person
            case gv.ReadBackBegun():
                self.said = self.said.without(Part.READ_BACK)
            case gv.Compared():
                self.said = self.said.with_comparison(event)
                return after_comparison(event)
            case gv.CorrectedAloud(part):
                self.said = self.said.corrected(part)
            case gv.Judged():
                self.said = self.said.with_judgement(event)
            case _:
                self._note(event)
        return []

    def _note(self, event: Event) -> None:
        match event:
            case gv.ReceiptGiven(person):
                self.heard_by = person
            case gv.Acknowledged():
                self.acknowledged = event
            case gv.ReplyStated(reply):
                self.reply = reply
            case gv.ReplyTaken(serial):
                self.reply, self.reply_serial = ReplyState.GIVEN, serial
            case ev.NewerFound(serials):
                self.newer, self.newer_noted = serials, not serials
            case ev.SlotsFound(slots=slots):
                self.slots = slots
            case ev.SlotHeard(slot):
                self.said = self.said.with_tick(slot)
            case ev.ReleaseGiven(by):
                self.released_by = by
            case ev.NewerNoted():
                self.newer_noted = True

    def _hang_up(self) -> None:
        """Nobody is on the line. What was said before the receipt has to be said and compared again."""
        self.leg, self.person = "", NOBODY
        self.said = Said()

    def _judge_rank(self, contact: str) -> list[Command]:
        known = next((one for one in self.ladder if one.contact == contact), None)
        if known is None:
            return []
        who = self._sealed.originator
        self.parity = compare(standing(who.tier, who.rank), standing(known.tier, known.rank))
        return [ShowParity(self.parity)]

    def _call(self) -> list[Command]:
        contacts = tuple(one.contact for one in self.ladder if one.tier == self.tier)
        return [CallTier(self.tier, contacts, self._precedence)]

    def _climb(self, now: int) -> list[Command]:
        """Try the next tier; at the top, rest and begin again at the first."""
        higher = next_tier(self.tier, (one.tier for one in self.ladder))
        if higher > self.tier:
            self.tier = higher
            return self._call()
        self.tier = first_tier(self._sealed.originator.tier, (one.tier for one in self.ladder))
        self._retry_at = now + limit_ns(self._precedence, Hop.GIVING, self.limits) // RETRY_PART
        return []

    def _due(self, now: int) -> list[Command]:
        commands: list[Command] = []
        if self._deadline and self._deadline.at(self.limits) <= now:
            late = self._deadline = self._deadline.next()
            commands.append(RaiseOverdue(late.hop, (now - late.since) // NS_PER_MINUTE))
            # A live talk is never cut or crossed by a climb; neither is a ladder that is being rung.
            if Step.CLIMB in late.steps() and not self.leg and not self.ringing_tier:
                self.tier = next_tier(self.tier, (one.tier for one in self.ladder))
                self._retry_at = now
        if self._retry_at is not None and self._retry_at <= now:
            self._retry_at = None
            commands += self._call()
        return commands

    def _enter(self, target: State, event: Event, now: int) -> list[Command]:
        """The one place where the state changes, and with it what is waited for and what goes back."""
        changed, self.state = target is not self.state, target
        if changed and target in HOPS:
            self._deadline = Deadline(HOPS[target], self._precedence, now)
        if changed and target is State.READY and isinstance(event, gv.CallEnded):
            self._retry_at = now  # the line was lost in mid-talk: the same tier is called again at once
        if target is State.CLOSED:
            self._close()
        times = [self._retry_at] if self._retry_at is not None else []
        times += [self._deadline.at(self.limits)] if self._deadline else []
        self.wake_at = max(min(times), now + 1) if times else None
        goes_back = changed and target in STAGES
        return self._print_return(now) if goes_back or isinstance(event, gv.TracerTaken | gv.ReplyStated) else []

    def _close(self) -> None:
        self._deadline = self._retry_at = None
        if self.outcome is Outcome.OPEN:
            self.outcome = Outcome.ACKNOWLEDGED if self.acknowledged else Outcome.RECEIPT_ONLY

    def _print_return(self, now: int) -> list[Command]:
        slip = Return(
            self._sealed.serial,
            len(self.returns) + 1,
            dtg(now),
            STAGES.get(self.state, Stage.UNDER_WAY),
            self.outcome,
            self.heard_by,
            self.acknowledged.person if self.acknowledged else NOBODY,
            self.reply,
            self._language,
            self.remark,
            *self._given(),
        )
        self.returns += (slip,)
        return [PrintReturn(slip, render(slip))]

    def _given(self) -> tuple[Person, str]:
        """Who of the addressee's side gave what the return slip says, and on whose authority."""
        if self.acknowledged:
            return self.acknowledged.person, self._remark(self.acknowledged.authority)
        if self.outcome in (Outcome.REFUSED, Outcome.NOT_AUTHORISED):
            return self.person, NOT_STATED
        return self.heard_by, NOT_STATED
