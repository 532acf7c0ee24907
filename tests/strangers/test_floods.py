"""More calls than any person makes: the line lives, the call in progress goes on, an admitted caller gets through."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.peers import sipp
from tests.peers.child import PATIENCE
from tests.peers.rawsip import Dialog, Speaker, options, sdp
from tests.strangers.conftest import Witness

pytestmark = [pytest.mark.stranger, pytest.mark.call, pytest.mark.fault]


def flood(speaker: Speaker, witness: Witness, count: int, user: str) -> list[int]:
    """So many INVITEs as fast as their answers come, each acknowledged; the final statuses."""
    finals: list[int] = []
    for _ in range(count):
        call = Dialog(speaker, witness.line.address, user)
        call.invite(sdp(speaker.host, 40_000))
        answer = speaker.look(lambda m: m.status >= 200 and m.method == "INVITE", 0.003 / PATIENCE)
        if answer is not None:
            finals.append(answer.status)
            call.to = answer.header("To")
            call.call_id = answer.header("Call-ID")
            call.ack(answer)
        assert witness.line.is_alive
    return finals


@pytest.mark.parametrize(("last", "user", "status"), [(204, "desk", 403), (97, "nobody", 404)])
def test_refused_callers(unharmed: Witness, net: str, last: int, user: str, status: int) -> None:
    """A thousand INVITEs in a few seconds, refused and acknowledged: some thirty of them once ended the process."""
    before = unharmed.line.seq
    with Speaker(f"{net}.{last}") as speaker:
        finals = flood(speaker, unharmed, 1000, user)
    assert status in finals
    assert set(finals) <= {status, 486}  # 486: the slot of one just refused is not free yet
    assert len(finals) < 200
    entries = unharmed.line.entries("CallerRefused", before, source=f"{net}.{last}")
    codes = {entry.text("code") for entry in entries}
    assert {"flood", {403: "stranger", 404: "unknown-user"}[status]} <= codes
    with Speaker(f"{net}.98") as side:
        assert options(side, unharmed.line.address) == 200


def test_strangers_who_never_acknowledge(unharmed: Witness, net: str) -> None:
    """Strangers that leave every refusal without ACK keep an admitted caller out for a few seconds at most."""
    target = unharmed.line.address
    with Speaker(f"{net}.205") as stranger, Speaker(f"{net}.99") as side:
        for _ in range(50):
            Dialog(stranger, target).invite(sdp(stranger.host, 40_000))
        started = time.monotonic()
        status = 486
        while status == 486:
            call = Dialog(side, target)
            call.invite(sdp(side.host, 40_000))
            answer = call.await_answer()
            call.ack(answer)
            status = answer.status
            assert time.monotonic() - started < 8.0 * PATIENCE, "kept out for longer than a dead transaction lives"
        assert status == 200
        assert call.bye().status == 200


@pytest.mark.skipif(not sipp.is_installed(), reason="SIPp is not installed")
def test_short_calls_of_sipp(unharmed: Witness, net: str, tmp_path: Path) -> None:
    """SIPp makes forty calls, fifty a second, one after the other: it sends again what was dropped, all end right."""
    before = unharmed.line.seq
    caller = sipp.call(sipp.Caller(talk_ms=20), f"{net}.100", unharmed.line.setting.uri, tmp_path, calls=40)
    with caller.child:
        assert caller.wait(40) == 0, caller.why()
    unharmed.line.await_count("CallEnded", 40, before)
