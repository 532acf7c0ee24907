"""The words that are stored: their values never change."""

from __future__ import annotations

import itertools

import pytest

from bridge.base import errors
from bridge.base.terms import AlarmPriority, Direction, GapKind, Health, Outcome, Precedence, Role

pytestmark = pytest.mark.pure


def test_precedence_is_ordered() -> None:
    """RFC 4412 `dsn`: routine < priority < immediate < flash; nothing outranks itself."""
    for low, high in itertools.combinations(Precedence, 2):
        assert high.outranks(low)
        assert not low.outranks(high)
        assert not low.outranks(low)
    assert [precedence.rank for precedence in Precedence] == [0, 1, 2, 3]


def test_stored_values_stay() -> None:
    """Journals of years hold these words: only additions are allowed, at the end of each list here."""
    stored = {kind.__name__: [item.value for item in kind] for kind in (Role, Direction, Outcome, GapKind, Health)}
    stored["AlarmPriority"] = [item.value for item in AlarmPriority]
    assert stored == {
        "Role": ["side", "operator", "monitor", "interpreter"],
        "Direction": ["in", "out"],
        "Outcome": [
            "answered",
            "no-answer",
            "busy",
            "refused",
            "hung-up",
            "technical",
            "cannot-say",
            "cancelled",
            "pre-empted",
        ],
        "GapKind": ["no-rtp", "hold", "stall", "lost", "before-media"],
        "Health": ["good", "silent", "stuck", "clipped", "quiet", "missing"],
        "AlarmPriority": ["HIGH", "MEDIUM", "LOW"],
    }


def test_every_error_has_its_place_and_its_own_code() -> None:
    """Ours, theirs or the world's; callers match codes."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.BridgeError)]
    assert len(kinds) > 10
    leaves = [kind for kind in kinds if kind not in (errors.BridgeError, errors.Ours, errors.Theirs, errors.World)]
    assert all(issubclass(kind, errors.Ours | errors.Theirs | errors.World) for kind in leaves)
    codes = [kind.code for kind in kinds]
    assert len(codes) == len(set(codes))


def test_a_setup_error_is_one_sentence() -> None:
    """What, where, what to do."""
    error = errors.SetupError("port is in use", "127.0.0.11, port 5060", "End the other program.")
    assert str(error) == "port is in use (127.0.0.11, port 5060). End the other program."
    assert (error.what, error.where, error.remedy) == (
        "port is in use",
        "127.0.0.11, port 5060",
        "End the other program.",
    )
