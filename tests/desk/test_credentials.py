"""Passwords and codes: which fit, which do not, and that published values come out."""

from __future__ import annotations

import base64

import pytest
from argon2 import extract_parameters

from bridge.desk import credentials
from bridge.desk.credentials import WeakPasswordError, code_at, fits, hashed, new_password, step_of, uri

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(("utc_s", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(utc_s: int, code: str) -> None:
    """RFC 6238 appendix B, cut to six digits."""
    assert code_at(SECRET, utc_s) == code
    assert step_of(SECRET, code, utc_s) == utc_s // 30


def test_a_code_counts_one_step_early_and_late_and_no_more() -> None:
    """The clock of a telephone may be half a minute off."""
    code = code_at(SECRET, 3000)
    assert [step_of(SECRET, code, 3000 + off) is not None for off in (-60, -30, 0, 30, 60)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_digits_of_every_keyboard() -> None:
    """Arabic and Persian digits, spaces between."""
    assert step_of(SECRET, "۰۸۱ ۸۰۴", 1111111109) == step_of(SECRET, "٠٨١٨٠٤", 1111111109) == 1111111109 // 30
    assert step_of(SECRET, "", 59) is None
    assert step_of(SECRET, "letters", 59) is None


def test_a_password_fits_its_hash_and_nothing_else() -> None:
    """In whichever form the keyboard made the letter; nobody's hash fits nobody."""
    stored = hashed("گذرواژه‌ی دراز é")
    assert stored.startswith("$argon2id$")
    assert fits("گذرواژه‌ی دراز e\u0301", stored)
    assert not fits("گذرواژه‌ی دراز e", stored)
    assert not fits("nobody has this password", None)
    assert not fits("anything", "no hash")


def test_nobody_is_checked_like_everybody() -> None:
    """Of the same cost as a new hash: how long an answer takes tells nobody who has an account."""
    made = extract_parameters(hashed("a password of nobody"))
    assert extract_parameters(credentials.NOBODY) == made


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    """Before anything is kept."""
    with pytest.raises(WeakPasswordError):
        hashed(password)


def test_made_passwords_differ_and_are_long_enough() -> None:
    """Four groups of four."""
    assert len({new_password() for _ in range(50)}) == 50
    assert len(new_password()) >= credentials.SHORTEST_PASSWORD


def test_the_authenticator_gets_the_secret() -> None:
    """In the form that its camera reads."""
    shown = uri(SECRET, "op-a", "us")
    assert shown.startswith("otpauth://totp/Hotline%20us:op-a?")
    assert base64.b32encode(SECRET).decode() in shown
