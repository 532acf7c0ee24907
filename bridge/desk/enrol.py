"""Making accounts: the form of a name, a first password and secret, and the accounts of an exercise.

It keeps nothing; `ledger.accounts` does.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace

from bridge.base.clock import SystemClock
from bridge.base.errors import Theirs
from bridge.base.wire import Fields
from bridge.desk import credentials
from bridge.desk.policy import Role
from bridge.ledger.accounts import Account, Accounts

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_LANGUAGES = ("en", "ar", "fa")
TEXT_LIMIT = 120
TRAINING = (
    ("op-a", "Operator A", Role.OPERATOR),
    ("op-b", "Operator B", Role.OPERATOR),
    ("lead", "Supervisor", Role.SUPERVISOR),
    ("reader", "Reviewer", Role.REVIEWER),
)


class BadAccountError(Theirs):
    """A name, role or language that no account can have."""

    code = "bad-account"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    display: str
    role: str
    language: str = "en"
    qualified: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What is shown once."""

    name: str
    password: str
    """Empty where somebody gave one."""
    secret: bytes

    @property
    def secret_text(self) -> str:
        return base64.b32encode(self.secret).decode()

    def uri(self, station: str) -> str:
        return credentials.uri(self.secret, self.name, station)


def add(accounts: Accounts, person: Person, password: str | None, *, is_training: bool = False) -> Made:
    """Make an account; without a password one is made.

    Raises:
        BadAccountError, WeakPasswordError, AccountTakenError: nothing was made.
    """
    _check(person)
    made = Made(person.name, "" if password is not None else credentials.new_password(), credentials.new_secret())
    accounts.add(
        Account(
            name=person.name,
            display=person.display,
            role=person.role,
            language=person.language,
            qualified=person.qualified,
            password=credentials.hashed(made.password if password is None else password),
            secret=made.secret,
            is_training=is_training,
            changed_utc=SystemClock().now().utc,
        )
    )
    return made


def reset(accounts: Accounts, name: str, password: str | None) -> Made:
    """A new password and secret; all sessions of the account end, and its passkeys are gone.

    Raises:
        NoAccountError, WeakPasswordError: nothing was changed.
    """
    old = accounts.get(name)
    made = Made(name, "" if password is not None else credentials.new_password(), credentials.new_secret())
    new = replace(
        old,
        password=credentials.hashed(made.password if password is None else password),
        secret=made.secret,
        last_step=0,
        changed_utc=SystemClock().now().utc,
    )
    accounts.renew(new)
    return made


def account_entry(account: Account, passkeys: int) -> Fields:
    """What the duty log says of an account as it stands."""
    state = "disabled" if account.is_disabled else "training" if account.is_training else "active"
    told = {"person": account.name, "role": account.role, "state": state, "changed_utc": account.changed_utc}
    return {**told, "passkeys": passkeys}


def training(accounts: Accounts) -> list[Made]:
    """The accounts of an exercise, where there is no account at all; else none."""
    if accounts.all():
        return []
    return [
        add(accounts, Person(name, display, role.value), None, is_training=True) for name, display, role in TRAINING
    ]


def _check(person: Person) -> None:
    if not _NAME.fullmatch(person.name):
        raise BadAccountError(f"name {person.name[:40]!r}: expected up to 32 of a-z, 0-9, . _ -")
    if person.role not in {role.value for role in Role}:
        raise BadAccountError(f"role {person.role[:40]!r}: expected one of {', '.join(role.value for role in Role)}")
    if person.language not in _LANGUAGES:
        raise BadAccountError(f"language {person.language[:40]!r}: expected one of {', '.join(_LANGUAGES)}")
    for text in (person.display, person.qualified):
        if len(text) > TEXT_LIMIT or not text.isprintable():
            raise BadAccountError(f"names and notes have at most {TEXT_LIMIT} printable characters")
