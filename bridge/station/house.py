"""The web application of a station, put together: routes, door, and the guard around it all.

It decides nothing; `guard` and `policy` say who may, the routes' own files what they do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bridge.base.audio import GrowingWav
from bridge.base.clock import NS, Clock
from bridge.base.dialplan import Dialplan, Page
from bridge.base.errors import AudioError, StorageError
from bridge.base.log import logger
from bridge.base.wire import Fields, Value
from bridge.desk.app import Application, Title, make_app
from bridge.desk.door import Entrance, make_door
from bridge.desk.duties import make_duties
from bridge.desk.enrol import account_entry
from bridge.desk.guard import IDLE_S, LONGEST_S, enclose
from bridge.desk.live import make_live
from bridge.desk.passkey_refusals import refuse_passkeys
from bridge.desk.ports import Ports
from bridge.desk.review import make_review
from bridge.desk.review_archive import Archive
from bridge.desk.sound import make_voice
from bridge.ledger.accounts import Accounts
from bridge.station.duties import enter_duty
from bridge.station.folder import Folder
from bridge.station.following import Following

SWEEP_S = 30.0
"""How soon a session that ended by itself, or a changed account, is entered in the duty log."""

Enclose: TypeAlias = Callable[[Application], Application]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Enters what nobody at a page does: that a session ended by itself, that an account was made or changed."""

    accounts: Accounts
    following: Following
    clock: Clock

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self.once()
            except StorageError as error:
                logger("station").error("sessions are not looked at", code=error.code)

    async def once(self) -> None:
        """Look once.

        Raises:
            StorageError: accounts or ledger; it is tried again.
        """
        present, known = await asyncio.wrap_future(
            self.following.enter(lambda relaying: (dict(relaying.duty.present), dict(relaying.duty.accounts)))
        )
        now = self.clock.now().utc_ns
        alive = self.accounts.sessions(now - LONGEST_S * NS, now - IDLE_S * NS)
        for session, person in present.items():
            if session not in alive:
                left: Fields = {"session": session, "person": person, "console": "", "reason": "ended-by-itself"}
                await asyncio.wrap_future(self.following.note("SignedOut", left))
        passkeys = self.accounts.passkey_counts()
        for account in self.accounts.all():
            fields = account_entry(account, passkeys.get(account.name, 0))
            if known.get(account.name) != tuple(fields[name] for name in ("role", "state", "changed_utc")):
                await asyncio.wrap_future(self.following.note("AccountChanged", fields))


@dataclass(frozen=True, slots=True)
class House:
    app: Application
    sweep: Sweep


@contextmanager
def house(
    plan: Dialplan, side: str, folder: Folder, following: Following, clock: Clock, around: Enclose | None = None
) -> Iterator[House]:
    """The application while the station's accounts are open.

    Args:
        around: a layer in place of the guard, for tests.

    Raises:
        StorageError: the accounts or the index of the record cannot be opened.
        UncoveredError: a route without a row in the policy.
    """
    station = plan.side(side)
    accounts = Accounts(folder.accounts)
    archive = Archive(
        folder.ledger,
        folder.search,
        side,
        exercise=plan.exercise,
        clock=clock,
        length=lambda leg: length(following, leg),
    )
    try:
        ports = Ports(
            following.feed,
            clock,
            following.submit,
            following.command,
            following.note,
            following.sound,
            partial(recorded, archive),
        )

        async def note(kind: str, fields: Fields) -> None:
            await asyncio.wrap_future(following.note(kind, fields))

        page = station.page
        is_secure = page.tls is not None

        def about() -> dict[str, Value]:
            return _about(plan, side, following, clock.now().utc_ns)

        entrance = Entrance(accounts, clock, note, is_secure, about)
        routers = [make_live(ports), make_door(entrance), make_duties(_Book(following), lambda: following.shown)]
        routers += [make_voice(folder.webphone_socket), make_review(archive)]
        if why_not := _why_not(page):
            routers.append(refuse_passkeys(why_not))
        else:
            # Only here: what checks passkeys takes a tenth of a second to load, and a killed desk is waited for.
            from bridge.desk.passkey_door import make_passkeys
            from bridge.desk.passkeys import RelyingParty

            routers.append(make_passkeys(entrance, RelyingParty.of(page, f"{plan.theatre} {side}")))
        hosts = [host for host in (page.host, page.name) if host]
        title = Title(plan.theatre, side, station.name.en, plan.exercise)
        app = make_app(hosts, title, lambda: following.shown, clock, routers)
        closed = enclose(app, accounts, clock, is_secure=is_secure) if around is None else around(app)
        yield House(closed, Sweep(accounts, following, clock))
    finally:
        archive.close()
        accounts.close()


def recorded(archive: Archive, subject: str) -> Fields | None:
    """The section of a message as the record holds it; None for one that it does not know.

    Raises:
        BehindError: the record is still being read.
    """
    found = archive.message(subject)
    section = None if found is None else found["message"]
    return section if isinstance(section, dict) else None


def _why_not(page: Page) -> str:
    """Why there can be no passkeys; empty where there can."""
    return "no-name" if not page.name else "no-tls" if page.tls is None else ""


def length(following: Following, leg: str) -> int:
    """Samples of a leg's recording by now; 0 where there is none to be read."""
    sound = following.sound(leg)
    try:
        return GrowingWav(sound.path).length() if sound is not None and sound.path.is_file() else 0
    except (AudioError, OSError):
        return 0  # what is wrong with it is said to whoever wants to hear it


def _minutes_east(zone: str, utc_ns: int) -> int:
    offset = datetime.fromtimestamp(utc_ns // NS, ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _about(plan: Dialplan, side: str, following: Following, utc_ns: int) -> dict[str, Value]:
    names: dict[str, Value] = {
        key: {"name": {"en": one.name.en, "ar": one.name.ar, "fa": one.name.fa}} for key, one in plan.sides.items()
    }
    zones: list[Value] = [{"name": "", "minutes": _minutes_east(zone, utc_ns)} for zone in plan.zones]
    return {
        "theatre": plan.theatre,
        "side": side,
        "sides": names,
        "exercise": plan.exercise,
        "boot": following.feed.boot,
        **({"zones": zones} if zones else {}),
        "contacts": [
            {
                "contact": one.id,
                "tier": one.tier,
                "rank": one.rank,
                "name": {"en": one.name.en, "ar": one.name.ar, "fa": one.name.fa},
            }
            for one in sorted(plan.side(side).contacts, key=lambda one: one.tier)
        ],
    }


@dataclass(frozen=True, slots=True)
class _Book:
    following: Following

    async def enter(self, kind: str, act: Fields, given: Fields) -> int:
        return await asyncio.wrap_future(self.following.enter(lambda relaying: enter_duty(relaying, kind, act, given)))

    async def newest(self) -> list[dict[str, Value]]:
        return await asyncio.wrap_future(self.following.enter(lambda relaying: list(relaying.duty.log)))
