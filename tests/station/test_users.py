"""Accounts from the command line: made, listed, shut, opened, renewed; what is shown once and what never."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bridge.base.clock import NS, SystemClock
from bridge.base.errors import BridgeError
from bridge.cli import app
from bridge.desk import credentials
from bridge.ledger.accounts import Account, Accounts
from bridge.ledger.passkeys import Passkey


def hotline(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, ["users", *words], input=given)


def account(data: Path, name: str) -> Account:
    accounts = Accounts(data / "accounts.db")
    try:
        return accounts.get(name)
    finally:
        accounts.close()


def field(result: Result, name: str) -> str:
    return next(line.split(maxsplit=1)[1] for line in result.output.splitlines() if line.startswith(name))


def test_a_first_administrator(tmp_path: Path) -> None:
    """On a folder that no station has used yet; what is printed once opens the door."""
    made = hotline(
        "add", "boss", "--role", "administrator", "--data", str(tmp_path), "--display", "مدیر", "--language", "fa"
    )
    assert made.exit_code == 0, made.output
    kept = account(tmp_path, "boss")
    assert (kept.role, kept.display, kept.language) == ("administrator", "مدیر", "fa")
    assert credentials.fits(field(made, "password"), kept.password)
    assert base64.b32decode(field(made, "secret")) == kept.secret
    assert field(made, "uri").startswith("otpauth://totp/")
    listed = hotline("list", "--data", str(tmp_path), "--json").output
    assert json.loads(listed)[0]["name"] == "boss"
    assert field(made, "secret") not in listed and kept.password not in listed


def test_a_password_that_somebody_gives_is_not_printed(tmp_path: Path) -> None:
    """From standard input, where no list of processes shows it."""
    made = hotline("add", "op", "--data", str(tmp_path), "--password-stdin", given="a long enough one\n")
    assert made.exit_code == 0
    assert "a long enough one" not in made.output
    assert credentials.fits("a long enough one", account(tmp_path, "op").password)


def test_shut_open_and_renew(tmp_path: Path) -> None:
    """Each ends the sessions that were."""
    hotline("add", "op", "--data", str(tmp_path))
    before = account(tmp_path, "op")
    assert hotline("disable", "op", "--data", str(tmp_path)).exit_code == 0
    assert account(tmp_path, "op").is_disabled
    assert hotline("enable", "op", "--data", str(tmp_path)).exit_code == 0
    assert not account(tmp_path, "op").is_disabled
    renewed = hotline("reset", "op", "--data", str(tmp_path))
    after = account(tmp_path, "op")
    assert after.secret != before.secret
    assert credentials.fits(field(renewed, "password"), after.password)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "Bad Name"),
        ("add", "op", "--role", "king"),
        ("add", "op", "--language", "xx"),
        ("add", "op", "--display", "a\nb"),
        ("add", "taken"),
        ("disable", "nobody"),
        ("reset", "nobody"),
        ("code", "taken"),
        ("passkeys", "nobody"),
        ("remove-passkey", "taken", "none"),
        ("remove-passkey", "nobody", "none"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    """And leaves the accounts as they were."""
    hotline("add", "taken", "--data", str(tmp_path))
    result = hotline(*words, "--data", str(tmp_path))
    assert isinstance(result.exception, BridgeError)
    assert [row["name"] for row in json.loads(hotline("list", "--data", str(tmp_path), "--json").output)] == ["taken"]


def test_codes_are_printed_for_an_exercise_only(tmp_path: Path) -> None:
    """They are those of the account."""
    from bridge.desk import enrol

    accounts = Accounts(tmp_path / "accounts.db")
    made = {one.name: one for one in enrol.training(accounts)}
    assert enrol.training(accounts) == []
    accounts.close()
    before = SystemClock().now().utc_ns // NS
    printed = hotline("code", "op-a", "--data", str(tmp_path)).output.strip()
    after = SystemClock().now().utc_ns // NS
    assert printed in {credentials.code_at(made["op-a"].secret, moment) for moment in (before, after)}


def test_passkeys_are_shown_and_removed(tmp_path: Path) -> None:
    """A lost device opens nothing any more, and whoever it has let in is out; another's stays."""
    hotline("add", "op", "--data", str(tmp_path))
    with closing(Accounts(tmp_path / "accounts.db")) as accounts:
        for name in ("one", "two"):
            accounts.add_passkey(Passkey(name, "op", f"کلید {name}", b"h", b"k", 3, "2026-11-23T10:00:00Z"), "then")
        accounts.begin("token", "s-1", "op", "a", "en", 1)
    listed = json.loads(hotline("passkeys", "op", "--data", str(tmp_path), "--json").output)
    assert [(one["id"], one["label"], one["uses"]) for one in listed] == [
        ("one", "کلید one", 3),
        ("two", "کلید two", 3),
    ]
    assert "کلید two" in hotline("passkeys", "op", "--data", str(tmp_path)).output
    assert json.loads(hotline("list", "--data", str(tmp_path), "--json").output)[0]["passkeys"] == 2
    assert hotline("remove-passkey", "op", "one", "--data", str(tmp_path)).exit_code == 0
    with closing(Accounts(tmp_path / "accounts.db")) as accounts:
        assert [one.id for one in accounts.passkeys("op")] == ["two"]
        assert accounts.sitting("token") is None
        assert accounts.get("op").changed_utc != "then"
    assert hotline("reset", "op", "--data", str(tmp_path)).exit_code == 0
    assert json.loads(hotline("passkeys", "op", "--data", str(tmp_path), "--json").output) == []


def test_without_accounts_nothing_is_made_by_looking(tmp_path: Path) -> None:
    """A wrong folder is said."""
    assert isinstance(hotline("list", "--data", str(tmp_path)).exception, BridgeError)
    assert list(tmp_path.iterdir()) == []
