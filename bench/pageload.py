"""First load of the page: bytes, and milliseconds from the navigation's start until the live screen can be used.

A desk process as on an installation, behind its guard, with a message in hand; each load is a browser context of its
own, signed in, with nothing kept from the one before. The screen can be used once the first state of the station is
drawn: the page says so (`data-ready`), and the frame after that counts. Bytes are the files of the page up to that
moment, without what the station says (`/api`), which is printed beside them.

    python -m bench.pageload [--loads 24] [--json]

Limits: 250,000 bytes; p95 1000 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState, sync_playwright

from bench.waiting import await_
from bridge.base.dialplan import load
from bridge.desk import enrol
from bridge.drill.score import percentile
from bridge.ledger.accounts import Accounts
from bridge.station.folder import prepare
from tests.page.browser import CHROMIUM, FLAGS, SIZE
from tests.page.real.seat import Account, sit_down
from tests.station.plans import write_plan
from tests.station.relay_desk import RelayDesk
from tests.station.test_relaying import drafted

LIMIT_BYTES = 250_000
LIMIT_P95_MS = 1000
HANG_S = 60.0
SUBJECT = "taking/1"
LANGUAGES = ("en", "ar", "fa")
WATCH = """
const ready = () => requestAnimationFrame(() => {
  const files = [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")];
  const sum = (wanted) => files.filter((one) => one.name.includes("/api/") === wanted)
    .reduce((all, one) => all + one.encodedBodySize, 0);
  window.loaded = { ms: performance.now(), files: files.length, bytes: sum(false), api_bytes: sum(true) };
});
new MutationObserver((_, watcher) => {
  if (!document.documentElement?.dataset.ready) return;
  watcher.disconnect();
  ready();
}).observe(document, { attributes: true, childList: true, subtree: true });
"""
IN_HAND = "() => document.querySelectorAll('#work .slot').length"


@dataclass(frozen=True, slots=True)
class Load:
    ms: float
    files: int
    bytes: int
    api_bytes: int
    """What the station said: who sits there, and its state."""


def load_once(browser: Browser, url: str, session: StorageState, language: str) -> Load:
    """One navigation of a browser that knows nothing but its session.

    Raises:
        TimeoutError: the screen did not come, or came without the message.
    """
    context = browser.new_context(viewport=SIZE, locale=language, storage_state=session)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    await_(lambda: page.evaluate("() => Boolean(window.loaded)"), HANG_S, "the live screen")
    found = Load(**page.evaluate("() => window.loaded"))
    await_(lambda: page.evaluate(IN_HAND), HANG_S, "the message in hand")
    context.close()
    return found


def measure(loads: int, folder: Path) -> list[Load]:
    subnet = f"127.{random.randint(20, 120)}.{random.randint(0, 255)}"
    plan, data = write_plan(folder, subnet), folder / "us"
    with closing(Accounts(prepare(data).accounts)) as kept:
        made = enrol.add(kept, enrol.Person("op-a", "op-a", "operator"), "correct horse 7", is_training=True)
    desk = RelayDesk(plan, "us", data, lambda condition, _, what: await_(condition, HANG_S, what))
    try:
        drafted(desk, SUBJECT)
        page = load(plan).side("us").page
        url = f"http://{page.host}:{page.port}"
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            found: list[Load] = []
            seat = sit_down(browser, url, Account("op-a", "correct horse 7", made.secret), "en")
            for language in LANGUAGES:
                seat.speak(language)  # kept with the session
                session = seat.page.context.storage_state()
                found += [load_once(browser, url, session, language) for _ in range(loads // len(LANGUAGES))]
            browser.close()
        return found
    finally:
        desk.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.pageload")
    parser.add_argument("--loads", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(max(len(LANGUAGES), given.loads), Path(folder))
    took = [one.ms for one in found]
    largest = max(one.bytes for one in found)
    p50, p95 = percentile(took, 0.5), percentile(took, 0.95)
    is_kept = largest <= LIMIT_BYTES and p95 <= LIMIT_P95_MS
    values = {
        "loads": len(found),
        "files": max(one.files for one in found),
        "bytes": largest,
        "api_bytes": max(one.api_bytes for one in found),
        "p50_ms": round(p50),
        "p95_ms": round(p95),
        "max_ms": round(max(took)),
        "load_1min": round(os.getloadavg()[0], 1),
        "kept": is_kept,
    }
    if given.json:
        print(json.dumps(values))
    else:
        print(f"{len(found)} loads of {values['files']} files on a host with load {values['load_1min']}")
        print(f"files of the page: {largest} bytes (limit {LIMIT_BYTES}), beside {values['api_bytes']} of the station")
        print(f"live screen: p50 {p50:.0f}, p95 {p95:.0f}, max {max(took):.0f} ms (limit p95 {LIMIT_P95_MS})")
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
