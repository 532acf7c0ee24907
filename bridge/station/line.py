"""The line process: one SIP endpoint, its switchboard, its journal and the follower of its tracks.

    pjsua2 (C) -> events -> board -> orders -> journal (fsync) -> pjsua2
                                         \\-> keeper thread: headers, segments, health of the tracks

Here the edges meet; nothing is decided. The process depends on nobody else: speech, desk and page may die. Run by the
supervisor as `python -m bridge.station.line --side us --dialplan F --data D`.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import os
import queue
import secrets
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bridge import __version__
from bridge.base import log
from bridge.base.clock import NS, Clock, Instant, SystemClock
from bridge.base.dialplan import Dialplan, load
from bridge.base.errors import BridgeError, SetupError, StorageError
from bridge.base.terms import GapKind, Health
from bridge.base.wire import Fields, Journal
from bridge.lines import events as ev
from bridge.lines.board import Board
from bridge.lines.control import Control
from bridge.lines.ua import Ua
from bridge.recording.follow import TrackSpec
from bridge.recording.keeper import Keeper
from bridge.recording.recover import recover

POLL_MS = 5
"""Longest wait for SIP before timers, commands and tracks get their turn; 2.3 % of a core when idle."""
REOPEN_EVERY_S = 1.0
ENDING_LIMIT_S = 5.0
"""Longer than `leg.CLEAR_LIMIT_S`, so that the last word on each leg is written down."""
ANNOUNCEMENTS = Path(__file__).parent.parent / "lines" / "announcements"
_GAPS = {
    "MediaLost": (GapKind.NO_RTP, True),
    "MediaReturned": (GapKind.NO_RTP, False),
    "HoldStarted": (GapKind.HOLD, True),
    "HoldEnded": (GapKind.HOLD, False),
    "MediaStarted": (GapKind.BEFORE_MEDIA, False),
}
"""Entries that open (True) or close a gap of a track."""
_LOG = log.logger("station")


class Diary:
    """The journal, and what to do when the disk fails: the calls go on, entries wait, the disk is tried again.

    Content first: a full disk must not hang up on a general. What waits here is lost only if the process dies too.
    `append` may be called by any thread; `retry` by the line's own.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._journal = Journal(path, clock)
        self._waiting: deque[tuple[str, Fields]] = deque(maxlen=10_000)
        self._retry_at = 0.0

    @property
    def is_sound(self) -> bool:
        return not self._waiting

    def append(self, kind: str, data: Fields) -> None:
        if self._waiting:
            self._waiting.append((kind, data))
            return
        try:
            self._journal.append(kind, data)
        except StorageError as error:
            _LOG.error("journal cannot be written", code=error.code)
            self._waiting.append((kind, data))

    def retry(self, now: float) -> None:
        """Try the disk again, at most every `REOPEN_EVERY_S`."""
        if not self._waiting or now < self._retry_at:
            return
        self._retry_at = now + REOPEN_EVERY_S
        self._journal.close()
        try:
            self._journal = Journal(self._path, self._clock)
            while self._waiting:
                self._journal.append(*self._waiting[0])
                self._waiting.popleft()
        except StorageError as error:
            _LOG.error("journal still cannot be written", code=error.code)

    def close(self) -> None:
        self._journal.close()


class LineProcess:
    """Everything the line owns. One thread; the keeper's thread only calls `Diary.append` and `_judged.put`."""

    def __init__(self, plan: Dialplan, side: str, data: Path, clock: Clock) -> None:
        """Open journal, socket and endpoint.

        Raises:
            SetupError: a port, folder or certificate cannot be used; nothing is left open.
            StorageError: the journal cannot be opened.
        """
        self._plan = plan
        self._name = side
        self._side = plan.side(side)
        self._recordings = data / "recordings"
        self._clock = clock
        self._diary = Diary(data / "journal" / "line.jsonl", clock)
        self._board = Board(plan, side)
        self._control = Control(data / "line.sock")
        try:
            page = self._side.page_handset
            hosts = [handset.uri.host for handset in self._side.handsets]
            self._ua = Ua(self._side.line, plan.timers, hosts, page.uri if page is not None else None)
        except SetupError:
            self._control.close()
            self._diary.close()
            raise
        self._judged: queue.SimpleQueue[ev.TrackJudged] = queue.SimpleQueue()
        self._failed: deque[str] = deque()
        self._keeper = Keeper(self._recordings, self._from_keeper, clock)
        self._trunk_at = 0.0
        self._stop_asked = False
        self._is_stopping = False
        self._finished = False

    def run(self) -> None:
        """Serve until told to stop."""
        recover(self._recordings, self._diary.append, self._clock)
        self._keeper.start()
        line = self._side.line
        self._diary.append(
            "LineStarted",
            {
                "side": self._name,
                "host": line.host,
                "port": line.port,
                "transport": line.transport,
                "srtp": line.srtp,
                "pid": os.getpid(),
                "version": __version__,
            },
        )
        leave_at: float | None = None
        while not self._finished:
            self._turn()
            if self._stop_asked and not self._is_stopping:
                self._is_stopping = True
                leave_at = time.monotonic() + ENDING_LIMIT_S
                self._take([ev.StopAsked()])
            if leave_at is not None and time.monotonic() > leave_at:
                break
        self._close()

    def stop(self, *_signal: object) -> None:
        """Ask `run` to end; safe in a signal handler."""
        self._stop_asked = True

    def _turn(self) -> None:
        happened = self._ua.poll(POLL_MS)
        now = time.monotonic()
        happened += self._announcements()
        happened += self._control.poll()
        while not self._judged.empty():
            happened.append(self._judged.get())
        self._take(happened)
        while self._failed:
            self._take([ev.RecordingFailed(self._failed.popleft())])
        if self._board.wake_at is not None and now >= self._board.wake_at:
            self._guarded(functools.partial(self._board.wake, now))
        self._diary.retry(now)
        self._ask_trunk(now)

    def _take(self, happened: list[ev.Happened]) -> None:
        for event in happened:
            if isinstance(event, ev.CallerOffered | ev.Commanded):
                event = dataclasses.replace(event, fresh_call=self._fresh_call())
            self._guarded(functools.partial(self._board.handle, event, time.monotonic()))

    def _guarded(self, decide: Callable[[], list[ev.Order]]) -> None:
        """Carry out what the board decides; a bug there stops this one event, never the calls that are up."""
        try:
            self._carry_out(decide())
        except Exception as error:  # noqa: BLE001  # whatever it is, hanging up on everybody is worse
            _LOG.error("an event could not be handled", code=type(error).__name__)
            self._diary.append("AlarmRaised", {"alarm": "line-fault", "priority": "HIGH", "call": "", "leg": ""})

    def _fresh_call(self) -> str:
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock.now().utc_ns // NS))
        return f"{self._name}-{moment}-{secrets.token_hex(2)}"

    def _announcements(self) -> list[ev.Happened]:
        over: list[ev.Happened] = []
        for leg, name, has_started in self._ua.tap.poll():
            if has_started:
                fields = {"leg": leg, "name": name, "language": self._side.language}
                self._diary.append("AnnouncementStarted", fields)
            else:
                over.append(ev.AnnouncementOver(leg, name))
        return over

    def _ask_trunk(self, now: float) -> None:
        trunk = self._side.line.trunk
        if trunk is not None and now >= self._trunk_at and not self._is_stopping:
            self._trunk_at = now + self._side.line.options_every_s
            self._ua.ask_trunk(trunk)

    # -- orders ----------------------------------------------------------------------------------------------------

    def _carry_out(self, orders: list[ev.Order]) -> None:
        for order in orders:
            match order:
                case ev.Write(kind, data):
                    self._write(kind, data)
                case ev.OpenTrack():
                    self._open_track(order)
                case ev.Forget(leg):
                    self._forget(leg)
                case ev.Finished():
                    self._finished = True
                case _:
                    self._sip(order)

    def _sip(self, order: ev.Order) -> None:
        match order:
            case ev.Admitted(ticket, leg):
                self._ua.admit(ticket, leg)
            case ev.Refused(ticket, status):
                self._ua.refuse(ticket, status)
            case ev.Invite(leg, uri, precedence):
                self._ua.invite(leg, uri, precedence)
            case ev.Answer(leg, precedence):
                self._ua.answer(leg, precedence)
            case ev.Release(leg, status, reason):
                self._ua.release(leg, status, reason)
            case ev.SendDigits(leg, digits):
                self._ua.send_digits(leg, digits)
            case ev.SetHold(leg, held):
                self._ua.set_hold(leg, held=held)
            case _:
                self._audio(order)

    def _audio(self, order: ev.Order) -> None:
        tap = self._ua.tap
        match order:
            case ev.Connect(source, to):
                tap.connect(source, to)
            case ev.Disconnect(source, to):
                tap.disconnect(source, to)
            case ev.Tone(leg, name, on):
                tap.tone(leg, name, on=on)
            case ev.Announce(leg, name, language):
                folder = self._plan.announcements or ANNOUNCEMENTS
                tap.announce(leg, name, folder / language / f"{name}.wav")
            case _:
                raise AssertionError(f"no hand for {type(order).__name__}")

    def _write(self, kind: str, data: Fields) -> None:
        self._diary.append(kind, data)
        if kind in _GAPS:
            gap, opens = _GAPS[kind]
            since = data.get("since_mono_ns")
            at = int(since) if isinstance(since, str) else time.monotonic_ns()
            (self._keeper.gap_started if opens else self._keeper.gap_ended)(str(data["leg"]), gap, at)

    def _open_track(self, order: ev.OpenTrack) -> None:
        call, _, leg_name = order.leg.partition("/")
        now = self._clock.now()
        relative = Path(time.strftime("%Y/%m/%d", time.gmtime(now.utc_ns // NS))) / call / f"{leg_name}.wav"
        is_open = self._ua.tap.open_track(order.leg, self._recordings / relative)
        start = self._clock.now()
        if not is_open:
            self._failed.append(order.leg)
            return
        self._diary.append("TrackOpened", _opened(order, relative, start, call))
        spec = TrackSpec(
            self._name, call, order.leg, order.role.value, self._recordings / relative, 8000, start, order.language
        )
        self._keeper.opened(spec)
        self._keeper.gap_started(order.leg, GapKind.BEFORE_MEDIA, start.mono_ns)

    def _forget(self, leg: str) -> None:
        measured = self._ua.forget(leg)
        if measured is not None:
            self._keeper.statistics(leg, measured.received, measured.lost, measured.jitter_us)
            fields = {"rtp_received": measured.received, "rtp_lost": measured.lost, "jitter_us": measured.jitter_us}
            self._diary.append("LegMeasured", {"leg": leg, **fields})
        self._keeper.closed(leg)  # it waits for the recorder's last write by itself

    def _from_keeper(self, kind: str, data: Fields) -> None:
        """In the keeper's thread: entries go to the journal; what they say of a track's audio also to the board."""
        self._diary.append(kind, data)
        if kind == "HealthChanged":
            self._judged.put(ev.TrackJudged(str(data["leg"]), Health(data["was"]), Health(data["now"])))

    def _close(self) -> None:
        self._ua.close()
        self._keeper.stop()
        self._diary.append("LineStopped", {"reason": "asked"})
        self._control.close()
        self._diary.close()


def _opened(order: ev.OpenTrack, relative: Path, start: Instant, call: str) -> Fields:
    return {
        "call": call,
        "leg": order.leg,
        "role": order.role.value,
        "path": relative.as_posix(),
        "rate_hz": 8000,
        "t0_mono_ns": str(start.mono_ns),
        "t0_utc": start.utc,
        "language": order.language,
    }


def main() -> int:
    """Run the line of one side until SIGTERM; returns only where it could not begin: 2, the set-up is wrong."""
    parser = argparse.ArgumentParser(prog="bridge.station.line")
    parser.add_argument("--side", required=True)
    parser.add_argument("--dialplan", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    given = parser.parse_args()
    log.configure("line", given.side)
    try:
        process = LineProcess(load(given.dialplan), given.side, given.data, SystemClock())
    except BridgeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    signal.signal(signal.SIGTERM, process.stop)
    signal.signal(signal.SIGINT, process.stop)
    process.run()
    # pjsua2 keeps threads of its own; leaving through the interpreter's end would race with them.
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
