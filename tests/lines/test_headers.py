"""Header fields as a peer may write them: the standard's forms, the damaged ones, and anything at all."""

from __future__ import annotations

import pytest

from bridge.base.terms import Precedence
from bridge.lines.headers import (
    ACCEPT_RESOURCE_PRIORITY,
    USER_LIMIT,
    VALUES_LIMIT,
    Reason,
    ResourceValue,
    call_id,
    fault_status,
    header_values,
    offers_dtls,
    parse_reason,
    parse_resource_priority,
    reason_preemption,
    request_user,
    requires_resource_priority,
    resource_priority_value,
    split_list,
)
from tests.lines.invites import invite

pytestmark = pytest.mark.pure

# ---- Resource-Priority --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "precedence"),
    [
        ("dsn.routine", Precedence.ROUTINE),
        ("dsn.priority", Precedence.PRIORITY),
        ("dsn.immediate", Precedence.IMMEDIATE),
        ("dsn.flash", Precedence.FLASH),
        ("dsn.flash-override", Precedence.FLASH),
        ("DSN.Flash", Precedence.FLASH),
        (" dsn . immediate ", Precedence.IMMEDIATE),
        ("wps.0, dsn.priority, dsn.immediate", Precedence.IMMEDIATE),
    ],
)
def test_dsn_names_the_precedence(value: str, precedence: Precedence) -> None:
    """Only the dsn namespace moves our precedence, and of several values the highest counts."""
    assert parse_resource_priority([value]).precedence is precedence


def test_no_header_is_routine() -> None:
    """A call without Resource-Priority is a ROUTINE call that asked for nothing."""
    asked = parse_resource_priority([])
    assert (asked.precedence, asked.is_understood) == (Precedence.ROUTINE, False)
    assert (asked.understood, asked.unmapped, asked.malformed) == ((), (), ())


def test_other_namespaces_are_reported_and_change_nothing() -> None:
    """wps.0 is the highest of its own ladder and says nothing about ours."""
    asked = parse_resource_priority(["wps.0", "x-test.urgent", "dsn.superb"])
    assert asked.precedence is Precedence.ROUTINE
    assert not asked.is_understood
    assert [str(value) for value in asked.unmapped] == ["wps.0", "x-test.urgent", "dsn.superb"]


@pytest.mark.parametrize("value", ["flash", "dsn.", ".flash", "dsn.flash.now", "dsn flash", "dsn.flash;q=1", "é.é"])
def test_malformed_values_are_ignored_and_reported(value: str) -> None:
    """What is no namespace.priority is kept for the record only, beside a sound value."""
    asked = parse_resource_priority([value, "dsn.flash"])
    assert asked.precedence is Precedence.FLASH
    assert asked.malformed == (value,)
    assert parse_resource_priority([value]).precedence is Precedence.ROUTINE


def test_thousands_of_values_are_cut_off() -> None:
    """A list without end costs no more than a list of ordinary length."""
    asked = parse_resource_priority(["dsn.priority," * 10_000])
    assert len(asked.understood) == VALUES_LIMIT


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ("dsn.flash-override", "dsn.flash"),
        ("dsn.immediate", "dsn.priority"),
        ("drsn.flash-override-override", "drsn.flash-override"),
        ("q735.0", "q735.4"),
        ("ets.1", "ets.2"),
        ("wps.0", "wps.1"),
    ],
)
def test_order_inside_a_namespace(higher: str, lower: str) -> None:
    """Words climb as the standard lists them; in the numbered namespaces 0 is the highest."""
    above, below = (ResourceValue(*text.split(".")) for text in (higher, lower))
    assert above.outranks(below)
    assert not below.outranks(above)
    assert not above.outranks(above)


@pytest.mark.parametrize(
    ("one", "other"), [("wps.0", "dsn.routine"), ("dsn.flash", "ets.4"), ("x.2", "x.1"), ("dsn.flash", "dsn.what")]
)
def test_no_order_across_namespaces(one: str, other: str) -> None:
    """Values of two namespaces, or unregistered ones, are never higher or lower."""
    first, second = (ResourceValue(*text.split(".")) for text in (one, other))
    assert not first.outranks(second)
    assert not second.outranks(first)


@pytest.mark.parametrize("precedence", Precedence)
def test_our_value_is_read_back_the_same(precedence: Precedence) -> None:
    """What we send for a precedence is what we take it for, and what a 417 says that we accept."""
    value = resource_priority_value(precedence)
    assert parse_resource_priority([value]).precedence is precedence
    assert value in ACCEPT_RESOURCE_PRIORITY.split(", ")


def test_accepted_values_are_all_understood() -> None:
    """The list in a 417 promises nothing that we would refuse."""
    asked = parse_resource_priority([ACCEPT_RESOURCE_PRIORITY])
    assert len(asked.understood) == 5
    assert (asked.unmapped, asked.malformed) == ((), ())


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("Require: resource-priority", True),
        ("Require: 100rel, Resource-Priority", True),
        ("require :\r\n  timer,\r\n\tresource-priority", True),
        ("Require: 100rel", False),
        ("Supported: resource-priority", False),
        ("X: y", False),
    ],
)
def test_require(line: str, answer: bool) -> None:
    """Only the Require header insists."""
    assert requires_resource_priority(invite(line)) is answer


# ---- Reason -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (1, "UA Preemption"),
        (2, "Reserved Resources Preempted"),
        (3, "Generic Preemption"),
        (4, "Non-IP Preemption"),
    ],
)
def test_preemption_reason(cause: int, text: str) -> None:
    """The value has the form of RFC 4411 and is read back the same."""
    value = reason_preemption(cause)
    assert value == f'preemption ;cause={cause} ;text="{text}"'
    assert parse_reason([value]) == [Reason("preemption", cause, text)]


@pytest.mark.parametrize("cause", [0, 5, -1])
def test_unknown_preemption_cause_is_our_bug(cause: int) -> None:
    """No cause is invented."""
    with pytest.raises(ValueError, match="expected 1 to 4"):
        reason_preemption(cause)


@pytest.mark.parametrize(
    ("value", "reasons"),
    [
        ("SIP ;cause=600 ;text=Busy", [Reason("sip", 600, "Busy")]),
        (
            'Q.850;cause=16;text="Terminated", SIP;cause=200;text="a, b; c"',
            [Reason("q.850", 16, "Terminated"), Reason("sip", 200, "a, b; c")],
        ),
        ("preemption", [Reason("preemption", None, "")]),
        ("sip;CAUSE=many", [Reason("sip", None, "")]),
        ("sip;cause=٤٨٦", [Reason("sip", None, "")]),
        ("sip;cause=999999999999", [Reason("sip", None, "")]),
        ('sip;text="say \\"no\\"\r\n  now"', [Reason("sip", None, 'say "no" now')]),
        ('sip;text="never closed', [Reason("sip", None, '"never closed')]),
        (';cause=1, "quoted";cause=2, ,', []),
    ],
)
def test_reasons(value: str, reasons: list[Reason]) -> None:
    """Quotes are respected, a cause is a plain number, and what names no protocol is left out."""
    assert parse_reason([value]) == reasons


# ---- messages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines", "values"),
    [
        ("Subject", ["Subject: one, two"], ["one, two"]),
        ("subject", ["SUBJECT :  spaced \t"], ["spaced"]),
        ("Subject", ["s: short form"], ["short form"]),
        ("Via", ["v: a, b", "Via: c"], ["a", "b", "c"]),
        ("Subject", ["Subject: folded", "  over", "\tlines", "To: x"], ["folded over lines"]),
        ("Contact", ['Contact: "a, b" <sip:x,y@h>;q=1, <sip:z>'], ['"a, b" <sip:x,y@h>;q=1', "<sip:z>"]),
        ("Contact", ['m: "never closed, <sip:z>'], ['"never closed, <sip:z>']),
        ("Contact", ['m: "ends with \\'], ['"ends with \\']),
        ("Contact", ["m: <never closed, b"], ["<never closed", "b"]),
        ("Date", ["Date: Sat, 13 Nov 2010 23:29:00 GMT"], ["Sat, 13 Nov 2010 23:29:00 GMT"]),
        ("X-Absent", ["X-Other: 1", "no colon here", ": no name"], []),
        ("Subject", [" fold of the start line", "Subject: x"], ["x"]),
        ("Subject", ["To: x", "", "Subject: in the body"], []),
    ],
)
def test_header_values(name: str, lines: list[str], values: list[str]) -> None:
    """Every spelling that the standard allows, and nothing from the body."""
    assert header_values(invite(*lines), name) == values


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_line_ends_are_those_of_the_stack(newline: str) -> None:
    """The SIP stack also takes a lone CR or LF for a line end; we must see the headers that it sees."""
    message = newline.join(["INVITE sip:a@b SIP/2.0", "Subject: x", "", "Subject: body"])
    assert header_values(newline + message, "Subject") == ["x"]


def test_message_without_an_end() -> None:
    """A message cut off inside its headers, or empty, is read as far as it goes."""
    assert header_values("INVITE sip:a@b SIP/2.0\r\nSubject: x", "Subject") == ["x"]
    assert header_values("INVITE sip:a@b SIP/2.0", "Subject") == []
    assert header_values("", "Subject") == []


def test_too_many_values_are_cut_off() -> None:
    """A header repeated without end is read so far and no further."""
    assert len(header_values(invite(*["Via: a"] * 1000), "Via")) == VALUES_LIMIT


def test_split_list_drops_empty_items() -> None:
    """Stray commas part nothing from nothing."""
    assert split_list(", a,, b ,") == ["a", "b"]


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("sip:desk@127.0.0.1", "desk"),
        ("SIPS:desk:secret@h:5061;transport=tcp?x=y", "desk"),
        ("sip:%64esk@h", "desk"),
        ("sip:%D9%85%D9%8A%D8%B2@h", "ميز"),
        ("sip:a+b.c@h", "a+b.c"),
        ("sip:127.0.0.1", None),
        ("sip:@h", None),
        ("tel:+123", None),
        ("sip:de%00sk@h", None),
        ("sip:desk%0d%0aX:y@h", None),
        ("sip:desk%@h", None),
        ("sip:desk%4@h", None),
        ("sip:%ff%fe@h", None),
        ("sip:" + "a" * USER_LIMIT + "@h", "a" * USER_LIMIT),
        ("sip:" + "a" * (USER_LIMIT + 1) + "@h", None),
        ("sip:" + "%61" * 1000 + "@h", None),
        ("sip:desk @h", None),
    ],
)
def test_request_user(uri: str, user: str | None) -> None:
    """The name is taken whole or not at all: no repair can turn one user into another."""
    assert request_user(invite(uri=uri)) == user


@pytest.mark.parametrize("message", ["", "SIP/2.0 200 OK\r\n", "INVITE sip:desk@h SIP/1.0", "INVITE sip:desk@h"])
def test_no_request_no_user(message: str) -> None:
    """A response or another protocol has no request URI."""
    assert request_user(message) is None


def test_call_id() -> None:
    """Both forms, cleaned for the record; empty where there is none."""
    assert call_id(invite("i: 8a\x07b@host")) == "8a b@host"
    assert call_id(invite("Call-ID: 1, 2")) == "1, 2"
    assert call_id(invite("To: x")) == ""


@pytest.mark.parametrize(
    "line",
    [
        "m=audio 4000 UDP/TLS/RTP/SAVPF 0",
        "m=audio 4000 udp/tls/rtp/savp 0",
        "m=audio 4000/2  TCP/TLS/RTP/SAVP 0",
        "M=audio 0 Udp/Tls/RTP/SAVPF 0",
        "\tm =video 4000 UDP/TLS/RTP/SAVPF 96",
        "m=audio\t4000\tTLS/RTP/SAVP 0",
    ],
)
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_dtls_is_seen_everywhere(line: str, newline: str) -> None:
    """In any case, at any place, behind any line end."""
    plain = "m=audio 5000 RTP/AVP 0"
    for lines in (["v=0", line], ["v=0", plain, line, "a=x"], [line, plain]):
        assert offers_dtls(invite(body=newline.join(lines)))
    assert offers_dtls(line)


@pytest.mark.parametrize(
    "body", ["m=audio 4000 RTP/SAVP 0", "s=UDP/TLS/RTP/SAVP", "m=audio 4000 RTP/AVP 0\r\na=UDP/TLS/RTP/SAVP", ""]
)
def test_other_profiles_are_not_dtls(body: str) -> None:
    """The words elsewhere than in a media line refuse nobody."""
    assert not offers_dtls(invite("Subject: m=audio 1 UDP/TLS/RTP/SAVP", body=body))


# ---- faults of a device --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "status"),
    [
        (['SIP ;cause=480 ;text="page lost"'], 480),
        (["Q.850;cause=16", "sip;cause=503"], 503),
        (["Q.850;cause=480"], 0),
        (["SIP;cause=200", "SIP;cause=302"], 0),
        (["SIP;cause=9999"], 0),
        (["SIP"], 0),
        ([], 0),
    ],
)
def test_fault_status(values: list[str], status: int) -> None:
    """A BYE for a fault of the device is told from one by a person's hand."""
    assert fault_status(values) == status
