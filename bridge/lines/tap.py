"""The only place that connects audio: leg to recorder, leg to leg, announcements and tones to a leg.

Everything runs in pjsua2's own clock thread in C; Python only draws the links. A leg that is on hold or has not been
answered has no port in the conference; links to it are kept on paper and drawn when its port appears, because every
hold, resume or new port loses them all. Owned by the line's thread.

Each recorder is fed by an idle tone generator besides the leg: a recorder without a source gets no frames, and the
track would lose the time of every hold.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pjsua2 as pj

from bridge.base import log
from bridge.base.audio import read_form

CLOCK_HZ = 8000
"""The line's rate: G.711 both ways, no resampling between leg and file."""
_LOG = log.logger("lines")
_ENDLESS = 1
"""PJMEDIA_TONEGEN_LOOP."""
_ANNOUNCEMENT_TAIL_S = 0.12
"""Player start-up of up to 20 ms plus what is still in the conference's buffers."""


_SPENT_S = 1.0
"""How long an ended player is kept, unlinked: the library tells of the end of its file in a thread of its own, and a
player dropped in that moment takes the process with it."""


@dataclass(frozen=True, slots=True)
class ToneForm:
    first_hz: int
    second_hz: int
    on_ms: int
    off_ms: int
    volume: int
    """0 to 32767."""


TONES = {
    # ITU-T E.180 style ringing: it says "the desk is being rung", soft enough to speak over.
    "waiting": ToneForm(425, 425, 1000, 4000, 2000),
    # Fast pairs that no telephone network uses: about to be ended for a higher call.
    "preempt": ToneForm(620, 480, 200, 200, 9000),
}


@dataclass(slots=True)
class _Port:
    """A leg's place in the conference."""

    media: pj.AudioMedia | None = None
    recorder: pj.AudioMediaRecorder | None = None
    silence: pj.ToneGenerator | None = None
    player: pj.AudioMediaPlayer | None = None
    playing: str = ""
    ends_at: float = 0.0
    pending: deque[tuple[str, Path]] = field(default_factory=deque)
    tones: dict[str, pj.ToneGenerator] = field(default_factory=dict)
    digits: pj.ToneGenerator | None = None


class Tap:
    """The conference of one line."""

    def __init__(self) -> None:
        self._ports: dict[str, _Port] = {}
        self._links: set[tuple[str, str]] = set()
        self._spent: deque[tuple[float, pj.AudioMediaPlayer]] = deque()

    def open_track(self, leg: str, path: Path) -> bool:
        """Start recording a leg from this moment on, silence until it has audio; False if no file can be written."""
        port = self._ports.setdefault(leg, _Port())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            recorder = pj.AudioMediaRecorder()
            recorder.createRecorder(str(path))
        except (pj.Error, OSError) as error:
            _LOG.error("recorder cannot be opened", leg=leg, code=_code(error))
            return False
        port.recorder, port.silence = recorder, _generator()
        port.silence.startTransmit(recorder)
        return True

    def media_up(self, leg: str, media: pj.AudioMedia) -> None:
        """The leg has a (new) port: draw all its links again."""
        port = self._ports.setdefault(leg, _Port())
        port.media = media
        if port.recorder is not None:
            _quietly(media.startTransmit, port.recorder)
        for source, to in self._links:
            if leg in (source, to):
                self._draw(source, to)
        for tone in port.tones.values():
            _quietly(tone.startTransmit, media)
        if port.digits is not None:
            _quietly(port.digits.startTransmit, media)
        if port.player is not None:
            _quietly(port.player.startTransmit, media)

    def media_down(self, leg: str) -> None:
        """The leg's port is gone (hold, or the end); pjsua2 has already dropped its links."""
        if leg in self._ports:
            self._ports[leg].media = None

    def connect(self, source: str, to: str) -> None:
        """`to` hears `source`, now or as soon as both have audio."""
        self._links.add((source, to))
        self._draw(source, to)

    def disconnect(self, source: str, to: str) -> None:
        self._links.discard((source, to))
        one, other = self._ports.get(source), self._ports.get(to)
        if one is not None and other is not None and one.media is not None and other.media is not None:
            _quietly(one.media.stopTransmit, other.media)

    def _draw(self, source: str, to: str) -> None:
        one, other = self._ports.get(source), self._ports.get(to)
        if one is not None and other is not None and one.media is not None and other.media is not None:
            _quietly(one.media.startTransmit, other.media)

    def announce(self, leg: str, name: str, path: Path) -> None:
        """Play a file to the leg when it has audio and the announcements before it are over."""
        self._ports.setdefault(leg, _Port()).pending.append((name, path))

    def tone(self, leg: str, name: str, *, on: bool) -> None:
        port = self._ports.setdefault(leg, _Port())
        old = port.tones.pop(name, None)
        if old is not None and port.media is not None:
            _quietly(old.stopTransmit, port.media)
        if on:
            generator = port.tones[name] = _generator()
            form = TONES[name]
            desc = pj.ToneDesc()
            desc.freq1, desc.freq2 = form.first_hz, form.second_hz
            desc.on_msec, desc.off_msec, desc.volume = form.on_ms, form.off_ms, form.volume
            tones = pj.ToneDescVector()
            tones.append(desc)
            generator.play(tones, True)
            if port.media is not None:
                _quietly(generator.startTransmit, port.media)

    def feed_digits(self, leg: str) -> None:
        """Keep a source on the leg: RFC 4733 events wait in the queue while nothing is sent to it."""
        port = self._ports[leg]
        if port.digits is None:
            port.digits = _generator()
            if port.media is not None:
                _quietly(port.digits.startTransmit, port.media)

    def poll(self) -> list[tuple[str, str, bool]]:
        """Start and finish announcements: (leg, name, has_started) for each that changed."""
        changed = []
        now = time.monotonic()
        while self._spent and self._spent[0][0] <= now:
            self._spent.popleft()
        for leg, port in self._ports.items():
            if port.playing and now >= port.ends_at:
                changed.append((leg, port.playing, False))
                port.playing = ""
                self._retire(port)
            if not port.playing and port.pending and port.media is not None:
                name, path = port.pending.popleft()
                port.playing = name
                port.player, port.ends_at = self._play(port.media, path, now)
                changed.append((leg, name, True))
        return changed

    def close(self, leg: str) -> None:
        """The leg is over: the recorder's last samples and header are on disk when this returns."""
        self._links = {link for link in self._links if leg not in link}
        port = self._ports.pop(leg, None)
        if port is None:
            return
        self._retire(port)
        # Dropping the last reference makes pjsua2 write out its buffer and the header.
        port.recorder = port.silence = port.digits = port.media = None
        port.tones.clear()

    def close_all(self) -> None:
        """For the end of the process: no player may outlive the endpoint."""
        for leg in list(self._ports):
            self.close(leg)
        self._spent.clear()

    def _retire(self, port: _Port) -> None:
        player, port.player = port.player, None
        if player is None:
            return
        if port.media is not None:
            _quietly(player.stopTransmit, port.media)
        self._spent.append((time.monotonic() + _SPENT_S, player))

    @staticmethod
    def _play(media: pj.AudioMedia, path: Path, now: float) -> tuple[pj.AudioMediaPlayer | None, float]:
        """Start one file; a file that cannot be played is over at once, and the log says so."""
        try:
            form = read_form(path)
            player = pj.AudioMediaPlayer()
            player.createPlayer(str(path), pj.PJMEDIA_FILE_NO_LOOP)
            player.startTransmit(media)
        except (pj.Error, OSError) as error:
            _LOG.error("announcement cannot be played", code=_code(error))
            return None, now
        seconds = (form.data_bytes / 2 / form.rate_hz) if form is not None else 0.0
        return player, now + seconds + _ANNOUNCEMENT_TAIL_S


def _generator() -> pj.ToneGenerator:
    generator = pj.ToneGenerator()
    generator.createToneGenerator(CLOCK_HZ, 1)
    return generator


def _quietly(act: object, media: pj.AudioMedia) -> None:
    try:
        act(media)  # type: ignore[operator]
    except pj.Error as error:
        # The port went away between our decision and the act: the link is gone either way.
        _LOG.info("link was already gone", status=error.status)


def _code(error: Exception) -> str:
    return f"pj-{error.status}" if isinstance(error, pj.Error) else type(error).__name__
