"""Audio delay that the line adds one way, side to operator, with recording on.

Both ends are raw sockets: the side sends silence with a click in every 17th packet and notes when; the operator's
socket notes when the click arrives (kernel time stamps) and where in the packet it stands. What is left after taking
the packet's own 20 ms off on both ends is the line's. The delay is fixed per call by the phase of its clocks, so many
calls are made. Limits p50 <= 30 ms, p95 <= 45 ms.

    python -m bench.latency [--calls 24] [--json]
"""

from __future__ import annotations

import argparse
import json
import socket
import struct
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from tests.peers.line import LineUnderTest, Setting
from tests.peers.rawsip import Dialog, Speaker, media_address, reply, sdp
from tests.peers.tones import from_ulaw, to_ulaw

LIMIT_P50_MS, LIMIT_P95_MS = 30.0, 45.0
PACKET = 160
CLICK_EVERY = 17
CLICKS = 20
SO_TIMESTAMPNS = 35
"""Linux, socket(7): arrival time of each datagram as a control message."""
_HEAD = struct.Struct(">BBHII")


def call_once(line: LineUnderTest, side: Speaker, operator: Speaker) -> list[float]:
    """Delays in milliseconds of one call's clicks."""
    with _rtp(side.host) as mouth, _rtp(operator.host) as ear:
        mark = line.seq
        dialog = Dialog(side, line.address)
        answer = dialog.establish(sdp(side.host, mouth.getsockname()[1]))
        ring = operator.find(lambda m: m.method == "INVITE" and not m.status, "INVITE to the handset")
        contact = [f"Contact: <sip:desk-a@{operator.host}:{operator.port}>", "Content-Type: application/sdp"]
        operator.send(reply(ring, 200, contact, sdp(operator.host, ear.getsockname()[1]), "op"), line.address)
        line.await_entry("Linked", mark)
        sent: list[int] = []
        heard: list[int] = []
        listener = threading.Thread(target=_listen, args=(ear, heard))
        listener.start()
        _speak(mouth, media_address(answer), sent)
        listener.join()
        dialog.bye()
        bye = operator.find(lambda m: m.method == "BYE" and not m.status, "BYE to the handset")
        operator.send(reply(bye, 200), line.address)
        line.await_entry("CallEnded", mark)
    return matched(sent, heard)


def matched(sent: list[int], heard: list[int]) -> list[float]:
    """Delays in milliseconds; a click that no ear heard within 0.3 s is left out and counted by the caller."""
    delays = []
    for here in sent:
        there = next((at for at in heard if 0 <= at - here < 300_000_000), None)
        if there is not None:
            delays.append((there - here) / 1e6)
    return delays


def _rtp(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    made.bind((host, 0))
    made.settimeout(1.5)
    return made


def _speak(mouth: socket.socket, target: tuple[str, int], sent: list[int]) -> None:
    quiet = to_ulaw(np.zeros(PACKET, dtype=np.int16))
    loud = np.zeros(PACKET, dtype=np.int16)
    loud[:16] = 16000  # 2 ms at the packet's very beginning
    click = to_ulaw(loud)
    due = time.monotonic()
    for number in range(CLICK_EVERY * (CLICKS + 2)):
        due += 0.02
        time.sleep(max(0.0, due - time.monotonic()))
        is_click = number >= CLICK_EVERY and number % CLICK_EVERY == 0 and len(sent) < CLICKS
        head = _HEAD.pack(0x80, 0, number & 0xFFFF, number * PACKET, 0x0C11C)
        if is_click:
            sent.append(time.time_ns())
        mouth.sendto(head + (click if is_click else quiet), target)


def _listen(ear: socket.socket, heard: list[int]) -> None:
    """Note the arrival of each click until nothing comes any more or all have come."""
    quiet_until = 0
    while len(heard) < CLICKS:
        try:
            data, extra, _, _ = ear.recvmsg(2048, 128)
        except TimeoutError:
            return
        loud = np.flatnonzero(np.abs(from_ulaw(data[_HEAD.size :]).astype(np.int32)) > 4000)
        if not loud.size:
            continue
        stamp = next(payload for _, kind, payload in extra if kind == SO_TIMESTAMPNS)
        seconds, nanoseconds = struct.unpack("qq", stamp[:16])
        at = seconds * 1_000_000_000 + nanoseconds + int(loud[0]) * 125_000
        if at > quiet_until:  # a click that lies across two packets is one click
            heard.append(at)
            quiet_until = at + 100_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    delays: list[float] = []
    setting = Setting(net="127.142.7")
    with (
        tempfile.TemporaryDirectory() as folder,
        LineUnderTest(setting, Path(folder)) as line,
        Speaker("127.142.7.70", 5060) as side,
        Speaker("127.142.7.130", 5060) as operator,
    ):
        for _ in range(options.calls):
            delays += call_once(line, side, operator)
    p50, p95, worst = (float(np.percentile(delays, q)) for q in (50, 95, 100))
    missing = options.calls * CLICKS - len(delays)
    ok = p50 <= LIMIT_P50_MS and p95 <= LIMIT_P95_MS and missing <= 0.01 * options.calls * CLICKS
    if options.json:
        figures = {"clicks": len(delays), "p50_ms": p50, "p95_ms": p95, "max_ms": worst, "missing": missing, "ok": ok}
        print(json.dumps({"bench": "latency", "calls": options.calls, **figures}))
    else:
        print(f"audio added one way, {options.calls} calls, {len(delays)} clicks, {missing} missing:", end=" ")
        print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {worst:.1f} ms", end="")
        print(f"   (limits p50 {LIMIT_P50_MS:.0f}, p95 {LIMIT_P95_MS:.0f} ms: {'met' if ok else 'MISSED'})")
    raise SystemExit(0 if ok else 1)


if __name__ == "__main__":
    main()
