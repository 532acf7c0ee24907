"""Fit for duty: each thing that is wrong is found, named and given a remedy, and nothing starts."""

from __future__ import annotations

import datetime
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bridge.base.dialplan import load
from bridge.base.dialplan_messages import Retention
from bridge.base.errors import SetupError
from bridge.station.check import DAY_BYTES, Level, examine, kept, refuse_unfit, space
from bridge.station.folder import StationLock, prepare
from tests.station.plans import write_plan


def unfit(plan: Path, data: Path) -> list[str]:
    return [finding.what for finding in examine(load(plan), "us", data) if finding.level is Level.UNFIT]


def test_a_sound_installation_is_fit(tmp_path: Path, subnet: str) -> None:
    """Nothing is unfit, and what is not fine says what to do."""
    plan = write_plan(tmp_path, subnet, extra='speech = { recognizer = "moonshine" }')
    findings = examine(load(plan), "us", tmp_path / "us")
    assert [f for f in findings if f.level is Level.UNFIT] == []
    assert all(finding.remedy for finding in findings if finding.level is not Level.OK)
    refuse_unfit(load(plan), "us")


@pytest.mark.parametrize(
    ("kind", "port", "text"),
    [
        (socket.SOCK_DGRAM, 5060, "SIP UDP port is in use"),
        (socket.SOCK_STREAM, 5060, "SIP TCP port is in use"),
        (socket.SOCK_STREAM, 8080, "port of the page is in use"),
    ],
)
def test_a_port_in_use(tmp_path: Path, subnet: str, kind: socket.SocketKind, port: int, text: str) -> None:
    """Another program on a port is found before anything starts, with address and port."""
    plan = write_plan(tmp_path, subnet)
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind((f"{subnet}.11", port))
        if kind is socket.SOCK_STREAM:
            other.listen()
        with pytest.raises(SetupError, match=text) as caught:
            refuse_unfit(load(plan), "us")
        assert caught.value.where == f"{subnet}.11, port {port}"
        assert unfit(plan, tmp_path / "us") == [f"{text} by another program"]


def test_too_few_audio_ports(tmp_path: Path, subnet: str) -> None:
    """Four legs need eight ports; seven free ones are too few."""
    plan = write_plan(tmp_path, subnet)
    held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(25)]
    for number, other in enumerate(held):
        other.bind((f"{subnet}.11", 41000 + number))
    try:
        assert unfit(plan, tmp_path / "us") == ["only 7 audio ports are free, 8 are needed"]
    finally:
        for other in held:
            other.close()


def test_address_of_another_host(tmp_path: Path) -> None:
    """An address that this host does not have cannot be listened on (TEST-NET-1, RFC 5737)."""
    with pytest.raises(SetupError, match="not one of this host"):
        refuse_unfit(load(write_plan(tmp_path, "192.0.2")), "us")


def test_a_running_station_is_not_in_its_own_way(tmp_path: Path, subnet: str) -> None:
    """`hotline check` beside a running station does not take its ports for somebody else's."""
    plan = write_plan(tmp_path, subnet)
    lock = StationLock(prepare(tmp_path / "us"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((f"{subnet}.11", 5060))
        assert unfit(plan, tmp_path / "us") == []
    lock.release()


def test_a_folder_that_takes_nothing(tmp_path: Path, subnet: str) -> None:
    """The folder is one finding among the others, not the end of the look."""
    findings = examine(load(write_plan(tmp_path, subnet)), "us", Path("/proc/hotline"))
    assert [f.where for f in findings if f.level is Level.UNFIT] == ["/proc/hotline"]
    assert len(findings) > 5


def test_space_is_told_in_days(tmp_path: Path) -> None:
    """Busy days of audio, from the disk's own figure."""
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    days = int(space(prepare(tmp_path)).what.split()[3])
    assert abs(days - free // DAY_BYTES) <= 1


def test_what_the_dialplan_says_of_messages(tmp_path: Path, subnet: str) -> None:
    """A coded text that could never be sealed keeps the station from starting; a sound list shows its check words."""
    path = write_plan(tmp_path, subnet)
    table = '[[coded]]\ncode = "GULF"\nnumber = 1\ntitle = { en = "a", ar = "ب", fa = "پ" }\n[coded.text]\n'
    sides = path.read_text(encoding="utf-8")
    for text, found in (("a", "its coded texts: "), ("Ж", "value 'Ж': character U+0416 is not allowed in en")):
        path.write_text(f'{sides}\n{table}en = "{text}"\nar = "ب"\nfa = "پ"\n', encoding="utf-8")
        first = examine(load(path), "us", tmp_path / "us")[0]
        assert found in first.what
    assert (first.level, first.where) == (Level.UNFIT, f"{path}, key coded.0.text.en")
    with pytest.raises(SetupError, match=r"coded\.0\.text\.en"):
        refuse_unfit(load(path), "us")


def test_recordings_older_than_agreed(tmp_path: Path) -> None:
    """Days beyond the agreed time are counted and left where they are; without an agreement nothing is said."""
    folder = prepare(tmp_path / "us")
    today = datetime.date(2026, 11, 23)
    for day in ("2026/11/23", "2026/08/25", "2026/08/24", "2025/01/31", "2025/02/31"):
        (folder.recordings / day / "call").mkdir(parents=True)
    assert list(kept(Retention(), folder, today)) == []
    (old,) = kept(Retention(recordings_days=90), folder, today)
    assert (old.level, old.what) == (
        Level.WARNING,
        "recordings of 2 day(s) are older than 90 days, the first of 2025/01/31",
    )
    (none,) = kept(Retention(recordings_days=3650), folder, today)
    assert none.level is Level.OK
    assert len(list(folder.recordings.glob("*/*/*/call"))) == 5


def test_missing_announcements(tmp_path: Path, subnet: str) -> None:
    """A theatre's own voices must be complete: a silent announcement would be a caller left alone."""
    plan = write_plan(tmp_path, subnet)
    plan.write_text('announcements = "voices"\n' + plan.read_text(encoding="utf-8"), encoding="utf-8")
    voices = tmp_path / "voices" / "en"
    voices.mkdir(parents=True)
    (voices / "recorded.wav").touch()
    (found,) = unfit(plan, tmp_path / "us")
    assert "announcement(s) in en missing" in found
    assert "nobody" in found
    assert "recorded" not in found.split(", ")[0].split()[-1:]


def test_no_model_for_the_language(tmp_path: Path, subnet: str) -> None:
    """Calls go on without a recogniser: a warning with the way out, not a refusal."""
    plan = write_plan(tmp_path, subnet, extra='spoken = "fa"\nspeech = { recognizer = "vosk" }')
    findings = {f.what: f.level for f in examine(load(plan), "us", tmp_path / "us")}
    (warned,) = [what for what in findings if what.startswith("recogniser")]
    assert findings[warned] is Level.WARNING


def keys(folder: Path) -> None:
    """Self-signed certificates and their keys: `a` and `b` for a year, `soon` for a day, `old` expired yesterday."""
    for name, days in {"a": 365, "b": 365, "soon": 1, "old": -1}.items():
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - datetime.timedelta(days=9))
            .not_valid_after(now + datetime.timedelta(days=days))
            .sign(key, hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (folder / f"{name}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    (folder / "text.pem").write_text("no certificate")


@pytest.mark.parametrize(
    ("files", "text"),
    [
        (("a.pem", "a.key", "b.pem"), ""),
        (("a.pem", "b.key", "b.pem"), "certificate and key do not fit"),
        (("text.pem", "a.key", "b.pem"), "certificate and key do not fit"),
        (("a.pem", "a.key", "text.pem"), "no authority can be read"),
        (("a.pem", "none.key", "b.pem"), "TLS file cannot be read: No such file"),
    ],
)
def test_keys(tmp_path: Path, subnet: str, files: tuple[str, str, str], text: str) -> None:
    """Certificate, key and authorities must be there and belong together."""
    keys(tmp_path)
    names = dict(zip(("certificate", "key", "authorities"), files, strict=True))
    table = "transport = 'tls'\ntls = { " + ", ".join(f"{k} = '{v}'" for k, v in names.items()) + " }"
    plan = write_plan(tmp_path, subnet, line=table)
    found = unfit(plan, tmp_path / "us")
    assert [what[: len(text)] for what in found] == ([text] if text else [])


@pytest.mark.parametrize(("name", "text"), [("a", ""), ("soon", "expires in 0 days"), ("old", "expired on")])
def test_a_certificate_that_ends_soon(tmp_path: Path, subnet: str, name: str, text: str) -> None:
    """Told a month ahead; an expired one does not keep the line from trying."""
    keys(tmp_path)
    table = f"transport = 'tls'\ntls = {{ certificate = '{name}.pem', key = '{name}.key', authorities = 'b.pem' }}"
    plan = load(write_plan(tmp_path, subnet, line=table))
    refuse_unfit(plan, "us")
    told = [f.what for f in examine(plan, "us", tmp_path / "us") if "certificate ex" in f.what]
    assert [text in what for what in told] == ([True] if text else [])


def hotline(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bridge", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_prints_findings_as_json(tmp_path: Path, subnet: str) -> None:
    """One object a finding; exit code 0 while nothing is unfit, 2 otherwise."""
    plan = str(write_plan(tmp_path, subnet))
    good = hotline("check", "--side", "us", "--dialplan", plan, "--data", str(tmp_path / "us"), "--json")
    assert good.returncode == 0
    assert {row["level"] for row in json.loads(good.stdout)} <= {"ok", "warning"}
    bad = hotline("check", "--side", "us", "--dialplan", plan, "--data", "/proc/hotline")
    assert bad.returncode == 2
    assert "unfit" in bad.stdout


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--side", "us", "--dialplan", "/no/plan"], "no such dialplan (/no/plan)"),
        (["--side", "zz"], "side 'zz' is not in the dialplan"),
        (["--side", "us", "--data", "/proc/hotline"], "data folder"),
    ],
)
def test_a_refused_start_is_one_sentence(arguments: list[str], text: str) -> None:
    """What, where, what to do, on standard error, with exit code 2 and no traceback."""
    done = hotline("station", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"hotline: {text}")
    assert done.stderr.count("\n") == 1


def test_nothing_half_started(tmp_path: Path, subnet: str) -> None:
    """If the second of two stations cannot start, the first was never started."""
    plan = write_plan(tmp_path, subnet)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((f"{subnet}.12", 5060))
        done = hotline("up", "--dialplan", str(plan), "--data", str(tmp_path / "data"))
    assert done.returncode == 2
    assert not list((tmp_path / "data").rglob("*.jsonl"))
