"""Looks for voice in the tracks that are being recorded, and says on which legs it has had no captions for too long.

A small thread of the desk process; nobody waits for it. It finds voice as the speech process does and asks that process
nothing: one that hangs, was stopped or has died is found by what it did not write. What is too long is `desk/voiced`'s.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bridge.base import log
from bridge.base.audio import GrowingWav, Samples
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, NoRecognizerError
from bridge.desk.captions import Track
from bridge.desk.hearing import permille
from bridge.desk.ports import Sound
from bridge.desk.voiced import Voiced
from bridge.speech.models import find
from bridge.speech.unpack import ModelError
from bridge.speech.utterance import END, Endpointer
from bridge.speech.vad import Detector

LOOK_S = 0.2
BLOCK_S = 4.0
"""Most audio of one track taken at a time: a quarter of a second of work."""
QUIET_PERMILLE = 3
"""Peaks below this, -50 dBFS, are nobody's voice on a telephone."""
BEHIND_S = 120.0
"""Older voice, from before this process began, is not looked for."""
LEGS_LIMIT = 4
_LOG = log.logger("desk")


class Ear:
    """Finds voice in one track, in what should have its text and has none: as a rule there is nothing to look at."""

    def __init__(self, sound: Sound) -> None:
        """
        Raises:
            AudioError: a rate that the detector cannot take.
        """
        self.voiced = Voiced(sound.rate_hz)
        self._track = GrowingWav(sound.path)
        self._rate_hz = sound.rate_hz
        self._detector = Detector(sound.rate_hz)
        self._endpointer = self._begin(0)

    def _begin(self, at: int) -> Endpointer:
        return Endpointer(self._rate_hz, self._detector.window, at)

    def look(self, heard_to: int, now_s: float) -> bool:
        """Take what has become due; say whether captions are late.

        Raises:
            AudioError, OSError: the file cannot be read.
        """
        self.voiced.grow(self._track.length(), now_s)
        oldest = self.voiced.due - round(BEHIND_S * self._rate_hz)
        if max(heard_to, oldest) > self._endpointer.now:
            self._endpointer = self._begin(max(heard_to, oldest))
        window, at = self._detector.window, self._endpointer.now
        size = min(self.voiced.due - at, round(BLOCK_S * self._rate_hz)) // window * window
        samples = self._track.read(at, max(0, size))
        pieces = (samples[begin : begin + window] for begin in range(0, samples.size - window + 1, window))
        if count := sum(self._is_voice(piece) for piece in pieces):
            self.voiced.add(self._endpointer.now, count * window)
        return self.voiced.is_late(heard_to)

    def _is_voice(self, piece: Samples) -> bool:
        """The next window; the model is not asked about silence."""
        probability = self._detector.probability(piece) if permille(piece) >= QUIET_PERMILLE else 0.0
        self._endpointer.take(probability)
        return self._endpointer.is_speech and probability >= END


class Voices(threading.Thread):
    """Reads the ends of the open tracks until told to stop."""

    def __init__(
        self,
        tracks: Callable[[], Mapping[str, Sound]],
        captions: Callable[[], Mapping[str, Track]],
        can_hear: Callable[[str], bool],
        tell: Callable[[frozenset[str]], None],
    ) -> None:
        """
        Args:
            captions: how far the captions of each leg have come.
            can_hear: whether there is a recogniser for a language; asked while none has spoken of a leg.
            tell: told of the legs whose voice has no captions, after each look.
        """
        super().__init__(name="voices", daemon=True)
        self._tracks, self._captions, self._can_hear, self._tell = tracks, captions, can_hear, tell
        self._ears: dict[str, Ear] = {}
        self._recognized: dict[str, bool] = {}
        """By leg, while no recogniser has spoken of it."""
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(LOOK_S):
            self.look(time.monotonic())

    def look(self, now_s: float) -> None:
        """One look at all tracks."""
        captions = self._captions()
        tracks = dict(list(self._tracks().items())[-LEGS_LIMIT:])
        wanted = {leg: sound for leg, sound in tracks.items() if self._is_captioned(leg, captions.get(leg))}
        self._ears = {leg: ear for leg, ear in self._ears.items() if leg in wanted}
        self._recognized = {leg: known for leg, known in self._recognized.items() if leg in tracks}
        late = {leg for leg, sound in wanted.items() if self._is_late(leg, sound, captions[leg].heard_to, now_s)}
        self._tell(frozenset(late))

    def _is_captioned(self, leg: str, track: Track | None) -> bool:
        if track is None:
            return False
        if track.has_recognizer is not None:
            return track.has_recognizer
        if leg not in self._recognized:
            self._recognized[leg] = self._can_hear(track.language)
        return self._recognized[leg]

    def _is_late(self, leg: str, sound: Sound, heard_to: int, now_s: float) -> bool:
        try:
            if leg not in self._ears:
                self._ears[leg] = Ear(sound)
            return self._ears[leg].look(heard_to, now_s)
        except (AudioError, OSError):
            return False  # that the track cannot be read is the keeper's alarm

    def stop(self) -> None:
        self._ending.set()
        self.join()


def has_recognizer(speech: Speech, language: str, models: Path) -> bool:
    """Whether the line's recogniser has a model of a language; loads nothing."""
    if speech.recognizer == "none":
        return False
    try:
        find(speech.recognizer, language, speech.model, models)
    except (NoRecognizerError, ModelError) as error:
        _LOG.info("no captions are expected", code=error.code, language=language)
        return False
    return True
