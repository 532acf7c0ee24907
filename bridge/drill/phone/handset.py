"""The sound of the phone: what it says, its own low noise, and a file of what it hears.

Everything is mixed, played and recorded by pjsua2 in C; Python only connects ports. It knows nothing of SIP.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from pathlib import Path

import numpy as np
import pjsua2 as pj

from bridge.base.audio import FULL_SCALE, read_form, write_wav
from bridge.drill.phone.happening import Happening, tell

RATE_HZ = 8000
NOISE_DBFS = -58.0
"""Level of the noise a real handset sends while nobody speaks: digital silence would look like a dead recorder."""
NOISE_S = 8
TONE_MS = 30_000
"""The generator fades at each repeat; a long tone has few of them."""


SPENT_S = 1.0
"""How long an ended player is kept: the library's event thread may still be inside its `onEof2`, and dropping it there
crashed a phone after 400 calls."""


class _Voice(pj.AudioMediaPlayer):  # type: ignore[misc]
    def __init__(self, file: Path, seen: deque[Happening]) -> None:
        super().__init__()
        self.file = file
        self.started_ns = 0
        self._seen = seen

    def onEof2(self) -> None:
        # Comes in a thread of the library: a deque append is all that may happen here.
        self._seen.append((time.monotonic_ns(), "file-ended", {}))


class Handset:
    """Owned by the phone's one thread."""

    def __init__(self, folder: Path, hear: Path | None, seen: deque[Happening]) -> None:
        noise = folder / "noise.wav"
        sigma = FULL_SCALE * 10 ** (NOISE_DBFS / 20)
        samples = np.random.default_rng().normal(0, sigma, NOISE_S * RATE_HZ)
        write_wav(noise, np.rint(samples).astype(np.int16), RATE_HZ)
        self.held = False
        self._seen = seen
        self._noise = pj.AudioMediaPlayer()
        self._noise.createPlayer(str(noise))
        self._recorder: pj.AudioMediaRecorder | None = None
        if hear is not None:
            self._recorder = pj.AudioMediaRecorder()
            self._recorder.createRecorder(str(hear))
        self._voice: _Voice | None = None
        self._spent: list[tuple[float, _Voice]] = []
        self._tone: pj.ToneGenerator | None = None
        self._line: pj.AudioMedia | None = None

    def connect(self, call: pj.Call) -> None:
        """Join the sound to the call. Needed again after every change of media: the call then has a new port."""
        self.held = False
        self._line = call.getAudioMedia(-1)
        self._noise.startTransmit(self._line)
        for source in (self._voice, self._tone):
            if source is not None:
                source.startTransmit(self._line)
        if self._recorder is not None:
            self._line.startTransmit(self._recorder)

    def hold(self) -> None:
        self.held = True
        self._line = None

    def disconnect(self) -> None:
        """The call is over; its port is gone, or goes within the next tick of the library's own thread: taking a voice
        off it would fail now and then, and is not needed."""
        self._line = None
        self.held = False
        self.hush()

    def say(self, file: Path) -> bool:
        """Start a file, in place of one still being said. False if there is no audio path.

        Raises:
            pj.Error: the file cannot be played.
        """
        if self._line is None:
            return False
        self._stop_voice(time.monotonic_ns())
        voice = _Voice(file, self._seen)
        voice.createPlayer(str(file), pj.PJMEDIA_FILE_NO_LOOP)
        voice.started_ns = time.monotonic_ns()
        voice.startTransmit(self._line)
        self._voice = voice
        tell("saying", voice.started_ns, {"file": str(file)})
        return True

    def file_ended(self, mono_ns: int) -> None:
        """The player came to the end of its file; an end that a newer voice overtook is not its own."""
        voice = self._voice
        if voice is None or mono_ns - voice.started_ns < _length_ns(voice.file) // 2:
            return
        self._stop_voice(mono_ns)

    def tone(self, frequency_hz: int, level_dbfs: float) -> bool:
        """Start a sine; `level_dbfs` is RMS over full scale. False if there is no audio path."""
        if self._line is None:
            return False
        self._tone = None
        generator = pj.ToneGenerator()
        generator.createToneGenerator(RATE_HZ)
        sine = pj.ToneDesc()
        sine.freq1, sine.freq2 = frequency_hz, 0
        sine.on_msec, sine.off_msec = TONE_MS, 0
        sine.volume = min(32767, round(FULL_SCALE * 2**0.5 * 10 ** (level_dbfs / 20)))
        tones = pj.ToneDescVector()
        tones.append(sine)
        generator.play(tones, True)
        generator.startTransmit(self._line)
        self._tone = generator
        return True

    def hush(self) -> None:
        self._tone = None
        self._stop_voice(time.monotonic_ns())

    def tidy(self) -> None:
        """Drop voices that have long ended."""
        now = time.monotonic()
        self._spent = [(due, voice) for due, voice in self._spent if due > now]

    def close(self) -> None:
        """Drop every port; the recorder completes its file's header."""
        self.disconnect()
        del self._noise
        self._recorder = None

    def _stop_voice(self, mono_ns: int) -> None:
        voice, self._voice = self._voice, None
        if voice is None:
            return
        if self._line is not None:
            with contextlib.suppress(pj.Error):  # the port went away just now, and the link with it
                voice.stopTransmit(self._line)
        self._spent.append((time.monotonic() + SPENT_S, voice))
        whole = mono_ns - voice.started_ns >= _length_ns(voice.file)
        tell(
            "said",
            mono_ns,
            {
                "file": str(voice.file),
                "start_mono_ns": str(voice.started_ns),
                "end_mono_ns": str(mono_ns),
                "whole": whole,
            },
        )


def _length_ns(file: Path) -> int:
    form = read_form(file)
    assert form is not None, "a file that plays has a header"
    return form.data_bytes // 2 * 1_000_000_000 // form.rate_hz
