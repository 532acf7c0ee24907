"""A slip in several symbols, cut and put together."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.relay.parts import PART_BYTES, PARTS_LIMIT, PartsError, join_parts, slip_parts
from bridge.relay.sealed_text import TEXT_LIMIT
from bridge.relay.slip import render
from tests.relay.relay_samples import TEXTS, message

pytestmark = pytest.mark.pure

SLIP = render(message("fa", " ".join([TEXTS["fa"]] * 8)))


def test_parts_in_any_order() -> None:
    """Each part fits its symbol; read in any order, one of them twice, they are the slip."""
    parts = slip_parts(SLIP)
    assert len(parts) > 2
    assert all(len(part.partition("\n")[2].encode()) <= PART_BYTES for part in parts)
    assert join_parts(reversed(parts)) == SLIP == join_parts([*parts, parts[0]])


@given(st.text())
def test_any_text(text: str) -> None:
    """Whatever the text, its parts give it back."""
    assert join_parts(slip_parts(text)) == text


def test_the_longest_slip_fits() -> None:
    """A message of the greatest length has a number of parts that can be read; a longer text is refused."""
    text = " ".join(["کلمه\u200cای"] * (TEXT_LIMIT // 8))
    assert len(slip_parts(render(message("fa", text)))) <= PARTS_LIMIT
    with pytest.raises(PartsError):
        slip_parts("x" * (PART_BYTES * PARTS_LIMIT + 1))


def test_parts_that_do_not_fit_together() -> None:
    """One missing, one of another slip, one that differs, one invented, one that is none: said, not guessed."""
    parts = slip_parts(SLIP)
    other = slip_parts(SLIP + " ")
    swapped = [
        f"{one.split(chr(10), 1)[0]}\n{two.split(chr(10), 1)[1]}"
        for one, two in zip(parts, reversed(parts), strict=True)
    ]
    extra = parts[0].replace("PART 1/", "PART 9/")
    for wrong in ([], parts[1:], [*parts, *other], [*parts, parts[0] + "x"], [*parts, extra], ["HOTLINE"], swapped):
        with pytest.raises(PartsError):
            join_parts(wrong)


def test_damaged_parts_are_noticed() -> None:
    """Two pieces exchanged under their numbers do not give another slip."""
    heads, pieces = zip(*(part.split("\n", 1) for part in slip_parts(SLIP)), strict=True)
    for order in itertools.permutations(range(len(pieces)), len(pieces)):
        parts = [f"{head}\n{pieces[at]}" for head, at in zip(heads, order, strict=True)]
        if list(order) == sorted(order):
            assert join_parts(parts) == SLIP
        else:
            with pytest.raises(PartsError):
                join_parts(parts)
