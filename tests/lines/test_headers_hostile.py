"""Header fields as an attacker may write them: anything at all is taken without an error, bounded and in time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.terms import Precedence
from bridge.base.wire import canonical
from bridge.lines.headers import (
    VALUE_LIMIT,
    VALUES_LIMIT,
    call_id,
    clean,
    header_values,
    offers_dtls,
    parse_reason,
    parse_resource_priority,
    request_user,
    requires_resource_priority,
)
from tests.lines.invites import invite

pytestmark = pytest.mark.pure

HOSTILE = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\r\n\t\x00 ",;:<>\\%@=.m/TLSsip')), max_size=400)


# ---- cleaning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("a\r\nBye: 1\x00\x1b[31m\x7f\x85", "a Bye: 1 [31m"),
        ("\u202eevil\u2066 \u2028", "evil"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud800 char", "half char"),
        ("x" * 300, "x" * VALUE_LIMIT),
        ("x" * (VALUE_LIMIT - 1) + " y", "x" * (VALUE_LIMIT - 1)),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    """One line, no controls, bounded; the joiners of Persian stay."""
    assert clean(text) == cleaned


# ---- anything at all ----------------------------------------------------------------------------------------------


@given(HOSTILE)
def test_clean_is_always_safe(text: str) -> None:
    """Whatever goes in, what comes out is one bounded line that a journal can hold, and stays as it is."""
    out = clean(text)
    assert len(out) <= VALUE_LIMIT
    assert all(ord(c) >= 32 for c in out)
    assert clean(out) == out
    assert canonical(out)


@given(HOSTILE)
def test_nothing_raises(text: str) -> None:
    """Any text at all as a message, a header's value or a body is taken without an error."""
    for message in (text, invite(text), f"INVITE sip:{text}@h SIP/2.0\r\n\r\n"):
        for name in ("Via", "Subject", "Require", "Resource-Priority"):
            assert len(header_values(message, name)) <= VALUES_LIMIT
        assert canonical(call_id(message))
        assert canonical(request_user(message))
        assert offers_dtls(message) in (True, False)
        assert requires_resource_priority(message) in (True, False)
    asked = parse_resource_priority([text])
    assert asked.precedence in Precedence
    assert canonical(list(asked.malformed))
    assert all(canonical([reason.protocol, reason.text]) for reason in parse_reason([text]))


@given(st.lists(st.sampled_from(["dsn.flash", "dsn.priority", "wps.1", "x", "q735.0"])), st.data())
def test_values_may_be_spread_over_headers(values: list[str], data: st.DataObject) -> None:
    """A list on one line, over folded lines or over several headers asks for the same."""
    cut = data.draw(st.integers(0, len(values)))
    one = invite(*(f"Resource-Priority: {part}" for part in [",\r\n ".join(values)] if values))
    several = invite(*(f"resource-priority:{','.join(part)}" for part in (values[:cut], values[cut:])))
    read = [parse_resource_priority(header_values(message, "Resource-Priority")) for message in (one, several)]
    assert read[0] == read[1] == parse_resource_priority(values)


@pytest.mark.parametrize("piece", ['"', '\\"', '"\\', "<", ",", ";", " ", "\r\n ", "\r\nm=", "%", "@", "a", "\r", "m "])
def test_time_grows_with_length_only(piece: str) -> None:
    """Full-size datagrams of one repeated piece are read in the time of a blink, not in its square."""
    text = piece * (65_000 // len(piece))
    started = time.process_time()
    for message in (text, invite("Via: " + text), invite("Reason: sip;text=" + text, body=text)):
        header_values(message, "Via")
        offers_dtls(message)
        request_user(f"INVITE sip:{text}@h SIP/2.0")
        parse_reason([message])
        parse_resource_priority([message])
        clean(message)
    assert time.process_time() - started < 1.0
