"""Which alarms stand: each is cleared once, and at the latest when the leg or call that it speaks of has ended.

It raises nothing itself. An alarm that no entry clears would stand on the desk's screen for ever.
"""

from __future__ import annotations

from bridge.lines.events import Order, Write

_OUTLIVES_ITS_CALL = "no-operator"
"""It says why a call ended: it stands until an operator is there."""
_Key = tuple[str, str, str]


class Standing:
    """Owned by the board."""

    def __init__(self) -> None:
        self._alarms: dict[_Key, None] = {}

    def settle(self, orders: list[Order]) -> list[Order]:
        """The same orders; clearings of alarms that do not stand left out, those of ended legs and calls put in."""
        settled: list[Order] = []
        for order in orders:
            if not isinstance(order, Write) or order.kind not in (
                "AlarmRaised",
                "AlarmCleared",
                "LegEnded",
                "CallEnded",
            ):
                settled.append(order)
                continue
            alarm, call, leg = (str(order.data.get(name, "")) for name in ("alarm", "call", "leg"))
            match order.kind:
                case "AlarmRaised":
                    self._alarms[alarm, call, leg] = None
                    settled.append(order)
                case "AlarmCleared":
                    settled += self._clear([(alarm, call, leg)])
                case "LegEnded":
                    settled += [order, *self._clear([key for key in self._alarms if key[2] == leg])]
                case _:
                    gone = [key for key in self._alarms if key[1] == call and key[0] != _OUTLIVES_ITS_CALL]
                    settled += [order, *self._clear(gone)]
        return settled

    def operator_came(self) -> list[Order]:
        """Orders for `settle`: what stood until an operator is there."""
        return [_cleared(key) for key in self._alarms if key[0] == _OUTLIVES_ITS_CALL]

    def _clear(self, keys: list[_Key]) -> list[Order]:
        cleared: list[Order] = []
        for key in keys:
            if key in self._alarms:
                del self._alarms[key]
                cleared.append(_cleared(key))
        return cleared


def _cleared(key: _Key) -> Order:
    return Write("AlarmCleared", {"alarm": key[0], "call": key[1], "leg": key[2]})
