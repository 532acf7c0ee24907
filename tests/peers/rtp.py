"""RTP by hand: a tone sent from one socket at 50 packets a second, and what came back put on a timeline.

Only PCMU with 20 ms a packet (RFC 3551). Loss is made at the sender, from a seed.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time

import numpy as np

from bridge.base.audio import Samples
from tests.peers.tones import RATE_HZ, from_ulaw, to_ulaw, tone

_PACKET_SAMPLES = 160
_HEAD = struct.Struct(">BBHII")
_PCMU = 0


class Media:
    """One party's RTP socket with a thread that speaks and listens. Speaks nothing until told where to."""

    def __init__(self, host: str, tone_hz: int | None, loss: float = 0.0, seed: int = 1, peak: int = 8000) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._speech = None if tone_hz is None else to_ulaw(tone(tone_hz, 10.0, peak=peak))
        self._loss = loss
        self._random = random.Random(seed)
        self._target: tuple[str, int] | None = None
        self._packets: dict[int, bytes] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def received(self) -> int:
        """Packets heard so far."""
        with self._lock:
            return len(self._packets)

    def speak_to(self, host: str, port: int) -> None:
        self._target = (host, port)

    def hush(self) -> None:
        """Stop speaking; it still listens."""
        self._target = None

    def heard(self) -> Samples:
        """What came in, by time stamp; a packet that is missing is silence."""
        with self._lock:
            packets = dict(self._packets)
        if not packets:
            return np.zeros(0, dtype=np.int16)
        first = min(packets)
        out = np.zeros(max(packets) - first + _PACKET_SAMPLES, dtype=np.int16)
        for stamp, payload in packets.items():
            samples = from_ulaw(payload)[: len(out) - (stamp - first)]
            out[stamp - first : stamp - first + len(samples)] = samples
        return out

    def close(self) -> None:
        self._ending.set()
        self._thread.join(5.0)
        self._socket.close()

    def _run(self) -> None:
        due = time.monotonic()
        sequence = self._random.randrange(65536)
        for count in range(1 << 30):
            due += _PACKET_SAMPLES / RATE_HZ
            if self._ending.wait(max(0.0, due - time.monotonic())):
                return
            self._take()
            if self._target and self._speech and self._random.random() >= self._loss:
                at = count * _PACKET_SAMPLES % len(self._speech)
                head = _HEAD.pack(0x80, _PCMU, (sequence + count) & 0xFFFF, count * _PACKET_SAMPLES, 0x5EED)
                try:
                    self._socket.sendto(head + self._speech[at : at + _PACKET_SAMPLES], self._target)
                except OSError:  # the far end's port is closed by now (ICMP); its end of the call is told by SIP
                    continue

    def _take(self) -> None:
        while True:
            try:
                data = self._socket.recv(2048)
            except OSError:  # nothing there, or an ICMP error of an earlier packet
                return
            if len(data) <= _HEAD.size or data[1] & 0x7F != _PCMU:
                continue
            stamp = _HEAD.unpack_from(data)[3]
            with self._lock:
                self._packets[stamp] = data[_HEAD.size :]
