"""Finishes the tracks that a crash left open, so that each one opens in any player and its end is marked as lost.

Which tracks were open stands in `<root>/open.json`, so that a year of recordings need not be read before the line
answers again. A file of the last two days without a sidecar is taken up as well: the process may have died between the
first sample and the first note. Runs before anything records; it never changes a sample.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.base.audio import SAMPLE_BYTES
from bridge.base.clock import NS, Clock, Instant, Sync
from bridge.base.errors import AudioError, BridgeError, StorageError, WireError
from bridge.base.log import logger
from bridge.base.terms import AlarmPriority
from bridge.base.wire import Value, canonical, write_atomically
from bridge.recording import sidecar as sidecars
from bridge.recording.follow import Say, segment_fields
from bridge.recording.segment import Segment, Segmenter
from bridge.recording.sidecar import Sidecar, T0From, TrackState
from bridge.recording.track import Track
from bridge.recording.wav import HEADER_BYTES, Tail, named_bytes, repair

OPEN_LIST = "open.json"
RECENT_DAYS = 2
NOMINAL_HZ = 8000
"""Rate of a file that holds neither a header nor a sample: it must only open."""
_LIST_LIMIT_BYTES = 1024 * 1024

_log = logger("recording")


@dataclass(frozen=True, slots=True)
class Recovered:
    leg: str
    path: Path
    samples: int


class OpenList:
    """The list of open tracks on disk. Owned by one thread of the one process that records."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / OPEN_LIST
        self._open: list[str] | None = None
        """None until the first write has taken over what an unfinished recovery left."""

    def add(self, wav: Path) -> None:
        """Raises StorageError: the disk refused; the track is still found by its day."""
        self._open = [*self._known(), _shown(self._root, wav)]
        self._write()

    def remove(self, wav: Path) -> None:
        """Raises StorageError: the disk refused; recovery finds the track closed and leaves it."""
        self._open = [path for path in self._known() if path != _shown(self._root, wav)]
        self._write()

    def read(self) -> list[Path]:
        """Paths that were open; empty if there is no list.

        Raises:
            WireError: it is damaged.
            OSError: it cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                raw = json.loads(file.read(_LIST_LIMIT_BYTES))
        except FileNotFoundError:
            return []
        except (ValueError, RecursionError) as error:
            raise WireError(f"{OPEN_LIST} is not JSON: {error}") from error
        match raw:
            case {"v": 1, "open": list(paths)} if all(isinstance(path, str) for path in paths):
                return [self._root / path for path in paths]
        raise WireError(f"{OPEN_LIST} is not a list of version 1")

    def clear(self) -> None:
        """Raises StorageError: the disk refused."""
        self._open = []
        self._write()

    def _known(self) -> list[str]:
        if self._open is not None:
            return self._open
        try:
            return [_shown(self._root, path) for path in self.read()]
        except (WireError, OSError):
            return []  # a damaged list is worth less than none; recovery has looked through the days instead

    def _write(self) -> None:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{self._root} cannot be made: {error.strerror}") from error
        paths: list[Value] = list(self._known())
        write_atomically(self._path, canonical({"v": 1, "open": paths}))


def recover(root: Path, say: Say, clock: Clock) -> list[Recovered]:
    """Finish every track left open. A track that cannot be finished is an alarm and stays for the next start."""
    done: list[Recovered] = []
    failed = 0
    listed = OpenList(root)
    for wav in _candidates(root, listed):
        try:
            recovered = _finish(root, wav, say, clock.now())
        except (BridgeError, OSError) as error:
            failed += 1
            _log.warning("track cannot be recovered", code=getattr(error, "code", type(error).__name__))
            call, leg = _names(root, wav)
            say(
                "AlarmRaised",
                {"alarm": "recording-lost", "priority": AlarmPriority.HIGH.value, "call": call, "leg": leg},
            )
        else:
            if recovered is not None:
                done.append(recovered)
    if not failed:
        _clear(root, listed)
    return done


def _clear(root: Path, listed: OpenList) -> None:
    if not (root / OPEN_LIST).exists():
        return
    try:
        listed.clear()
    except StorageError as error:
        _log.warning("list of open tracks cannot be written", code=error.code)


def _candidates(root: Path, listed: OpenList) -> list[Path]:
    try:
        paths = listed.read()
        days = _days(root)[-RECENT_DAYS:]
    except (WireError, OSError) as error:
        _log.warning("list of open tracks is damaged", code=getattr(error, "code", type(error).__name__))
        paths, days = [], _days(root)
    for day in days:
        paths += sorted(day.glob("*/*.wav"))
    inside = [path for path in dict.fromkeys(paths) if path.is_relative_to(root) and ".." not in path.parts]
    return [path for path in inside if path.exists() or sidecars.beside(path).exists()]


def _days(root: Path) -> list[Path]:
    """Day folders `YYYY/MM/DD`, oldest first."""
    return sorted(path for path in root.glob("[0-9]" * 4 + "/[0-9][0-9]/[0-9][0-9]") if path.is_dir())


def _finish(root: Path, wav: Path, say: Say, now: Instant) -> Recovered | None:
    """Close one track; None if it was closed already."""
    sidecar = _sidecar(root, wav)
    if sidecar.state is not TrackState.OPEN:
        return None
    if wav.exists():
        repair(wav, sidecar.rate_hz)
        tail = Tail(wav, sidecar.rate_hz)
        samples = tail.look().samples
    else:
        tail, samples = None, 0  # the recorder died before it made its file
    end = sidecar.segments[-1].end if sidecar.segments else 0
    if end > samples:
        raise AudioError(f"{wav.name}: {samples} samples, but segments up to {end} were closed")
    fresh = list(_rest(tail, sidecar.rate_hz, end, samples)) if tail else []
    for segment in fresh:
        say("SegmentClosed", segment_fields(sidecar.leg, segment))
    track = Track(sidecar.rate_hz, sidecar.t0.mono_ns, sidecar.stalls)
    track.restore(sidecar.gaps)
    track.length = samples
    # Monotonic time starts anew at boot; UTC since the first sample serves on either side of one.
    track.lose(sidecar.t0.mono_ns + max(0, now.utc_ns - sidecar.t0.utc_ns))
    closed = replace(
        sidecar,
        state=TrackState.RECOVERED,
        samples=samples,
        gaps=track.gaps,
        segments=(*sidecar.segments, *fresh),
    )
    say("TrackRecovered", {"leg": sidecar.leg, "path": _shown(root, wav), "samples": samples})
    sidecars.write(sidecars.beside(wav), closed)
    return Recovered(sidecar.leg, wav, samples)


def _rest(tail: Tail, rate_hz: int, start: int, end: int) -> Iterator[Segment]:
    segmenter = Segmenter(rate_hz, start)
    for data in tail.take(end, start):
        yield from segmenter.feed(data)
    yield from segmenter.finish()


def _sidecar(root: Path, wav: Path) -> Sidecar:
    """The sidecar on disk, or a new one for a file that has none or a damaged one."""
    path = sidecars.beside(wav)
    try:
        return sidecars.read(path)
    except FileNotFoundError:
        return _invented(root, wav)
    except WireError:
        os.replace(path, path.with_name(path.name + ".damaged"))
        return _invented(root, wav)


def _invented(root: Path, wav: Path) -> Sidecar:
    """What a lone file tells: its names from its place, its beginning from its last change and its length."""
    if wav.stat().st_size < HEADER_BYTES:
        repair(wav, NOMINAL_HZ)
    _, size, form = named_bytes(wav)
    began = wav.stat().st_mtime_ns - size // SAMPLE_BYTES * NS // form.rate_hz
    call, leg = _names(root, wav)
    return Sidecar(
        state=TrackState.OPEN,
        side=call.partition("-")[0],
        call=call,
        leg=leg,
        role=wav.stem.partition("-")[0],
        language="",
        path=_shown(root, wav),
        rate_hz=form.rate_hz,
        t0=Instant(max(0, began), 0, Sync.UNKNOWN),
        t0_from=T0From.FILE_TIME,
    )


def _names(root: Path, wav: Path) -> tuple[str, str]:
    call = wav.parent.name if wav.parent != root else ""
    return call, f"{call}/{wav.stem}"


def _shown(root: Path, wav: Path) -> str:
    return wav.relative_to(root).as_posix() if wav.is_relative_to(root) else wav.as_posix()
