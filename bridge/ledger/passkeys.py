"""Passkeys of the accounts: public keys by which a person's device proves itself, a table of the accounts' database.

What is kept is no secret: whoever reads it can sign in nowhere. It verifies nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bridge.base.errors import Theirs

META = sa.MetaData()
_PASSKEYS = sa.Table(
    "passkeys",
    META,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("handle", sa.LargeBinary, nullable=False),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("made_utc", sa.Text, nullable=False),
    sa.Column("used_utc", sa.Text, nullable=False),
)


class PasskeyTakenError(Theirs):
    """This passkey is somebody's already."""

    code = "passkey-taken"


class NoPasskeyError(Theirs):
    """The account has no such passkey."""

    code = "no-passkey"


@dataclass(frozen=True, slots=True)
class Passkey:
    id: str
    """Of the credential, in unpadded base64url."""
    name: str
    """Of the account."""
    label: str
    """What its owner calls it."""
    handle: bytes
    """Random; by it a device knows one account of this station. The same for all passkeys of an account."""
    public_key: bytes
    """COSE form."""
    sign_count: int = 0
    """Of the device when it was used last; 0 for one that does not count."""
    made_utc: str = ""
    used_utc: str = ""


def add(connection: sa.Connection, passkey: Passkey) -> None:
    """Raises: PasskeyTakenError."""
    if get(connection, passkey.id) is not None:
        raise PasskeyTakenError("this passkey is known already")
    values = {column.name: getattr(passkey, column.name) for column in _PASSKEYS.columns}
    connection.execute(_PASSKEYS.insert().values(**values))


def get(connection: sa.Connection, passkey_id: str) -> Passkey | None:
    found = connection.execute(sa.select(_PASSKEYS).where(_PASSKEYS.c.id == passkey_id)).mappings().one_or_none()
    return None if found is None else Passkey(**found)


def of(connection: sa.Connection, name: str) -> list[Passkey]:
    """Those of one account, the oldest first."""
    query = sa.select(_PASSKEYS).where(_PASSKEYS.c.name == name).order_by("made_utc", "id")
    return [Passkey(**row) for row in connection.execute(query).mappings()]


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many each account has that has any."""
    query = sa.select(_PASSKEYS.c.name, sa.func.count()).group_by(_PASSKEYS.c.name)
    return {name: number for name, number in connection.execute(query)}


def use(connection: sa.Connection, passkey: Passkey, sign_count: int, used_utc: str) -> bool:
    """Note a use; False if it was removed or used otherwise meanwhile."""
    changed = connection.execute(
        _PASSKEYS.update()
        .where(_PASSKEYS.c.id == passkey.id, _PASSKEYS.c.sign_count == passkey.sign_count)
        .values(sign_count=sign_count, used_utc=used_utc)
    )
    return changed.rowcount == 1


def remove(connection: sa.Connection, name: str, passkey_id: str) -> None:
    """Raises: NoPasskeyError."""
    gone = connection.execute(_PASSKEYS.delete().where(_PASSKEYS.c.name == name, _PASSKEYS.c.id == passkey_id))
    if gone.rowcount == 0:
        raise NoPasskeyError(f"{name} has no passkey {passkey_id[:40]!r}")


def forget(connection: sa.Connection, name: str) -> None:
    """Remove all of an account."""
    connection.execute(_PASSKEYS.delete().where(_PASSKEYS.c.name == name))
