"""Delay of captions: from the end of a word in the speaker's mouth to the entry that holds it, on real calls.

Line and speech process of one station, an officer and an operator who say the exercise's sentences in turn, round
after round. Times come from the audio's own timeline: when the phone began a sentence, and where in it each word
ends. Limits: partials p50 <= 1.0 s, finals p95 <= 2.0 s after the utterance's last word.

    python -m bench.captions [--rounds 3] [--json]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from bridge.base.clock import NS
from bridge.drill.evidence import spoken_words
from bridge.drill.party import Party, Setup
from bridge.drill.play import Line
from bridge.drill.score import Caption, Heard, hear, percentile
from bridge.drill.script import Sentence, find_scenario, sentences
from tests import rig

LIMIT_PARTIAL_P50_S, LIMIT_FINAL_P95_S = 1.0, 2.0


def say(party: Party, sentence: Sentence) -> Line:
    """Say one sentence to its end; when it began is the phone's word."""
    mark = party.mark()
    party.say(sentence.file)
    said = party.wait_for("said", 30, after=mark)
    return Line(sentence, "us", int(str(said.fields["start_mono_ns"])))


def captions(speech: rig.Process, line: rig.Process, leg: str) -> list[Caption]:
    """Results of one leg on this host's monotonic clock."""
    opened = line.wait_for("TrackOpened", leg=leg)
    start_ns, rate_hz = int(opened.text("t0_mono_ns")), opened.number("rate_hz")
    found = []
    for entry in speech.read():
        if entry.kind in ("Partial", "Final") and entry.text("leg") == leg:
            to = entry.number("to_sample" if entry.kind == "Final" else "heard_to_sample")
            begin = entry.number("from_sample")
            found.append(
                Caption(
                    entry.number("utterance"),
                    entry.kind == "Final",
                    entry.mono_ns,
                    start_ns + begin * NS // rate_hz,
                    start_ns + to * NS // rate_hz,
                    entry.text("text"),
                )
            )
    return found


def measure(rounds: int, folder: Path) -> list[Heard]:
    """One result a leg."""
    play = rig.theatre(folder)
    wanted = sentences(find_scenario("relay"))
    spoken: dict[str, list[Line]] = {"side": [], "operator": []}
    with (
        rig.line(play, "us", folder / "us") as line,
        rig.Process("speech", "us", play.path, folder / "us") as speech,
        Party(Setup(bind=play.handset("us"), user="desk-a")) as operator,
        Party(Setup(bind=play.officer("us"), user="duty", rtp_port=17000)) as officer,
    ):
        operator.answer_mode("answer", after_s=0.3)
        officer.call(play.desk("us"))
        call = line.wait_for("Invited", role="side").text("call")
        line.wait_for_link(f"{call}/operator-1", f"{call}/side-1", 20)
        for _ in range(rounds):
            for sentence in wanted:
                who, role = (operator, "operator") if sentence.speaker == "operator" else (officer, "side")
                mark = speech.mark()
                spoken[role].append(say(who, sentence))
                # The next one speaks when this utterance is over, as people in turn do.
                speech.wait_for("Final", 20, after=mark, leg=f"{call}/{role}-1")
        officer.hang_up()
        line.wait_for("CallEnded", call=call)
        for role in spoken:
            speech.wait_for("TrackTranscribed", 30, leg=f"{call}/{role}-1")
        return [hear(spoken_words(said), captions(speech, line, f"{call}/{role}-1")) for role, said in spoken.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        legs = measure(options.rounds, Path(folder))
    partial = [delay for leg in legs for delay in leg.partial_s]
    final = [delay for leg in legs for delay in leg.final_s]
    said, errors = sum(leg.said for leg in legs), sum(leg.errors for leg in legs)
    figures = {
        "words": said,
        "wrong": errors,
        "partial_p50_s": percentile(partial, 0.5),
        "partial_p95_s": percentile(partial, 0.95),
        "finals": len(final),
        "final_p50_s": percentile(final, 0.5),
        "final_p95_s": percentile(final, 0.95),
    }
    ok = figures["partial_p50_s"] <= LIMIT_PARTIAL_P50_S and figures["final_p95_s"] <= LIMIT_FINAL_P95_S
    if options.json:
        print(json.dumps({"bench": "captions", **figures, "ok": ok}))
    else:
        print(f"captions, {said} words in {len(final)} utterances, {errors} words wrong:")
        for name, limit in (("partial_p50_s", LIMIT_PARTIAL_P50_S), ("final_p95_s", LIMIT_FINAL_P95_S)):
            other = name.replace("p50", "p95") if "p50" in name else name.replace("p95", "p50")
            print(f"  {name} {figures[name]:.2f}   (limit {limit:.1f})   {other} {figures[other]:.2f}")
        print("  limits met" if ok else "  limits MISSED")
    raise SystemExit(0 if ok else 1)


if __name__ == "__main__":
    main()
