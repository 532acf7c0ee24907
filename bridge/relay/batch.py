"""`hotline compare --batch`: one JSON object a pair in, one out.

It reads lines and writes lines; files belong to the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bridge.relay.fidelity import Comparison, compare
from bridge.relay.meaning import Judge


def compare_batch(lines: Iterable[str], judge: Judge | None = None) -> Iterator[str]:
    """Verdicts as JSON lines, in the order of the pairs; blank lines are passed over.

    Args:
        judge: asked about meaning where the languages differ.

    Raises:
        ValueError: a line is no pair; the message names the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        pair = _pair(line, number)
        languages = pair["sealed_language"], pair["heard_language"]
        result = compare(pair["sealed"], pair["heard"], *languages, judge=judge)
        yield json.dumps(_shown(pair["id"], result), ensure_ascii=False)


def _pair(line: str, number: int) -> dict[str, str]:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number}: not JSON: {error}") from error
    keys = ("id", "sealed", "heard", "sealed_language", "heard_language")
    if not isinstance(raw, dict) or not all(isinstance(raw.get(key), str) for key in keys):
        raise ValueError(f"line {number}: expected an object with the strings {', '.join(keys)}")
    return {key: raw[key] for key in keys}


def _shown(name: str, result: Comparison) -> dict[str, object]:
    return {
        "id": name,
        "verdict": result.verdict.value,
        "findings": [
            {"class": f.kind, "sealed": f.sealed, "heard": f.heard, "span": list(f.span)} for f in result.findings
        ],
        "unchecked": list(result.unchecked),
    }
