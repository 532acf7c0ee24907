"""What came of relays on real calls, kept by audio, text and the product's code, so that a broken run goes on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from bench.spoken.figures import Outcome
from bench.spoken.hear import Heard
from bench.spoken.judge import Verdict
from bench.spoken.relays import Relay
from bridge.relay.facts import Finding
from bridge.relay.giving_events import Match

_BRIDGE = Path(__file__).parents[2] / "bridge"


class Kept:
    """Outcomes of one state of the code in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        digest = hashlib.sha256()
        for path in sorted(_BRIDGE.rglob("*")):
            if path.suffix in (".py", ".toml"):
                digest.update(path.read_bytes())
        self._code = digest.digest()

    def _path(self, relay: Relay, file: Path) -> Path:
        key = hashlib.sha256(self._code + file.read_bytes() + relay.sealed.encode()).hexdigest()[:24]
        return self._folder / f"{key}.json"

    def find(self, relay: Relay, file: Path) -> Outcome | None:
        if not file.exists():
            return None
        path = self._path(relay, file)
        if not path.exists():
            return None
        raw = json.loads(path.read_text("utf-8"))
        findings = tuple(
            Finding(**{**one, "span": tuple(one["span"]), "sealed_span": tuple(one["sealed_span"])})
            for one in raw["findings"]
        )
        heard = Heard(tuple((kind, data) for kind, data in raw["heard"]))
        return Outcome(relay, heard, {"fused": Verdict(Match(raw["match"]), findings, raw["seconds"])})

    def keep(self, outcome: Outcome, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        final = outcome.final
        raw = {
            "heard": outcome.heard.entries,
            "match": final.match.value,
            "findings": [asdict(finding) for finding in final.findings],
            "seconds": final.seconds,
        }
        path = self._path(outcome.relay, file)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(raw), encoding="utf-8")
        fresh.rename(path)
