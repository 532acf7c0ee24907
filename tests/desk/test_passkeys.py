"""Passkeys before the real application: made, used, copied, replayed, of another page, removed, refused."""

from __future__ import annotations

import asyncio
import copy
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bridge.base.clock import NS, ManualClock
from bridge.base.dialplan import Page
from bridge.base.dialplan_network import PageTls
from bridge.base.wire import Fields
from bridge.desk import credentials, enrol
from bridge.desk.challenges import LASTS_S
from bridge.desk.door import Entrance, make_door
from bridge.desk.guard import Guard, enclose
from bridge.desk.passkey_door import KEPT_OF_ACCOUNT, make_passkeys
from bridge.desk.passkeys import PasskeyError, RelyingParty, challenge_of, handle_of, id_of
from bridge.desk.patience import FREE_OF_NAME
from bridge.ledger.accounts import Accounts
from tests.desk.authenticator import Device, text

NAME = "us.station.test"
ORIGIN = f"https://{NAME}:8443"
PASSWORD = "correct horse battery"
PARTY = RelyingParty(NAME, ORIGIN, "Test us")
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


class Desk:
    """Door and passkeys behind their guard, over TLS as they think. Owned by the test."""

    def __init__(self, accounts: Accounts, secret: bytes, party: RelyingParty | None = PARTY) -> None:
        self.accounts, self.secret = accounts, secret
        self.clock = ManualClock()
        self.notes: list[tuple[str, Fields]] = []
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        entrance = Entrance(accounts, self.clock, self._note, True, lambda: {})
        for router in (make_door(entrance), make_passkeys(entrance, party, why_not="" if party else "no-name")):
            app.include_router(router)
        self.app: Guard = enclose(app, accounts, self.clock, is_secure=True)

    async def _note(self, kind: str, fields: Fields) -> None:
        self.notes.append((kind, fields))

    def again(self, password: str = PASSWORD) -> dict[str, str]:
        """Password and the next code: one counts once."""
        self.clock.advance(credentials.STEP_S)
        return {"password": password, "code": credentials.code_at(self.secret, self.clock.now().utc_ns // NS)}

    def play(self, play: Callable[[Browser], Awaitable[Any]], *, signed_in: bool = True) -> Any:
        async def run() -> Any:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 4000))
            headers = {"sec-fetch-site": "same-origin"}
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
                browser = Browser(self, client)
                if signed_in:
                    answer = await client.post("/api/sign-in", json={"name": "op-a", **self.again()})
                    assert answer.status_code == 204, answer.text
                return await play(browser)

        return asyncio.run(run())

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.notes]


class Browser:
    def __init__(self, desk: Desk, client: httpx.AsyncClient) -> None:
        self.desk, self.client = desk, client

    async def offered(self) -> dict[str, Any]:
        answer = await self.client.post("/api/passkeys/options", json=self.desk.again())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["options"]
        return found

    async def make(self, device: Device, label: str = "key ring") -> httpx.Response:
        made = {"label": label, "credential": device.make(await self.offered())}
        return await self.client.post("/api/passkeys", json=made)

    async def asked(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.post("/api/sign-in/passkey/options")).json()["options"]
        return found

    async def sign_in(self, credential: dict[str, Any]) -> httpx.Response:
        return await self.client.post("/api/sign-in/passkey", json={"credential": credential})

    async def enter(self, device: Device) -> httpx.Response:
        """Sign in anew."""
        self.client.cookies.clear()
        return await self.sign_in(device.prove(await self.asked()))


@pytest.fixture(name="staff", scope="module")
def a_staff(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    path = tmp_path_factory.mktemp("staff") / "accounts.db"
    accounts = Accounts(path)
    secret = enrol.add(accounts, enrol.Person("op-a", "Operator A", "operator"), PASSWORD).secret
    accounts.close()
    return path, secret


@pytest.fixture(name="desk")
def a_desk(tmp_path: Path, staff: tuple[Path, bytes]) -> Iterator[Desk]:
    accounts = Accounts(Path(shutil.copy(staff[0], tmp_path)))
    yield Desk(accounts, staff[1])
    accounts.close()


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


def test_where_there_can_be_none(tmp_path: Path, staff: tuple[Path, bytes]) -> None:
    """Each route says why, and does nothing."""
    accounts = Accounts(Path(shutil.copy(staff[0], tmp_path)))
    desk = Desk(accounts, staff[1], None)

    async def play(browser: Browser) -> None:
        own = (await browser.client.get("/api/passkeys")).json()
        assert own == {"possible": False, "why": "no-name", "passkeys": []}
        for path in ("passkeys", "passkeys/options", "passkeys/remove", "sign-in/passkey", "sign-in/passkey/options"):
            answer = await browser.client.post(f"/api/{path}", json={})
            assert (answer.status_code, answer.json()["code"]) == (409, "no-name")

    desk.play(play)
    accounts.close()


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
