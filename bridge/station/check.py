"""Is this installation fit for duty? Looks at each thing a station needs and says what is wrong, where, and what to do.

`refuse_unfit` is the short form before a start: only what makes a start impossible. `examine` is the long form of
`hotline check`. Neither changes anything but the data folder, which is made if need be and tried with a probe file.
"""

from __future__ import annotations

import enum
import errno
import shutil
import socket
import ssl
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bridge.base import clock
from bridge.base.dialplan import Dialplan, Line, Page, Side
from bridge.base.dialplan_messages import Retention
from bridge.base.dialplan_network import PageTls, Tls
from bridge.base.errors import BridgeError, DialplanError, SetupError, World
from bridge.relay.agreed import agreed
from bridge.speech.models import find
from bridge.station.folder import Folder, is_running, prepare
from bridge.station.judging import is_wanted, load_judge

DAY_BYTES = 20 * 600 * 2 * 8000 * 2
"""Audio of one busy day: 20 calls (the Syria line's upper figure) of 10 minutes, two legs, 8000 samples of 2 bytes."""
DAYS_WARNED = 14
"""Below this the operator is told (LOW alarm of the desk)."""
DAYS_UNFIT = 1
DAYS_OF_NOTICE = 30
"""A new certificate takes the other side's signature, and so this long."""
ANNOUNCEMENTS = Path(__file__).parents[1] / "lines" / "announcements"
"""Those that come with the program, and `texts.toml` with the names of all."""
_RTP_NEEDED = 8
"""Four legs with two ports each."""


class Level(enum.Enum):
    OK = "ok"
    WARNING = "warning"
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Level
    what: str
    where: str
    remedy: str = ""
    """What to do; empty where nothing is to be done."""

    def raise_unfit(self) -> None:
        """Raises:
        SetupError: it makes a start impossible.
        """
        if self.level is Level.UNFIT:
            raise SetupError(self.what, self.where, self.remedy)


def refuse_unfit(plan: Dialplan, side: str) -> None:
    """Check what a start needs besides the data folder: what the dialplan says of messages, addresses, ports and keys.

    Raises:
        SetupError: the first thing that makes a start impossible.
    """
    agreed(plan)
    station = plan.side(side)
    for finding in (*keys(station.line.tls), *keys(station.page.tls), *ports(station)):
        finding.raise_unfit()


def examine(plan: Dialplan, side: str, data: Path) -> list[Finding]:
    """Look at everything one station needs, in the order in which a person would mend it."""
    station = plan.side(side)
    findings = [dialplan(plan, side)]
    runs = False
    try:
        folder = prepare(data)
    except SetupError as error:
        findings.append(Finding(Level.UNFIT, error.what, error.where, error.remedy))
    else:
        runs = is_running(folder)
        findings += [Finding(Level.OK, "data folder takes data", str(folder.root)), space(folder)]
        findings += kept(plan.retention, folder, datetime.now(UTC).date())
    if runs:
        findings.append(Finding(Level.OK, "station is running; its ports are its own", str(data)))
    else:
        findings += ports(station)
    findings += [*keys(station.line.tls), *keys(station.page.tls)]
    findings.append(announcements(plan, station))
    findings += recognition(station, data / "models")
    findings += judging(plan)
    findings.append(clock_state())
    return findings


def dialplan(plan: Dialplan, side: str) -> Finding:
    """Whether what the dialplan says of messages holds together; its form was checked when it was read."""
    try:
        coded = agreed(plan).coded
    except DialplanError as error:
        return Finding(Level.UNFIT, error.what, error.where, error.remedy)
    if not coded.texts:
        return Finding(Level.OK, f"dialplan of {plan.theatre} is valid; it has no coded texts", f"side {side}")
    words = " ".join(coded.check_words(plan.side(side).language))
    return Finding(Level.OK, f"dialplan of {plan.theatre} is valid; its coded texts: {words}", f"side {side}")


def kept(retention: Retention, folder: Folder, today: date) -> Iterator[Finding]:
    """Recordings that are older than the parties agreed to keep. Nobody but a person removes them."""
    if retention.recordings_days is None:
        return
    days = sorted(path.relative_to(folder.recordings) for path in folder.recordings.glob("[0-9]*/[0-9]*/[0-9]*"))
    older = [day for day in days if _age_days(day, today) > retention.recordings_days]
    if not older:
        yield Finding(Level.OK, f"no recording is older than {retention.recordings_days} days", str(folder.recordings))
        return
    text = f"recordings of {len(older)} day(s) are older than {retention.recordings_days} days, the first of {older[0]}"
    remedy = "Remove them by hand as the parties agreed, or agree on a longer time; the program deletes nothing."
    yield Finding(Level.WARNING, text, str(folder.recordings), remedy)


def _age_days(day: Path, today: date) -> int:
    """Age of a folder `YYYY/MM/DD`; 0 for a name that is no day."""
    try:
        return (today - date(*map(int, day.parts))).days
    except ValueError:
        return 0


def days_left(folder: Folder) -> int:
    """Free space as days of busy duty."""
    return shutil.disk_usage(folder.root).free // DAY_BYTES


def space(folder: Folder) -> Finding:
    """Whether there is room for some days of busy duty."""
    days = days_left(folder)
    text = f"free space lasts {days} busy days"
    if days < DAYS_UNFIT:
        return Finding(Level.UNFIT, text, str(folder.root), "Free space there before any call is taken.")
    if days < DAYS_WARNED:
        return Finding(Level.WARNING, f"{text}, fewer than {DAYS_WARNED}", str(folder.root), "Plan for more space.")
    return Finding(Level.OK, text, str(folder.root))


def ports(side: Side) -> list[Finding]:
    """Whether SIP, audio and page can listen where the dialplan says."""
    line, page = side.line, side.page_handset
    found = [_sip(line.host, line.port, line.transport, "line"), _audio(line), _page(side.page)]
    return found if page is None else [*found, _sip(page.uri.host, page.uri.port, line.transport, "handsets")]


def _sip(host: str, port: int, transport: str, key: str) -> Finding:
    where = f"{host}, port {port}"
    kinds = [socket.SOCK_STREAM] if transport == "tls" else [socket.SOCK_DGRAM, socket.SOCK_STREAM]
    for kind in kinds:
        error = _bind(host, port, kind)
        if error is not None:
            name = "UDP" if kind is socket.SOCK_DGRAM else "TCP"
            return Finding(Level.UNFIT, f"SIP {name} port {_reason(error)}", where, _remedy(error, key))
    return Finding(Level.OK, "SIP port is free", where)


def _audio(line: Line) -> Finding:
    first, last = line.rtp_ports
    where = f"{line.host}, ports {first} to {last}"
    free = sum(_bind(line.host, port, socket.SOCK_DGRAM) is None for port in range(first, last + 1))
    if free < _RTP_NEEDED:
        text = f"only {free} audio ports are free, {_RTP_NEEDED} are needed"
        return Finding(Level.UNFIT, text, where, "End what uses them or change rtp_ports of the line.")
    return Finding(Level.OK, f"{free} audio ports are free", where)


def _page(page: Page) -> Finding:
    where = f"{page.host}, port {page.port}"
    error = _bind(page.host, page.port, socket.SOCK_STREAM)
    if error is not None:
        return Finding(Level.UNFIT, f"port of the page {_reason(error)}", where, _remedy(error, "page"))
    if not page.is_private:
        text = "the page is served without TLS: no words of a party are shown, and browsers give it no microphone"
        return Finding(Level.WARNING, text, where, "Give the page a table tls with certificate and key.")
    return Finding(Level.OK, "port of the page is free", where)


def _bind(host: str, port: int, kind: socket.SocketKind) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # Connections of the last run may still be closing (TIME_WAIT); a listener is refused all the same.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            if kind is socket.SOCK_STREAM:
                probe.listen(1)
        except OSError as error:
            return error
    return None


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return "is in use by another program"
        case errno.EADDRNOTAVAIL:
            return "cannot be opened: the address is not one of this host"
        case errno.EACCES:
            return "may not be opened by this user"
    return f"cannot be opened: {error.strerror}"


def _remedy(error: OSError, table: str) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"End that program or change port of the {table} in the dialplan."
        case errno.EADDRNOTAVAIL:
            return f"Give the host this address or change host of the {table} in the dialplan."
    return f"Change host or port of the {table} in the dialplan."


def keys(tls: Tls | PageTls | None) -> Iterator[Finding]:
    """Whether certificate, key and, for a line, authorities can be read and belong together."""
    if tls is None:
        return
    authorities = tls.authorities if isinstance(tls, Tls) else None
    for path in filter(None, (tls.certificate, tls.key, authorities)):
        try:
            with path.open("rb"):
                pass
        except OSError as error:
            remedy = "Put the file there, readable by this user only, or change the tls table."
            yield Finding(Level.UNFIT, f"TLS file cannot be read: {error.strerror}", str(path), remedy)
            return
    yield _pair(tls.certificate, tls.key, authorities)


def _pair(certificate: Path, key: Path, authorities: Path | None) -> Finding:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # An empty password instead of a prompt: nobody sits at a station's start.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, ValueError) as error:
        remedy = "Give a PEM certificate and its own key without a password."
        return Finding(Level.UNFIT, f"certificate and key do not fit: {error}", str(certificate), remedy)
    try:
        if authorities is not None:
            context.load_verify_locations(authorities)
    except ssl.SSLError as error:
        remedy = "Give a PEM file with the authorities of the side."
        return Finding(Level.UNFIT, f"no authority can be read: {error}", str(authorities), remedy)
    return _lifetime(certificate)


def _lifetime(certificate: Path) -> Finding:
    # Not at the top: the supervisor loads this module, and a line without TLS needs none of it.
    from cryptography import x509

    try:
        last = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    except ValueError as error:
        remedy = "Give a certificate that this program's library can read."
        return Finding(Level.UNFIT, f"certificate cannot be read: {error}", str(certificate), remedy)
    days = (last - datetime.now(UTC)).days
    if days < 0:
        # Not a bar to a start: whether a peer accepts it is the peer's choice, and the line must try.
        remedy = "Put a new one there; the side's telephone system will refuse this one."
        return Finding(Level.WARNING, f"certificate expired on {last:%Y-%m-%d}", str(certificate), remedy)
    if days < DAYS_OF_NOTICE:
        remedy = "Ask the side's authority for a new one."
        return Finding(Level.WARNING, f"certificate expires in {days} days", str(certificate), remedy)
    return Finding(Level.OK, f"TLS files fit; the certificate is valid for {days} days", str(certificate))


def announcements(plan: Dialplan, side: Side) -> Finding:
    """Whether everything that the line may have to say is there in the side's language."""
    folder = (plan.announcements or ANNOUNCEMENTS) / side.language
    names = tomllib.loads((ANNOUNCEMENTS / "texts.toml").read_text(encoding="utf-8"))
    missing = [name for name in names if not (folder / f"{name}.wav").is_file()]
    if missing:
        text = f"{len(missing)} announcement(s) in {side.language} missing: {', '.join(missing)}"
        return Finding(Level.UNFIT, text, str(folder), "Record them there as 16-bit mono WAV files.")
    return Finding(Level.OK, f"all {len(names)} announcements in {side.language} are there", str(folder))


def recognition(side: Side, models: Path) -> Iterator[Finding]:
    """Whether the engines that the dialplan names have a model of the line's language; calls go on without."""
    language = side.line_language
    for use, engine, name in (
        ("recogniser", side.speech.recognizer, side.speech.model),
        ("checker", side.speech.checker, ""),
    ):
        if engine == "none":
            if use == "recogniser":
                remedy = "Type from the audio, or name a recognizer in the speech table."
                yield Finding(
                    Level.WARNING, f"no recogniser for {language} is wanted by the dialplan", "speech", remedy
                )
            continue
        try:
            path = find(engine, language, name, models)
        except BridgeError as error:
            remedy = f"Install one with `hotline models install`, or import it: --models {models}."
            yield Finding(Level.WARNING, f"{use}: {error}", f"language {language}", remedy)
        else:
            yield Finding(Level.OK, f"{use} {engine} has a model for {language}", str(path))


def judging(plan: Dialplan) -> Iterator[Finding]:
    """Whether meaning can be compared where the lines speak different languages; facts are compared without."""
    if not is_wanted(plan):
        return
    try:
        load_judge()
    except World as error:
        yield Finding(
            Level.WARNING,
            f"facts alone are compared across languages: {error}",
            "meaning",
            "Install the program again.",
        )
    else:
        yield Finding(Level.OK, "meaning is compared across languages", "meaning")


def clock_state() -> Finding:
    """What the kernel says about the host's time."""
    match clock.kernel_sync():
        case clock.Sync.SYNCHRONISED:
            return Finding(Level.OK, "clock is synchronised", "this host")
        case clock.Sync.UNSYNCHRONISED:
            remedy = "Start the time service of this host; records are marked until then."
            return Finding(Level.WARNING, "clock is not synchronised", "this host", remedy)
        case clock.Sync.UNKNOWN:
            remedy = "Ask the host's administrator; records are marked."
            return Finding(Level.WARNING, "state of the clock cannot be read", "this host", remedy)
