"""The phone itself: obeys orders, meets callers, and tells what happens.

One thread runs everything (`threadCnt=0`), because every pjsua2 object belongs to the thread that made it. What
callbacks see is put in a queue and handled between two polls.
"""

from __future__ import annotations

import argparse
import os
import re
import select
import socket
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from bridge.base.errors import WireError
from bridge.drill import orders
from bridge.drill.phone import config
from bridge.drill.phone.dialog import Account, Dialog, header_of
from bridge.drill.phone.handset import Handset
from bridge.drill.phone.happening import Happening, Told, tell

POLL_MS = 5
BYE_LIMIT_S = 2.0
"""How long the phone waits for the end of its call before the process ends without it."""
_DTLS = re.compile(r"^m=\S+\s+\S+\s+\S*/TLS/", re.IGNORECASE | re.MULTILINE)


class NoCallError(Exception):
    """An order that needs a call came without one, or the other way round."""


class Phone:
    """The whole phone. Owned by the main thread, as is every pjsua2 object in it."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.ending = False
        self._seen: deque[Happening] = deque()
        self._timers: list[tuple[float, Callable[[], None]]] = []
        self._mode = orders.AnswerMode(mode=options.mode)
        self._call: Dialog | None = None
        self._mute: socket.socket | None = None
        self._endpoint = config.start_endpoint()
        self._transport = -1
        self._open_transport()
        self._account = Account(self.take)
        self._account.create(config.account_config(options, self._transport))
        self._handset = Handset(folder, options.hear, self._seen)
        if options.mode == "silent":
            self._set_mode(self._mode)

    def run(self, source: int) -> None:
        """Poll, obey and tell until told to end. `source` is the file descriptor of the orders."""
        tell("ready", time.monotonic_ns(), {"bind": self.options.bind, "port": self.options.port, "pid": os.getpid()})
        pending = b""
        while not self.ending:
            self._turn()
            if select.select([source], [], [], 0)[0]:
                data = os.read(source, 65536)
                if not data:
                    break
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    self._obey(line)
        self._close()

    def take(self, call_id: int, message: str) -> None:
        """An INVITE came in; called from the account's callback."""
        if _DTLS.search(message):
            self._turn_away(call_id, 488)  # the media of such an offer crashes this build of the library
            return
        if self._call is not None:
            self._turn_away(call_id, 486)
            return
        call = Dialog(self._account, self._seen, call_id)
        self._call = call
        call.note(
            "incoming",
            source=header_of(message, "From"),
            resource_priority=header_of(message, "Resource-Priority"),
            sip_call_id=header_of(message, "Call-ID"),
        )

    def _turn_away(self, call_id: int, status: int) -> None:
        # Its own queue: the end of this call is not the end of the one that is up.
        Dialog(self._account, deque(), call_id).hangup(_answer(status))

    def _turn(self) -> None:
        self._endpoint.libHandleEvents(POLL_MS)
        now = time.monotonic()
        due = [act for at, act in self._timers if at <= now]
        self._timers = [(at, act) for at, act in self._timers if at > now]
        for act in due:
            act()
        self._handset.tidy()
        while self._seen:
            self._handle(*self._seen.popleft())

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._timers.append((time.monotonic() + seconds, act))

    def _obey(self, line: bytes) -> None:
        try:
            order = orders.parse_order(line)
            self._carry_out(order)
        except (WireError, NoCallError) as error:
            tell("failed", time.monotonic_ns(), {"why": str(error)})
        except pj.Error as error:
            tell("failed", time.monotonic_ns(), {"why": error.reason, "status": error.status})

    def _carry_out(self, order: orders.Order) -> None:
        match order:
            case orders.Call():
                self._dial(order)
            case orders.AnswerMode():
                self._set_mode(order)
                tell("mode", time.monotonic_ns(), {"mode": order.mode})
            case orders.Say(file=file):
                self._need(self._handset.say(Path(file)))
            case orders.Tone(frequency_hz=frequency_hz, level_dbfs=level_dbfs):
                self._need(self._handset.tone(frequency_hz, level_dbfs))
            case orders.Hush():
                self._handset.hush()
            case orders.MuteRtp(seconds=seconds):
                self._stop_clock(seconds)
            case orders.Quit():
                self.ending = True
            case _:
                self._in_call(order, self._up())

    def _in_call(
        self, order: orders.Lift | orders.Digits | orders.Hold | orders.Resume | orders.HangUp, call: Dialog
    ) -> None:
        match order:
            case orders.Lift():
                call.answer(_answer(200))
            case orders.Digits(digits=digits):
                call.dialDtmf(digits)
            case orders.Hold():
                call.setHold(pj.CallOpParam(True))
            case orders.Resume():
                parameters = pj.CallOpParam(True)
                parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
                call.reinvite(parameters)
            case orders.HangUp():
                call.hangup(pj.CallOpParam(True))

    def _need(self, connected: bool) -> None:
        if not connected:
            raise NoCallError("there is no audio path")

    def _up(self) -> Dialog:
        if self._call is None or self._call.over:
            raise NoCallError("there is no call")
        return self._call

    def _dial(self, order: orders.Call) -> None:
        if self._call is not None:
            raise NoCallError("there is a call already")
        parameters = pj.CallOpParam(True)
        for name, value in order.headers.items():
            header = pj.SipHeader()
            header.hName, header.hValue = name, value
            parameters.txOption.headers.append(header)
        suffix = "" if self.options.transport == "udp" else f";transport={self.options.transport}"
        call = Dialog(self._account, self._seen)
        self._call = call
        started_ns = time.monotonic_ns()
        try:
            call.makeCall(f"<{order.uri}{suffix}>", parameters)
        except pj.Error:
            self._call = None
            raise
        tell("called", started_ns, {"uri": order.uri, "sip_call_id": call.getInfo().callIdString})

    def _handle(self, mono_ns: int, kind: str, fields: dict[str, Told]) -> None:
        match kind:
            case "incoming":
                tell(kind, mono_ns, fields)
                self._meet()
                return
            case "media-state":
                self._media(mono_ns, fields["state"])
                return
            case "file-ended":
                self._handset.file_ended(mono_ns)
                return
            case "answered" if self._mode.mode == "cut":
                self._after(self._mode.for_s, self._hang_up)
            case "ended":
                self._handset.disconnect()
                # The slot may be taken again at once: an old object would then speak for the new call.
                self._call = None
        tell(kind, mono_ns, fields)

    def _meet(self) -> None:
        call, mode = self._call, self._mode
        if call is None or call.over:
            return  # cancelled before we came to it
        match mode.mode:
            case "busy":
                call.answer(_answer(486))
            case "refuse":
                call.answer(_answer(603))
            case "late":
                self._after(mode.after_s, self._lift)
            case "ring":
                call.answer(_answer(180))
            case _:
                call.answer(_answer(180))
                self._after(mode.after_s, self._lift)

    def _lift(self) -> None:
        if self._call is not None and not self._call.over and not self._call.up:
            self._call.answer(_answer(200))

    def _hang_up(self) -> None:
        if self._call is not None and not self._call.over:
            self._call.hangup(pj.CallOpParam(True))

    def _media(self, mono_ns: int, state: Told) -> None:
        if self._call is None or self._call.over:
            return
        was_held = self._handset.held
        if state == pj.PJSUA_CALL_MEDIA_ACTIVE:
            self._handset.connect(self._call)
            tell("resumed" if was_held else "media", mono_ns, {})
        elif state in (pj.PJSUA_CALL_MEDIA_LOCAL_HOLD, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
            self._handset.hold()
            tell("held", mono_ns, {"by_us": state == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD})

    def _stop_clock(self, seconds: float) -> None:
        """Stop the sound clock: pjsua2 cannot mute RTP of one call, but without a clock nothing is sent at all.

        What this phone would have heard meanwhile is missing from its `--hear` file.
        """
        self._endpoint.audDevManager().setNoDev()
        tell("muted", time.monotonic_ns(), {})
        self._after(seconds, self._start_clock)

    def _start_clock(self) -> None:
        self._endpoint.audDevManager().setNullDev()
        tell("unmuted", time.monotonic_ns(), {})

    def _set_mode(self, mode: orders.AnswerMode) -> None:
        """Meet the next call this way. For `silent` the stack's socket is replaced by one that nobody reads."""
        self._mode = mode
        if mode.mode == "silent" and self._mute is None:
            self._endpoint.transportClose(self._transport)
            self._turn()  # the socket closes in the next poll
            self._mute = config.deaf_socket(self.options)
        elif mode.mode != "silent" and self._mute is not None:
            self._mute.close()
            self._mute = None
            self._open_transport()
            self._account.modify(config.account_config(self.options, self._transport))

    def _open_transport(self) -> None:
        kind = config.TRANSPORTS[self.options.transport]
        self._transport = self._endpoint.transportCreate(kind, config.transport_config(self.options))

    def _close(self) -> None:
        """Hang up, wait for it, and drop objects in the order the library needs (calls and ports before the end)."""
        limit = time.monotonic() + BYE_LIMIT_S
        self._handset.hush()
        self._hang_up()
        while self._call is not None and time.monotonic() < limit:
            self._turn()
        self._handset.close()
        self._call = None
        if self._mute is not None:
            self._mute.close()
        self._account.shutdown()
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
        tell("bye", time.monotonic_ns(), {})


def _answer(status: int) -> pj.CallOpParam:
    parameters = pj.CallOpParam(True)
    parameters.statusCode = status
    return parameters
