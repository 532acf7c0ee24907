"""Figures from small records that are written here: journals, tracks with sidecars, and what phones told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bridge.base.audio import Samples, read_wav, write_wav
from bridge.base.clock import NS, Instant, utc_text
from bridge.base.terms import GapKind, Outcome
from bridge.base.wire import Entry, Value
from bridge.drill import evidence
from bridge.drill.evidence import Part, Record
from bridge.drill.party import Told
from bridge.drill.play import Line, Played
from bridge.drill.report import Report
from bridge.drill.score import find
from bridge.drill.script import SCENARIOS, VOICES, Cast, Sentence, sentences
from bridge.recording import sidecar as sidecars
from bridge.recording.sidecar import Sidecar, TrackState
from bridge.recording.track import Gap

RATE_HZ = 8000
SAID = {sentence.id: sentence for sentence in sentences(SCENARIOS["quick"])}
DELAY_S = 0.04


class Story:
    """A whole exercise as it should have gone; tests change one thing and see what is noticed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.line: dict[str, list[Entry]] = {"us": [], "ir": []}
        self.speech: dict[str, list[Entry]] = {"us": [], "ir": []}
        self.played = Played(asked_ns=30 * NS)
        self.gaps: dict[str, tuple[Gap, ...]] = {}
        self.gain: dict[str, float] = {}
        self.cut_s: dict[str, float] = {}

    def entry(self, side: str, at_s: float, kind: str, book: str = "line", **data: Value) -> None:
        entries = (self.line if book == "line" else self.speech)[side]
        at_ns = round(at_s * NS)
        entries.append(Entry(len(entries) + 1, utc_text(at_ns), at_ns, "synchronised", kind, data))

    def tell(self, party: str, **at_s: float) -> None:
        told = [Told(event, round(at * NS), {}) for event, at in at_s.items()]
        self.played.events.setdefault(party, []).extend(told)

    def leg(self, side: str, name: str, from_s: float, to_s: float, outcome: Outcome, said: Sequence[Line]) -> None:
        """One leg with a track, its end, and perfect captions half a second after each sentence."""
        leg = f"{side}-20261123T100512Z-0001/{name}"
        path = Path("2026/11/23") / side / f"{name}.wav"
        (self.folder / side / path).parent.mkdir(parents=True, exist_ok=True)
        samples = np.full(round((to_s - from_s - self.cut_s.get(name, 0.0)) * RATE_HZ), 3, dtype=np.int16)
        for number, line in enumerate(said, 1):
            start_s = line.start_ns / NS - from_s
            sound = self._put(samples, line.sentence.file, start_s + DELAY_S, self.gain.get(name, 1.0))
            end = round(start_s * RATE_HZ) + sound.size
            spoken_s = [start_s + from_s + word.to_sample / RATE_HZ for word in line.sentence.words]
            texts = line.sentence.text.split()
            base: dict[str, Value] = {"leg": leg, "utterance": number, "from_sample": round(start_s * RATE_HZ)}
            for i, at_s in enumerate(spoken_s):
                shown: dict[str, Value] = {**base, "text": " ".join(texts[: i + 1]), "heard_to_sample": end}
                self.entry(side, at_s + 0.5, "Partial", "speech", **shown)
            settled: dict[str, Value] = {**base, "text": line.sentence.text, "to_sample": end}
            self.entry(side, spoken_s[-1] + 1.0, "Final", "speech", **settled)
        write_wav(self.folder / side / path, samples, RATE_HZ)
        t0 = Instant(round(from_s * NS), round(from_s * NS))
        sidecar = Sidecar(
            TrackState.CLOSED, side, leg.partition("/")[0], leg, name[:-2], "en", str(path), RATE_HZ, t0,
            samples=samples.size, gaps=self.gaps.get(name, ()),
        )  # fmt: skip
        sidecars.write(sidecars.beside(self.folder / side / path), sidecar)
        self.entry(side, from_s, "TrackOpened", leg=leg, role=name[:-2], path=str(path))
        self.entry(side, to_s, "LegEnded", leg=leg, outcome=outcome.value)

    def ear(self, party: str, media_s: float, said: Sequence[tuple[Path, float]]) -> None:
        """What a phone heard from its audio path on."""
        samples = np.full(20 * RATE_HZ, 3, dtype=np.int16)
        for file, at_s in said:
            self._put(samples, file, at_s - media_s + 2 * DELAY_S, 1.0)
        self.played.heard[party] = self.folder / f"{party}.wav"
        write_wav(self.played.heard[party], samples, RATE_HZ)
        self.tell(party, media=media_s)

    def say(self, sentence: str, side: str, at_s: float) -> Line:
        line = Line(SAID[sentence], side, round(at_s * NS))
        self.played.lines.append(line)
        return line

    def judge(self) -> Report:
        records = {side: Record(side, self.folder / side, self.line[side], self.speech[side]) for side in ("us", "ir")}
        part = Part(Cast("us", "ir", "127.0.1.21"), SCENARIOS["quick"], VOICES.parent.parent / "lines/announcements")
        return evidence.judge(self.played, part, records, [], 60.0)

    def missed(self) -> list[str]:
        return [check.name for check in self.judge().checks if not check.passed]

    @staticmethod
    def _put(samples: Samples, file: Path, at_s: float, gain: float) -> Samples:
        sound, _ = read_wav(file)
        at = round(at_s * RATE_HZ)
        part = samples[at : at + sound.size]
        part += (sound[: part.size] * gain).astype(np.int16)
        return sound


def tell_story(story: Story) -> Story:
    """Calls, attempts, words and endings; `Story` fields set before change what the record shows."""
    announced = VOICES.parent.parent / "lines/announcements/en/exercise.wav"
    caller, desk_1 = story.say("caller-3", "us", 12), story.say("desk-1", "us", 17)
    desk_2, called = story.say("desk-2", "ir", 42), story.say("called-1", "ir", 48)
    story.tell("officer", called=10.0, answered=10.01)
    story.tell("operator", incoming=10.05, answered=11.5)
    story.tell("operator-called", incoming=30.03, answered=31.5)
    story.tell("second-contact", incoming=33.0, answered=34.5)
    story.entry("us", 10, "Invited", leg="a", precedence="FLASH")
    story.entry(
        "us", 10.2, "AnnouncementStarted", leg="us-20261123T100512Z-0001/side-1", name="exercise", language="en"
    )
    story.leg("us", "side-1", 10, 25, Outcome.ANSWERED, [caller])
    story.leg("us", "operator-1", 10.1, 25, Outcome.ANSWERED, [desk_1])
    story.leg("ir", "operator-1", 30, 55, Outcome.ANSWERED, [desk_2])
    story.entry("ir", 30, "Dialled", leg="b", precedence="FLASH")
    story.entry("ir", 31.6, "AttemptEnded", leg="x", contact="watch", tier=1, rung=1, outcome="busy")
    story.entry("ir", 31.6, "LegEnded", leg="x", outcome="busy")
    story.entry("ir", 33, "Alerted", leg="y")
    story.entry("ir", 34.5, "Answered", leg="y")
    story.leg("ir", "side-2", 32, 55, Outcome.ANSWERED, [called])
    story.entry("ir", 55, "AttemptEnded", leg="y", contact="deputy", tier=1, rung=2, outcome="answered")
    story.entry("ir", 55, "LegEnded", leg="y", outcome="answered")
    story.ear("officer", 10.0, [(announced, 10.2), (desk_1.sentence.file, 17)])
    story.ear("operator", 11.5, [(caller.sentence.file, 12)])
    story.ear("second-contact", 34.5, [(desk_2.sentence.file, 42)])
    story.ear("operator-called", 31.5, [(called.sentence.file, 48)])
    return story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_all_is_well(story: Story) -> None:
    """A good record passes, and the figures are those that were put in."""
    report = tell_story(story).judge()
    found = {check.name: check.found for check in report.checks}
    assert report.passed, [check for check in report.checks if not check.passed]
    assert found["line answers the caller"] == pytest.approx(0.01)
    assert found["handset rings after the call"] == pytest.approx(0.05)
    assert found["operator lifts"] == pytest.approx(1.47)
    assert found["final after the utterance, p95"] == pytest.approx(1.0)
    assert found["mouth to ear, p95"] == pytest.approx(0.08, abs=0.001)
    assert found["caption of a word, p50"] == pytest.approx(0.5)
    assert found["word error rate"] == 0
    assert [(a.contact, a.outcome, a.expected, a.ring_s) for a in report.attempts] == [
        ("watch", "busy", "busy", 0.0),
        ("deputy", "answered", "answered", pytest.approx(1.5)),
    ]
    side = next(leg for leg in report.legs if leg.leg.endswith("side-1"))
    assert (side.said, side.errors, side.gaps) == (10, 0, ())
    assert side.length_s == side.up_s == 15.0
    assert -24 < side.level_dbfs < -12


def test_gap_is_noticed(story: Story) -> None:
    """Missing audio fails; the ringing before the first audio is as it should be."""
    story.gaps["side-1"] = (
        Gap(GapKind.BEFORE_MEDIA, 10 * NS, 11 * NS, 0, 8000),
        Gap(GapKind.NO_RTP, 13 * NS, 14 * NS, 24000, 32000),
    )
    report = tell_story(story).judge()
    assert [check.name for check in report.checks if not check.passed] == ["gaps that nothing explains"]
    assert report.legs[0].gaps == ("no-rtp at 3.0 s",)


def test_short_track_is_noticed(story: Story) -> None:
    """A track that ends half a second before its call."""
    story.cut_s["operator-1"] = 0.5
    assert tell_story(story).missed() == ["track against call, worst"]


def test_quiet_track_is_noticed(story: Story) -> None:
    """Speech 30 dB too low."""
    story.gain["side-2"] = 0.03
    assert tell_story(story).missed() == ["sentences outside -35 to -10 dBFS"]


def test_empty_track_is_noticed(story: Story) -> None:
    """A track of the right length without a voice in it, whatever the captions say."""
    story.gain["side-2"] = 0.0
    assert "sentence in the track, likeness" in tell_story(story).missed()


def test_deaf_ear_is_noticed(story: Story) -> None:
    """Recorded, but the other end heard nothing; and an announcement nobody heard."""
    tell_story(story)
    write_wav(story.played.heard["operator-called"], np.full(20 * RATE_HZ, 3, dtype=np.int16), RATE_HZ)
    assert "sentence at the far ear, likeness" in story.missed()
    write_wav(story.played.heard["officer"], np.full(20 * RATE_HZ, 3, dtype=np.int16), RATE_HZ)
    assert "announcement at the far ear, likeness" in story.missed()


def test_slow_connection_is_noticed(story: Story) -> None:
    """The handset of the called side rings after three seconds."""
    tell_story(story).played.asked_ns = 27 * NS
    assert story.missed() == ["handset rings after the call"]


@pytest.mark.parametrize(("at", "outcome"), [(0, "no-answer"), (1, "hung-up")])
def test_other_outcome_is_noticed(story: Story, at: int, outcome: str) -> None:
    """An attempt that ended otherwise than scripted."""
    tell_story(story)
    ended = [i for i, entry in enumerate(story.line["ir"]) if entry.kind == "AttemptEnded"]
    entry = story.line["ir"][ended[at]]
    story.line["ir"][ended[at]] = Entry(
        entry.seq, entry.utc, entry.mono_ns, entry.sync, entry.kind, {**entry.data, "outcome": outcome}
    )
    assert story.missed() == ["attempts not as scripted"]


def test_attempt_without_entry_is_noticed(story: Story) -> None:
    """A failed attempt that nobody wrote down, and one too many."""
    tell_story(story)
    kept = list(story.line["ir"])
    story.line["ir"] = [e for e in kept if not (e.kind == "AttemptEnded" and e.data["rung"] == 1)]
    assert "attempts not as scripted" in story.missed()
    story.line["ir"] = kept
    story.entry("ir", 56, "AttemptEnded", leg="y", contact="director", tier=2, rung=3, outcome="busy")
    assert story.missed() == ["attempts not as scripted"]


def test_alarm_and_lower_precedence_are_noticed(story: Story) -> None:
    """An alarm that nothing explains, and a leg without FLASH."""
    tell_story(story).entry("us", 20, "AlarmRaised", alarm="recording-lost")
    story.entry("us", 20, "Dialled", leg="z", precedence="ROUTINE")
    assert story.missed() == ["legs without FLASH", "alarms"]


def test_late_captions_are_noticed(story: Story) -> None:
    """Text that comes 3 s later than it should."""
    tell_story(story)
    for entries in story.speech.values():
        entries[:] = [Entry(e.seq, e.utc, e.mono_ns + 3 * NS, e.sync, e.kind, e.data) for e in entries]
    assert story.missed() == ["caption of a word, p50", "final after the utterance, p95"]


def test_no_captions_are_noticed(story: Story) -> None:
    """A recogniser that wrote nothing has no good delay, and every word is an error."""
    tell_story(story).speech = {"us": [], "ir": []}
    assert story.missed() == ["caption of a word, p50", "final after the utterance, p95", "word error rate"]


def test_wrong_words_are_noticed(story: Story) -> None:
    """One sentence of four heard as something else."""
    tell_story(story)
    story.speech["us"] = [
        Entry(e.seq, e.utc, e.mono_ns, e.sync, e.kind, {**e.data, "text": "thank you for watching"})
        for e in story.speech["us"]
    ]
    assert "word error rate" in story.missed()


def test_sentences_are_told_apart() -> None:
    """The sentences of the exercise do not correlate with each other: one is never found in place of another."""
    every: list[Sentence] = sentences(SCENARIOS["relay"])
    for sentence in every[:3]:
        said, rate_hz = read_wav(sentence.file)
        for other in every:
            heard, _ = read_wav(other.file)
            likeness = find(said, np.pad(heard, 4 * RATE_HZ), 3 * RATE_HZ, rate_hz, 0.8).likeness
            assert (likeness > 0.99) == (other is sentence) or likeness < 0.5
