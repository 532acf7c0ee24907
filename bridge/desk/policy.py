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
    does: str = ""

    def matches(self, method: str, path: str) -> bool:
        wanted = "GET" if method == "HEAD" else method
        return self.method == wanted and re.fullmatch(_pattern(self.path), path) is not None


POLICY = (
    Row("GET", "/", ALL, Open.EVERYBODY, does="the page; to an outsider the sign-in page"),
    Row("GET", "/static/door/{file:path}", ALL, Open.EVERYBODY, does="files of the sign-in page"),
    Row("GET", "/static/{file:path}", ALL, does="files of the page"),
    Row(
        "POST",
        "/api/sign-in",
        ALL,
        Open.EVERYBODY,
        4 * KILOBYTE,
        does="name, password, code; sets the session's cookie, or 401 with wait_s, 429 while waiting",
    ),
    Row(
        "POST",
        "/api/sign-in/passkey/options",
        ALL,
        Open.EVERYBODY,
        KILOBYTE,
        does="what a browser needs to prove a passkey; 409 no-name or no-tls where there can be none",
    ),
    Row(
        "POST",
        "/api/sign-in/passkey",
        ALL,
        Open.EVERYBODY,
        16 * KILOBYTE,
        does="a passkey's answer in place of name, password and code; as sign-in",
    ),
    Row("GET", "/api/passkeys", ALL, does="one's own passkeys, and whether there can be any"),
    Row(
        "POST",
        "/api/passkeys/options",
        ALL,
        body_limit=4 * KILOBYTE,
        does="what a browser needs to make a passkey, after password and code",
    ),
    Row("POST", "/api/passkeys", ALL, body_limit=64 * KILOBYTE, does="a passkey that was made: label, credential"),
    Row("POST", "/api/passkeys/remove", ALL, body_limit=4 * KILOBYTE, does="one's own passkey goes: id"),
    Row("POST", "/api/sign-out", ALL, body_limit=4 * KILOBYTE, does="ends the session"),
    Row("GET", "/api/me", ALL, does="person, role, console, language, station, the server's time"),
    Row("POST", "/api/me/language", ALL, body_limit=4 * KILOBYTE, does="language of the page: en, ar, fa"),
    Row("GET", "/api/page", ALL, does="this page"),
    Row("GET", "/api/state", READERS, does="all sections: boot, n, sections"),
    Row("WS", "/api/events", READERS, does="changes of sections, numbered; query boot and since; a beat each second"),
    Row(
        "POST",
        "/api/acts",
        DESK,
        body_limit=128 * KILOBYTE,
        does="an act on a message: act, subject, fields; header Idempotency-Key",
    ),
    Row("POST", "/api/line", DESK, body_limit=4 * KILOBYTE, does="a command to the line; header Idempotency-Key"),
    Row(
        "POST",
        "/api/duty",
        DESK,
        body_limit=16 * KILOBYTE,
        does="an entry of the duty log: entry, fields; header Idempotency-Key",
    ),
    Row("GET", "/api/duty/log", READERS, does="the newest entries of the duty log"),
    Row(
        "GET", "/api/audio/{leg:path}", READERS, does="samples from..to of a recording as WAV; each hearing is entered"
    ),
    Row("GET", "/api/peaks/{leg:path}", READERS, does="peaks of samples from..to of a recording"),
    Row(
        "POST", "/api/slip/check", DESK, body_limit=256 * KILOBYTE, does="what differs in a typed slip; enters nothing"
    ),
    Row("POST", "/api/slip/scan", DESK, body_limit=8192 * KILOBYTE, does="the text of a photographed slip"),
    Row(
        "GET",
        "/api/slip/{subject:path}",
        DESK,
        does="a slip as text, as a printable page (.../page), as symbols (.../symbols/N)",
    ),
    Row("GET", "/api/review/calls", READERS, does="calls of the record, the newest first; filters, limit, cursor"),
    Row("GET", "/api/review/calls/{call}", READERS, does="one call: tracks on one axis, events, transcripts"),
    Row(
        "GET", "/api/review/messages", READERS, does="messages of the record, the newest first; filters, limit, cursor"
    ),
    Row("GET", "/api/review/messages/{subject:path}", READERS, does="one message: four columns, differences, history"),
    Row("GET", "/api/review/search", READERS, does="texts of the record that hold q; filters, limit, cursor"),
    Row("WS", "/voice", DESK, does="microphone and loudspeaker of the page"),
    Row("GET", "/health", ALL, Open.HOST, does="fit or not, for a monitor on this host"),
    Row("GET", "/metrics", ALL, Open.HOST, does="figures in Prometheus' form, for a monitor on this host"),
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
