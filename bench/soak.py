"""Back-to-back calls for an hour against a whole station: memory and descriptors must stay flat.

Starts one station under its supervisor, an officer's phone and a handset. Each call: FLASH in, handset answers, the
officer says an exercise sentence, the operator another, the officer hangs up; every fifth is left unanswered, every
seventh is an outbound ladder. Once a minute the resident memory and the open descriptors of every process of the
station are read. Flat means: the mean of the last quarter is at most 5 % or 3 MB (25 MB for speech, whose engines keep
pools) above that of the second quarter, descriptors at most 2; the first quarter is warming up.

    python -m bench.soak [--minutes 60] [--report docs/measurements/soak.md]
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bridge.base.audio import read_wav
from bridge.drill.party import Party, Setup
from tests import rig

VOICES = Path(__file__).parent.parent / "bridge" / "drill" / "voices"
SAMPLE_EVERY_S = 60.0
KINDS = ("line", "speech", "desk", "supervisor")
GROWTH_LIMIT_MB = {"speech": 25.0}
DESCRIPTORS_LIMIT = 2.0


@dataclass(slots=True)
class Readings:
    """Of one process of the station, one a minute."""

    pid: int
    rss_mb: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def take(self) -> None:
        status = Path(f"/proc/{self.pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        self.rss_mb.append(int(values["VmRSS"].split()[0]) / 1024)
        self.threads.append(int(values["Threads"]))
        self.descriptors.append(len(list(Path(f"/proc/{self.pid}/fd").iterdir())))

    def growth(self, name: str) -> tuple[float, float, bool]:
        """Growth in MB and descriptors from the second to the last quarter, and whether that is flat."""
        quarter = max(1, len(self.rss_mb) // 4)
        early, late = slice(quarter, 2 * quarter), slice(-quarter, None)
        before = statistics.fmean(self.rss_mb[early] or self.rss_mb)
        grown = statistics.fmean(self.rss_mb[late]) - before
        more = statistics.fmean(self.descriptors[late]) - statistics.fmean(self.descriptors[early] or self.descriptors)
        limit = GROWTH_LIMIT_MB.get(name, max(3.0, 0.05 * before))
        return grown, more, grown <= limit and more <= DESCRIPTORS_LIMIT


@dataclass(slots=True)
class Tally:
    calls: int = 0
    unanswered: int = 0
    outbound: int = 0
    faults: list[str] = field(default_factory=list)


def children(pid: int) -> dict[str, int]:
    """The station's processes by name."""
    found = {"supervisor": pid}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        for word in command:
            if word.startswith("bridge.station."):
                found[word.rpartition(".")[2]] = int(child)
    return found


def one_call(number: int, line: rig.Process, play: rig.Theatre, officer: Party, handset: Party, tally: Tally) -> None:
    voices = sorted(VOICES.glob("*.wav"))
    mark, heard = line.mark(), officer.mark()
    if number % 7 == 6:
        call = line.command("call", contact="watch", precedence="ROUTINE").text("call")
        line.wait_for("LadderEnded", 30, after=mark, call=call)
        line.command("hang-up", call=call)
        tally.outbound += 1
    else:
        answers = number % 5 != 4
        handset.answer_mode("answer" if answers else "busy", after_s=0.3)
        officer.call(play.desk("us"), {"Resource-Priority": "dsn.flash"})
        call = line.wait_for("Invited", 10, after=mark, role="side").text("call")
        if answers:
            line.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 20, after=mark)
            handset.say(voices[(number + 1) % len(voices)])
        else:
            line.wait_for("AlarmRaised", 30, after=mark, alarm="caller-unattended")
            tally.unanswered += 1
        officer.say(voices[number % len(voices)])
        officer.wait_for("said", 30, after=heard)
        officer.hang_up()
    line.wait_for("CallEnded", 30, after=mark, call=call)
    for entry in line.find("TrackOpened", mark):
        line.wait_for("TrackClosed", 10, after=entry.seq, leg=entry.text("leg"))
        if entry.text("leg").endswith("side-1") and number % 7 != 6:
            leg = entry.text("leg")
            length_s = len(read_wav(line.track(leg))[0]) / 8000
            stalled_s = sum(one.number("missing_samples") for one in line.find("TrackStalled", mark, leg=leg)) / 8000
            if length_s + stalled_s < 3:
                tally.faults.append(f"call {number}: track of {length_s:.1f} s, {stalled_s:.1f} s marked as missing")
    tally.calls += 1


def soak(minutes: float, folder: Path) -> tuple[dict[str, Readings], Tally]:
    play = rig.theatre(folder, **{"exercise = true": "exercise = false"})
    port = rig.free_port(f"{play.prefix}.0.11")
    play.path.write_text(play.path.read_text().replace("port = 8080", f"port = {port}"))
    tally = Tally()
    ends_at = time.monotonic() + minutes * 60
    with (
        rig.station(play, "us", folder / "us") as station,
        Party(Setup(bind=play.handset("us"), user="desk-a")) as handset,
        Party(Setup(bind=play.officer("us"), user="duty", rtp_port=17000)) as officer,
        Party(Setup(bind=play.officer("us", 11), user="watch", rtp_port=18000)) as watch,
    ):
        line = rig.line(play, "us", folder / "us")
        line.wait_for("LineStarted", 30)
        watch.answer_mode("busy")
        readings: dict[str, Readings] = {}
        sample_at, number = time.monotonic() + min(SAMPLE_EVERY_S, minutes * 6), 0
        while time.monotonic() < ends_at:
            one_call(number, line, play, officer, handset, tally)
            number += 1
            line.entries = line.entries[-2000:]
            if time.monotonic() >= sample_at:
                sample_at += min(SAMPLE_EVERY_S, minutes * 6)
                _sample(children(station.pid), readings, tally)
    return readings, tally


def _sample(now: dict[str, int], readings: dict[str, Readings], tally: Tally) -> None:
    for name in KINDS:
        if name not in now:
            tally.faults.append(f"{name} is not running")
            continue
        if name in readings and readings[name].pid != now[name]:
            tally.faults.append(f"{name} was restarted")
        one = readings.setdefault(name, Readings(now[name]))
        one.pid = now[name]
        one.take()
        print(f"{datetime.now(UTC):%H:%M:%S} {tally.calls} calls {name} {one.rss_mb[-1]:.1f} MB", end=" ")
        print(f"{one.descriptors[-1]} descriptors", file=sys.stdout, flush=True)


def table(readings: dict[str, Readings], tally: Tally, minutes: float) -> tuple[str, bool]:
    rows = ["| process | memory first, last, peak (MB) | growth (MB) | descriptors first, last | growth | flat |"]
    rows.append("|---|---|---|---|---|---|")
    sound = not tally.faults and bool(readings)
    for name, one in readings.items():
        grown, more, flat = one.growth(name)
        sound = sound and flat
        memory = f"{one.rss_mb[0]:.1f}, {one.rss_mb[-1]:.1f}, {max(one.rss_mb):.1f}"
        files = f"{one.descriptors[0]}, {one.descriptors[-1]}"
        rows.append(f"| {name} | {memory} | {grown:+.1f} | {files} | {more:+.1f} | {'yes' if flat else 'NO'} |")
    head = (
        f"{minutes:.0f} minutes, {tally.calls} calls ({tally.unanswered} left unanswered, {tally.outbound} outbound), "
    )
    head += f"{len(tally.faults)} faults{': ' + '; '.join(tally.faults[:5]) if tally.faults else ''}."
    return head + "\n\n" + "\n".join(rows) + "\n", sound


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--report", type=Path, help="write the figures to this Markdown file")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        readings, tally = soak(options.minutes, Path(folder))
    text, sound = table(readings, tally, options.minutes)
    print(text)
    if options.json:
        print(json.dumps({"bench": "soak", "calls": tally.calls, "faults": tally.faults, "ok": sound}))
    if options.report:
        title = "# An hour of back-to-back calls\n\n"
        title += (
            f"Made by `make soak` on {datetime.now(UTC):%Y-%m-%d}, 2 cores, Python {platform.python_version()}.\n\n"
        )
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(title + text, encoding="utf-8")
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
