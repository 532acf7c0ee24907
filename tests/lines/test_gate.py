"""The gate's count of requests: who passes, who waits, and that a flood of strangers costs the others nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.lines.gate import ADMITTED_LIMIT, NOTED_EVERY_S, STRANGERS_LIMIT, WINDOW_S, Gate, Pass, Refuse

pytestmark = pytest.mark.pure

SIDE, HANDSET, STRANGER = "127.0.1.7", "127.0.3.11", "192.0.2.1"
INVITE = b"INVITE sip:desk@127.0.0.11 SIP/2.0\r\nTo: <sip:desk@127.0.0.11>\r\n\r\n"
AGAIN = INVITE.replace(b">\r\n\r\n", b">;tag=1\r\n\r\n")


@pytest.fixture
def gate() -> Gate:
    return Gate(["127.0.1.0/24"], [HANDSET])


def passes(gate: Gate, source: str, now: float, count: int) -> int:
    """How many of that many INVITEs in one moment get through."""
    return sum(gate.judge(INVITE, source, now) == Pass() for _ in range(count))


@pytest.mark.parametrize(
    ("source", "limit"),
    [(SIDE, ADMITTED_LIMIT), (HANDSET, ADMITTED_LIMIT), (STRANGER, STRANGERS_LIMIT), ("no address", STRANGERS_LIMIT)],
)
def test_so_many_in_a_window(gate: Gate, source: str, limit: int) -> None:
    """At most the limit gets through in a window, and as many again when it has passed."""
    assert passes(gate, source, 10.0, 50) == limit
    assert passes(gate, source, 10.0 + WINDOW_S - 0.01, 50) == 0
    assert passes(gate, source, 10.0 + WINDOW_S, 50) == limit


def test_strangers_cost_the_admitted_nothing(gate: Gate) -> None:
    """Whatever strangers do, those who may call have their whole count, side and handsets together."""
    assert passes(gate, STRANGER, 10.0, 1000) == STRANGERS_LIMIT
    assert passes(gate, SIDE, 10.0, 5) == 5
    assert passes(gate, HANDSET, 10.0, 1000) == ADMITTED_LIMIT - 5


def test_all_places_are_never_used_up() -> None:
    """Two windows' worth of both, four calls and a few attempts of ours stay below the stack's 64 sockets."""
    sockets_a_call, legs, attempts, own = 2, 4, 6, 4
    refused = ADMITTED_LIMIT + STRANGERS_LIMIT
    assert sockets_a_call * (refused + legs + attempts) + own < 64


def test_a_flood_is_noted_once_a_second(gate: Gate) -> None:
    """The first drop is written down, then one a second."""
    assert passes(gate, STRANGER, 10.0, STRANGERS_LIMIT) == STRANGERS_LIMIT
    said = [gate.judge(INVITE, STRANGER, 10.0 + n / 100) for n in range(50)]
    assert said == [Refuse(0, noted=True)] + [Refuse(0, noted=False)] * 49
    passes(gate, STRANGER, 10.0 + NOTED_EVERY_S, STRANGERS_LIMIT)
    assert gate.judge(INVITE, STRANGER, 10.0 + NOTED_EVERY_S) == Refuse(0, noted=True)


@pytest.mark.parametrize("method", [b"BYE", b"ACK", b"CANCEL", b"OPTIONS", b"REGISTER", b"FOO"])
def test_other_methods_pass(gate: Gate, method: bytes) -> None:
    """Only INVITE costs sockets; an end must always get through."""
    passes(gate, SIDE, 10.0, 100)
    assert gate.judge(INVITE.replace(b"INVITE", method), SIDE, 10.0) == Pass()


@pytest.mark.parametrize("to", [b"To: <sip:a>;tag=1", b"t:x ; TAG = 1", b"X: y\r\nto\t: <sip:a> ;x=y;tag=z"])
def test_requests_in_a_dialog_pass(gate: Gate, to: bytes) -> None:
    """A hold must not be lost in a flood: an INVITE with a To tag opens no sockets."""
    passes(gate, SIDE, 10.0, 100)
    assert gate.judge(b"INVITE sip:a SIP/2.0\r\n" + to + b"\r\n\r\n", SIDE, 10.0) == Pass()


@pytest.mark.parametrize(
    "message",
    [
        INVITE,
        b"\r\n\r\n" + INVITE,
        INVITE.replace(b"INVITE", b"invite"),
        INVITE + b"To: <x>;tag=in-the-body",
        INVITE.replace(b"To:", b"From: <x>;tag=1\r\nTo:"),
        INVITE.replace(b"To:", b"X-To: <x>;tag=1\r\nTo:"),
    ],
)
def test_these_are_counted(gate: Gate, message: bytes) -> None:
    """However it is written, a new INVITE is one."""
    passes(gate, SIDE, 10.0, ADMITTED_LIMIT)
    assert gate.judge(message, SIDE, 10.0) == Refuse(0, noted=True)


def test_over_a_stream_he_is_told() -> None:
    """Over TCP and TLS nobody sends again, so what is too much is answered 503 and not left waiting."""
    gate = Gate(["127.0.1.0/24"], is_stream=True)
    passes(gate, SIDE, 10.0, ADMITTED_LIMIT)
    assert gate.judge(INVITE, SIDE, 10.0) == Refuse(503, noted=True)


def test_texts_are_refused(gate: Gate) -> None:
    """A text to the desk would be read by nobody, so nobody may believe that it was."""
    assert gate.judge(b"MESSAGE sip:desk@h SIP/2.0\r\n\r\n", SIDE, 10.0) == Refuse(405)


@given(st.binary(max_size=200), st.text(max_size=20), st.floats(0, 1e9))
def test_anything_is_judged(head: bytes, source: str, now: float) -> None:
    """No bytes and no source make it raise."""
    assert isinstance(Gate(["127.0.0.0/8"]).judge(head, source, now), Pass | Refuse)
