"""The page's telephone as a process: a SIP handset of the line whose sound comes from a browser, over a local socket.

    line == SIP, RTP == Phone (C) <- SoundPort -> Mouth, heard -- Pages == <data>/webphone.sock == desk == page

Here the edges meet; nothing is decided. Only this process has Python in its audio path, and only its own leg is on it:
it may die, hang or be restarted, and the line's other legs and their recordings do not notice. Run by the supervisor as
`python -m bridge.station.webphone --side us --dialplan F --data D` where a handset has `page = true`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bridge.base import log
from bridge.base.dialplan import Side, load
from bridge.base.errors import BridgeError, MoveError, SetupError, WireError
from bridge.base.voice import Frame, Kind
from bridge.lines.webphone import seats, telephone
from bridge.lines.webphone.mouth import Mouth
from bridge.lines.webphone.pages import Pages
from bridge.lines.webphone.seats import Seats
from bridge.lines.webphone.telephone import Telephone
from bridge.lines.webphone.ua import Phone
from bridge.lines.webphone.words import HangUp, Hello, Lift, Mute, Muted, Take, Telling, Up, Who
from bridge.lines.webphone.words import parse_wish as parse
from bridge.lines.webphone.words import telling_bytes as written
from bridge.station.folder import Folder, prepare

BUSY_POLL_MS = 5
"""Longest wait for SIP in a call before the page's sound gets its turn; part of the added delay."""
IDLE_POLL_MS = 20
_LOG = log.logger("station")


class Webphone:
    """Everything the process owns. One thread; the conference's only calls `Mouth.take` and `heard.append`."""

    def __init__(self, side: Side, folder: Folder) -> None:
        """Open SIP endpoint and socket.

        Raises:
            SetupError: no handset of the side is a page's, or its address or the folder cannot be used.
        """
        handset = side.page_handset
        if handset is None:
            raise SetupError("no handset of the side has page = true", "handsets", "Add one, or run no webphone.")
        self._mouth = Mouth()
        self._telephone = Telephone()
        self._seats = Seats()
        self._phone = Phone(handset.uri, side.line, self._mouth)
        try:
            self._pages = Pages(folder.webphone_socket)
        except SetupError:
            self._phone.close()
            raise
        self._refused = 0
        """Wishes that made no sense; a page that sends one goes on."""
        self._stop_asked = False

    def run(self) -> None:
        """Serve until told to stop."""
        _LOG.info("page's telephone is ready", pid=os.getpid())
        while not self._stop_asked:
            self._turn()
        self._pages.close()
        self._phone.close()

    def stop(self, *_signal: object) -> None:
        """Ask `run` to end; safe in a signal handler."""
        self._stop_asked = True

    def _turn(self) -> None:
        happened = self._phone.poll(BUSY_POLL_MS if self._telephone.has_sound else IDLE_POLL_MS)
        now = time.monotonic()
        for event in happened:
            self._take(event, now)
        self._guarded(lambda: self._telephone.wake(now))
        self._serve_pages(now)
        self._play()

    # -- the page's side -------------------------------------------------------------------------------------------

    def _serve_pages(self, now: float) -> None:
        came, frames, gone = self._pages.poll()
        for number in came:
            self._tell(number, Who())
        for number, frame in frames:
            self._heard_from(number, frame, now)
        for number in gone:
            self._seat(self._seats.left(number), now)

    def _heard_from(self, number: int, frame: Frame, now: float) -> None:
        if frame.kind is Kind.AUDIO:
            if number == self._seats.holder:
                self._mouth.put(frame.payload)
            return
        try:
            wish = parse(frame.payload)
        except WireError as error:
            self._refused += 1
            _LOG.warning("a page asked for what does not exist", code=error.code, count=self._refused)
            return
        match wish:
            case Hello(page):
                self._seat(self._seats.hello(number, page), now)
            case Take():
                self._seat(self._seats.take(number), now)
            case _ if number == self._seats.holder:
                self._obey(wish, now)

    def _obey(self, wish: Lift | HangUp | Mute, now: float) -> None:
        match wish:
            case Lift():
                self._take(telephone.Lifted(), now)
            case HangUp():
                self._take(telephone.HungUp(), now)
            case Mute(is_muted):
                self._mouth.is_muted = is_muted
                self._tell(self._seats.holder, Muted(is_muted))

    def _seat(self, commands: list[seats.Command], now: float) -> None:
        for command in commands:
            match command:
                case seats.Seated(number):
                    if not self._telephone.has_page:
                        self._take(telephone.PageCame(), now)
                    _LOG.info("page has the telephone", state=self._telephone.state.value)
                    self._tell(number, self._telephone.picture())
                case seats.Vacant():
                    _LOG.info("page has left", state=self._telephone.state.value)
                    self._take(telephone.PageLeft(), now)
                case seats.Drop(number):
                    self._pages.drop(number)
                case seats.TellOne(number, telling):
                    self._tell(number, telling)

    def _tell(self, number: int | None, telling: Telling) -> None:
        if number is None:
            return
        self._pages.tell(number, written(telling))
        if isinstance(telling, Up):  # a page that comes back must show whether it is heard
            self._pages.tell(number, written(Muted(self._mouth.is_muted)))

    def _play(self) -> None:
        heard, holder = self._phone.port.heard, self._seats.holder
        while heard:
            sound = heard.popleft()
            if holder is not None and self._telephone.has_sound:
                self._pages.play(holder, sound)

    # -- the line's side -------------------------------------------------------------------------------------------

    def _take(self, event: telephone.Event, now: float) -> None:
        self._guarded(lambda: self._telephone.handle(event, now))

    def _guarded(self, decide: Callable[[], list[telephone.Command]]) -> None:
        """Carry out what the telephone decides; an event that came too late changes nothing."""
        was = self._telephone.state
        try:
            commands = decide()
        except MoveError as error:
            # A page that lifts what has just stopped ringing, or hangs up twice: its next word from us says so.
            _LOG.info("too late for this", code=error.code, state=was.value)
            return
        self._settle(was)
        for command in commands:
            self._carry_out(command)

    def _settle(self, was: telephone.State) -> None:
        """Open or close the mouth as the state says, and note the change."""
        state = self._telephone.state
        if state is was:
            return
        _LOG.info("page's telephone", leg=self._telephone.leg or None, was=was.value, state=state.value)
        self._mouth.is_open = self._telephone.has_sound
        if state in (telephone.State.IDLE, telephone.State.ABSENT) and self._telephone.wake_at is None:
            queue, port = self._mouth.queue, self._phone.port
            for kind, count in (("dropped", queue.dropped), ("starved", queue.starved), ("unfetched", port.lost)):
                if count:
                    _LOG.info("frames of sound missing so far", kind=kind, count=count)
            self._mouth.is_muted = False

    def _carry_out(self, command: telephone.Command) -> None:
        match command:
            case telephone.Alert(ticket):
                self._phone.alert(ticket)
            case telephone.Answer(ticket):
                self._phone.answer(ticket)
            case telephone.Refuse(ticket, status):
                self._phone.refuse(ticket, status)
            case telephone.Release(ticket, status, reason):
                self._phone.release(ticket, status, reason)
            case telephone.Tell(telling):
                self._tell(self._seats.holder, telling)


def main() -> int:
    """Exit codes: 0 ended on request, 2 the set-up is wrong."""
    parser = argparse.ArgumentParser(prog="bridge.station.webphone")
    parser.add_argument("--side", required=True)
    parser.add_argument("--dialplan", required=True, type=Path)
    parser.add_argument("--data", required=True, type=Path)
    given = parser.parse_args()
    log.configure("webphone", given.side)
    try:
        process = Webphone(load(given.dialplan).side(given.side), prepare(given.data))
    except BridgeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    signal.signal(signal.SIGTERM, process.stop)
    signal.signal(signal.SIGINT, process.stop)
    process.run()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # pjsua2 keeps threads of its own; leaving through the interpreter's end would race with them.
    os._exit(code)
