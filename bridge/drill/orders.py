"""What a simulated party's phone can be told to do: one order a line of JSON, checked before anything happens.

It does nothing itself; `phone` carries the orders out and `party` writes them.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bridge.base.errors import WireError

HeaderName: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]
HeaderValue: TypeAlias = Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,200}$")]
"""Printable ASCII only: a line break in a value would inject another header."""
Seconds: TypeAlias = Annotated[float, Field(ge=0, le=3600)]
Mode: TypeAlias = Literal["answer", "ring", "busy", "refuse", "silent", "late", "cut"]
"""How the phone meets a call.

    answer  180 at once, 200 after `after_s`
    late    nothing but the stack's own 100, then 200 after `after_s`
    cut     as answer, and BYE `for_s` after the answer
    ring    180 and never more, until `lift`
    busy    486
    refuse  603
    silent  the SIP socket takes packets and nothing comes back, not even 100
"""


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(_Order):
    order: Literal["call"] = "call"
    uri: str = Field(pattern=r"^sips?:[A-Za-z0-9_.+@:;=-]{1,200}$")
    headers: dict[HeaderName, HeaderValue] = {}


class AnswerMode(_Order):
    order: Literal["answer-mode"] = "answer-mode"
    mode: Mode
    after_s: Seconds = 0.0
    for_s: Seconds = 1.0


class Lift(_Order):
    """Answer the call that is ringing."""

    order: Literal["lift"] = "lift"


class Say(_Order):
    order: Literal["say"] = "say"
    file: str
    """16-bit mono WAV at any rate, at least 20 ms long."""


class Tone(_Order):
    """A sine until `hush`."""

    order: Literal["tone"] = "tone"
    frequency_hz: int = Field(ge=50, le=3900)
    level_dbfs: float = Field(ge=-60, le=-3)
    """RMS over full scale; a sine that fills the range has -3."""


class Hush(_Order):
    """Stop speech and tone; what is left is the handset's own noise."""

    order: Literal["hush"] = "hush"


class Digits(_Order):
    order: Literal["digits"] = "digits"
    digits: str = Field(pattern=r"^[0-9A-D*#]{1,32}$")


class Hold(_Order):
    order: Literal["hold"] = "hold"


class Resume(_Order):
    order: Literal["resume"] = "resume"


class MuteRtp(_Order):
    """Send no RTP for a while; the dialog stays up."""

    order: Literal["mute-rtp"] = "mute-rtp"
    seconds: Seconds


class HangUp(_Order):
    order: Literal["hang-up"] = "hang-up"


class Quit(_Order):
    order: Literal["quit"] = "quit"


Order: TypeAlias = Call | AnswerMode | Lift | Say | Tone | Hush | Digits | Hold | Resume | MuteRtp | HangUp | Quit
_ORDER: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="order")])


def parse_order(line: bytes) -> Order:
    """Read one line.

    Raises:
        WireError: not JSON, an unknown order, or a field out of its range.
    """
    try:
        return _ORDER.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "line"
        raise WireError(f"order refused, {where}: {first['msg']}") from error


def order_line(order: Order) -> bytes:
    """One order as a line, newline included."""
    return order.model_dump_json().encode() + b"\n"
