"""Passkeys before the real application: made, used, copied, replayed, removed with their account."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.desk import enrol
from bridge.desk.challenges import LASTS_S
from bridge.desk.patience import FREE_OF_NAME
from tests.desk.authenticator import Device, text
from tests.desk.passkey_rig import NAME, ORIGIN, PASSWORD, Browser, Desk, Staff, enrolled, opened


@pytest.fixture(name="staff", scope="module")
def a_staff(tmp_path_factory: pytest.TempPathFactory) -> Staff:
    return enrolled(tmp_path_factory.mktemp("staff"))


@pytest.fixture(name="desk")
def a_desk(tmp_path: Path, staff: Staff) -> Iterator[Desk]:
    with opened(staff, tmp_path) as desk:
        yield desk


def test_made_and_used(desk: Desk) -> None:
    """It opens the door by itself; each step is in the duty log; its owner sees it."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        assert (await browser.make(device)).status_code == 200
        entered = await browser.enter(device)
        assert entered.status_code == 204
        assert entered.headers["set-cookie"].startswith("__Host-hotline=")
        me = (await browser.client.get("/api/me")).json()
        assert (me["person"], me["role"]) == ("op-a", "operator")
        (own,) = (await browser.client.get("/api/passkeys")).json()["passkeys"]
        assert own["label"] == "key ring" and own["used_utc"] == desk.clock.now().utc

    desk.play(play)
    assert desk.kinds() == ["SignedIn", "AccountChanged", "SignedIn"]
    assert (desk.notes[1][1]["person"], desk.notes[1][1]["passkeys"]) == ("op-a", 1)
    assert desk.notes[1][1]["changed_utc"] == desk.accounts.get("op-a").changed_utc
    assert desk.notes[2][1]["by"] == "passkey"
    (kept,) = desk.accounts.passkeys("op-a")
    assert kept.sign_count == device.count == 1


def test_what_the_browser_is_asked_for(desk: Desk) -> None:
    """A key that stays on its device and asks its holder, for this name; and not the same device twice."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        options = await browser.offered()
        assert options["rp"]["id"] == NAME
        chosen = options["authenticatorSelection"]
        assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
        assert b"op-a" not in device.handle
        await browser.make(device)
        again = await browser.offered()
        assert [one["id"] for one in again["excludeCredentials"]] == [text(device.id)]
        assert again["user"]["id"] == text(device.handle), "a device keeps one account as one"
        asked = await browser.asked()
        assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == (NAME, "required", [])

    desk.play(play)


@pytest.mark.parametrize("given", [{"password": "wrong password 1"}, {"code": "000000"}])
def test_a_session_alone_makes_no_passkey(desk: Desk, given: dict[str, str]) -> None:
    """Password and code are asked for anew; failures count and are written down."""

    async def play(browser: Browser) -> None:
        body = desk.again() | given
        answers = [await browser.client.post("/api/passkeys/options", json=body) for _ in range(FREE_OF_NAME + 1)]
        assert [one.status_code for one in answers] == [401] * FREE_OF_NAME + [429]

    desk.play(play)
    assert desk.kinds().count("SignInFailed") == FREE_OF_NAME


def test_an_answer_counts_once_and_soon(desk: Desk) -> None:
    """Replayed, too late, to a challenge of somebody's own making, or to one that was given out for something else."""
    device = Device(ORIGIN, counts=False)

    async def play(browser: Browser) -> None:
        options = await browser.offered()
        made = {"label": "", "credential": device.make(options)}
        assert (await browser.client.post("/api/passkeys", json=made)).status_code == 200
        assert (await browser.client.post("/api/passkeys", json=made)).json()["code"] == "passkey"
        answer = device.prove(await browser.asked())
        assert (await browser.sign_in(answer)).status_code == 204
        assert (await browser.sign_in(answer)).status_code == 401
        late = device.prove(await browser.asked())
        desk.clock.advance(LASTS_S)
        assert (await browser.sign_in(late)).status_code == 401
        desk.clock.advance(3600)
        assert (await browser.sign_in(device.prove({"rpId": NAME, "challenge": text(b"x" * 32)}))).status_code == 401

    desk.play(play)


def test_a_challenge_is_for_what_it_was_given_out(desk: Desk) -> None:
    """One that everybody may ask for makes no passkey."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        options = await browser.offered()
        stranger = {**options, "challenge": (await browser.asked())["challenge"]}
        made = {"label": "", "credential": device.make(stranger)}
        assert (await browser.client.post("/api/passkeys", json=made)).status_code == 409

    desk.play(play)
    assert desk.accounts.passkeys("op-a") == []


def test_a_device_that_does_not_ask_its_holder(desk: Desk) -> None:
    """Having it is not enough, when it is made and when it is used."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        assert (await browser.make(Device(ORIGIN, verifies=False))).status_code == 409
        await browser.make(device)
        device.verifies = False
        assert (await browser.enter(device)).status_code == 401

    desk.play(play)


def test_a_copy_of_a_device_is_noticed(desk: Desk) -> None:
    """Its count does not go on from where the other has come."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        await browser.make(device)
        copied = copy.copy(device)
        for _ in range(2):
            assert (await browser.enter(device)).status_code == 204
        assert (await browser.enter(copied)).status_code == 401

    desk.play(play)


def test_removed_by_its_owner(desk: Desk) -> None:
    """It opens nothing any more; somebody else's cannot be removed."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        passkey = (await browser.make(device)).json()["id"]
        for wanted, status in (("other", 404), (passkey, 204), (passkey, 404)):
            assert (await browser.client.post("/api/passkeys/remove", json={"id": wanted})).status_code == status
        assert (await browser.enter(device)).status_code == 401

    desk.play(play)
    assert [fields["passkeys"] for kind, fields in desk.notes if kind == "AccountChanged"] == [1, 0]


def test_an_account_that_is_shut_or_renewed(desk: Desk) -> None:
    """Shut: its passkey opens nothing. Renewed: its passkeys are gone."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        await browser.make(device)
        account = desk.accounts.get("op-a")
        desk.accounts.put(replace(account, is_disabled=True), ends_sessions=True)
        assert (await browser.enter(device)).status_code == 401
        desk.accounts.put(account, ends_sessions=True)
        assert (await browser.enter(device)).status_code == 204
        enrol.reset(desk.accounts, "op-a", PASSWORD)
        assert (await browser.enter(device)).status_code == 401

    desk.play(play)
    assert desk.accounts.passkeys("op-a") == []
