"""The desk's commands as text: what is meant, and what is refused with which code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.dialplan import SipUri
from bridge.base.errors import Theirs
from bridge.base.terms import Precedence, Role
from bridge.lines.commands import NEEDS, Command, CommandRefusedError, read

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("name", "fields", "meant"),
    [
        ("call", {"tier": "2", "precedence": "FLASH"}, Command("call", tier=2, precedence=Precedence.FLASH)),
        ("call", {"tier": "1", "highest": "2"}, Command("call", tier=1, highest=2)),
        ("call", {"contact": "watch", "call": "us-1"}, Command("call", contact="watch", call="us-1")),
        ("ring-operator", {}, Command("ring-operator")),
        ("hang-up", {"leg": "us-1/side-1"}, Command("hang-up", leg="us-1/side-1")),
        ("hang-up", {"call": "us-1"}, Command("hang-up", call="us-1")),
        ("digits", {"leg": "l", "digits": "12*#ABCD"}, Command("digits", leg="l", digits="12*#ABCD")),
        ("hold", {"leg": "l"}, Command("hold", leg="l")),
        ("resume", {"leg": "l"}, Command("resume", leg="l")),
        ("mute", {"leg": "l"}, Command("mute", leg="l")),
        ("unmute", {"leg": "l"}, Command("unmute", leg="l")),
        ("protect", {"call": "c"}, Command("protect", call="c")),
        ("release", {"call": "c"}, Command("release", call="c")),
        ("preempt", {"call": "c"}, Command("preempt", call="c")),
        (
            "announce",
            {"leg": "c/side-1", "announcement": "night"},
            Command("announce", leg="c/side-1", announcement="night"),
        ),
        (
            "add",
            {"call": "c", "role": "interpreter", "uri": "sip:ali@127.9.9.9:5070"},
            Command("add", call="c", role=Role.INTERPRETER, uri=SipUri(user="ali", host="127.9.9.9", port=5070)),
        ),
    ],
)
def test_a_command_is_read(name: str, fields: dict[str, str], meant: Command) -> None:
    assert read(name, fields) == meant


def test_every_command_of_the_table_was_read_above() -> None:
    assert len(NEEDS) == 13


@pytest.mark.parametrize(
    ("name", "fields", "code", "why"),
    [
        ("fire", {}, "unknown-command", "expected one of call"),
        ("call", {}, "bad-field", "tier or contact"),
        ("call", {"tier": ""}, "bad-field", "tier or contact"),
        ("hang-up", {}, "bad-field", "leg or call"),
        ("digits", {"leg": "l"}, "bad-field", "expected digits"),
        ("add", {"call": "c"}, "bad-field", "role and uri"),
        ("announce", {"leg": "l"}, "bad-field", "expected announcement"),
        ("announce", {"leg": "l", "announcement": "nobody"}, "bad-field", "expected one of night"),
        ("call", {"tier": "0"}, "bad-field", "1 to 9"),
        ("call", {"tier": "1", "highest": "x"}, "bad-field", "1 to 9"),
        ("call", {"tier": "10"}, "bad-field", "1 to 9"),
        ("call", {"tier": "٣"}, "bad-field", "1 to 9"),
        ("call", {"tier": "1", "precedence": "flash"}, "bad-field", "precedence"),
        ("digits", {"leg": "l", "digits": "0" * 33}, "bad-field", "1 to 32"),
        ("digits", {"leg": "l", "digits": "1w"}, "bad-field", "1 to 32"),
        ("add", {"call": "c", "role": "side", "uri": "sip:a@127.0.0.1"}, "bad-field", "role"),
        ("add", {"call": "c", "role": "monitor", "uri": "a@127.0.0.1\r\nX: y"}, "bad-field", "uri"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, fields: dict[str, str], code: str, why: str) -> None:
    with pytest.raises(CommandRefusedError, match=why) as refused:
        read(name, fields)
    assert refused.value.code == code
    assert isinstance(refused.value, Theirs)


FIELD_NAMES = ["call", "leg", "contact", "tier", "highest", "precedence", "digits", "role", "uri", "other"]


@given(st.sampled_from(list(NEEDS)) | st.text(max_size=9), st.dictionaries(st.sampled_from(FIELD_NAMES), st.text()))
def test_any_text_is_read_or_refused(name: str, fields: dict[str, str]) -> None:
    """No other error comes out, whatever the socket brings."""
    try:
        command = read(name, fields)
    except CommandRefusedError as error:
        assert error.code in ("unknown-command", "bad-field")
    else:
        assert command.name == name
