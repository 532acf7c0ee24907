"""Tells the service manager how the station is, by the datagrams of sd_notify(3). Without $NOTIFY_SOCKET: nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

from bridge.base.log import logger


class Notifier:
    """Owned by one thread. A lost datagram costs nothing but a late word to the service manager."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        usec = environ.get("WATCHDOG_USEC", "")
        owner = environ.get("WATCHDOG_PID", "")
        wanted = usec.isdecimal() and int(usec) > 0 and owner in ("", str(os.getpid()))
        self.watchdog_s: float | None = int(usec) / 2_000_000 if wanted else None
        """How often `WATCHDOG=1` is due: half of what the service manager waits for; None: it does not wait."""

    def send(self, state: str) -> None:
        """Send one state, for example `READY=1`."""
        if not self._address:
            return
        # "@" stands for the zero byte of Linux's abstract addresses, which no environment can carry.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)
                channel.sendto(state.encode(), address)
        except OSError as error:
            logger("station").warning("service manager not reached", code=error.errno or 0, what=type(error).__name__)
