"""Every entry of one message in words, for a person who reads the record; nothing is left out and nothing judged.

Words are English, values as they stand in the record, times UTC. Signs that a terminal would obey are shown as such.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bridge.base.clock import utc_text
from bridge.base.wire import Entry, Value
from bridge.relay.events import Slot
from bridge.relay.giving_events import Candidate
from bridge.relay.message import Message
from bridge.relay.precedence import Limit
from bridge.relay.records import ACT, Record, from_entry
from bridge.relay.returns import Person, Return, Tracer
from bridge.relay.serials import Serial
from bridge.relay.spans import Span

SENTENCES = {
    "Opened": "begins a {kind} from {side} to {to_side} on {leg}: {precedence}, in {language}, citing {cites}",
    "LegJoined": "the originator is back on {leg}",
    "Heard": "{engine} heard in {span}: {text}",
    "SpanMarked": "marks as the message: {span}",
    "Played": "has heard {span}",
    "HeaderStated": "notes {field}: {value}",
    "PrecedenceStated": "notes precedence {precedence}",
    "IdentityChecked": "notes identity: {identity}",
    "Edited": "writes the draft: {text}",
    "SlotsFound": "critical items of draft {version}: {slots}",
    "SlotHeard": "has heard item {slot} as it stands",
    "SlotTyped": "types item {slot} once more: {value}",
    "ReadBackStarted": "begins to read back",
    "ReadBackSaid": "has read back all of it: {span}",
    "Confirmed": "the originator accepts the read-back ({how} {digit}) on {leg} {span}",
    "Rejected": "the originator refuses the read-back ({how} {digit}) on {leg} {span}",
    "ReleaseGiven": "releases it as second person",
    "NightModeDeclared": "is alone on watch: {reason}",
    "NewerFound": "crosses {serials}",
    "NewerNoted": "has read of the crossing messages",
    "SealOrdered": "seals it",
    "SlipCarried": "has let the slip leave the station",
    "ReturnTaken": "takes {slip}",
    "OriginatorTold": "has told the originator's side what the return slip says",
    "Filed": "files it",
    "Ended": "ends it: {outcome}. {reason}",
    "LimitsSet": "deadlines other than the usual: {limits}",
    "DeadlinePassed": "a deadline has passed",
    "SlipAccepted": "takes the slip of {message}; ladder {ladder}",
    "TierChosen": "asks for tier {tier}",
    "CallStarted": "tier {tier} is called",
    "AttemptEnded": "{contact} was called: {outcome}",
    "CallAnswered": "{contact} answers on {leg}",
    "LadderEnded": "nobody of the tier has answered",
    "CallEnded": "the call of the addressee's side has ended: {outcome}",
    "PrincipalAsked": "has asked for the addressee",
    "PersonNamed": "notes on the line: {person}; contact {contact}",
    "RelayStarted": "begins to say it",
    "Compared": "{part} compared: {match}, {findings} difference(s), all of it said: {is_complete}",
    "CorrectedAloud": "corrects aloud, {part}: {finding}",
    "Judged": "has listened and judges it as sealed, {part}: {span}",
    "RelayFinished": "has said all of it",
    "ReadBackBegun": "the addressee's side begins to read back",
    "ReceiptGiven": "receipt (ROGER) by {person}",
    "Acknowledged": "acknowledged (WILCO) by {person}, authority {authority}, on the parties' list: {is_authorised}",
    "ReplyStated": "notes reply: {reply}",
    "ReplyTaken": "answered by {serial}",
    "TracerTaken": "takes {tracer}",
}
"""A sentence for each event; its fields stand in braces."""
COMMANDS = {
    "SayReadBack": "is shown what to read back",
    "KeepMessage": "sealed, SHA-256 {sha256}",
    "PrintSlip": "slip of {serial} printed",
    "AnnounceNightMode": "to be announced on {leg}: one person alone is on watch",
    "RaiseOverdue": "OVERDUE: {hop}, {minutes} minutes",
    "SendTracer": "tracer to be sent",
    "ShowDifference": "item {slot} stands as {stands}, typed {typed}",
    "TellOriginator": "the originator's side is to be told of a return slip",
    "CallTier": "line asked to call tier {tier}: {contacts}",
    "ShowParity": "parity shown",
    "AskForPrincipal": "the addressee is to be asked for: {addressee}, tier {tier}",
    "SayMessage": "is shown what to say",
    "CorrectAloud": "to be corrected aloud: {findings} difference(s)",
    "ListenAgain": "to be listened to again: {findings} difference(s)",
    "PrintReturn": "return slip printed",
}
"""The same for commands, from their recorded fields."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words."""

    utc: str
    who: str
    """A person, or `machine`."""
    what: str


def tell(entries: Iterable[Entry], subject: str) -> Iterator[Told]:
    """Every entry of one message, in order.

    Raises:
        RecordError: an entry that is none of ours.
    """
    for entry in entries:
        if entry.data.get("subject") != subject:
            continue
        record = from_entry(entry)
        if record is not None:
            name = type(record.event).__name__
            what = SENTENCES[name].format_map(_Shown(_fields(record)))
            yield Told(utc_text(record.at), _who(entry, record), clean(" ".join(what.split())))
        else:
            yield Told(entry.utc, "machine", clean(_other(entry)))


class _Shown(dict[str, str]):
    """Fields of an old record that a sentence of today names are shown as missing."""

    def __missing__(self, key: str) -> str:
        return "-"


def _fields(record: Record) -> dict[str, str]:
    event = record.event
    return {field.name: shown(getattr(event, field.name)) for field in dataclasses.fields(event)}


def _who(entry: Entry, record: Record) -> str:
    match entry.data.get(ACT):
        case {"person": str(person), "console": str(console)}:
            return clean(f"{person} ({console})")
    return clean(str(getattr(record.event, "by", "") or "machine"))


def _other(entry: Entry) -> str:
    if entry.kind == "CommandIssued":
        fields = entry.data.get("fields")
        given = {key: plainly(value) for key, value in fields.items()} if isinstance(fields, dict) else {}
        name = str(entry.data.get("command"))
        return COMMANDS.get(name, name).format_map(_Shown(given))
    rest = {key: value for key, value in entry.data.items() if key != "subject"}
    if entry.kind == "DifferencesFound":
        return f"differences in the {rest.get('part')}: {plainly(rest.get('findings'))}"
    return f"{entry.kind}: {plainly(rest)}"


def shown(value: object) -> str:
    """One value of an event in words."""
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case enum.Enum():
            return str(value.value)
        case tuple():
            return ", ".join(shown(one) for one in value) or "none"
    return _object(value)


def _object(value: object) -> str:
    match value:
        case Span(leg, start, end):
            return f"samples {start} to {end} of {leg}"
        case Person(name, role):
            return f"{name}, role {role}"
        case Slot(name, _, text):
            return f"{text} [{name}]"
        case Candidate(contact, tier):
            return f"{contact} (tier {tier})"
        case Limit(hop, precedence, minutes):
            return f"{hop.value} {precedence.value} {minutes} min"
        case Message(serial=serial):
            return str(serial)
        case Return() | Tracer():
            return _slip(value)
        case Serial():
            return str(value)
    return str(value)


def _slip(value: Return | Tracer) -> str:
    if isinstance(value, Tracer):
        return f"tracer {value.number} of {value.cites}"
    return (
        f"return {value.number} of {value.cites}: {value.stage.value}, {value.outcome.value}, reply {value.reply.value}"
    )


def plainly(value: Value) -> str:
    """One recorded value in words."""
    match value:
        case None | "" | []:
            return "none"
        case list():
            return "; ".join(plainly(one) for one in value)
        case Mapping():
            return ", ".join(f"{key} {plainly(one)}" for key, one in value.items())
    return str(value)


def clean(text: str) -> str:
    """Without anything that a terminal would obey or that would turn the line round."""
    return "".join(sign if sign.isprintable() or sign == "\u200c" else f"<U+{ord(sign):04X}>" for sign in text)
