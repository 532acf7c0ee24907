"""What no proper phone sends: the line answers or is silent, but it lives, and a call in progress hears nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.peers.rawsip import Dialog, Speaker, options
from tests.peers.torture import messages, mutations
from tests.strangers.conftest import Witness

pytestmark = [pytest.mark.stranger, pytest.mark.call, pytest.mark.fault]

QUIET_S = 0.012
"""An answer on loopback takes a millisecond; a message without one must not cost more."""
SEED = 20_260_423


def feed(witness: Witness, speaker: Speaker, name: str, data: bytes) -> None:
    """Send one message, end what came of it, and see that the line lives."""
    target = witness.line.address
    speaker.send(data, target)
    speaker.tidy(target, QUIET_S)
    assert witness.line.is_alive, f"the line died of: {name}"


def _fresh(speaker: Speaker, witness: Witness) -> Callable[[], Dialog]:
    return lambda: Dialog(speaker, witness.line.address)


def test_torture(unharmed: Witness, net: str) -> None:
    """About 150 messages, each with one rule broken, from an admitted address."""
    before = unharmed.line.seq
    with Speaker(f"{net}.90") as speaker:
        count = 0
        for count, (name, data) in enumerate(messages(_fresh(speaker, unharmed)), 1):  # noqa: B007
            feed(unharmed, speaker, name, data)
        assert count >= 120
        codes = {entry.text("code") for entry in unharmed.line.entries("CallerRefused", before)}
        assert "unacceptable" in codes
        assert options(speaker, unharmed.line.address) == 200


@pytest.mark.parametrize("part", range(5))
def test_mutations(unharmed: Witness, net: str, part: int) -> None:
    """500 damaged INVITEs from a fixed seed, half of them from an address that is not admitted."""
    seed = SEED + part
    print(f"seed {seed}")
    with Speaker(f"{net}.91") as admitted, Speaker(f"{net}.201") as stranger:
        for count, data in enumerate(mutations(_fresh(admitted, unharmed), seed, 100)):
            feed(unharmed, stranger if count % 2 else admitted, f"mutation {count} of seed {seed}", data)
        assert options(admitted, unharmed.line.address) == 200
