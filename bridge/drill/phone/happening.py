"""What happened to the phone, on its way from a callback to a line on standard output."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TypeAlias

Told: TypeAlias = "str | int | float | bool | None"
Happening: TypeAlias = "tuple[int, str, dict[str, Told]]"
"""Monotonic nanoseconds, kind, fields."""


_OUT = os.dup(sys.stdout.fileno())
"""The events' own way out: the library prints banners to standard output, which goes to standard error instead."""
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def tell(event: str, mono_ns: int, fields: dict[str, Told]) -> None:
    """Write one event."""
    line = json.dumps({"event": event, "mono_ns": str(mono_ns), **fields}) + "\n"
    # A reader that went away has closed our input as well, and that ends the phone.
    with contextlib.suppress(BrokenPipeError):
        os.write(_OUT, line.encode())
