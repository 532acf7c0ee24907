"""A recorder as a process of its own, to be killed: writes as pjsua2 does, with no header lengths until it closes.

    python recorder_process.py FILE RATE_HZ SECONDS [RUN_AHEAD_S]

Samples come in real time after RUN_AHEAD_S seconds written at once; they reach the disk in steps of 4096 bytes.
SIGTERM closes the file properly. The audio is a count, so that a reader can check every sample: sample n is
n * 7919 modulo 20011, minus 10000.
"""

from __future__ import annotations

import signal
import struct
import sys
import time


def pcm(start: int, end: int) -> bytes:
    return struct.pack(f"<{end - start}h", *(n * 7919 % 20011 - 10000 for n in range(start, end)))


def main(path: str, rate_hz: int, seconds: float, ahead_s: float) -> None:
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    with open(path, "wb", buffering=4096) as file:
        form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz * 2, 2, 16)
        file.write(b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + bytes(4))
        began, written = time.monotonic(), 0
        while not asked and written < seconds * rate_hz:
            due = int((time.monotonic() - began + ahead_s) * rate_hz)
            while written < due:
                file.write(pcm(written, min(written + rate_hz // 50, due)))
                written = min(written + rate_hz // 50, due)
            time.sleep(0.02)
        file.seek(4)
        file.write(struct.pack("<I", 36 + written * 2))
        file.seek(40)
        file.write(struct.pack("<I", written * 2))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]) if len(sys.argv) > 4 else 0.0)
