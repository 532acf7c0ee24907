"""The SIP side of the page's telephone: one pjsua2 endpoint, one account, at most one call that counts.

One thread creates, polls and destroys it. `poll` returns what happened; the methods do what `telephone` decided. It
talks to the line's address only. Limits and traps of the build are in docs/design/telephony.md.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
import time
from collections import deque

import pjsua2 as pj

from bridge.base import log
from bridge.base.dialplan import Line, SipUri
from bridge.base.errors import SetupError
from bridge.lines import headers
from bridge.lines.endpoint import begin, listen, set_media
from bridge.lines.gate import Gate
from bridge.lines.sieve import Sieve
from bridge.lines.webphone.mouth import Mouth
from bridge.lines.webphone.port import SoundPort
from bridge.lines.webphone.telephone import PAGE_LOST, Confirmed, Ended, Event, Invited

RTP_PORTS = (16400, 16499)
"""Of the handset's own address; one call needs two."""
ENDING_LIMIT_S = 2.0
_LOG = log.logger("lines")
_LEG = re.compile(r"([a-z]{2,8}-\d{8}T\d{6}Z-[0-9a-f]{1,8})\.([a-z]{1,16}-\d{1,4})@", re.ASCII)
"""The line's Call-ID of a leg that it dialled: call, role and number."""


class _Call(pj.Call):  # type: ignore[misc]
    """pjsua2's object of one dialog. Kept by `Phone` alone, dropped inside its own DISCONNECTED (the slot trap)."""

    def __init__(self, account: pj.Account, call_id: int, phone: Phone, ticket: int) -> None:
        super().__init__(account, call_id)
        self.phone = phone
        self.ticket = ticket

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.phone.confirmed(self.ticket)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.phone.disconnected(self.ticket)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        info = self.getInfo()
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self.phone.media_up(self.ticket, self.getAudioMedia(index))

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        prm.statusCode = pj.PJSIP_SC_DECLINE  # else the library dials the target itself and crashes later

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        prm.statusCode = pj.PJSIP_SC_BUSY_HERE  # else a stranger takes this call over


class _Account(pj.Account):  # type: ignore[misc]
    phone: Phone

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        data = prm.rdata
        # Strings are copied here: `prm` is garbage after the callback.
        self.phone.take_in(int(prm.callId), str(data.wholeMsg), str(data.srcAddress))

    def onIncomingSubscribe(self, prm: pj.OnIncomingSubscribeParam) -> None:
        prm.code = pj.PJSIP_SC_FORBIDDEN


class Phone:
    """The telephone's SIP endpoint. Create, poll and close it in the same thread."""

    def __init__(self, uri: SipUri, line: Line, mouth: Mouth) -> None:
        """Listen on the handset's address.

        Args:
            line: who may call, and with what security: the line's, whose transport and certificates are used.

        Raises:
            SetupError: address, port or certificate cannot be used; nothing is left open.
        """
        self._uri = uri
        self._line = line
        self._events: deque[Event] = deque()
        self._calls: dict[int, _Call] = {}
        self._current: int | None = None
        """The ticket whose fate is told; others are being turned away."""
        self._tickets = itertools.count(1)
        self._endpoint = pj.Endpoint()
        try:
            self._start()
        except pj.Error as error:
            reason = str(error.reason)
            self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
            raise SetupError(
                f"the page's telephone cannot listen: {reason}",
                f"{line.transport} {uri.host}:{uri.port}",
                "End the program that uses the port, or give the handset another address in the dialplan.",
            ) from error
        self.port = SoundPort(mouth)

    # -- opening ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        library = begin(self._endpoint, "hotline-page")
        gate = Gate([str(ipaddress.ip_network(self._line.host))], is_stream=self._line.transport != "udp")
        self._sieve = Sieve(library, gate, self._flooded)
        self._sieve.announce("resource-priority")
        listen(self._endpoint, self._line, self._uri.host, self._uri.port)
        self._account = _Account()
        self._account.phone = self
        self._account.create(self._account_config())

    def _account_config(self) -> pj.AccountConfig:
        line = self._line
        suffix = "" if line.transport == "udp" else f";transport={line.transport}"
        config = pj.AccountConfig()
        config.idUri = config.sipConfig.contactForced = f"<{self._uri}{suffix}>"
        set_media(config.mediaConfig, line, self._uri.host, RTP_PORTS)
        return config

    # -- what happens, inside callbacks ----------------------------------------------------------------------------

    def take_in(self, call_id: int, message: str, source: str) -> None:
        """An INVITE: keep it, or turn away who is not the line."""
        ticket = next(self._tickets)
        call = self._calls[ticket] = _Call(self._account, call_id, self, ticket)
        if headers.offers_dtls(message):
            self._hang_up(call, 488)  # answering such an offer crashes the library, however it is answered
        elif _host(source) != self._line.host:
            _LOG.warning("a stranger called the page's telephone")
            self.refuse(ticket, 403)
        elif headers.request_user(message) != self._uri.user:
            self.refuse(ticket, 404)
        else:
            wanted = headers.parse_resource_priority(headers.header_values(message, "Resource-Priority"))
            named = _LEG.match(headers.call_id(message))
            leg = f"{named[1]}/{named[2]}" if named else ""
            self._events.append(Invited(ticket, leg, wanted.precedence.value if wanted.precedence else ""))

    def confirmed(self, ticket: int) -> None:
        if ticket == self._current:
            self._events.append(Confirmed())

    def media_up(self, ticket: int, media: pj.AudioMedia) -> None:
        """Every hold, resume and new port loses the links: draw them again."""
        if ticket == self._current:
            media.startTransmit(self.port)
            self.port.startTransmit(media)

    def disconnected(self, ticket: int) -> None:
        # Dropped inside its own callback, where the slot is still its own.
        self._calls.pop(ticket, None)
        if ticket == self._current:
            self._current = None
            self._events.append(Ended())

    def _flooded(self, _source: str, status: int) -> None:
        _LOG.warning("calls beyond the rate are kept from the page's telephone", status=status)

    # -- orders ----------------------------------------------------------------------------------------------------

    def poll(self, limit_ms: int) -> list[Event]:
        """Wait for SIP at most this long, then say what happened since the last time."""
        self._endpoint.libHandleEvents(limit_ms)
        happened = list(self._events)
        self._events.clear()
        return happened

    def alert(self, ticket: int) -> None:
        """180; this dialog is the telephone's call from now on."""
        self._current = ticket
        if ticket not in self._calls:  # CANCEL came in the same turn
            self._current = None
            self._events.append(Ended())
            return
        self._answer(ticket, 180)

    def answer(self, ticket: int) -> None:
        self._answer(ticket, 200)

    def refuse(self, ticket: int, status: int) -> None:
        self._answer(ticket, status)

    def release(self, ticket: int, status: int, reason: str = "") -> None:
        """BYE with this reason, or `status` where it has not been answered; its end comes as `Ended`."""
        call = self._calls.get(ticket)
        if call is not None:
            self._hang_up(call, status, reason)

    def _answer(self, ticket: int, status: int) -> None:
        call = self._calls.get(ticket)
        if call is None:
            return
        prm = pj.CallOpParam(True)
        prm.statusCode = status
        prm.opt.videoCount = 0
        try:
            call.answer(prm)
        except pj.Error as error:
            # 171140: the dialog ended while the operator lifted; its end is on the way.
            _LOG.info("dialog was already ending", status=error.status)

    @staticmethod
    def _hang_up(call: _Call, status: int, reason: str = "") -> None:
        prm = pj.CallOpParam()
        prm.statusCode = status
        if reason:
            header = pj.SipHeader()
            header.hName, header.hValue = "Reason", reason
            prm.txOption.headers.append(header)
        try:
            call.hangup(prm)
        except pj.Error as error:
            _LOG.info("dialog was already ending", status=error.status)

    def close(self) -> None:
        """End what is left, then destroy the endpoint; the process must leave by `os._exit` after it.

        Every pjsua2 object must be gone before the endpoint is destroyed, or it aborts.
        """
        for ticket in list(self._calls):
            self.release(ticket, 480, PAGE_LOST)
        deadline = time.monotonic() + ENDING_LIMIT_S
        while self._calls and time.monotonic() < deadline:
            self._endpoint.libHandleEvents(5)
        self._calls.clear()
        del self.port
        self._account.shutdown()
        del self._account
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)


def _host(address: str) -> str:
    """Host of `1.2.3.4:5060` or `[::1]:5060`."""
    return address.rpartition(":")[0].strip("[]")
