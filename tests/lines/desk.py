"""A line's switchboard under test: plays what the edge would say, and checks every order as the edge would meet it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from bridge.base.dialplan import Dialplan
from bridge.base.terms import Precedence
from bridge.base.wire import Fields, Value, canonical
from bridge.lines import events as ev
from bridge.lines.admission import SLOTS
from bridge.lines.board import Board
from bridge.lines.events import Order, Write

HANDSET_A, HANDSET_B = "127.8.3.11", "127.8.3.12"
OFFICER = "127.8.1.21"
STRANGER = "127.9.9.9"


def plan(*, exercise: bool = False, handsets: int = 1) -> Dialplan:
    """Two sides; side `us` has a ladder of three (tiers 1, 1, 2) and one or two handsets."""
    names = {"en": "a", "ar": "a", "fa": "a"}

    def contact(number: int, name: str, tier: int) -> dict[str, object]:
        uri = f"sip:{name}@127.8.1.{number}"
        return {"id": name, "name": names, "role": names, "rank": "OF-5", "tier": tier, "uri": uri}

    def side(host: str) -> dict[str, object]:
        return {
            "name": names,
            "language": "fa",
            "spoken": "en",
            "line": {"host": host, "admit": ["127.8.1.0/24"]},
            "page": {"host": host},
            "contacts": [contact(11, "watch", 1), contact(12, "deputy", 1), contact(13, "director", 2)],
            "handsets": [
                {"id": name, "uri": f"sip:{name}@{at}"}
                for name, at in (("desk-a", HANDSET_A), ("desk-b", HANDSET_B))[:handsets]
            ],
        }

    sides = {"us": side("127.8.0.11"), "ir": side("127.8.0.12")}
    return Dialplan.model_validate({"theatre": "test", "exercise": exercise, "sides": sides})


@dataclass(slots=True)
class Seen:
    """What the edge knows of one leg."""

    has_track: bool = False
    is_dialled: bool = False
    is_invited: bool = False
    has_ended: bool = False


@dataclass(slots=True)
class Edge:
    """Carries orders out on paper. Whatever a real edge could not carry out, or a reader not follow, fails here."""

    legs: dict[str, Seen] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)
    tones: set[tuple[str, str]] = field(default_factory=set)
    announced: dict[str, list[str]] = field(default_factory=dict)
    """Announcements that each leg has still to hear, in order."""
    tickets: set[int] = field(default_factory=set)
    calls: dict[str, str] = field(default_factory=dict)
    """Call of each living leg."""
    ended_calls: set[str] = field(default_factory=set)
    alarms: set[tuple[str, str, str]] = field(default_factory=set)
    has_finished: bool = False
    _written: Write | None = None

    def take(self, orders: list[Order]) -> None:
        self._written = None
        for order in orders:
            if isinstance(order, Write):
                canonical(order.data)
                self._entry(order.kind, order.data)
                self._written = order
            else:
                self._act(order)

    def _entry(self, kind: str, data: Fields) -> None:
        leg, call = str(data.get("leg", "")), str(data.get("call", ""))
        match kind:
            case "Invited" | "Dialled":
                assert leg not in self.legs and leg not in self.ended, leg
                assert call not in self.ended_calls, call
                self.legs[leg] = Seen(is_dialled=kind == "Dialled", is_invited=kind == "Invited")
                self.calls[leg] = call
                assert len(self.legs) <= SLOTS, sorted(self.legs)
            case "LegMoved":
                assert self.calls[leg] == data["from_call"]
                self.calls[leg] = str(data["to_call"])
            case "LegEnded":
                assert not self.legs[leg].has_ended and self.calls[leg] == call
                self.legs[leg].has_ended = True
            case "CallEnded":
                assert call not in self.ended_calls and call not in self.calls.values()
                self.ended_calls.add(call)
            case "AlarmRaised":
                self.alarms.add((str(data["alarm"]), call, leg))
            case "AlarmCleared":
                self.alarms.remove((str(data["alarm"]), call, leg))

    def _act(self, order: Order) -> None:
        match order:
            case ev.Admitted(ticket, leg):
                self.tickets.remove(ticket)
                assert self.legs[leg].is_invited
            case ev.Refused(ticket):
                assert self._written is not None and self._written.kind == "CallerRefused"
                self.tickets.remove(ticket)
            case ev.OpenTrack(leg):
                assert not self.legs[leg].has_track
                self.legs[leg].has_track = True
            case ev.Invite(leg):
                assert self.legs[leg].has_track and self.legs[leg].is_dialled
            case ev.Answer(leg):
                assert self.legs[leg].has_track and self.legs[leg].is_invited
            case ev.Forget(leg):
                self._forget(leg)
            case ev.Finished():
                assert not self.legs and not self.has_finished
                self.has_finished = True
            case _:
                self._audio(order)

    def _audio(self, order: Order) -> None:
        match order:
            case ev.Connect(source, to):
                assert self._written == Write("Linked", {"from": source, "to": to})
                assert not self.legs[source].has_ended and not self.legs[to].has_ended
                assert self.calls[source] == self.calls[to] and (source, to) not in self.links
                self.links.add((source, to))
            case ev.Disconnect(source, to):
                assert self._written == Write("Unlinked", {"from": source, "to": to})
                self.links.remove((source, to))
            case ev.Tone(leg, name, on):
                assert not self.legs[leg].has_ended
                (self.tones.add if on else self.tones.discard)((leg, name))
            case ev.Announce(leg, name):
                assert not self.legs[leg].has_ended
                self.announced.setdefault(leg, []).append(name)
            case ev.Release(leg) | ev.SendDigits(leg) | ev.SetHold(leg):
                assert not self.legs[leg].has_ended
            case _:
                raise AssertionError(f"no hand for {order}")

    def _forget(self, leg: str) -> None:
        assert self.legs[leg].has_ended
        del self.legs[leg], self.calls[leg]
        self.ended.add(leg)
        self.announced.pop(leg, None)
        self.links = {link for link in self.links if leg not in link}
        self.tones = {tone for tone in self.tones if tone[0] != leg}


class Desk:
    """The board, the time and the edge on paper. Call names are `c1`, `c2`, ... in the order of the events."""

    def __init__(self, *, exercise: bool = False, handsets: int = 1) -> None:
        self.plan = plan(exercise=exercise, handsets=handsets)
        self.board = Board(self.plan, "us")
        self.edge = Edge()
        self.now = 0.0
        self.orders: list[Order] = []
        """Orders of the last step."""
        self.entries: list[Write] = []
        """Every entry so far."""
        self._numbers = itertools.count(1)

    # -- what the edge sees ----------------------------------------------------------------------------------------

    def happens(self, event: ev.Happened) -> list[Order]:
        return self._took(self.board.handle(event, self.now))

    def until(self, second: float) -> list[Order]:
        """Let the time pass, waking the board whenever it asks to be; return all orders."""
        orders: list[Order] = []
        while (at := self.board.wake_at) is not None and at <= second:
            self.now = max(self.now, at)
            orders += self._took(self.board.wake(self.now))
            asked = self.board.wake_at
            assert asked is None or asked > self.now, "asks to be woken at once for ever"
        self.now = second
        self.orders = orders
        return orders

    def passes(self, seconds: float) -> list[Order]:
        return self.until(self.now + seconds)

    def offer(
        self,
        precedence: Precedence | None = Precedence.ROUTINE,
        *,
        source: str = OFFICER,
        user: str = "desk",
        required: bool = False,
    ) -> str:
        """An INVITE; the leg it became, or "" if it was refused."""
        number = next(self._numbers)
        self.edge.tickets.add(number)
        self.happens(ev.CallerOffered(number, f"c{number}", source, user, f"id-{number}", precedence, required))
        assert number not in self.edge.tickets
        return next((order.leg for order in self.orders if isinstance(order, ev.Admitted)), "")

    def caller(self, precedence: Precedence = Precedence.ROUTINE) -> str:
        """A party calls and is connected to the desk's machine."""
        leg = self.offer(precedence)
        before = self.orders
        self.orders = before + self.happens(ev.LegConfirmed(leg))
        return leg

    def operator(self, source: str = HANDSET_A) -> str:
        """An operator lifts and calls the desk."""
        leg = self.offer(source=source)
        before = self.orders
        self.orders = before + self.happens(ev.LegConfirmed(leg))
        return leg

    def rings(self, leg: str) -> list[Order]:
        return self.happens(ev.LegAlerted(leg, 180))

    def lifts(self, leg: str) -> list[Order]:
        return self.happens(ev.LegConfirmed(leg))

    def leaves(self, leg: str, status: int = 200) -> list[Order]:
        return self.happens(ev.LegReleased(leg, status))

    def hears(self, leg: str) -> list[Order]:
        """The announcement that the leg is hearing is over."""
        return self.happens(ev.AnnouncementOver(leg, self.edge.announced[leg].pop(0)))

    def hears_all(self, leg: str) -> None:
        while self.edge.announced.get(leg):
            self.hears(leg)

    def command(self, name: str, *, id: str = "", **fields: str) -> dict[str, Value]:
        """A command of the desk; its answer from the journal."""
        number = next(self._numbers)
        self.happens(ev.Commanded(id or f"id-{number}", name, f"c{number}", fields))
        answers = [order for order in self.written("CommandAnswered")]
        return dict(answers[0]) if answers else {}

    # -- what came of it -------------------------------------------------------------------------------------------

    def written(self, kind: str) -> list[Fields]:
        """Entries of one kind in the last step."""
        return [order.data for order in self.orders if isinstance(order, Write) and order.kind == kind]

    def ever(self, kind: str, **fields: Value) -> list[Fields]:
        """Entries of one kind since the beginning, with these fields."""
        every = [entry.data for entry in self.entries if entry.kind == kind]
        return [data for data in every if all(data.get(key) == value for key, value in fields.items())]

    def ordered(self, kind: type[Order]) -> list[Order]:
        """Orders of one kind in the last step."""
        return [order for order in self.orders if isinstance(order, kind)]

    @property
    def dialled(self) -> list[str]:
        """Legs dialled in the last step."""
        return [str(data["leg"]) for data in self.written("Dialled")]

    def outcome(self, leg: str) -> str:
        (ended,) = self.ever("LegEnded", leg=leg)
        return str(ended["outcome"])

    def outcome_is_open(self, leg: str) -> bool:
        return not self.ever("LegEnded", leg=leg)

    def _took(self, orders: list[Order]) -> list[Order]:
        self.edge.take(orders)
        self.orders = orders
        self.entries += [order for order in orders if isinstance(order, Write)]
        assert set(self.edge.legs) == {leg for leg in self.edge.legs if leg in self.board.switch.book}
        return orders
