"""What a final status means for the record."""

from __future__ import annotations

import pytest

from bridge.base.terms import Outcome
from bridge.lines.outcome import of_refusal

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (403, Outcome.REFUSED),
        (408, Outcome.TECHNICAL),
        (480, Outcome.NO_ANSWER),
        (486, Outcome.BUSY),
        (487, Outcome.CANCELLED),
        (600, Outcome.BUSY),
        (603, Outcome.REFUSED),
        (606, Outcome.TECHNICAL),
        (300, Outcome.TECHNICAL),
        (404, Outcome.TECHNICAL),
        (503, Outcome.TECHNICAL),
        (699, Outcome.TECHNICAL),
    ],
)
def test_a_final_status_has_its_class(status: int, outcome: Outcome) -> None:
    assert of_refusal(status) is outcome


@pytest.mark.parametrize("status", [0, 180, 200, 299, 700, -1])
def test_what_is_no_refusal_cannot_be_judged(status: int) -> None:
    """A class too many is better than one that lies."""
    assert of_refusal(status) is Outcome.CANNOT_SAY
