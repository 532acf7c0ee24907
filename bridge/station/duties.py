"""The duty log as it is written: a person's entry, checked against the duty's rules, once under its id."""

from __future__ import annotations

from bridge.base.wire import Fields, Value
from bridge.desk.acts import ActError
from bridge.station.relaying import Relaying


def enter_duty(relaying: Relaying, kind: str, act: Fields, given: Fields) -> int:
    """Enter it; the number of the entry.

    Args:
        act: `id`, `person`, `role` and `console`.
        given: the fields as the person gave them.

    Raises:
        DutyError: not now, or not in this form.
        ActError: the id stands for another entry.
        StorageError: whether it reached the disk is unknown.
    """
    known = relaying.noted.get(str(act["id"]))
    if known is not None:
        if known[1:] != (kind, given):
            raise ActError("id-taken", "another entry has this id; nothing was changed")
        return known[0]
    unfinished = [name for name, one in relaying.relay.machines.items() if one.state.value != "closed"]
    relaying.duty.check(kind, str(act["person"]), given, unfinished)
    extra: dict[str, Value] = {}
    if kind == "HandoverGiven":
        late = [name for name in unfinished if "RaiseOverdue" in relaying.shown.get(name, {})]
        extra = {"open": list(unfinished), "overdue": list(late)}
    return relaying.note(kind, {**act, "given": dict(given), **given, **extra})
