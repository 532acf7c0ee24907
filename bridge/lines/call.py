"""One SIP dialog of pjsua2, wrapped: callbacks become events, orders become requests.

Slot trap: a pjsua2 Call keeps its slot number after DISCONNECTED and then acts on whichever call took the slot; its
mere collection hangs that call up. One poll may take in a BYE and the next INVITE, so waiting for the end of the poll
is too late: the object is dropped inside its own DISCONNECTED callback, where the slot is still its own, and what is
kept of the dialog (`DeskCall`) is no pjsua2 object. All in the line's thread.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pjsua2 as pj

from bridge.base import log
from bridge.lines import headers
from bridge.lines.events import (
    DigitHeard,
    Happened,
    HoldChanged,
    LegAlerted,
    LegConfirmed,
    LegReleased,
    MediaDead,
    MediaLost,
    MediaReturned,
    MediaStarted,
)
from bridge.lines.watch import Finding, MediaWatch

if TYPE_CHECKING:
    from bridge.lines.tap import Tap

_LOG = log.logger("lines")
_ENDS = re.compile(r"^(BYE|CANCEL) ", re.ASCII)
_HELD = (pj.PJSUA_CALL_MEDIA_LOCAL_HOLD, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD)


class _Dialog(pj.Call):  # type: ignore[misc]
    """pjsua2's object of one dialog. Nobody but its `DeskCall` may keep a reference."""

    def __init__(self, account: pj.Account, call_id: int, desk: DeskCall) -> None:
        super().__init__(account, call_id)
        self.desk = desk

    # -- callbacks: an exception here would be swallowed by pjsua2, so each is guarded -----------------------------

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        _guarded(self.desk.state_changed)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        _guarded(self.desk.media_changed)

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        _guarded(self.desk.digit_heard, str(prm.digit)[:1])

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        _guarded(self.desk.transaction_changed, prm)

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        prm.statusCode = pj.PJSIP_SC_DECLINE  # else the library dials the target itself and crashes later

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        prm.statusCode = pj.PJSIP_SC_BUSY_HERE  # else a stranger takes this call over

    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:
        _guarded(self.desk.redirected, prm)
        return int(pj.PJSIP_REDIRECT_STOP)  # nobody sends the desk to another address


class DeskCall:
    """Our side of one dialog. `leg` is empty until the board has admitted it."""

    def __init__(
        self, account: pj.Account, tell: Callable[[Happened], None], tap: Tap, watch: MediaWatch, call_id: int = -1
    ) -> None:
        self.leg = ""
        self.ended_at = 0.0
        self.received = 0
        self.lost = 0
        self.jitter_us = 0
        self._tell = tell
        self._tap = tap
        self._watch = watch
        self._detail = ""
        self._is_held = False
        self._has_media = False
        self._is_up = False
        self._alerted = 0
        self._redirected = 0
        self._fault = 0
        self._dialog: _Dialog | None = _Dialog(account, call_id, self)

    @property
    def is_dead(self) -> bool:
        """DISCONNECTED was seen: there is nothing left to act on."""
        return self._dialog is None

    # -- what happened, inside a callback --------------------------------------------------------------------------

    def redirected(self, prm: pj.OnCallRedirectedParam) -> None:
        """Keep the 3xx: the stack follows none and then says 487, as if we had cancelled."""
        event = prm.e
        body = event.body
        change = body.tsxState
        transaction = change.tsx
        self._redirected = int(transaction.statusCode)

    def digit_heard(self, digit: str) -> None:
        if self.leg and re.fullmatch(r"[0-9A-Da-d*#]", digit):
            self._tell(DigitHeard(self.leg, digit.upper()))

    def state_changed(self) -> None:
        if self._dialog is None:
            return
        info = self._dialog.getInfo()
        state, status = info.state, int(info.lastStatusCode)
        if state == pj.PJSIP_INV_STATE_EARLY and self.leg and status != self._alerted:
            self._alerted = status
            self._tell(LegAlerted(self.leg, status))
        elif state == pj.PJSIP_INV_STATE_CONFIRMED and self.leg:
            self._is_up = True
            self._tell(LegConfirmed(self.leg))
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._dialog = None  # collected as soon as its callback returns, while the slot is still its own
            self.ended_at = time.monotonic()
            if self.leg:
                self._tap.media_down(self.leg)
                self._tell(LegReleased(self.leg, self._redirected or self._fault or status, self._detail))

    def media_changed(self) -> None:
        if self._dialog is None:
            return
        info = self._dialog.getInfo()
        held = False
        for index in range(len(info.media)):
            # Keep the parent in a variable: a child of a temporary reads freed memory.
            media = info.media[index]
            if media.type != pj.PJMEDIA_TYPE_AUDIO:
                continue
            held = held or media.status in _HELD
            if media.status == pj.PJSUA_CALL_MEDIA_ACTIVE and self.leg:
                self._has_media = True
                self._tap.media_up(self.leg, self._dialog.getAudioMedia(index))
            elif self.leg:
                self._tap.media_down(self.leg)
        if held is not self._is_held and self.leg:
            self._is_held = held
            self._tell(HoldChanged(self.leg, held))

    def transaction_changed(self, prm: pj.OnCallTsxStateParam) -> None:
        event = prm.e
        body = event.body
        change = body.tsxState
        if change.type != pj.PJSIP_EVENT_RX_MSG:
            return
        source = change.src
        data = source.rdata
        message = str(data.wholeMsg)
        if _ENDS.match(message):
            reasons = headers.header_values(message, "Reason")
            self._detail = headers.clean(reasons[0]) if reasons else ""
            # A CANCEL's reason may be an answer given elsewhere; a BYE's is what became of the device.
            self._fault = headers.fault_status(reasons) if message.startswith("BYE ") else 0

    # -- orders ----------------------------------------------------------------------------------------------------

    def send_invite(self, uri: str, values: dict[str, str], call_id: str) -> bool:
        """Send INVITE; False if the stack has no slot or no route."""
        prm = pj.CallOpParam(True)
        prm.opt.customCallId = call_id
        prm.opt.videoCount = 0
        prm.txOption.headers = _headers(values)
        if self._dialog is None:
            return False
        try:
            self._dialog.makeCall(uri, prm)
        except pj.Error as error:
            _LOG.warning("call cannot be made", leg=self.leg, status=error.status)
            self._dialog = None
            self.ended_at = time.monotonic()
            return False
        return True

    def send_answer(self, status: int, values: dict[str, str] | None = None) -> None:
        prm = pj.CallOpParam(True)
        prm.statusCode = status
        prm.opt.videoCount = 0
        prm.txOption.headers = _headers(values or {})
        self._act(pj.Call.answer, prm)

    def release(self, status: int = 0, reason: str = "") -> None:
        """CANCEL, BYE or `status`, whichever the dialog needs; `hangup` on a ringing call drops our headers."""
        prm = pj.CallOpParam()
        prm.statusCode = status
        if reason:
            prm.txOption.headers = _headers({"Reason": reason})
        self._act(pj.Call.hangup, prm)

    def set_hold(self, *, held: bool) -> None:
        prm = pj.CallOpParam(True)
        if held:
            self._act(pj.Call.setHold, prm)
        else:
            prm.opt.flag = pj.PJSUA_CALL_UNHOLD
            self._act(pj.Call.reinvite, prm)

    def send_digits(self, digits: str) -> None:
        """RFC 4733 events, 160 ms each (the library's own length)."""
        if self._dialog is not None:
            try:
                self._dialog.dialDtmf(digits)
            except pj.Error as error:
                _LOG.warning("digits cannot be sent", leg=self.leg, status=error.status)

    def measure(self, now_ns: int) -> None:
        """Read the packet counts and tell what they mean."""
        if self._dialog is None or not self.leg or not (self._has_media or self._is_up):
            return
        if self._has_media:  # an answer that fits no media never has any: the watch must hear of that too
            try:
                stat = self._dialog.getStreamStat(0)
            except pj.Error:
                return  # between two media sessions there is no stream; the next turn has one
            rtcp = stat.rtcp
            received = rtcp.rxStat
            self.received, self.lost, self.jitter_us = int(received.pkt), int(received.loss), _mean(received)
        for seen in self._watch.feed(self.received, now_ns, expected=self._is_up and not self._is_held):
            self._tell(_media_event(self.leg, seen.finding, seen.since_ns))

    def _act(self, act: Callable[[pj.Call, pj.CallOpParam], None], prm: pj.CallOpParam) -> None:
        dialog = self._dialog  # held until the act is over, for an act may end the dialog under our feet
        if dialog is None:
            return
        try:
            act(dialog, prm)
        except pj.Error as error:
            # 171140: the dialog ended while we decided (a CANCEL that crossed our 200); its release is on the way.
            _LOG.info("dialog was already ending", leg=self.leg, status=error.status)


def _mean(received: pj.RtcpStreamStat) -> int:
    jitter = received.jitterUsec
    return int(jitter.mean)


def _media_event(leg: str, finding: Finding, since_ns: int) -> Happened:
    match finding:
        case Finding.STARTED:
            return MediaStarted(leg)
        case Finding.LOST:
            return MediaLost(leg, since_ns)
        case Finding.RETURNED:
            return MediaReturned(leg, since_ns)
        case Finding.DEAD:
            return MediaDead(leg)


def _headers(values: dict[str, str]) -> pj.SipHeaderVector:
    """The stack does not check values: a line break in one would let a far end write our headers."""
    vector = pj.SipHeaderVector()
    for name, value in values.items():
        header = pj.SipHeader()
        header.hName, header.hValue = name, headers.clean(value)
        vector.append(header)
    return vector


def _guarded(work: Callable[..., None], *args: object) -> None:
    """Run a callback's work; what goes wrong is logged, because pjsua2 would print and forget it."""
    try:
        work(*args)
    except pj.Error as error:
        _LOG.error("callback failed in the stack", status=error.status)
    except Exception as error:  # noqa: BLE001  # an exception must not cross into C; the line lives on
        _LOG.error("callback failed", code=type(error).__name__)
