"""Who is turned away, with what answer and what entry; and what a hostile value in a header comes to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridge.base.wire import Entry
from tests.peers.rawsip import Dialog, Message, Speaker, sdp
from tests.strangers.conftest import Witness

pytestmark = [pytest.mark.stranger, pytest.mark.call]


@pytest.fixture
def speaker(net: str) -> Iterator[Speaker]:
    """An admitted address of the side."""
    with Speaker(f"{net}.96") as one:
        yield one


def refused(witness: Witness, call: Dialog, headers: list[str]) -> tuple[Message, Entry]:
    """The final answer to an INVITE that is to be turned away, and its entry."""
    before = witness.line.seq
    call.invite(sdp(call.speaker.host, 40_000), headers)
    answer = call.await_answer()
    call.ack(answer)
    entry = witness.line.await_entry("CallerRefused", before)
    assert not witness.line.entries("Invited", before)
    return answer, entry


def test_stranger(unharmed: Witness, net: str) -> None:
    """A caller from an address that the dialplan does not name gets 403, whatever he says he is."""
    with Speaker(f"{net}.203") as stranger:
        call = Dialog(stranger, unharmed.line.address)
        call.sender = f'"Admiral" <sip:alpha@{net}.70>;tag=1'
        answer, entry = refused(unharmed, call, ["Resource-Priority: dsn.flash", f"Via: SIP/2.0/UDP {net}.70"])
    assert answer.status == 403
    assert (entry.text("code"), entry.text("source"), entry.number("status")) == ("stranger", f"{net}.203", 403)


@pytest.mark.parametrize("user", ["nobody", "DESK", "desk%00", "des", "%64esk%20"])
def test_wrong_user(unharmed: Witness, speaker: Speaker, user: str) -> None:
    """Only the line's own user part is served; any other gets 404."""
    call = Dialog(speaker, unharmed.line.address, user)
    answer, entry = refused(unharmed, call, [])
    assert answer.status == 404
    assert entry.text("code") == "unknown-user"


def test_escaped_user_is_the_user(unharmed: Witness, speaker: Speaker) -> None:
    """An escape that means our own name is our name (RFC 3261 section 19.1.4)."""
    call = Dialog(speaker, unharmed.line.address, "%64%65sk")
    call.establish(sdp(speaker.host, 40_000))
    assert call.bye().status == 200


@pytest.mark.parametrize("value", ["x.urgent", "wps.0", "dsn.superb", "nonsense", ""])
def test_unknown_priority_that_must_be_understood(unharmed: Witness, speaker: Speaker, value: str) -> None:
    """With `Require: resource-priority` and nothing that we know, the answer is 417 (RFC 4412 section 4.3)."""
    call = Dialog(speaker, unharmed.line.address)
    answer, _ = refused(unharmed, call, ["Require: resource-priority", f"Resource-Priority: {value}"])
    assert answer.status == 417
    assert "dsn.flash" in answer.header("Accept-Resource-Priority")


@pytest.mark.parametrize("value", ["x.urgent", "wps.0", "..,,;", "dsn.flash" * 100, "dsn.routine, x.y", ""])
def test_unknown_priority_without_insisting(unharmed: Witness, speaker: Speaker, value: str) -> None:
    """Without Require, a value that we do not know is a ROUTINE call, and says so in the answer."""
    before = unharmed.line.seq
    call = Dialog(speaker, unharmed.line.address)
    answer = call.establish(sdp(speaker.host, 40_000), [f"Resource-Priority: {value}"])
    assert answer.header("Resource-Priority") == "dsn.routine"
    assert call.bye().status == 200
    assert unharmed.line.await_entry("Invited", before).text("precedence") == "ROUTINE"


def test_required_priority_that_we_know(unharmed: Witness, speaker: Speaker) -> None:
    """`Require: resource-priority` with a value of ours is a call like any other."""
    call = Dialog(speaker, unharmed.line.address)
    call.establish(sdp(speaker.host, 40_000), ["Require: resource-priority", "Resource-Priority: dsn.routine"])
    assert call.bye().status == 200


HOSTILE = (
    'evil"\\',
    "a\r\n Injected: folded",
    "a\nInjected: line feed",
    "a\rInjected: carriage return",
    "a\x00Injected: nul",
    "a%0d%0aInjected: escaped",
    "\u202eInjected\u2028: marks",
    "x" * 3000,
    "<script>alert(1)</script>",
    "'; DROP TABLE entries; --",
)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_injection(unharmed: Witness, speaker: Speaker, value: str) -> None:
    """A hostile text in any header stays text: no header of its making comes back, entries stay whole."""
    line = unharmed.line
    before = line.seq
    call = Dialog(speaker, line.address)
    call.sender = f'"{value}" <sip:raw@{speaker.host}>;tag=1'
    call.invite(
        sdp(speaker.host, 40_000), [f"Resource-Priority: dsn.routine, {value}", f"Reason: {value};text={value}"]
    )
    seen = [m for m in iter(lambda: speaker.look(lambda m: True, 0.05), None)]
    final = [m for m in seen if m.status >= 200]
    if final and final[0].status == 200:
        call.to = final[0].header("To")
        call.ack(final[0])
        call.send("BYE", [f'Reason: SIP;cause=200;text="{value}"'])
        seen += [m for m in iter(lambda: speaker.look(lambda m: True, 0.05), None)]
    else:
        for answer in final:
            call.ack(answer)
    for message in seen:
        assert not message.header("Injected"), message
    line.await_quiet(besides=frozenset({unharmed.call}))
    for entry in line.entries(after=before):
        for text in entry.data.values():
            assert not isinstance(text, str) or (text.isprintable() and len(text) <= 300), entry
