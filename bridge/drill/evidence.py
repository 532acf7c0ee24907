"""From journals, tracks and phones to figures: what the record says about the exercise that was played.

It reads and measures; the arithmetic is `score`'s, the words are `report`'s. Every figure comes from the record or
from a phone at the far end, none from what a station says about itself alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.base.audio import Samples, read_wav
from bridge.base.clock import NS
from bridge.base.terms import GapKind, Outcome, Precedence
from bridge.base.wire import Entry
from bridge.drill.party import Told
from bridge.drill.play import Line, Played
from bridge.drill.relay_script import RelayScenario
from bridge.drill.report import Attempt, Happened, LegReport, Report
from bridge.drill.score import Caption, Check, Found, Heard, SpokenWord, find, hear, percentile, tokens
from bridge.drill.script import Cast, Scenario
from bridge.recording import sidecar as sidecars
from bridge.recording.sidecar import Sidecar

REACH_S = 0.8
"""How late a sentence is looked for: twice the limit of G.114 for one way."""
LEVEL_DBFS = (-35.0, -10.0)
"""Where speech must lie in a track; the script's lies at -20."""
LISTENERS = {
    ("calling", "caller"): "operator",
    ("calling", "operator"): "officer",
    ("called", "called"): "operator-called",
    ("called", "operator"): "second-contact",
}
"""Whose phone hears a speaker."""
EXPECTED_GAPS = frozenset({GapKind.BEFORE_MEDIA})


@dataclass(frozen=True, slots=True)
class Part:
    """What was to be played."""

    cast: Cast
    scenario: Scenario | RelayScenario
    announcements: Path
    """Folder with `<language>/<name>.wav`, as the stations use it."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one station left."""

    side: str
    recordings: Path
    line: Sequence[Entry]
    speech: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Track:
    """One leg as recorded."""

    leg: str
    role: str
    side: str
    outcome: str
    ended_ns: int
    path: Path
    sidecar: Sidecar
    samples: Samples

    @property
    def up_s(self) -> float:
        return (self.ended_ns - self.sidecar.t0.mono_ns) / NS

    @property
    def length_s(self) -> float:
        missing = sum(stall.missing for stall in self.sidecar.stalls)
        return (self.samples.size + missing) / self.sidecar.rate_hz

    def at(self, mono_ns: int) -> int:
        """Sample at a moment, not counting stalls: those fail a check of their own."""
        return round((mono_ns - self.sidecar.t0.mono_ns) * self.sidecar.rate_hz / NS)

    def gaps(self) -> tuple[str, ...]:
        """Gaps that nothing in the script explains."""
        rate_hz = self.sidecar.rate_hz
        found = [gap for gap in self.sidecar.gaps if gap.kind not in EXPECTED_GAPS]
        named = [f"{gap.kind.value} at {gap.from_sample / rate_hz:.1f} s" for gap in found]
        return tuple(named)


@dataclass(frozen=True, slots=True)
class Measured:
    """One leg with its figures."""

    track: Track
    text: Heard
    found: tuple[Found, ...]


def only(record: Record, calls: Collection[str]) -> Record:
    """What a station wrote about some of its calls."""

    def is_of(entry: Entry) -> bool:
        named = (str(entry.data.get(name, "")).partition("/")[0] for name in ("call", "leg", "from"))
        return any(name in calls for name in named)

    return Record(
        record.side,
        record.recordings,
        [entry for entry in record.line if is_of(entry)],
        [entry for entry in record.speech if is_of(entry)],
    )


def tracks(record: Record) -> list[Track]:
    """Every track of a station's calls, in the order in which they were opened.

    Raises:
        WireError, AudioError, OSError: the record is damaged.
    """
    ended = {entry.text("leg"): entry for entry in record.line if entry.kind == "LegEnded"}
    found = []
    for opened in (entry for entry in record.line if entry.kind == "TrackOpened"):
        leg = opened.text("leg")
        path = record.recordings / opened.text("path")
        samples, _ = read_wav(path)
        sidecar = sidecars.read(sidecars.beside(path))
        end = ended[leg]
        found.append(
            Track(leg, opened.text("role"), record.side, end.text("outcome"), end.mono_ns, path, sidecar, samples)
        )
    return found


def measure(track: Track, lines: Sequence[Line], speech: Sequence[Entry]) -> Measured:
    """Find one party's sentences in its track and its captions. Only a leg that was answered has any."""
    own = [line for line in lines if _is_said_on(line, track)]
    found = []
    for line in own:
        said, rate_hz = read_wav(line.sentence.file)
        found.append(find(said, track.samples, track.at(line.start_ns), rate_hz, REACH_S))
    text = hear(spoken_words(own), captions(track, speech))
    return Measured(track, text, tuple(found))


def _is_said_on(line: Line, track: Track) -> bool:
    if line.leg:
        return line.leg == track.leg
    role = "operator" if line.sentence.speaker == "operator" else "side"
    return (line.side, role) == (track.side, track.role) and track.outcome == Outcome.ANSWERED.value


def spoken_words(lines: Iterable[Line]) -> list[SpokenWord]:
    """The script's words at the times they left the mouth."""
    return [
        SpokenWord(
            token,
            line.start_ns + word.from_sample * NS // line.sentence.rate_hz,
            line.start_ns + word.to_sample * NS // line.sentence.rate_hz,
        )
        for line in lines
        for word in line.sentence.words
        for token in tokens(word.word)
    ]


def captions(track: Track, speech: Sequence[Entry]) -> list[Caption]:
    """Partial and final results of one leg, in the order in which they were written."""
    start_ns, rate_hz = track.sidecar.t0.mono_ns, track.sidecar.rate_hz
    return [
        Caption(
            entry.number("utterance"),
            entry.kind == "Final",
            entry.mono_ns,
            start_ns + entry.number("from_sample") * NS // rate_hz,
            start_ns + entry.number("to_sample" if entry.kind == "Final" else "heard_to_sample") * NS // rate_hz,
            entry.text("text"),
        )
        for entry in speech
        if entry.kind in ("Partial", "Final") and entry.text("leg") == track.leg
    ]


def leg_report(measured: Measured, recordings: Path) -> LegReport:
    track, text, found = measured.track, measured.text, measured.found
    return LegReport(
        leg=track.leg,
        outcome=track.outcome,
        path=str(track.path.relative_to(recordings)),
        length_s=track.length_s,
        up_s=track.up_s,
        level_dbfs=percentile([one.level_dbfs for one in found], 0.5),
        likeness=min((one.likeness for one in found), default=math.nan),
        said=text.said,
        errors=text.errors,
        partial_p50_s=percentile(text.partial_s, 0.5),
        final_p95_s=percentile(text.final_s, 0.95),
        gaps=track.gaps(),
    )


def attempts(line: Sequence[Entry], expected: Sequence[Outcome]) -> list[Attempt]:
    """The rungs of the ladder as the journal has them; those beyond the script are expected not to be there."""
    alerted = {entry.text("leg"): entry.mono_ns for entry in line if entry.kind == "Alerted"}
    over = {entry.text("leg"): entry.mono_ns for entry in reversed(line) if entry.kind in ("Answered", "LegEnded")}
    ended = sorted((entry for entry in line if entry.kind == "AttemptEnded"), key=lambda entry: entry.mono_ns)
    names = [outcome.value for outcome in expected] + ["none"] * len(ended)
    # By contact: a ladder that begins again rings the same people again, with the same outcome.
    scripted: dict[str, str] = {}
    return [
        Attempt(
            entry.text("contact"),
            entry.number("tier"),
            entry.text("outcome"),
            scripted.setdefault(entry.text("contact"), names[len(scripted)]),
            (over[entry.text("leg")] - alerted.get(entry.text("leg"), over[entry.text("leg")])) / NS,
        )
        for entry in ended
    ]


def at_the_ear(played: Played) -> list[Found]:
    """Each sentence as the other end of its line heard it."""
    found = []
    for line in played.lines:
        said, rate_hz = read_wav(line.sentence.file)
        listener = line.listener or LISTENERS[line.sentence.line, line.sentence.speaker]
        found.append(_find_heard(played, listener, said, line.start_ns, rate_hz))
    return found


def announced(played: Played, calling: str, records: Mapping[str, Record], folder: Path) -> list[Found]:
    """Each announcement that a station says it played to an answered leg, as the side's phone heard it."""
    found = []
    by_call = {line.leg.partition("/")[0]: line.listener for line in played.lines if line.role == "operator"}
    for record in records.values():
        usual = "officer" if record.side == calling else "second-contact"
        answered = {e.text("leg") for e in record.line if e.kind == "LegEnded" and e.text("outcome") == "answered"}
        for entry in (e for e in record.line if e.kind == "AnnouncementStarted" and e.text("leg") in answered):
            said, rate_hz = read_wav(folder / entry.text("language") / f"{entry.text('name')}.wav")
            listener = by_call.get(entry.text("leg").partition("/")[0], usual)
            found.append(_find_heard(played, listener, said, entry.mono_ns, rate_hz))
    return found


def _find_heard(played: Played, listener: str, said: Samples, start_ns: int, rate_hz: int) -> Found:
    """A phone's file begins with its audio path."""
    heard, _ = read_wav(played.heard[listener])
    media_ns = _first(played.events[listener], "media")
    return find(said, heard, round((start_ns - media_ns) * rate_hz / NS), rate_hz, REACH_S)


def _first(events: Sequence[Told], name: str) -> int:
    return next(told.mono_ns for told in events if told.event == name)


def line_checks(played: Played, found: Sequence[Attempt], expected: int, records: Mapping[str, Record]) -> list[Check]:
    """Connecting, answering, attempts and precedence."""
    events = played.events
    called = _first(events["officer"], "called")
    rings = [
        (_first(events["operator"], "incoming") - called) / NS,
        (_first(events["operator-called"], "incoming") - played.asked_ns) / NS,
    ]
    lifts = [
        (_first(events[name], "answered") - _first(events[name], "incoming")) / NS
        for name in ("operator", "operator-called")
    ]
    contacts = {attempt.contact for attempt in found}
    wrong = sum(attempt.outcome != attempt.expected for attempt in found) + abs(len(contacts) - expected)
    made = [e for record in records.values() for e in record.line if e.kind in ("Invited", "Dialled")]
    lower = sum(entry.text("precedence") != Precedence.FLASH.value for entry in made)
    return [
        Check("line answers the caller", (_first(events["officer"], "answered") - called) / NS, 2.0, "s"),
        Check("handset rings after the call", max(rings), 2.0, "s"),
        Check("operator lifts", max(lifts), 15.0, "s"),
        Check("attempts not as scripted", wrong, 0, ""),
        Check("legs without FLASH", lower, 0, ""),
        Check("alarms", sum(e.kind == "AlarmRaised" for record in records.values() for e in record.line), 0, ""),
    ]


def speech_checks(measured: Sequence[Measured]) -> list[Check]:
    """Captions, over all legs that spoke."""
    partial_s = [delay for one in measured for delay in one.text.partial_s]
    final_s = [delay for one in measured for delay in one.text.final_s]
    said = sum(one.text.said for one in measured)
    errors = sum(one.text.errors for one in measured)
    return [
        Check("caption of a word, p50", percentile(partial_s, 0.5), 1.0, "s"),
        Check("final after the utterance, p95", percentile(final_s, 0.95), 2.0, "s"),
        Check("word error rate", 100 * errors / said if said else math.nan, 10.0, "%"),
    ]


def audio_checks(measured: Sequence[Measured], ear: Sequence[Found], told: Sequence[Found]) -> list[Check]:
    """Tracks and what the far ends heard: sentences, and announcements that they are recorded and in an exercise."""
    answered = [one for one in measured if one.found]
    low, high = LEVEL_DBFS
    odd = sum(not low <= found.level_dbfs <= high for one in answered for found in one.found)
    off_s = max((abs(one.track.length_s - one.track.up_s) for one in measured), default=math.nan)
    alike = min((found.likeness for one in answered for found in one.found), default=math.nan)
    return [
        Check("gaps that nothing explains", sum(len(one.track.gaps()) for one in measured), 0, ""),
        Check("track against call, worst", off_s, 0.3, "s"),
        Check(f"sentences outside {low:g} to {high:g} dBFS", odd, 0, ""),
        Check("sentence in the track, likeness", alike, 0.7, "", at_least=True),
        Check("sentence at the far ear, likeness", min((f.likeness for f in ear), default=math.nan), 0.6, "", True),
        Check(
            "announcement at the far ear, likeness", min((f.likeness for f in told), default=math.nan), 0.6, "", True
        ),
        Check("mouth to ear, p95", percentile([found.after_s for found in ear], 0.95), 0.4, "s"),
    ]


def judge(
    played: Played, part: Part, records: Mapping[str, Record], timeline: Sequence[Happened], took_s: float
) -> Report:
    """Measure what was left on disk and hold it against the limits.

    Raises:
        WireError, AudioError, OSError: the record is damaged.
    """
    measured = [measure(track, played.lines, record.speech) for record in records.values() for track in tracks(record)]
    expected = part.scenario.attempts
    found = attempts(records[part.cast.called].line, expected)
    told = announced(played, part.cast.calling, records, part.announcements)
    return Report(
        scenario=part.scenario.name,
        took_s=took_s,
        timeline=tuple(timeline),
        attempts=tuple(found),
        legs=tuple(leg_report(one, records[one.track.side].recordings) for one in measured),
        checks=(
            *line_checks(played, found, len(expected), records),
            *speech_checks(measured),
            *audio_checks(measured, at_the_ear(played), told),
        ),
        recordings=tuple(str(record.recordings.absolute()) for record in records.values()),
    )
