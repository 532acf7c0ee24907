"""The real desk process behind its guard: signing in, the duty log, a session that outlives the process."""

from __future__ import annotations

import contextlib
import signal
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from bridge.base.clock import NS, SystemClock
from bridge.desk import credentials, enrol
from bridge.ledger.accounts import Accounts
from bridge.ledger.store import Store, sqlite_url
from tests.peers.certificates import Authority
from tests.station.test_desk import Desk, WaitUntil

pytestmark = pytest.mark.fault
SAME = {"sec-fetch-site": "same-origin"}


class Seat:
    """A browser at a desk."""

    def __init__(self, desk: Desk, accounts: Accounts) -> None:
        self.desk = desk
        self.made = {one.name: one for one in enrol.training(accounts)}
        self.client = httpx.Client(base_url=desk.url, headers=SAME, timeout=30, verify=desk.trusts)

    def sign_in(self, name: str) -> int:
        made = self.made[name]
        code = credentials.code_at(made.secret, SystemClock().now().utc_ns // NS)
        given = {"name": name, "password": made.password, "code": code}
        return self.client.post("/api/sign-in", json=given).status_code

    def enter(self, entry: str, key: str, **fields: Any) -> httpx.Response:
        body = {"entry": entry, "fields": fields}
        return self.client.post("/api/duty", json=body, headers={"Idempotency-Key": key})

    def duty(self) -> Any:
        return self.client.get("/api/state").json()["sections"]["duty"]


@pytest.fixture(name="seat")
def a_seat(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> Iterator[Seat]:
    desk = Desk(tmp_path, subnet, wait_until)
    with contextlib.closing(Accounts(desk.data.accounts)) as accounts:
        seat = Seat(desk, accounts)
        desk.await_entries(0)
        yield seat
        seat.client.close()
        desk.close()


def test_a_shift_on_the_real_desk(seat: Seat) -> None:
    """Signed in, shift begun, killed, back: the same session, the same duty, each entry once in the ledger."""
    assert seat.client.get("/api/state").status_code == 401
    assert "door.js" in seat.client.get("/").text
    assert seat.sign_in("op-a") == 204
    me = seat.client.get("/api/me").json()
    assert (me["person"], [zone["minutes"] for zone in me["zones"]]) == ("op-a", [240, 210])
    assert "door.js" not in seat.client.get("/").text
    assert seat.enter("ShiftBegun", "K-1").json()["result"] == "done"
    seat.desk.end(signal.SIGKILL)
    seat.desk.process = seat.desk.start()
    seat.desk.await_entries(2)
    assert seat.enter("ShiftBegun", "K-1").json()["result"] == "done"
    assert seat.enter("ShiftBegun", "K-2").json()["code"] == "shift-taken"
    assert seat.duty()["shift"]["person"] == "op-a"
    assert seat.duty()["crew"] == ["op-a"]
    assert [one["entry"] for one in seat.client.get("/api/duty/log").json()["entries"]] == ["SignedIn", "ShiftBegun"]
    seat.desk.end(signal.SIGTERM)
    with contextlib.closing(Store(sqlite_url(seat.desk.data.ledger))) as store:
        assert [(item.source, item.kind) for item in store.read()] == [("desk", "SignedIn"), ("desk", "ShiftBegun")]


def test_the_pages_telephone_is_behind_the_door(seat: Seat) -> None:
    """No socket without a session; with one it says that its telephone cannot be reached."""
    url = seat.desk.url.replace("http", "ws") + "/voice"
    with pytest.raises(InvalidStatus):
        connect(url, origin=Origin(seat.desk.url))
    assert seat.sign_in("op-b") == 204
    cookie = "; ".join(f"{name}={value}" for name, value in seat.client.cookies.items())
    with connect(url, origin=Origin(seat.desk.url), additional_headers={"cookie": cookie}) as socket:
        assert "no-phone" in str(socket.recv(timeout=60))


def test_the_page_over_tls(tmp_path: Path, subnet: str, wait_until: WaitUntil) -> None:
    """Certificate, cookie that no neighbour can set, sockets of this origin only; without TLS nobody is answered."""
    authority = Authority(tmp_path / "authority", "authority")
    own = authority.issue("desk", f"{subnet}.11")
    tls = f', tls = {{ certificate = "{own.certificate}", key = "{own.key}" }}'
    desk = Desk(tmp_path, subnet, wait_until, tls)
    desk.trusts = ssl.create_default_context(cafile=str(authority.file))
    with contextlib.closing(desk), contextlib.closing(Accounts(desk.data.accounts)) as accounts:
        seat = Seat(desk, accounts)
        assert desk.url.startswith("https://")
        desk.await_entries(0)
        assert seat.sign_in("op-a") == 204
        cookie = next(one for one in seat.client.cookies.jar if one.name == "__Host-hotline")
        assert all(one.secure for one in seat.client.cookies.jar)
        assert seat.client.get("/api/me").json()["person"] == "op-a"
        url, header = desk.url.replace("https", "wss") + "/api/events", {"cookie": f"{cookie.name}={cookie.value}"}
        with pytest.raises(InvalidStatus):
            connect(url, ssl=desk.trusts, origin=Origin(desk.url.replace("https", "http")), additional_headers=header)
        with connect(url, ssl=desk.trusts, origin=Origin(desk.url), additional_headers=header) as socket:
            assert '"all"' in str(socket.recv(timeout=60))
        with pytest.raises(httpx.TransportError):
            httpx.get(desk.url.replace("https", "http"))
        seat.client.close()


def test_an_account_that_is_shut_is_out_at_once(seat: Seat) -> None:
    """By the command line, while the desk runs; guessing is in the duty log."""
    assert seat.sign_in("lead") == 204
    with contextlib.closing(Accounts(seat.desk.data.accounts)) as command_line:
        enrol.reset(command_line, "lead", "another long password")
    assert seat.client.get("/api/state").status_code == 401
    assert [seat.sign_in("lead") for _ in range(4)] == [401, 401, 401, 429]
    assert seat.sign_in("reader") == 204
    failed = [one for one in seat.client.get("/api/duty/log").json()["entries"] if one["entry"] == "SignInFailed"]
    assert [(one["person"], one["wait_s"]) for one in failed] == [("lead", 0), ("lead", 0), ("lead", 2)]
    assert seat.enter("NoteMade", "K-1", text="a reader writes nothing").status_code == 403
