"""Header fields of SIP messages as text: what a far end asked for, and what we say back.

Everything read here is hostile until shown otherwise: no function raises on what a peer sent, nothing is quadratic,
and every value is bounded. It does not decide who may call (lines/admission) and sends nothing.

Resource-Priority after RFC 4412, Reason after RFC 3326 and 4411, messages after RFC 3261 section 7 and 25.1.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.base.terms import Precedence

VALUE_LIMIT = 256
"""Characters kept of one header value; longer ones are cut. Names of offices fit with room to spare."""
USER_LIMIT = 64
"""Longest user part taken for a user; a longer one names nobody here."""
VALUES_LIMIT = 64
"""Values read of one header. Proxies stack a few; a message with thousands is an attack."""
HEAD_LIMIT = 65_536
"""Characters searched for headers: the largest UDP datagram."""

_DSN = ("routine", "priority", "immediate", "flash", "flash-override")
_FIVE = ("4", "3", "2", "1", "0")
LADDERS: dict[str, tuple[str, ...]] = {
    "dsn": _DSN,
    "drsn": (*_DSN, "flash-override-override"),
    "q735": _FIVE,
    "ets": _FIVE,
    "wps": _FIVE,
}
"""The registered namespaces, lowest priority first (RFC 4412 section 10): in the numbered ones 0 is the highest."""

_PRECEDENCES = {
    "routine": Precedence.ROUTINE,
    "priority": Precedence.PRIORITY,
    "immediate": Precedence.IMMEDIATE,
    "flash": Precedence.FLASH,
    # This house has four degrees. A fifth above FLASH has no other handling, and must not become a lower one.
    "flash-override": Precedence.FLASH,
}
ACCEPT_RESOURCE_PRIORITY = ", ".join(f"dsn.{name}" for name in _DSN)
"""Value of Accept-Resource-Priority, for the 417 that refuses anything else (RFC 4412 section 3.2)."""

_R_VALUE = re.compile(r"([A-Za-z0-9!%*_+`'~-]{1,64})\s*\.\s*([A-Za-z0-9!%*_+`'~-]{1,64})")
"""namespace "." r-priority, both token-nodot (RFC 4412 section 3.1)."""

_PREEMPTIONS = {
    1: "UA Preemption",
    2: "Reserved Resources Preempted",
    3: "Generic Preemption",
    4: "Non-IP Preemption",
}
"""Causes and texts of RFC 4411 section 5."""

_COMPACT = {
    "accept-contact": "a",
    "allow-events": "u",
    "call-id": "i",
    "contact": "m",
    "content-encoding": "e",
    "content-length": "l",
    "content-type": "c",
    "event": "o",
    "from": "f",
    "identity": "y",
    "refer-to": "r",
    "referred-by": "b",
    "reject-contact": "j",
    "request-disposition": "d",
    "session-expires": "x",
    "subject": "s",
    "supported": "k",
    "to": "t",
    "via": "v",
}
"""Compact forms (RFC 3261 section 7.3.3 and the registry it founded)."""

_LISTS = frozenset(
    "accept accept-contact accept-encoding accept-language accept-resource-priority alert-info allow allow-events"
    " call-info contact content-encoding content-language diversion error-info history-info in-reply-to"
    " p-asserted-identity path proxy-require reason record-route reject-contact request-disposition require"
    " resource-priority route service-route supported unsupported via warning".split()
)
"""Headers whose values may share a line, parted by commas (RFC 3261 section 7.3.1). Dates and challenges may not."""

_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
_NEWLINE = re.compile(r"\r\n|\r|\n")
"""Also the lone CR and LF that the SIP stack takes for an end of line: both must see the same headers."""
_FIELD = re.compile(r"([A-Za-z0-9.!%*_+`'~-]{1,64})[ \t]*:(.*)", re.DOTALL)
_REQUEST_URI = re.compile(r"[A-Z]{1,32}[ \t]+sips?:([^@\s]*)@\S+[ \t]+SIP/2\.0\s*", re.IGNORECASE)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TLS_MEDIA = re.compile(r"(?:^|[\r\n])[ \t]*m[ \t]*=[^\r\n]*?[/ \t]TLS/", re.IGNORECASE)
# A quote that never ends takes the rest: tried again at each later quote, the search would be quadratic.
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|<[^<>"]*>|[,;]|[^,;"<]+|<', re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
"""Controls, line separators, marks that reorder text on a screen, and halves of characters that no file can hold."""


@dataclass(frozen=True, slots=True)
class ResourceValue:
    """One value of Resource-Priority in lower case; tokens of SIP have no case (RFC 3261 section 7.3.1)."""

    namespace: str
    priority: str

    @property
    def degree(self) -> int | None:
        """0 for the namespace's lowest priority; None for one that is not registered."""
        ladder = LADDERS.get(self.namespace, ())
        return ladder.index(self.priority) if self.priority in ladder else None

    def outranks(self, other: ResourceValue) -> bool:
        """Whether this one is higher. Never across namespaces: they have no common order (RFC 4412 section 8)."""
        mine, theirs = self.degree, other.degree
        return self.namespace == other.namespace and mine is not None and theirs is not None and mine > theirs

    def __str__(self) -> str:
        return f"{self.namespace}.{self.priority}"


@dataclass(frozen=True, slots=True)
class ResourcePriority:
    """What a message's Resource-Priority asks for, and what of it this desk cannot act on."""

    precedence: Precedence = Precedence.ROUTINE
    """The highest of the `dsn` values; ROUTINE where there is none (RFC 4412 section 4.6.2)."""
    understood: tuple[ResourceValue, ...] = ()
    """Values of `dsn`, the only namespace acted on, in the message's order."""
    unmapped: tuple[ResourceValue, ...] = ()
    """Well-formed values of other namespaces or of unregistered priorities: reported, not acted on."""
    malformed: tuple[str, ...] = ()
    """What is no value at all, cleaned for the record."""

    @property
    def is_understood(self) -> bool:
        """False: with `Require: resource-priority` the answer is 417 (RFC 4412 section 4.3)."""
        return bool(self.understood)


@dataclass(frozen=True, slots=True)
class Reason:
    """One value of a Reason header (RFC 3326 section 2)."""

    protocol: str
    """Lower case: `sip`, `q.850`, `preemption`."""
    cause: int | None
    text: str


def parse_resource_priority(values: Sequence[str]) -> ResourcePriority:
    """Read the values of Resource-Priority, each one value or a list with commas. Never raises.

    Of several `dsn` values the highest counts, so that nobody's urgency is lost.
    """
    understood: list[ResourceValue] = []
    unmapped: list[ResourceValue] = []
    malformed: list[str] = []
    for text in _bounded(part for value in values for part in split_list(value)):
        found = _R_VALUE.fullmatch(text)
        if not found:
            malformed.append(clean(text))
            continue
        value = ResourceValue(found[1].lower(), found[2].lower())
        (understood if value.namespace == "dsn" and value.degree is not None else unmapped).append(value)
    precedence = max(
        (_PRECEDENCES[value.priority] for value in understood), key=lambda p: p.rank, default=Precedence.ROUTINE
    )
    return ResourcePriority(precedence, tuple(understood), tuple(unmapped), tuple(malformed))


def requires_resource_priority(message: str) -> bool:
    """Whether the message insists on Resource-Priority being understood (RFC 4412 section 4.3)."""
    return any(value.lower() == "resource-priority" for value in header_values(message, "Require"))


def resource_priority_value(precedence: Precedence) -> str:
    """Value of Resource-Priority for a call of ours: `dsn.flash`."""
    return f"dsn.{precedence.value.lower()}"


def reason_preemption(cause: int) -> str:
    """Value of Reason for a pre-emption (RFC 4411 section 5).

    Args:
        cause: 1 by us for another call, 2 reserved resources, 3 generic, 4 outside IP.

    Raises:
        ValueError: another cause.
    """
    if cause not in _PREEMPTIONS:
        raise ValueError(f"cause {cause}, expected 1 to 4")
    return f'preemption ;cause={cause} ;text="{_PREEMPTIONS[cause]}"'


def parse_reason(values: Sequence[str]) -> list[Reason]:
    """Read the values of Reason. What names no protocol is left out. Never raises."""
    reasons: list[Reason] = []
    for value in _bounded(part for text in values for part in split_list(text)):
        protocol, *parameters = _split(value, ";")
        if not _TOKEN.fullmatch(protocol):
            continue
        found = {name.strip().lower(): given.strip() for name, _, given in (p.partition("=") for p in parameters)}
        cause = found.get("cause", "")
        is_number = cause.isascii() and cause.isdecimal() and len(cause) <= 5
        reasons.append(Reason(protocol.lower(), int(cause) if is_number else None, _unquoted(found.get("text", ""))))
    return reasons


def fault_status(values: Sequence[str]) -> int:
    """Status for which a far end says that it had to end a dialog (RFC 3326: protocol SIP, 400 to 699); 0 for none.

    A device that sends BYE because it lost its power, its network or its page says so here. Nobody put it down.
    """
    causes = (reason.cause for reason in parse_reason(values) if reason.protocol == "sip")
    return next((cause for cause in causes if cause is not None and 400 <= cause <= 699), 0)


def header_values(message: str, name: str) -> list[str]:
    """All values of a header of a raw message, in order; none for a header that is absent. Never raises.

    Compact forms, folded lines (RFC 3261 section 7.3.1) and, where the header allows, lists with commas are
    resolved. The body is never searched. Values are raw: `clean` them before they are stored or shown.
    """
    wanted = name.lower()
    names = {wanted, _COMPACT.get(wanted, wanted)}
    values: list[str] = []
    for line in _header_lines(message):
        field = _FIELD.fullmatch(line)
        if not field or field[1].lower() not in names:
            continue
        if wanted in _LISTS:
            values += split_list(field[2])
        else:
            values.append(field[2].strip())
        if len(values) >= VALUES_LIMIT:
            break
    return values[:VALUES_LIMIT]


def split_list(text: str) -> list[str]:
    """The items of a list with commas; those inside quotes or `<>` part nothing. Empty items are dropped."""
    return [item for item in _split(text, ",") if item]


def request_user(message: str) -> str | None:
    """The user part of the request URI with percent escapes resolved; None if there is none that could name anyone.

    Escapes that hide a control character, are cut short or are not UTF-8 (RFC 3261 section 19.1.2) give None as
    well: a name repaired by dropping something could be taken for another's.
    """
    found = _REQUEST_URI.fullmatch(_NEWLINE.split(message[:HEAD_LIMIT].lstrip("\r\n"), maxsplit=1)[0])
    if not found:
        return None
    escaped = found[1].partition(":")[0]
    if not escaped or len(escaped) > 3 * USER_LIMIT or _PERCENT.search(escaped):
        return None
    try:
        user = urllib.parse.unquote(escaped, errors="strict")
    except UnicodeDecodeError:
        return None
    return None if len(user) > USER_LIMIT or _UNSAFE.search(user) else user


def call_id(message: str) -> str:
    """The Call-ID, fit for a record; empty if the message has none."""
    values = header_values(message, "Call-ID")
    return clean(values[0]) if values else ""


def offers_dtls(message: str) -> bool:
    """Whether any media line of the message names a TLS profile: `UDP/TLS/RTP/SAVPF` (RFC 5764 section 8).

    The SIP stack dies of such an offer wherever it stands and however it is written, so this is generous: a false
    alarm refuses one call, a miss ends every call of the line.
    """
    return _TLS_MEDIA.search(message) is not None


def clean(text: str, limit: int = VALUE_LIMIT) -> str:
    """The text fit to be stored, shown or put in a header: one line, no controls, at most `limit` characters.

    The SIP stack checks nothing it sends: a line end inside a value would begin a header of the attacker's choice.
    """
    # Cut first with room for what shrinks: a hostile megabyte is not worth a pass.
    return " ".join(_UNSAFE.sub(" ", text[: 4 * limit]).split())[:limit].rstrip()


def _header_lines(message: str) -> Iterator[str]:
    """Header lines with folds joined, without the start line, up to the empty line."""
    lines = _NEWLINE.split(message[:HEAD_LIMIT].lstrip("\r\n"))
    held: list[str] = []
    for line in lines[1:]:
        if not line:
            break
        if line[0] in " \t":
            held.append(line.strip())
            continue
        if held:
            yield " ".join(held)
        held = [line]
    if held:
        yield " ".join(held)


def _split(text: str, separator: str) -> list[str]:
    items = [""]
    pieces: list[str] = []
    for part in _PARTS.findall(text[:HEAD_LIMIT]):
        if part != separator:
            pieces.append(part)
            continue
        items[-1] = "".join(pieces).strip()
        items.append("")
        pieces = []
    items[-1] = "".join(pieces).strip()
    return items


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    for _, part in zip(range(VALUES_LIMIT), parts, strict=False):
        yield part


def _unquoted(text: str) -> str:
    found = _QUOTED.fullmatch(text)
    return clean(_ESCAPED.sub(r"\1", found[1]) if found else text)
