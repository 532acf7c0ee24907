"""The keeper: one thread that follows every open track of a line process.

Any thread may call its methods; they put a note into a queue and return. The thread takes the notes in order, looks at
each track four times a second and sleeps in between. A fault of one track is an alarm and never the end of the thread
or of another track; what could not be said is kept and said later, in order.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bridge.base.clock import NS, Clock, Instant
from bridge.base.errors import BridgeError, Ours
from bridge.base.log import logger
from bridge.base.terms import AlarmPriority, GapKind, Health
from bridge.base.wire import Fields
from bridge.recording.follow import Followed, Say, TrackSpec
from bridge.recording.recover import OpenList
from bridge.recording.sidecar import Statistics

LOOK_S = 0.25
ENDING_LOOK_S = 0.02
FLUSH_LIMIT_NS = NS
"""Longest wait for a dropped recorder's last write; it takes about 10 ms."""
STOP_LIMIT_S = 10.0
"""A hung disk must not keep the process from ending."""
CLEAR_LOOKS = 20
"""Looks without trouble (5 s) before an alarm is cleared, so that a flapping disk does not fill the journal."""
UNSAID_LIMIT = 10_000
ALARM = "recording-lost"

__all__ = ["Keeper", "TrackSpec"]

_log = logger("recording")


@dataclass(slots=True)
class _Kept:
    track: Followed
    ended: Instant | None = None
    """When its recorder was dropped; its last samples may still be on their way."""
    is_alarmed: bool = False
    calm_looks: int = 0


class Keeper:
    """Owner of the follower thread.

    Args:
        root: the recordings folder.
        say: appends to the line journal. Called in the keeper's thread only.
        clock: the host's clocks.
        stop_limit_s: longest wait for the thread at `stop`.
    """

    def __init__(self, root: Path, say: Say, clock: Clock, stop_limit_s: float = STOP_LIMIT_S) -> None:
        self._root = root
        self._say = say
        self._clock = clock
        self._stop_limit_s = stop_limit_s
        self._notes: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._tracks: dict[str, _Kept] = {}
        self._open = OpenList(root)
        self._unsaid: deque[tuple[str, Fields]] = deque()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take all notes, finish open tracks and end the thread.

        Raises:
            Ours: the thread did not end within the limit; its tracks are left to `recover`.
        """
        self._notes.put(None)
        self._thread.join(self._stop_limit_s)
        if self._thread.is_alive():
            raise Ours(f"the keeper did not end within {self._stop_limit_s} s, {len(self._tracks)} track(s) open")

    def opened(self, spec: TrackSpec) -> None:
        """A recorder was made. Its file need not exist yet. Never blocks."""
        self._notes.put(lambda: self._guarded(spec.leg, lambda: self._begin(spec)))

    def gap_started(self, leg: str, kind: GapKind, at_mono_ns: int) -> None:
        self._notes.put(lambda: self._with(leg, lambda track: track.gap_started(kind, at_mono_ns)))

    def gap_ended(self, leg: str, kind: GapKind, at_mono_ns: int) -> None:
        self._notes.put(lambda: self._with(leg, lambda track: track.gap_ended(kind, at_mono_ns)))

    def statistics(self, leg: str, received: int, lost: int, jitter_us: int) -> None:
        figures = Statistics(received, lost, jitter_us)
        self._notes.put(lambda: self._with(leg, lambda track: track.count(figures)))

    def closed(self, leg: str) -> None:
        """The recorder was dropped; its last write is waited for. Never blocks."""
        ended = self._clock.now()
        self._notes.put(lambda: self._end(leg, ended))

    def _run(self) -> None:
        due = time.monotonic()
        while self._take_notes(due):
            is_ending = any(kept.ended for kept in self._tracks.values())
            due = time.monotonic() + (ENDING_LOOK_S if is_ending else LOOK_S)
            self._look_at_all()
        for leg in list(self._tracks):
            self._end(leg, self._clock.now())
        while self._tracks:
            time.sleep(ENDING_LOOK_S)
            self._look_at_all()
        self._flush()

    def _look_at_all(self) -> None:
        for kept in list(self._tracks.values()):
            if kept.ended is None:
                self._look(kept)
            else:
                self._finish(kept, kept.ended)
        self._flush()

    def _take_notes(self, due: float) -> bool:
        """Carry out notes until the next look is due; False when told to stop."""
        while True:
            try:
                note = self._notes.get(timeout=max(0.0, due - time.monotonic()))
            except queue.Empty:
                return True
            if note is None:
                return False
            note()

    def _begin(self, spec: TrackSpec) -> None:
        if spec.leg in self._tracks:
            raise Ours("a track of this leg is open already")
        kept = _Kept(Followed(spec, self._root, self._tell, self._clock))
        self._tracks[spec.leg] = kept
        if self._guarded(spec.leg, lambda: self._open.add(kept.track.wav)):
            self._look(kept)

    def _with(self, leg: str, act: Callable[[Followed], None]) -> None:
        kept = self._tracks.get(leg)
        if kept is None:
            _log.info("note for a track that is not open", leg=leg)  # the leg ended before the note was taken
            return
        self._guarded(leg, lambda: act(kept.track))

    def _end(self, leg: str, ended: Instant) -> None:
        kept = self._tracks.get(leg)
        if kept is None:
            _log.info("end of a track that is not open", leg=leg)
        elif kept.ended is None:
            kept.ended = ended
            self._finish(kept, ended)

    def _finish(self, kept: _Kept, ended: Instant) -> None:
        """Finish a track once its last samples are there."""
        track, waited_ns = kept.track, self._clock.now().mono_ns - ended.mono_ns
        if waited_ns < FLUSH_LIMIT_NS and not track.is_complete():
            return
        if self._guarded(track.spec.leg, lambda: track.finish(ended)):
            self._guarded(track.spec.leg, lambda: self._open.remove(track.wav))
        del self._tracks[track.spec.leg]

    def _look(self, kept: _Kept) -> None:
        """One look; the alarm is raised once and cleared after a while without trouble."""
        is_sound = self._guarded(kept.track.spec.leg, kept.track.step)
        if is_sound and kept.track.health is Health.MISSING:
            self._alarm(kept)
            is_sound = False
        kept.calm_looks = kept.calm_looks + 1 if is_sound else 0
        if kept.is_alarmed and kept.calm_looks >= CLEAR_LOOKS:
            kept.is_alarmed = False
            self._tell("AlarmCleared", _alarm_fields(kept.track.spec.call, kept.track.spec.leg))

    def _guarded(self, leg: str, act: Callable[[], object]) -> bool:
        """Do one thing for a track; a fault becomes an alarm and the thread goes on. Returns whether it worked."""
        try:
            act()
        except (BridgeError, OSError) as error:
            _log.warning("track cannot be kept", leg=leg, code=getattr(error, "code", type(error).__name__))
        except Exception as error:  # noqa: BLE001 - a bug in one track must not stop the recording of the others
            _log.error("fault in the keeper", leg=leg, code=type(error).__name__)
        else:
            return True
        kept = self._tracks.get(leg)
        if kept is not None:
            self._alarm(kept)
        else:
            self._tell("AlarmRaised", _alarm_fields(leg.rpartition("/")[0], leg))
        return False

    def _alarm(self, kept: _Kept) -> None:
        if not kept.is_alarmed:
            kept.is_alarmed = True
            self._tell("AlarmRaised", _alarm_fields(kept.track.spec.call, kept.track.spec.leg))

    def _tell(self, kind: str, fields: Fields) -> None:
        if len(self._unsaid) >= UNSAID_LIMIT:
            self._unsaid.popleft()  # a journal dead for days; the sidecars have it all
        self._unsaid.append((kind, fields))
        self._flush()

    def _flush(self) -> None:
        """Say what is unsaid, in order; what the journal refuses is tried again at the next look."""
        while self._unsaid:
            kind, fields = self._unsaid[0]
            try:
                self._say(kind, fields)
            except Exception as error:  # noqa: BLE001 - another room's fault; the tracks are followed all the same
                _log.error("the journal refused an entry", kind=kind, code=getattr(error, "code", type(error).__name__))
                return
            self._unsaid.popleft()


def _alarm_fields(call: str, leg: str) -> Fields:
    return {"alarm": ALARM, "priority": AlarmPriority.HIGH.value, "call": call, "leg": leg}
