"""Which requests may reach the SIP stack at all, and how many of them in a moment.

The stack opens two sockets for the media of every INVITE before anybody is asked, admitted or not, and keeps their
places for half a second after it closed them. It has 64 places and aborts when they are used up: some thirty refused
calls in half a second ended the process and every call on it. So calls beyond a rate are dropped here; over UDP the
caller sends again after 0.5 s (RFC 3261 17.1.1.2), which a person does not notice; over a stream he is told 503.

It looks at the start of a request only and keeps no record of who called; `ua` writes down what it says. Pure.
"""

from __future__ import annotations

import ipaddress
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

WINDOW_S = 0.6
"""The half second for which the stack keeps a closed socket's place, and some."""
ADMITTED_LIMIT = 10
"""INVITEs of admitted addresses in a window: 20 of the 64 places. Four can be up; the rest are refused or ended."""
STRANGERS_LIMIT = 3
"""INVITEs of all others, counted apart, so that a flood of strangers takes nothing from those who may call."""
NOTED_EVERY_S = 1.0
"""A flood is written down at most this often; a line for each packet would be the flood's second victim."""

_TO_TAG = re.compile(rb"^(?:to|t)[ \t]*:[^\r\n]*;[ \t]*tag[ \t]*=", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pass:
    """The stack may have it."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Kept from the stack: answered without a dialog, a slot or a socket, or not at all."""

    status: int
    """0: no answer; over UDP the caller asks again."""
    noted: bool = False
    """Write it down as a flood: its first, or a second has passed since the last."""


class Gate:
    """One line's gate. Owned by the line's thread; times are monotonic seconds."""

    def __init__(self, networks: Iterable[str], hosts: Iterable[str] = (), *, is_stream: bool = False) -> None:
        """
        Args:
            networks: the admitted ones in CIDR form.
            hosts: further addresses that may call (the operators' handsets).
            is_stream: requests come over TCP or TLS, where nobody sends again what got no answer.
        """
        self._beyond = 503 if is_stream else 0
        self._networks = [ipaddress.ip_network(network) for network in networks]
        self._hosts = frozenset(hosts)
        self._admitted: deque[float] = deque()
        self._strangers: deque[float] = deque()
        self._note_at = 0.0

    def judge(self, head: bytes, source: str, now: float) -> Pass | Refuse:
        """Decide on one request.

        Args:
            head: the message from its first byte, at least its headers.
            source: address it came from, without port.
        """
        method = head.lstrip(b"\r\n")[:16].partition(b" ")[0].upper()
        if method == b"MESSAGE":
            # The stack would say 200 to a text that no person ever sees.
            return Refuse(405)
        if method != b"INVITE" or _TO_TAG.search(head.partition(b"\r\n\r\n")[0]):
            return Pass()
        if self._is_known(source):
            return self._count(self._admitted, ADMITTED_LIMIT, now)
        return self._count(self._strangers, STRANGERS_LIMIT, now)

    def _count(self, passed: deque[float], limit: int, now: float) -> Pass | Refuse:
        while passed and passed[0] <= now - WINDOW_S:
            passed.popleft()
        if len(passed) < limit:
            passed.append(now)
            return Pass()
        noted = now >= self._note_at
        if noted:
            self._note_at = now + NOTED_EVERY_S
        return Refuse(self._beyond, noted)

    def _is_known(self, source: str) -> bool:
        try:
            address = ipaddress.ip_address(source)
        except ValueError:
            return False
        return source in self._hosts or any(address in network for network in self._networks)
