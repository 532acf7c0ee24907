"""Two real stations on addresses of their own, with accounts, for people at their pages. What crosses is text.

The telephones and voices are the exercise's (`bridge.drill`); the operators' hands are the test's.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.base.audio import read_wav, write_wav
from bridge.base.dialplan import Dialplan, load
from bridge.desk import enrol
from bridge.desk.policy import Role
from bridge.drill.relay_script import Phrase, phrases
from bridge.drill.script import ANNOUNCEMENTS, cast
from bridge.drill.stage import Stage, spoken
from bridge.ledger.accounts import Accounts
from bridge.station.folder import prepare
from tests.page.real.seat import LIMIT_S, Account
from tests.rig import LOOPBACK, own_number

PASSWORD = "correct horse 7"
PEOPLE = {"us": (("op-a", Role.OPERATOR),), "ir": (("op-b", Role.OPERATOR), ("lead", Role.SUPERVISOR))}
GREETING_S = 1.2


@dataclass(slots=True)
class House:
    """Both stations. Owned by the test."""

    stage: Stage
    plan: Dialplan
    heard: Path
    accounts: dict[str, Account]
    said: list[tuple[str, str]]
    """Who did what, for whoever reads why it stopped."""

    @property
    def voice(self) -> dict[str, Phrase]:
        return dict(self.stage.voice)

    def page(self, side: str) -> str:
        page = self.plan.side(side).page
        return f"http://{page.host}:{page.port}"

    def data(self, side: str) -> Path:
        return self.stage.stations[side].data


@contextmanager
def housed(folder: Path) -> Iterator[House]:
    """Both stations, up; ended in order."""
    plan_file = _dialplan(folder)
    plan = load(plan_file)
    accounts: dict[str, Account] = {}
    for side, people in PEOPLE.items():
        with closing(Accounts(prepare(folder / "data" / side).accounts)) as kept:
            for name, role in people:
                made = enrol.add(kept, enrol.Person(name, name, role.value), PASSWORD, is_training=True)
                accounts[name] = Account(name, PASSWORD, made.secret)
    said: list[tuple[str, str]] = []
    heard = folder / "heard"
    heard.mkdir()
    with ExitStack() as stack:
        stage = Stage(plan, cast(plan, str(plan_file)), lambda who, what: said.append((who, what)), phrases())
        stage.start(stack, plan_file, folder / "data", heard)
        for side in stage.stations:
            _await_page(plan, side)
        yield House(stage, plan, heard, accounts, said)
        stage.ask_to_end()


def _await_page(plan: Dialplan, side: str) -> None:
    """The desk takes acts a moment before its page is there."""
    page = plan.side(side).page
    deadline = time.monotonic() + LIMIT_S
    while True:
        try:
            socket.create_connection((page.host, page.port)).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"the page of {side} does not listen"
            time.sleep(0.05)


def _dialplan(folder: Path) -> Path:
    """The loopback theatre elsewhere, English on both lines, with short announcements and rings."""
    announcements = folder / "announcements"
    for file in ANNOUNCEMENTS.glob("*/*.wav"):
        samples, rate_hz = read_wav(file)
        made = announcements / file.parent.name / file.name
        made.parent.mkdir(parents=True, exist_ok=True)
        write_wav(made, samples[: round(GREETING_S * rate_hz)], rate_hz)
    text = LOOPBACK.read_text(encoding="utf-8").replace("127.0.", f"127.{own_number()}.")
    file = folder / "theatre.toml"
    file.write_text(
        f'announcements = "{announcements}"\n' + text.replace("FLASH = 8 }", "FLASH = 2 }"), encoding="utf-8"
    )
    for side in ("us", "ir"):
        (folder / side).mkdir()
        file = spoken(file, side, "en", folder / side)
    return file
