"""Passwords, codes and secrets of accounts: made, checked, never shown again.

Passwords are argon2id hashes (RFC 9106, second recommended option); codes are time-based (RFC 6238, SHA-1, 30 s, six
digits, because authenticator telephones know nothing else), one step late or early accepted.
"""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bridge.base.errors import Theirs

STEP_S = 30
DIGITS = 6
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike in print."""
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$EAU6jwqZwCyuHQNABfMLzQ$L+NK+RxYyvq4bOr7XJgh9OMBRPVxbvdM0idOzcmq2NQ"
"""A hash that opens nothing, made beforehand: making one takes as long as checking one, at every start."""


class WeakPasswordError(Theirs):
    """Too short or too long."""

    code = "weak-password"


def new_password() -> str:
    """Four groups of four letters or digits: about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def new_secret() -> bytes:
    """160 bits, as RFC 4226 section 4 recommends."""
    return secrets.token_bytes(20)


def hashed(password: str) -> str:
    """Raises: WeakPasswordError."""
    plain = _same_bytes(password)
    if not SHORTEST_PASSWORD <= len(plain) <= LONGEST_PASSWORD:
        raise WeakPasswordError(f"{len(plain)} characters, expected {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}")
    return _HASHER.hash(plain)


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the one of a hash; as slow for None, so that nobody learns who has an account."""
    try:
        _HASHER.verify(stored or NOBODY, _same_bytes(password[:LONGEST_PASSWORD]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def code_at(secret: bytes, utc_s: int) -> str:
    """The code of a moment."""
    return _totp(secret).generate(utc_s).decode()


def step_of(secret: bytes, code: str, utc_s: int) -> int | None:
    """Time step of a code; None if it fits none of now, just before and just after."""
    digits = "".join(str(unicodedata.digit(one)) for one in code if one.isdigit())
    for moment in (utc_s, utc_s - STEP_S, utc_s + STEP_S):
        try:
            _totp(secret).verify(digits.encode(), moment)
        except InvalidToken:
            continue
        return moment // STEP_S
    return None


def uri(secret: bytes, name: str, station: str) -> str:
    """For an authenticator: the `otpauth` form."""
    return _totp(secret).get_provisioning_uri(name, f"Hotline {station}")


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S, enforce_key_length=False)


def _same_bytes(password: str) -> str:
    """One form of letters that keyboards make in several ways (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", password)
