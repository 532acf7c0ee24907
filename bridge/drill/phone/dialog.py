"""The phone's call and account objects: their callbacks write down what they saw and decide nothing.

Callbacks come in the phone's own thread while it polls (`mainThreadOnly`), and are handled between two polls.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable

import pjsua2 as pj

from bridge.drill.phone.happening import Happening, Told


def header_of(message: str, name: str) -> str:
    """First value of a header in a whole SIP message, empty if there is none."""
    head = message.split("\r\n\r\n", 1)[0]
    found = re.search(rf"^{re.escape(name)}\s*:\s*(.*?)\s*$", head, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else ""


class Dialog(pj.Call):  # type: ignore[misc]
    """One call. Callbacks only write down what they saw: the phone handles it between two polls."""

    def __init__(self, account: pj.Account, seen: deque[Happening], call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, call_id)
        self._seen = seen
        self.over = False
        self.up = False
        self.reason = ""
        """Reason header of the far end's BYE or CANCEL."""

    def note(self, kind: str, **fields: Told) -> None:
        self._seen.append((time.monotonic_ns(), kind, fields))

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        state = info.state
        if state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self.note("ringing", status=info.lastStatusCode)
        elif state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.up = True
            self.note("answered")
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            self.note("ended", status=info.lastStatusCode, text=info.lastReason, answered=self.up, reason=self.reason)

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        transaction = prm.e.body.tsxState
        if transaction.type == pj.PJSIP_EVENT_RX_MSG:
            message = transaction.src.rdata.wholeMsg
            if message.startswith(("BYE ", "CANCEL ")):
                self.reason = header_of(message, "Reason")

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        info = self.getInfo()
        for media in info.media:
            if media.type == pj.PJMEDIA_TYPE_AUDIO:
                self.note("media-state", state=int(media.status))

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        self.note("digit", digit=prm.digit)

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        prm.statusCode = 603  # the library would dial the target by itself and share this object

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        prm.statusCode = 486


class Account(pj.Account):  # type: ignore[misc]
    def __init__(self, take: Callable[[int, str], None]) -> None:
        super().__init__()
        self._take = take

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        self._take(prm.callId, str(prm.rdata.wholeMsg))

    def onIncomingSubscribe(self, prm: pj.OnIncomingSubscribeParam) -> None:
        prm.code = 403
