"""Every route of the page and who may use it. A route without a row here does not start.

Pure: the table and how a path finds its row.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass


class Role(enum.Enum):
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    EXPORTER = "exporter"
    ADMINISTRATOR = "administrator"
    """Keeps accounts; sees no content."""


class Open(enum.Enum):
    """Who may without a session."""

    NOBODY = "nobody"
    EVERYBODY = "everybody"
    HOST = "host"
    """Whoever asks from a loopback address."""


ALL = frozenset(Role)
DESK = frozenset((Role.OPERATOR, Role.SUPERVISOR))
READERS = DESK | {Role.REVIEWER}
KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Row:
    method: str
    """`GET` counts for `HEAD`, too; `WS` is a WebSocket."""
    path: str
    """A part in braces is one part of a path, `{name:path}` any number of them."""
    roles: frozenset[Role]
    without: Open = Open.NOBODY
    body_limit: int = 64 * KILOBYTE
    """Bytes."""

    def matches(self, method: str, path: str) -> bool:
        wanted = "GET" if method == "HEAD" else method
        return self.method == wanted and re.fullmatch(_pattern(self.path), path) is not None


POLICY = (
    Row("GET", "/", ALL, Open.EVERYBODY),  # without a session it is the sign-in page
    Row("GET", "/static/door/{file:path}", ALL, Open.EVERYBODY),
    Row("GET", "/static/{file:path}", ALL),
    Row("POST", "/api/sign-in", ALL, Open.EVERYBODY, 4 * KILOBYTE),
    Row("POST", "/api/sign-out", ALL, body_limit=4 * KILOBYTE),
    Row("GET", "/api/me", ALL),
    Row("POST", "/api/me/language", ALL, body_limit=4 * KILOBYTE),
    Row("GET", "/api/page", ALL),
    Row("GET", "/api/state", READERS),
    Row("WS", "/api/events", READERS),
    Row("POST", "/api/acts", DESK, body_limit=128 * KILOBYTE),
    Row("POST", "/api/line", DESK, body_limit=4 * KILOBYTE),
    Row("POST", "/api/duty", DESK, body_limit=16 * KILOBYTE),
    Row("GET", "/api/duty/log", READERS),
    Row("GET", "/api/audio/{leg:path}", READERS),
    Row("GET", "/api/peaks/{leg:path}", READERS),
    Row("POST", "/api/slip/check", DESK, body_limit=256 * KILOBYTE),
    Row("POST", "/api/slip/scan", DESK, body_limit=8192 * KILOBYTE),
    Row("GET", "/api/slip/{subject:path}", DESK),
    Row("GET", "/api/review/{what:path}", READERS),
    Row("WS", "/voice", DESK),
    Row("GET", "/health", ALL, Open.HOST),
    Row("GET", "/metrics", ALL, Open.HOST),
)


def row_of(method: str, path: str) -> Row | None:
    """The first row that fits; None: nobody may."""
    return next((row for row in POLICY if row.matches(method, path)), None)


def uncovered(routes: Iterable[tuple[str, str]]) -> list[str]:
    """Routes (method, path as the application has it) for which no row stands."""
    known = {(row.method, row.path) for row in POLICY}
    found = []
    for method, path in routes:
        plain = re.sub(r"\{[^}]*\}", "x", path)
        if (method, path) not in known and row_of(method, plain) is None:
            found.append(f"{method} {path}")
    return found


def _pattern(path: str) -> str:
    parts = re.split(r"(\{[^}]*\})", path)
    return "".join(
        (".+" if part.endswith(":path}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
    )
