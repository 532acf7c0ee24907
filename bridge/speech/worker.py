"""The speech process at work: follows the line journal and the growing tracks, writes what is heard to its journal.

It may be killed at any moment and goes on from its own journal: each track after its last final. It may fall behind
without harm; tracks of ended calls and old audio wait for those that are being spoken. The call never waits for it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from bridge import __version__
from bridge.base.audio import GrowingWav
from bridge.base.clock import Clock
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, BridgeError, EngineError, NoRecognizerError, WireError
from bridge.base.log import logger
from bridge.base.wire import Entry, Fields, Follower, Journal
from bridge.speech.checking import Check, Checking
from bridge.speech.engines import Opener, open_recognizer
from bridge.speech.listener import Failed, Listener, Result
from bridge.speech.progress import Progress, read_progress
from bridge.speech.recognizer import Recognizer
from bridge.speech.results import Final
from bridge.speech.vad import window_samples

POLL_S = 0.05
"""How often the files are looked at: a fifth of the 256 ms in which a track grows."""
BLOCK_S = 2.0
"""Most audio of one track taken at a time, so that an old hour does not hold up a live word."""
LIVE_S = 1.0
"""A track with less audio waiting is live and gets captions; one with more first catches up."""
LOOK_AGAIN_S = 10.0
"""How often a model is looked for where none was."""
COMPLETE_S = 2.0
"""How long a closed track may still lack samples that the line says it has."""


@dataclass(slots=True)
class Track:
    """One leg's track as the line journal names it."""

    call: str
    leg: str
    role: str
    language: str
    rate_hz: int
    wav: GrowingWav
    progress: Progress
    listener: Listener | None = None
    engine: str = ""
    closed_samples: int | None = None
    closed_at: float = 0.0
    look_at: float = 0.0
    """Monotonic time before which no recogniser is looked for."""

    length: int = 0
    """Samples on the disk, measured once a round."""

    @property
    def waiting_s(self) -> float:
        """Audio that is on the disk and was not looked at."""
        heard = self.progress.heard_to if self.listener is None else self.listener.heard_to
        return (self.length - heard) / self.rate_hz


class Worker:
    """All tracks of one station. Owned by one thread; the checker has its own."""

    def __init__(
        self, data: Path, speech: Speech, models: Path, clock: Clock, opener: Opener = open_recognizer
    ) -> None:
        """Read the own journal and take up what was left.

        Args:
            opener: loads the recogniser of a language; another one only in tests.

        Raises:
            StorageError: the journal cannot be opened.
            SequenceError, WireError: the journal is damaged.
        """
        self._recordings = data / "recordings"
        self._speech = speech
        self._models = models
        self._opener = opener
        self._clock = clock
        self._log = logger("speech")
        path = data / "journal" / "speech.jsonl"
        self._progress = read_progress(Follower(path).read())
        self._journal = Journal(path, clock)
        self._line = Follower(data / "journal" / "line.jsonl")
        self._tracks: dict[str, Track] = {}
        self._recognizers: dict[str, Recognizer] = {}
        self._missing: dict[str, tuple[float, EngineError]] = {}
        """By language: why there is no recogniser, and the monotonic time when to look again."""
        self._checking = Checking(speech, models, self._journal)

    def prepare(self, language: str) -> None:
        """Load the recogniser before the first call needs it; a missing one is said when a track needs it."""
        with contextlib.suppress(EngineError):  # kept in `_missing` and written down with the first track
            self._recognizer(language)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set.

        Raises:
            StorageError: the disk refused; nothing more can be written down.
            SequenceError, WireError: the line journal is damaged.
        """
        self._journal.append("SpeechStarted", {"pid": os.getpid(), "version": __version__})
        self._log.info("speech started")
        self._checking.start()
        try:
            while not stop.is_set():
                worked = self.round()
                if not worked:
                    stop.wait(POLL_S)
        finally:
            self._checking.stop()
            self.close()
            self._log.info("speech stopped")

    def close(self) -> None:
        """Let go of the journal; for whoever calls `round` without `run`."""
        self._journal.close()

    def round(self) -> bool:
        """Look at the line journal and at each track once; say whether more is waiting."""
        for entry in self._line.read():
            self._note(entry)
        more = False
        for track in [track for track in self._tracks.values() if self._may_go_on(track)]:
            self._measure(track)
        for track in sorted(filter(self._may_go_on, self._tracks.values()), key=_urgency):
            more = self._advance(track) or more
        return more

    def _note(self, entry: Entry) -> None:
        try:
            match entry.kind:
                case "TrackOpened":
                    self._open(entry)
                case "TrackClosed" | "TrackRecovered":
                    self._close(entry.text("leg"), entry.number("samples"))
                case "LineStarted":
                    # Whatever the last line process was recording has ended with it.
                    for leg in self._tracks:
                        self._close(leg, samples=0)
        except WireError as error:
            self._log.warning("line entry not understood", code=error.code, seq=entry.seq)

    def _open(self, entry: Entry) -> None:
        leg = entry.text("leg")
        path = (self._recordings / entry.text("path")).resolve()
        if not path.is_relative_to(self._recordings.resolve()):
            raise WireError(f"entry {entry.seq}: path leads out of the recordings folder")
        rate_hz, progress = entry.number("rate_hz"), self._progress.get(leg, Progress())
        if rate_hz <= 0:
            raise WireError(f"entry {entry.seq}: {rate_hz} Hz")
        wav = GrowingWav(path)
        track = Track(entry.text("call"), leg, entry.text("role"), entry.text("language"), rate_hz, wav, progress)
        for final in progress.unchecked.values():
            self._checking.put(Check(leg, wav, rate_hz, track.language, final), backlog=True)
        if not progress.is_done:
            self._tracks[leg] = track

    def _close(self, leg: str, samples: int) -> None:
        track = self._tracks.get(leg)
        if track is not None and track.closed_samples is None:
            track.closed_samples, track.closed_at = samples, self._now()

    def _may_go_on(self, track: Track) -> bool:
        """False for a track whose missing recogniser is not looked for yet: years of them must cost nothing."""
        if track.listener is not None or not track.progress.is_refused or track.language not in self._missing:
            return True
        return self._now() >= self._missing[track.language][0]

    def _measure(self, track: Track) -> None:
        try:
            track.length = track.wav.length()
            window_samples(track.rate_hz)
        except AudioError as error:
            self._write("EngineFailed", {"leg": track.leg, "engine": track.engine, "code": error.code})
            self._log.warning("track is not audio", leg=track.leg, code=error.code)
            self._done(track, track.progress.heard_to)

    def _advance(self, track: Track) -> bool:
        """Take the next audio of one track; say whether more of it is waiting."""
        if track.listener is None and not self._listen(track):
            return False
        return self._hear(track)

    def _hear(self, track: Track) -> bool:
        listener = track.listener
        assert listener is not None
        length = track.length
        to = min(length, listener.heard_to + round(BLOCK_S * track.rate_hz))
        for result in listener.step(to, live=track.waiting_s < LIVE_S):
            self._settle(track, result)
        if to < length:
            return True
        if track.closed_samples is None:
            return False
        if length < track.closed_samples and self._now() < track.closed_at + COMPLETE_S:
            return False
        end = max(length, listener.heard_to)  # a file that vanished or shrank ends where it was heard to
        for result in listener.finish(end):
            self._settle(track, result)
        self._done(track, end)
        return False

    def _listen(self, track: Track) -> bool:
        """Give the track a recogniser; say whether it has one."""
        if track.length == 0 and track.closed_samples is None:
            return False
        try:
            recognizer = self._recognizer(track.language)
        except EngineError as error:
            self._refuse(track, error)
            return False
        at = track.progress.heard_to
        track.engine = recognizer.name
        stream = recognizer.stream(track.rate_hz)
        track.listener = Listener(track.wav.read, track.rate_hz, stream, at, track.progress.utterance)
        self._write(
            "TrackFollowed",
            {
                "call": track.call,
                "leg": track.leg,
                "role": track.role,
                "language": track.language,
                "engine": track.engine,
                "checker": self._checking.of(track.language),
                "from_sample": at,
            },
        )
        return True

    def _recognizer(self, language: str) -> Recognizer:
        if language in self._recognizers:
            return self._recognizers[language]
        if language in self._missing and self._now() < self._missing[language][0]:
            raise self._missing[language][1]
        try:
            recognizer = self._opener(self._speech, language, self._models)
        except EngineError as error:
            self._missing[language] = (self._now() + LOOK_AGAIN_S, error)
            raise
        self._recognizers[language] = recognizer
        self._missing.pop(language, None)
        self._log.info("recogniser loaded", engine=recognizer.name, language=language)
        return recognizer

    def _refuse(self, track: Track, error: BridgeError) -> None:
        """Say once per track that nobody hears it; it waits for a model."""
        if track.progress.is_refused:
            return
        track.progress.is_refused = True
        if not isinstance(error, NoRecognizerError):
            self._write("EngineFailed", {"leg": track.leg, "engine": self._speech.recognizer, "code": error.code})
        self._write("NoRecognizer", {"leg": track.leg, "language": track.language})
        self._log.warning("no recogniser", leg=track.leg, code=error.code, language=track.language)

    def _settle(self, track: Track, result: Result) -> None:
        match result:
            case Failed():
                data: dict[str, str | int] = {"leg": track.leg, "engine": track.engine, "code": result.code}
                if result.settled:
                    data |= {"utterance": result.utterance}
                    data |= {"from_sample": result.from_sample, "to_sample": result.to_sample}
                self._write("EngineFailed", data)
                self._log.error("engine failed", leg=track.leg, code=result.code, engine=track.engine)
            case Final():
                self._write("Final", result.fields(track.leg))
                self._checking.put(Check(track.leg, track.wav, track.rate_hz, track.language, result))
            case _:
                self._write("Partial", result.fields(track.leg))

    def _done(self, track: Track, to_sample: int) -> None:
        self._write("TrackTranscribed", {"leg": track.leg, "to_sample": to_sample})
        del self._tracks[track.leg]

    def _write(self, kind: str, data: Fields) -> None:
        self._journal.append(kind, data)

    def _now(self) -> float:
        return self._clock.now().seconds


def _urgency(track: Track) -> tuple[bool, bool, float]:
    """Live tracks first, among them the sides'; then those with the least waiting."""
    waiting_s = track.waiting_s
    return waiting_s >= LIVE_S, track.role != "side", waiting_s
