"""Passkeys refused: another page or account, guessing, too many, damage, strangers, and where there can be none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.base.dialplan import Page
from bridge.base.dialplan_network import PageTls
from bridge.desk.passkey_door import KEPT_OF_ACCOUNT
from bridge.desk.passkeys import PasskeyError, RelyingParty, challenge_of, handle_of, id_of
from bridge.desk.patience import FREE_OF_NAME
from tests.desk.authenticator import Device, text
from tests.desk.passkey_rig import NAME, ORIGIN, Browser, Desk, Staff, enrolled, opened

STRANGE: list[Any] = [
    {},
    {"id": 4},
    {"response": "x"},
    {"response": {"clientDataJSON": 4}},
    {"response": {"clientDataJSON": "%%%"}},
    {"response": {"clientDataJSON": text(b"[]")}},
    {"response": {"clientDataJSON": text(b"\xff")}},
    {"response": {"clientDataJSON": text(b"[" * 8000)}},
]


@pytest.fixture(name="staff", scope="module")
def a_staff(tmp_path_factory: pytest.TempPathFactory) -> Staff:
    return enrolled(tmp_path_factory.mktemp("staff"))


@pytest.fixture(name="desk")
def a_desk(tmp_path: Path, staff: Staff) -> Iterator[Desk]:
    with opened(staff, tmp_path) as desk:
        yield desk


def test_of_another_page(desk: Desk) -> None:
    """A page elsewhere that hands on what it was asked: neither made nor proved."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        answer = await browser.make(Device("https://us.station.test.example:8443"))
        assert (answer.status_code, answer.json()["code"]) == (409, "passkey")
        await browser.make(device)
        device.origin = "https://us.station.test.example:8443"
        answer = await browser.enter(device)
        assert (answer.status_code, answer.json()["code"]) == (401, "passkey")
        device.origin = ORIGIN
        options = await browser.asked()
        assert (await browser.sign_in(device.prove({**options, "rpId": "station.test"}))).status_code == 401

    desk.play(play)


def test_of_another_account(desk: Desk) -> None:
    """A device that names another account than the passkey's proves nothing."""
    device = Device(ORIGIN)

    async def play(browser: Browser) -> None:
        await browser.make(device)
        device.handle = b"another"
        assert (await browser.enter(device)).status_code == 401

    desk.play(play)


def test_guessing_is_slow(desk: Desk) -> None:
    """As with passwords, and no more is learnt from it; what fails is written down without a name."""

    async def play(browser: Browser) -> None:
        for _ in range(FREE_OF_NAME):
            answer = await browser.sign_in(Device(ORIGIN).prove(await browser.asked()))
            assert (answer.status_code, answer.json()["code"]) == (401, "passkey")
        assert answer.json()["wait_s"] > 0
        assert (await browser.sign_in({})).status_code == 429
        assert (await browser.client.post("/api/sign-in/passkey/options")).status_code == 429

    desk.play(play, signed_in=False)
    assert {fields["person"] for _, fields in desk.notes} == {""}


def test_so_many_and_no_more(desk: Desk) -> None:
    """And none twice."""

    async def play(browser: Browser) -> None:
        device = Device(ORIGIN)
        for count in range(KEPT_OF_ACCOUNT - 1):
            assert (await browser.make(Device(ORIGIN), f"key {count}")).status_code == 200
        assert (await browser.make(device)).status_code == 200
        answer = await browser.client.post("/api/passkeys/options", json=desk.again())
        assert (answer.status_code, answer.json()["code"]) == (409, "too-many-passkeys")
        await browser.client.post("/api/passkeys/remove", json={"id": desk.accounts.passkeys("op-a")[0].id})
        assert (await browser.make(device)).json()["code"] == "passkey-taken"

    desk.play(play)


@pytest.mark.parametrize("credential", STRANGE)
def test_what_no_browser_says(desk: Desk, credential: Any) -> None:
    """A refusal in words, and nothing kept."""

    async def play(browser: Browser) -> None:
        made = await browser.client.post("/api/passkeys", json={"label": "x", "credential": credential})
        assert made.status_code == 409
        assert (await browser.sign_in(credential)).status_code == 401

    desk.play(play)


@pytest.mark.parametrize("part", ["attestationObject", "signature", "authenticatorData"])
def test_a_damaged_answer(desk: Desk, part: str) -> None:
    """Any byte of it changed, any of it missing."""
    device = Device(ORIGIN, counts=False)

    async def play(browser: Browser) -> None:
        await browser.make(device)
        for cut in (0, 1, 5, 37, -1):
            making = part == "attestationObject"
            whole = Device(ORIGIN).make(await browser.offered()) if making else device.prove(await browser.asked())
            response = whole["response"]
            response[part] = text(b"\xa3" * 9) if cut == 5 else response[part][:cut]
            desk.clock.advance(1000)
            if making:
                answer = await browser.client.post("/api/passkeys", json={"label": "", "credential": whole})
            else:
                answer = await browser.sign_in(whole)
            assert answer.status_code in (401, 409), answer.text

    desk.play(play)
    assert len(desk.accounts.passkeys("op-a")) == 1


def test_where_there_can_be_none(tmp_path: Path, staff: Staff) -> None:
    """Each route says why, and does nothing."""

    async def play(browser: Browser) -> None:
        own = (await browser.client.get("/api/passkeys")).json()
        assert own == {"possible": False, "why": "no-name", "passkeys": []}
        for path in ("passkeys", "passkeys/options", "passkeys/remove", "sign-in/passkey", "sign-in/passkey/options"):
            answer = await browser.client.post(f"/api/{path}", json={})
            assert (answer.status_code, answer.json()["code"]) == (409, "no-name")

    with opened(staff, tmp_path, None) as desk:
        desk.play(play)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/passkeys"),
        ("POST", "/api/passkeys"),
        ("POST", "/api/passkeys/options"),
        ("POST", "/api/passkeys/remove"),
    ],
)
def test_an_outsider_has_none(desk: Desk, method: str, path: str) -> None:
    """Only what signing in needs is there without a session."""

    async def play(browser: Browser) -> None:
        assert (await browser.client.request(method, path, json={})).status_code == 401

    desk.play(play, signed_in=False)


def test_another_page_may_not_ask(desk: Desk) -> None:
    """The guard's rule holds for the door to passkeys, too."""

    async def play(browser: Browser) -> None:
        headers = {"sec-fetch-site": "cross-site"}
        for path in ("sign-in/passkey", "sign-in/passkey/options"):
            assert (await browser.client.post(f"/api/{path}", json={}, headers=headers)).status_code == 403

    desk.play(play, signed_in=False)


def test_who_the_station_is(tmp_path: Path) -> None:
    """By its name and port, over TLS alone."""
    tls = PageTls(certificate=tmp_path / "c.pem", key=tmp_path / "k.pem")
    assert RelyingParty.of(Page(host="127.0.0.1", name=NAME), "t") is None
    assert RelyingParty.of(Page(host="127.0.0.1", tls=tls), "t") is None
    assert RelyingParty.of(Page(host="127.0.0.1", name=NAME, port=8443, tls=tls), "t") == RelyingParty(
        NAME, ORIGIN, "t"
    )
    plain = RelyingParty.of(Page(host="127.0.0.1", name=NAME, port=443, tls=tls), "t")
    assert plain is not None and plain.origin == f"https://{NAME}"


@pytest.mark.parametrize("credential", STRANGE)
def test_answers_that_say_nothing(credential: Any) -> None:
    """Only the documented error comes out."""
    assert id_of(credential) == ""
    with pytest.raises(PasskeyError):
        challenge_of(credential)
    with pytest.raises(PasskeyError):
        handle_of(credential)
