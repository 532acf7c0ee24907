"""A person's command to the line: which there are, and what is refused before anybody is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.linecommands import OF_A_PERSON
from bridge.desk.acts import ActError
from bridge.desk.line_acts import read

pytestmark = pytest.mark.pure
WHO = {"id": "A-1", "person": "op-a", "role": "operator", "console": "A"}


def line(command: Any, **who: Any) -> bytes:
    return json.dumps({**WHO, **who, "command": command}).encode()


def code(raw: bytes) -> str:
    with pytest.raises(ActError) as caught:
        read(raw)
    return caught.value.code


@pytest.mark.parametrize(
    "command",
    [
        {"command": "call", "tier": 2, "precedence": "FLASH"},
        {"command": "ring-operator"},
        {"command": "hang-up", "leg": "c/side-1"},
        {"command": "digits", "leg": "c/side-1", "digits": "12#"},
        {"command": "add", "call": "c", "role": "monitor", "uri": "sip:m@127.0.0.1"},
    ],
)
def test_a_command_as_the_line_takes_it(command: dict[str, Any]) -> None:
    """All values are text; who asks stands beside, never inside."""
    found = read(line(command))
    assert found.fields() == {name: str(value) for name, value in command.items()}
    assert (found.act.person, found.command) == ("op-a", command["command"])


@pytest.mark.parametrize("name", ["protect", "release", "", "Filed"])
def test_commands_that_are_no_persons(name: str) -> None:
    """The desk protects a relay itself."""
    assert code(line({"command": name})) == "unknown-command"


@pytest.mark.parametrize("name", sorted(name for name, needs in OF_A_PERSON.items() if needs))
def test_a_command_without_what_it_needs(name: str) -> None:
    """Nothing is guessed."""
    assert code(line({"command": name})) == "bad-command"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        line("hang-up"),
        line({"command": 5}),
        line({"command": "hang-up", "leg": "x", "id": "y"}),
        line({"command": "hang-up", "leg": ["x"]}),
        line({"command": "hang-up", "leg": True}),
        line({"command": "hang-up", "leg": "x\n"}),
        line({"command": "hang-up", "leg": "\u202ex"}),
        line({"command": "hang-up", "leg": "x" * 257}),
        line({"command": "hang-up", "leg": "x"}, more=1),
    ],
)
def test_what_is_no_command(raw: bytes) -> None:
    """Another form, another field, a text that cannot be seen."""
    assert code(raw) == "bad-command"


def test_whoever_asks_is_checked_like_any_act() -> None:
    """A name of another form is refused."""
    assert code(line({"command": "ring-operator"}, person="op a")) == "bad-act"


@given(st.binary(max_size=80))
def test_any_bytes_are_a_command_or_refused(raw: bytes) -> None:
    """Nothing but the documented error."""
    with pytest.raises(ActError):
        read(raw)
