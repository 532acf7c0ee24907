"""The SIP endpoint of one line: the only user of pjsua2's library calls besides `call` and `tap`.

One dedicated thread creates, polls and destroys it. `poll` returns what happened; `carry_out` does what the board
orders. It takes no decision about calls. RFC 3261; limits and traps of the build are in docs/design/telephony.md.
"""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import pjsua2 as pj

from bridge.base import log
from bridge.base.dialplan import Line, SipUri, Timers
from bridge.base.errors import SetupError
from bridge.base.terms import Precedence
from bridge.lines import headers
from bridge.lines.call import DeskCall
from bridge.lines.endpoint import begin, listen, set_media
from bridge.lines.events import CallerLost, CallerOffered, Happened, LegReleased, TrunkAnswered
from bridge.lines.gate import Gate
from bridge.lines.sieve import Sieve
from bridge.lines.tap import Tap
from bridge.lines.watch import MediaWatch

MEASURE_EVERY_S = 0.1
FLUSH_S = 0.25
"""The conference lets go of a recorder in its own clock thread, within a few frames of 20 ms; only then is the last
sample on disk."""
PAGE_DEAD_S = 5.0
"""Without any packet for so long the telephone of the desk's page, a process of this host that always sends, is dead.
A phone system far away gets the dialplan's time, because it may be changing over to its other half."""
_ENDING_LIMIT_S = 3.0
_LOG = log.logger("lines")
_REJECTED = {486: "no-slot", 500: "no-port"}
"""Why the stack itself turned a caller away; any other status answers faults of the INVITE (RFC 3261 21.4)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What RTCP and the jitter buffer said about a leg, at its end."""

    received: int
    lost: int
    jitter_us: int


class _Endpoint(pj.Endpoint):  # type: ignore[misc]
    """Endpoint callbacks."""

    events: deque[Happened]

    def onRejectedIncomingCall(self, prm: pj.OnRejectedIncomingCallParam) -> None:
        data = prm.rdata
        status = int(prm.statusCode)
        self.events.append(CallerLost(status, _REJECTED.get(status, "unacceptable"), _host(str(data.srcAddress))))


class _Account(pj.Account):  # type: ignore[misc]
    """Account callbacks; `ua` owns it."""

    ua: Ua

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        data = prm.rdata
        # Strings are copied here: `prm` is garbage after the callback.
        message, source, call_id = str(data.wholeMsg), str(data.srcAddress), int(prm.callId)
        self.ua.take_in(call_id, message, _host(source))

    def onIncomingSubscribe(self, prm: pj.OnIncomingSubscribeParam) -> None:
        prm.code = pj.PJSIP_SC_FORBIDDEN  # presence is answered to anyone by default

    def onSendRequest(self, prm: pj.OnSendRequestParam) -> None:
        event = prm.e
        body = event.body
        change = body.tsxState
        transaction = change.tsx
        answered = change.type == pj.PJSIP_EVENT_RX_MSG
        self.ua.options_over(int(transaction.statusCode) if answered else 0)


class Ua:
    """One line's SIP endpoint. Create, poll and close it in the same thread."""

    def __init__(self, line: Line, timers: Timers, handsets: Iterable[str] = (), page: SipUri | None = None) -> None:
        """Open the endpoint and its transport.

        Args:
            handsets: addresses of the operators' telephones, which may call besides those of `line.admit`.
            page: where the telephone of the desk's page is rung.

        Raises:
            SetupError: the address or port is taken, or a certificate cannot be used; nothing is left open.
        """
        self._line = line
        self._timers = timers
        self._page = page
        self._gate = Gate(line.admit, handsets, is_stream=line.transport != "udp")
        self._events: deque[Happened] = deque()
        self._legs: dict[str, DeskCall] = {}
        self._pending: dict[int, DeskCall] = {}
        self._tickets = itertools.count(1)
        self._dead: list[DeskCall] = []
        self._measure_at = 0.0
        self._options_sent_at: float | None = None
        self.tap = Tap()
        self._endpoint = _Endpoint()
        self._endpoint.events = self._events
        try:
            self._start()
        except pj.Error as error:
            reason = str(error.reason)
            self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)
            raise SetupError(
                f"the line cannot listen: {reason}",
                f"{line.transport} {line.host}:{line.port}",
                "End the program that uses the port, or give another address in the dialplan.",
            ) from error

    # -- opening ---------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        library = begin(self._endpoint, "hotline")
        self._sieve = Sieve(library, self._gate, self._flooded)
        self._sieve.announce("resource-priority")
        listen(self._endpoint, self._line, self._line.host, self._line.port)
        self._account = _Account()
        self._account.ua = self
        self._account.create(self._account_config())

    def _account_config(self) -> pj.AccountConfig:
        line = self._line
        config = pj.AccountConfig()
        config.idUri = f"<{self._own_uri()}>"
        # Else the library asks the kernel for an address towards the caller, which on a host with several addresses
        # may be another one than we listen on: ACK and BYE over TCP and TLS then never reach us.
        config.sipConfig.contactForced = f"<{self._own_uri()}>"
        set_media(config.mediaConfig, line, line.host, line.rtp_ports)
        return config

    def _own_uri(self) -> str:
        return self._uri(SipUri(user=self._line.user, host=self._line.host, port=self._line.port))

    def _uri(self, uri: SipUri) -> str:
        suffix = "" if self._line.transport == "udp" else f";transport={self._line.transport}"
        return f"{uri}{suffix}"

    # -- what happens ----------------------------------------------------------------------------------------------

    def poll(self, limit_ms: int) -> list[Happened]:
        """Wait for SIP at most this long, then say what happened since the last time.

        Dead dialogs are dropped here, outside callbacks and before the next call can take their slot.
        """
        self._drop_dead()
        self._endpoint.libHandleEvents(limit_ms)
        now = time.monotonic()
        if now >= self._measure_at:
            self._measure_at = now + MEASURE_EVERY_S
            for call in list(self._legs.values()):
                call.measure(time.monotonic_ns())
        happened = list(self._events)
        self._events.clear()
        return happened

    def take_in(self, call_id: int, message: str, source: str) -> None:
        """An INVITE, inside the callback: keep the dialog, or turn it away where keeping it would crash us."""
        watch = MediaWatch(self._timers.silence_s, self._timers.dead_media_s)
        call = DeskCall(self._account, self._events.append, self.tap, watch, call_id)
        if headers.offers_dtls(message):
            # A DTLS-SRTP offer makes the library crash once it is answered, however (see telephony.md).
            call.release(488)
            self._dead.append(call)
            self._events.append(CallerLost(488, "dtls-offer", source))
            return
        ticket = next(self._tickets)
        self._pending[ticket] = call
        wanted = headers.parse_resource_priority(headers.header_values(message, "Resource-Priority"))
        self._events.append(
            CallerOffered(
                ticket,
                "",
                source,
                headers.request_user(message),
                headers.clean(headers.call_id(message)),
                wanted.precedence if wanted.is_understood else None,
                headers.requires_resource_priority(message),
            )
        )

    def _flooded(self, source: str, status: int) -> None:
        self._events.append(CallerLost(status, "flood", source))

    def options_over(self, status: int) -> None:
        sent, self._options_sent_at = self._options_sent_at, None
        after_ms = 0 if sent is None else round((time.monotonic() - sent) * 1000)
        self._events.append(TrunkAnswered(status, after_ms))

    # -- orders ----------------------------------------------------------------------------------------------------

    def admit(self, ticket: int, leg: str) -> None:
        """The pending dialog is this leg from now on."""
        call = self._pending.pop(ticket)
        call.leg = leg
        self._legs[leg] = call
        if call.is_dead:  # CANCEL came in the same turn
            self._events.append(LegReleased(leg, 487))

    def refuse(self, ticket: int, status: int) -> None:
        call = self._pending.pop(ticket)
        if status == 417:  # says what would be understood (RFC 4412 section 3.2); `hangup` would drop the header
            call.send_answer(status, {"Accept-Resource-Priority": headers.ACCEPT_RESOURCE_PRIORITY})
        elif not call.is_dead:
            call.release(status)
        self._dead.append(call)

    def invite(self, leg: str, uri: SipUri, precedence: Precedence) -> None:
        """Send INVITE; a failure of our own comes back as `LegReleased` with 503."""
        dead_s = PAGE_DEAD_S if uri == self._page else self._timers.dead_media_s
        watch = MediaWatch(self._timers.silence_s, dead_s)
        call = DeskCall(self._account, self._events.append, self.tap, watch)
        call.leg = leg
        values = {"Resource-Priority": headers.resource_priority_value(precedence)}
        if call.send_invite(self._uri(uri), values, f"{leg.replace('/', '.')}@{self._line.host}"):
            self._legs[leg] = call
            return
        self._dead.append(call)
        self._events.append(LegReleased(leg, 503, "own device"))

    def answer(self, leg: str, precedence: Precedence) -> None:
        self._legs[leg].send_answer(200, {"Resource-Priority": headers.resource_priority_value(precedence)})

    def release(self, leg: str, status: int, reason: str) -> None:
        call = self._legs.get(leg)
        if call is not None:
            call.release(status, reason)

    def forget(self, leg: str) -> Statistics | None:
        """The board is done with the leg: end the dialog if it still lives, and drop it."""
        call = self._legs.pop(leg, None)
        self.tap.close(leg)
        if call is None:
            return None
        if not call.is_dead:
            call.release()
        self._dead.append(call)
        return Statistics(call.received, call.lost, call.jitter_us)

    def set_hold(self, leg: str, *, held: bool) -> None:
        if leg in self._legs:
            self._legs[leg].set_hold(held=held)

    def send_digits(self, leg: str, digits: str) -> None:
        if leg in self._legs:
            self.tap.feed_digits(leg)
            self._legs[leg].send_digits(digits)

    def ask_trunk(self, uri: SipUri) -> None:
        """Send OPTIONS; the answer, or its absence after `GIVE_UP_MS`, comes as `TrunkAnswered`."""
        if self._options_sent_at is not None:
            return
        prm = pj.SendRequestParam()
        prm.method = "OPTIONS"
        prm.txOption.targetUri = self._uri(uri)
        self._options_sent_at = time.monotonic()
        try:
            self._account.sendRequest(prm)
        except pj.Error as error:
            _LOG.warning("trunk cannot be asked", status=error.status)
            self.options_over(0)

    # -- closing ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """End what is left, then destroy the endpoint; the process must leave by `os._exit` after it.

        Every pjsua2 object must be gone before the endpoint is destroyed, or it aborts.
        """
        self._end_all()
        self.tap.close_all()
        self._legs.clear()
        self._pending.clear()
        self._dead.clear()
        if self._options_sent_at is not None:
            # Destroying the account under a pending OPTIONS aborts in the library's own callback. Every dialog has
            # ended by now, and the process leaves next: let the recorders' thread write out and leave the rest.
            self._drain(FLUSH_S)
            return
        self._account.shutdown()
        del self._account
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)

    def _end_all(self) -> None:
        """Its own function: a loop variable that outlives the endpoint would keep a call alive, and that aborts."""
        calls = [*self._legs.values(), *self._pending.values()]
        for call in calls:
            if not call.is_dead:
                call.release()
        deadline = time.monotonic() + _ENDING_LIMIT_S
        while time.monotonic() < deadline and not all(call.is_dead for call in calls):
            self._endpoint.libHandleEvents(10)

    def _drain(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._endpoint.libHandleEvents(10)

    def _drop_dead(self) -> None:
        """Let go of dialogs that have ended; one that has not said its last word is kept until it does."""
        self._dead = [call for call in self._dead if not call.is_dead]


def _host(address: str) -> str:
    """The address part of `a.b.c.d:port` or `[v6]:port`."""
    return address.rpartition(":")[0].strip("[]")
