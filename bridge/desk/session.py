"""Who sits behind a request: put into `scope["state"]["session"]` by the guard, read by every handler.

It proves nothing by itself: whoever holds one was let in before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one console, signed in."""

    id: str
    """Public name of the session; never the secret of the cookie."""
    person: str
    role: str
    """`operator`, `supervisor`, `reviewer`, `exporter` or `administrator`."""
    console: str
    language: str
    """Of the page: `en`, `ar` or `fa`."""
