"""Every exercise of the drill, and a table of how each came out: `python -m bench.drills [NAME,NAME...]`.

Plays on the addresses of the loopback dialplan, so only one can run on a host. Exit code 1 where a figure misses its
limit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bridge.drill.sheet_report import make_table

LIMIT_S = 3600.0


def play(names: str) -> list[dict[str, Any]]:
    """Run the drill; its scenarios as it tells them."""
    with TemporaryDirectory(prefix="hotline-bench-") as folder:
        command = [sys.executable, "-m", "bridge", "drill", "--json", "--scenario", names, "--data", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=LIMIT_S, check=False)
    if not done.stdout:
        raise SystemExit(f"the drill ended with code {done.returncode} and without a report")
    told = json.loads(done.stdout)
    return list(told.get("scenarios", [told]))


def show(scenarios: list[dict[str, Any]], console: Console) -> None:
    rows = make_table("Exercises", "scenario", "s", "relay", "read-back", "caught", "found s", "outcome", "missed")
    for one in scenarios:
        sheet = one.get("sheet") or {"verdicts": [], "catches": [], "outcome": "-"}
        last = {part: _last(sheet, part) for part in ("relay", "read-back")}
        planted = [c for c in sheet["catches"] if c["after_s"] is not None]
        rows.add_row(
            one["scenario"],
            f"{one['took_s']:.0f}",
            last["relay"],
            last["read-back"],
            ", ".join(c["class"] for c in planted) or "-",
            ", ".join(f"{c['after_s']:.1f}" for c in planted) or "-",
            sheet["outcome"] or "-",
            "; ".join(c["name"] for c in one["checks"] if not c["passed"]) or "-",
        )
    console.print(rows, soft_wrap=True)


def _last(sheet: dict[str, Any], part: str) -> str:
    found = [f"{v['matches'][-1]}{' (ear)' if v['judged_by'] else ''}" for v in sheet["verdicts"] if v["part"] == part]
    return ", ".join(found) or "-"


def main() -> None:
    scenarios = play(sys.argv[1] if len(sys.argv) > 1 else "all")
    show(scenarios, Console(width=200))
    raise SystemExit(0 if all(one["passed"] for one in scenarios) else 1)


if __name__ == "__main__":
    main()
