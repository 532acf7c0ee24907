"""Four slots and more callers: who gets the last one, what the fifth is told, and that all are free again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.baresip import Baresip, Phone, is_installed
from tests.peers.line import LineUnderTest
from tests.peers.rawsip import Dialog, Message, Speaker, sdp

pytestmark = [
    pytest.mark.stranger,
    pytest.mark.call,
    pytest.mark.skipif(not is_installed(), reason="baresip is not installed"),
]


@pytest.fixture
def ringing(net: str, line: LineUnderTest, tmp_path: Path) -> Iterator[Baresip]:
    """An operator's telephone that rings and is not lifted: it holds one slot."""
    with Baresip(Phone(f"{net}.130", "desk-a", 1070, is_auto=False), tmp_path) as phone:
        yield phone


def ask(speaker: Speaker, line: LineUnderTest, priority: str) -> tuple[Dialog, Message]:
    """One more caller with this priority, and the final answer."""
    call = Dialog(speaker, line.address)
    call.invite(sdp(speaker.host, 40_000), [f"Resource-Priority: {priority}"])
    answer = call.await_answer()
    call.ack(answer)
    return call, answer


def test_fifth_call(line: LineUnderTest, ringing: Baresip, net: str) -> None:
    """Three legs up, the fourth slot is for a higher precedence only; the fifth call gets 486 whatever it says."""
    before = line.seq
    with Speaker(f"{net}.110") as speaker:
        first, answer = ask(speaker, line, "dsn.routine")
        assert answer.status == 200
        ringing.await_event("CALL_INCOMING")
        second, answer = ask(speaker, line, "dsn.routine")
        assert answer.status == 200
        _, answer = ask(speaker, line, "dsn.routine")
        assert answer.status == 486
        line.await_entry("CallerRefused", before, code="no-slot")
        higher, answer = ask(speaker, line, "dsn.flash")
        assert answer.status == 200
        _, answer = ask(speaker, line, "dsn.flash-override")
        assert answer.status == 486
        line.await_count("CallerRefused", 2, before, code="no-slot")
        for call in (first, second, higher):
            assert call.bye().status == 200
    line.await_quiet()
    ringing.await_event("CALL_CLOSED")
    line.await_count("CallEnded", 3, before)


def test_all_slots_are_free_again(line: LineUnderTest, ringing: Baresip, net: str) -> None:
    """After all that, the same again works: nothing was leaked."""
    for _ in range(3):
        test_fifth_call(line, ringing, net)
