"""What an act leaves to the parties' lists: a title of rank becomes its code, the name of a coded text its wording.

Pure. It also holds a coded message to its list: what is read back and sealed under a number is what was agreed as it.
"""

from __future__ import annotations

import dataclasses

from bridge.base.text import fold
from bridge.desk.acts import Act, ActError
from bridge.relay import events as ev
from bridge.relay.agreed import Agreed
from bridge.relay.coded import CodedError
from bridge.relay.events import HeaderField
from bridge.relay.message import NONE
from bridge.relay.ranks import CODES, codes_of
from bridge.relay.records import Record
from bridge.relay.replay import Machine
from bridge.relay.sealed_text import NOT_STATED, compose
from bridge.relay.taking import Taking


def filled(act: Act, agreed: Agreed, machine: Machine | None) -> Act:
    """The act with what its lists say.

    Raises:
        ActError: a title that stands in no table or means several codes (`rank`), a text that was not agreed (`coded`).
    """
    match act.name, act.fields:
        case "HeaderStated", {"field": HeaderField.RANK.value, "value": str(title)}:
            return dataclasses.replace(act, fields={**act.fields, "value": _rank(title, agreed)})
        case "HeaderStated", {"field": HeaderField.CODED.value, "value": str(name)} if name != NONE:
            _wording(name, "en", agreed)
        case "Edited", {"coded": str(name), **rest} if not rest:
            language = machine.opened.language if isinstance(machine, Taking) and machine.opened else "en"
            return dataclasses.replace(act, fields={"text": _wording(name, language, agreed)})
    return act


def _rank(title: str, agreed: Agreed) -> str:
    if title == NOT_STATED:
        return title
    codes = codes_of(title, agreed.ranks)
    if len(codes) == 1:
        return codes[0]
    if not codes:
        expected = f"expected {CODES[0]} to {CODES[-1]}, {NOT_STATED} or a title of the dialplan's tables"
        raise ActError("rank", f"{title[:40]!r} stands in no table of ranks; {expected}")
    says = (
        f"{code} by {name}"
        for name, table in agreed.ranks.items()
        for other, code in table.items()
        if fold(other) == fold(title)
    )
    raise ActError("rank", f"{title[:40]!r} is {', '.join(says)}; state the code")


def _wording(name: str, language: str, agreed: Agreed) -> str:
    try:
        return agreed.coded.find(name).wording(language).text
    except CodedError as error:
        raise ActError("coded", str(error)) from error


def check_coded(record: Record, machine: Machine | None, agreed: Agreed) -> None:
    """Hold a message that names a coded text to that text, before it is read back and before it is sealed.

    Raises:
        ActError: it does not say what was agreed (`coded`).
    """
    if not isinstance(record.event, ev.ReadBackStarted | ev.SealOrdered) or not isinstance(machine, Taking):
        return
    name = machine.header.get(HeaderField.CODED, NONE)
    if name == NONE or machine.opened is None:
        return
    opened = machine.opened
    if machine.text != compose(_wording(name, opened.language, agreed), opened.language, opened.exercise):
        raise ActError("coded", f"the draft does not say what was agreed as {name}")
