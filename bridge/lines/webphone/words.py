"""What a page may ask of its telephone, and what the telephone tells a page: small JSON objects with a `type`.

    page:       hello {page}   lift   hang-up   mute   unmute   take
    telephone:  who   idle   ringing {leg, precedence}   up {leg, precedence}   muted {muted}   ended {why}
                busy-elsewhere   free

Pure; which wish is allowed when is `telephone`'s and `seats`'.
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import TypeAlias

from bridge.base.errors import WireError

_PAGE = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


class Why(enum.Enum):
    """Why a call at the page is over."""

    FAR_END = "far-end"
    """The desk's line ended it, which includes the caller's hanging up."""
    HUNG_UP = "hung-up"
    """The operator did."""
    MISSED = "missed"
    """It rang and was not lifted."""
    PAGE_LOST = "page-lost"
    """No page came back in time."""


@dataclass(frozen=True, slots=True)
class Hello:
    page: str
    """Made up by the page, the same for as long as it is loaded: its second connection replaces its first."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Answer."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, or let it ring no longer."""


@dataclass(frozen=True, slots=True)
class Mute:
    is_muted: bool


@dataclass(frozen=True, slots=True)
class Take:
    """Take the telephone over from another page."""


Wish: TypeAlias = Hello | Lift | HangUp | Mute | Take
_PLAIN: dict[str, Wish] = {
    "lift": Lift(),
    "hang-up": HangUp(),
    "mute": Mute(True),
    "unmute": Mute(False),
    "take": Take(),
}


def parse_wish(payload: bytes) -> Wish:
    """Read what a page asks.

    Raises:
        WireError: it is none of the objects above.
    """
    try:
        raw = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise WireError("control is not JSON") from error
    name = raw.get("type") if isinstance(raw, dict) else None
    if name == "hello":
        page = raw.get("page")
        if isinstance(page, str) and _PAGE.fullmatch(page):
            return Hello(page)
        raise WireError("hello without a page name of 8 to 64 letters, digits and hyphens")
    wish = _PLAIN.get(name) if isinstance(name, str) else None
    if wish is None:
        raise WireError("control of an unknown type")
    return wish


@dataclass(frozen=True, slots=True)
class Who:
    """Say hello; the first word on each connection."""


@dataclass(frozen=True, slots=True)
class Idle:
    """No call."""


@dataclass(frozen=True, slots=True)
class Ringing:
    leg: str
    """Name of the line's leg to this handset, empty if unknown."""
    precedence: str
    """Empty if the line named none."""


@dataclass(frozen=True, slots=True)
class Up:
    leg: str
    precedence: str


@dataclass(frozen=True, slots=True)
class Muted:
    muted: bool


@dataclass(frozen=True, slots=True)
class Over:
    why: Why


@dataclass(frozen=True, slots=True)
class BusyElsewhere:
    """Another page has the telephone; `take` takes it over."""


@dataclass(frozen=True, slots=True)
class Free:
    """The page that had the telephone has left; `take` takes it."""


Telling: TypeAlias = Who | Idle | Ringing | Up | Muted | Over | BusyElsewhere | Free


def telling_bytes(telling: Telling) -> bytes:
    """The JSON object of what is told."""
    fields: dict[str, str | bool] = {}
    match telling:
        case Ringing(leg, precedence) | Up(leg, precedence):
            fields = {"leg": leg, "precedence": precedence}
        case Muted(muted):
            fields = {"muted": muted}
        case Over(why):
            fields = {"why": why.value}
    return json.dumps({"type": _NAMES[type(telling)], **fields}).encode("ascii")


_NAMES: dict[type[Telling], str] = {
    Who: "who",
    Idle: "idle",
    Ringing: "ringing",
    Up: "up",
    Muted: "muted",
    Over: "ended",
    BusyElsewhere: "busy-elsewhere",
    Free: "free",
}
