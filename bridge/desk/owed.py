"""What the machines of the messages are owed by what has happened on the line and in the recognisers.

Pure, and by state alone: it looks at how things stand and names the next event that is missing, so a restart at any
point continues by itself and nothing is entered twice. A key is the one thing that counts by its moment: only keys
pressed since the message came to its present state are an answer to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bridge.base.terms import Outcome as CallOutcome
from bridge.desk.items import coded_items, items
from bridge.desk.scene import Answered, LegScene, Scene
from bridge.desk.spoken import Spoken, compare_spoken
from bridge.relay import events as ev
from bridge.relay import giving_events as gv
from bridge.relay import giving_states, taking_states
from bridge.relay.agreed import NOTHING, Agreed
from bridge.relay.events import Event
from bridge.relay.giving import Giving
from bridge.relay.giving_events import Part
from bridge.relay.meaning import Judge
from bridge.relay.records import Record
from bridge.relay.replay import Machine, Relay
from bridge.relay.spans import Span
from bridge.relay.taking import Taking

PARTS = {giving_states.State.RELAYING: Part.RELAY, giving_states.State.READING_BACK: Part.READ_BACK}


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that the line was asked for."""

    id: str = ""
    tick: int = 0
    tier: int = 0


@dataclass(slots=True)
class Course:
    """What the desk keeps of one message beside its machine; a replay of the record makes it again."""

    state: object = None
    entered_tick: int = 0
    """When the machine came to its present state."""
    asked: Asked = Asked()
    """The last call for it; its id is empty if there was none."""
    running: Asked = Asked()
    """The last one that the line began."""
    attempts: int = 0
    """Of the machine when the line began."""
    since_ns: int = 0
    """When what is being said now began, UTC."""
    compared_tick: int = 0
    spoken: Spoken | None = None
    """The last comparison, entered or not: how far the operator has come. Gone after a restart until he goes on."""


@dataclass(slots=True)
class Courses:
    """Owned by the thread that owns the relay."""

    of: dict[str, Course] = field(default_factory=dict)
    judge: Judge | None = None
    """Asked about meaning where what is said is in another language than what was sealed."""

    def took(self, record: Record, machine: Machine, tick: int) -> None:
        """Note that a machine has taken an event."""
        course = self.of.setdefault(record.subject, Course())
        if course.state is not machine.state:
            course.state, course.entered_tick = machine.state, tick
        match record.event:
            case gv.CallStarted() if isinstance(machine, Giving):
                course.running, course.attempts = course.asked, len(machine.attempts)
            case gv.RelayStarted() | gv.ReadBackBegun():
                course.since_ns, course.compared_tick, course.spoken = record.at, tick, None
            case gv.Compared():
                course.compared_tick = tick

    def asked(self, subject: str, command: str, tier: int, tick: int) -> None:
        """Note that the line was asked to call for a message."""
        self.of.setdefault(subject, Course()).asked = Asked(command, tick, tier)


def owed(
    relay: Relay, scene: Scene, courses: Courses, now: int, agreed: Agreed = NOTHING
) -> Iterator[tuple[Record, Spoken | None]]:
    """Events that are missing, the first first, each with the comparison that it is. Ask anew once one was entered.

    Args:
        now: UTC nanoseconds.
        agreed: what the parties have agreed, as the dialplan has it now.
    """
    claimed = {heard.span for one in relay.machines.values() if isinstance(one, Taking) for heard in one.heard}
    for subject, machine in relay.machines.items():
        moves = allowed(machine)
        if not moves:
            continue
        course = courses.of.setdefault(subject, Course())
        if machine.limits != agreed.limits:
            yield Record(subject, now, ev.LimitsSet(agreed.limits)), None
        for event in _events(relay, scene, course, subject, machine, claimed, agreed):
            if type(event) in moves:
                yield Record(subject, now, event), None
        if isinstance(machine, Giving) and (spoken := _compared(machine, scene, course, agreed, courses.judge)):
            yield Record(subject, now, spoken.event), spoken
    yield from ((record, None) for record in relay.due(now))


def allowed(machine: Machine) -> Mapping[type[Event], object]:
    """What can be entered for a message as it stands; nothing for one that is closed."""
    if isinstance(machine, Taking):
        return taking_states.MOVES[machine.state]
    return giving_states.MOVES[machine.state]


def _events(
    relay: Relay, scene: Scene, course: Course, subject: str, machine: Machine, claimed: set[Span], agreed: Agreed
) -> Iterator[Event]:
    if isinstance(machine, Taking):
        yield from _of_taking(machine, scene, course, claimed)
    else:
        yield from _of_giving(machine, scene, course, agreed)
    crossing = relay.crossing(subject)
    if any(serial not in machine.newer for serial in crossing):
        yield ev.NewerFound(crossing)


def _of_taking(taking: Taking, scene: Scene, course: Course, claimed: set[Span]) -> Iterator[Event]:
    for name in sorted(taking.legs):
        leg = scene.legs.get(name)
        if leg is None:
            continue
        for one in (leg.finals[number] for number in sorted(leg.finals)):
            if one.from_sample < one.to_sample and (span := Span(name, one.from_sample, one.to_sample)) not in claimed:
                yield ev.Heard(span, one.text, one.engine)
        for tick, digit in leg.digits:
            answer = ev.pressed(name, digit)
            if tick > course.entered_tick and answer is not None:
                yield answer
    if taking.drafts and taking.slots is None and taking.opened is not None:
        yield ev.SlotsFound(len(taking.drafts), items(taking.text, taking.opened.language))


def _of_giving(giving: Giving, scene: Scene, course: Course, agreed: Agreed) -> Iterator[Event]:
    if giving.slots is None and giving.message is not None:
        yield ev.SlotsFound(
            0, coded_items(giving.message, agreed) or items(giving.message.text, giving.message.language)
        )
    here = scene.legs.get(giving.leg)
    if here is not None:
        if here.ended:
            yield gv.CallEnded(CallOutcome(here.ended))
        return
    asked, running = course.asked, course.running
    if asked.id != running.id and scene.answers.get(asked.id, Answered()).result == "done":
        yield gv.CallStarted(asked.tier)
        return
    call = scene.answers.get(running.id, Answered()).call
    # The line ends the leg that was talked on as an attempt, too; it was none in vain.
    since = (one for one in scene.attempts.get(call, ()) if one.tick > running.tick)
    tried = [one for one in since if one.outcome != CallOutcome.ANSWERED.value]
    for attempt in tried[len(giving.attempts) - course.attempts :]:
        yield gv.AttemptEnded(attempt.contact, CallOutcome(attempt.outcome))
    answered = scene.side_up(call, running.tick)
    if answered is not None:
        yield gv.CallAnswered(answered.contact, answered.leg)
    ended_tick, how = scene.ladders.get(call, (0, ""))
    if ended_tick > running.tick and how != "answered":
        yield gv.LadderEnded()


def is_to_be_asked_again(giving: Giving, scene: Scene, course: Course) -> bool:
    """Whether the line had no room for the last call, and may have by now."""
    answer = scene.answers.get(course.asked.id, Answered())
    waits = giving.state is giving_states.State.READY and giving.wake_at is not None
    return waits and answer.result == "refused" and scene.freed_tick > answer.tick


def speaker(giving: Giving, part: Part, scene: Scene) -> LegScene | None:
    """Whose words are compared: the operator's when he says it, the far officer's when he repeats it."""
    return scene.operator_of(giving.leg) if part is Part.RELAY else scene.legs.get(giving.leg)


def _compared(giving: Giving, scene: Scene, course: Course, agreed: Agreed, judge: Judge | None) -> Spoken | None:
    """The comparison of what is being said, if it is another than the last one."""
    part = PARTS.get(giving.state)
    leg = speaker(giving, part, scene) if part else None
    if part is None or giving.message is None or leg is None or leg.text_tick <= course.compared_tick:
        return None
    course.compared_tick = leg.text_tick
    if not leg.since(course.since_ns) and not leg.saying_since(course.since_ns):
        return None
    spoken = course.spoken = compare_spoken(
        giving.message, part, leg, course.since_ns, complete=False, agreed=agreed, judge=judge
    )
    return spoken if is_news(giving, spoken) else None


def is_news(giving: Giving, spoken: Spoken) -> bool:
    """Whether a comparison says other than the last one of its part."""
    return giving.said.comparison(spoken.event.part) != spoken.event
