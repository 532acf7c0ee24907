"""The phone over TLS 1.2 with certificates on both ends and mandatory SRTP, and over TCP."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bridge.base.audio import read_wav, rms_dbfs
from bridge.drill.party import Party, PartyError, Setup

PhoneMaker = Callable[[Setup], Party]
pytestmark = pytest.mark.call


class Authority:
    """Signs certificates for addresses."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(True, None), critical=True)
        self.file = self._write(f"{name}.pem", builder.sign(self._key, hashes.SHA256()))

    def issue(self, address: str) -> tuple[Path, Path]:
        """Certificate and key of one address."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        signed = self._builder(subject, key).add_extension(names, critical=False).sign(self._key, hashes.SHA256())
        path = self._folder / f"{address}.key"
        form = serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        return self._write(f"{address}.pem", signed), path

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
        )

    def _write(self, name: str, certificate: x509.Certificate) -> Path:
        path = self._folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return path


def secure(authority: Authority, trusted: Path, bind: str, user: str, hear: Path | None = None) -> Setup:
    certificate, key = authority.issue(bind)
    return Setup(bind, user, 5061, "tls", "mandatory", certificate, key, trusted, hear)


def test_encrypted_call(start: PhoneMaker, net: str, tmp_path: Path) -> None:
    """Both show certificates, the audio is SRTP, and each hears the other's tone."""
    authority = Authority(tmp_path, "authority")
    caller = start(secure(authority, authority.file, f"{net}.31", "alpha", tmp_path / "alpha.wav"))
    callee = start(secure(authority, authority.file, f"{net}.32", "bravo"))
    callee.answer_mode("answer")
    caller.call(callee.uri)
    caller.wait_for("media", 5)
    callee.wait_for("media", 5)
    callee.tone(1000, -20)
    caller.digits("42")
    callee.wait_for("digit", 5, digit="2")
    callee.hang_up()
    caller.wait_for("ended", 5, status=200)
    caller.close()
    heard, _ = read_wav(tmp_path / "alpha.wav")
    assert np.max(np.abs(heard)) > 2000
    assert rms_dbfs(heard[-1600:]) == pytest.approx(-20, abs=3)


def test_stranger_without_our_authority(start: PhoneMaker, net: str, tmp_path: Path) -> None:
    """A caller whose certificate another authority signed gets no call."""
    ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
    caller = start(secure(theirs, theirs.file, f"{net}.33", "mallory"))
    callee = start(secure(ours, ours.file, f"{net}.34", "bravo"))
    callee.answer_mode("answer")
    caller.call(callee.uri)
    ended = caller.wait_for("ended", 10)
    assert (ended.fields["answered"], ended.fields["status"]) == (False, 503)
    assert [told.event for told in callee.events] == ["ready", "mode"]


def test_call_over_tcp(start: PhoneMaker, net: str) -> None:
    """A call over TCP is connected and ended like one over UDP."""
    caller = start(Setup(f"{net}.35", "alpha", transport="tcp"))
    callee = start(Setup(f"{net}.36", "bravo", transport="tcp"))
    callee.answer_mode("answer")
    caller.call(callee.uri)
    caller.wait_for("answered", 5)
    caller.hang_up()
    callee.wait_for("ended", 5, status=200)


def test_silent_over_tcp(start: PhoneMaker, net: str) -> None:
    """A silent phone takes the connection and says nothing."""
    caller = start(Setup(f"{net}.37", "alpha", transport="tcp"))
    callee = start(Setup(f"{net}.38", "bravo", transport="tcp", mode="silent"))
    caller.call(callee.uri)
    caller.wait_for("called", 5)
    with pytest.raises(PartyError, match="told so far: ready, called"):
        caller.wait_for("ringing", 1)
