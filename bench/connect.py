"""Time from INVITE to 200 at a line that journals, records and rings a handset.

A raw SIP speaker sends INVITE over UDP and waits for the 200; one call at a time, the handset only rings. Prints
percentiles in milliseconds; limit p95 <= 20 ms.

    python -m bench.connect [--calls 200] [--json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from bridge.drill.party import Party, Setup
from tests.peers.line import LineUnderTest, Setting
from tests.peers.rawsip import Dialog, Speaker, sdp

LIMIT_P95_MS = 20.0
PACE_S = 0.1
"""Between two calls: faster ones meet the line's own gate against floods, which is not what is measured here."""


def measure(calls: int, folder: Path) -> list[float]:
    """Milliseconds of each call."""
    setting = Setting(net="127.141.7", timers={"nobody_after_s": 600, "handset_ring_s": 600})
    took: list[float] = []
    with (
        LineUnderTest(setting, folder) as line,
        Party(Setup(bind="127.141.7.130", user="desk-a")) as handset,
        Speaker("127.141.7.70", 5060) as speaker,
    ):
        handset.answer_mode("ring")
        for _ in range(calls):
            time.sleep(PACE_S)
            mark = line.seq
            dialog = Dialog(speaker, line.address)
            offer = sdp(speaker.host, 30000)
            begun = time.perf_counter()
            dialog.invite(offer)
            answer = dialog.await_answer()
            took.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                raise SystemExit(f"INVITE got {answer.start}")
            dialog.ack(answer)
            line.await_entry("Alerted", mark)
            dialog.bye()
            line.await_entry("CallEnded", mark)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took = measure(options.calls, Path(folder))
    p50, p95, worst = (float(np.percentile(took, q)) for q in (50, 95, 100))
    ok = p95 <= LIMIT_P95_MS
    if options.json:
        print(
            json.dumps(
                {"bench": "connect", "calls": len(took), "p50_ms": p50, "p95_ms": p95, "max_ms": worst, "ok": ok}
            )
        )
    else:
        print(f"INVITE to 200, {len(took)} calls: p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {worst:.1f} ms", end="")
        print(f"   (limit p95 {LIMIT_P95_MS:.0f} ms: {'met' if ok else 'MISSED'})")
    raise SystemExit(0 if ok else 1)


if __name__ == "__main__":
    main()
