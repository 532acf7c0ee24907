"""The desk's commands to the line, read and checked: a command that cannot be meant is refused with a code.

What a command does is `board`'s. Fields as in docs/design/journals.md; all of them text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from bridge.base.dialplan import SipUri
from bridge.base.errors import Theirs
from bridge.base.linecommands import OF_A_PERSON
from bridge.base.terms import Precedence, Role

_DIGITS = re.compile(r"[0-9A-D*#]{1,32}")
NEEDS = {**OF_A_PERSON, "protect": ("call",), "release": ("call",), "announce": ("leg", "announcement")}
"""Every command and the fields it cannot do without."""
ON_DEMAND = ("night",)
"""Announcements that the desk may ask for."""
ONE_OF = {"call": ("tier", "contact"), "hang-up": ("leg", "call")}
"""Commands that need one of these fields."""


class CommandRefusedError(Theirs):
    """The command cannot be carried out; nothing was changed."""

    code = "command-refused"

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    call: str = ""
    leg: str = ""
    contact: str = ""
    tier: int = 0
    highest: int = 0
    """Tier at which a ladder ends; 0: it climbs to its top."""
    precedence: Precedence = Precedence.ROUTINE
    digits: str = ""
    role: Role = Role.MONITOR
    uri: SipUri | None = None
    announcement: str = ""


def read(name: str, fields: Mapping[str, str]) -> Command:
    """Check one command.

    Raises:
        CommandRefusedError: unknown command (`unknown-command`) or a field that is missing or wrong (`bad-field`).
    """
    if name not in NEEDS:
        raise CommandRefusedError("unknown-command", f"expected one of {', '.join(NEEDS)}")
    missing = [key for key in NEEDS[name] if not fields.get(key)]
    choice = ONE_OF.get(name, ())
    if missing or (choice and not any(fields.get(key) for key in choice)):
        raise CommandRefusedError("bad-field", f"{name}: expected {' and '.join(missing) or ' or '.join(choice)}")
    return Command(
        name,
        call=fields.get("call", ""),
        leg=fields.get("leg", ""),
        contact=fields.get("contact", ""),
        tier=_tier(fields.get("tier", "")),
        highest=_tier(fields.get("highest", "")),
        precedence=_precedence(fields.get("precedence", "")),
        digits=_digits(fields.get("digits", "")),
        role=_role(fields.get("role", "")),
        uri=_uri(fields.get("uri", "")),
        announcement=_announcement(fields.get("announcement", "")),
    )


def _tier(text: str) -> int:
    if text and not re.fullmatch(r"[1-9]", text):
        raise CommandRefusedError("bad-field", "tier and highest: expected 1 to 9")
    return int(text or 0)


def _precedence(text: str) -> Precedence:
    if text and text not in Precedence.__members__:
        raise CommandRefusedError("bad-field", f"precedence: expected one of {', '.join(Precedence.__members__)}")
    return Precedence[text or "ROUTINE"]


def _digits(text: str) -> str:
    if text and not _DIGITS.fullmatch(text):
        raise CommandRefusedError("bad-field", "digits: expected 1 to 32 of 0-9, A-D, * and #")
    return text


def _role(text: str) -> Role:
    if text not in ("", "monitor", "interpreter"):
        raise CommandRefusedError("bad-field", "role: expected monitor or interpreter")
    return Role(text or "monitor")


def _announcement(text: str) -> str:
    if text not in ("", *ON_DEMAND):
        raise CommandRefusedError("bad-field", f"announcement: expected one of {', '.join(ON_DEMAND)}")
    return text


def _uri(text: str) -> SipUri | None:
    try:
        return SipUri.model_validate(text) if text else None
    except ValidationError as error:
        raise CommandRefusedError("bad-field", "uri: expected sip:user@host or sip:user@host:port") from error
