"""Fixed names: found in the three languages, one spelling for another, and missed across languages."""

from __future__ import annotations

import pytest

from bridge.base.dialplan_messages import Locked
from bridge.relay.locked import as_sealed, find, missed

pytestmark = pytest.mark.pure

BLUE = Locked(id="blue", kind="object", en=["Ocean Blue", "Ocean"], ar=["أوشن بلو"], fa=["اوشن بلو"])
STAR = Locked(id="star", kind="object", en=["Green Star"], ar=["غرين ستار"], fa=["گرین استار"])
LARAK = Locked(id="larak", kind="place", en=["Larak", "Larak Island"], ar=["لارك"], fa=["لارک"])
STAFF = Locked(id="staff", kind="term", en=["General Staff"], ar=["هيئة الأركان"], fa=["ستاد کل"])
ALL = (BLUE, STAR, LARAK, STAFF)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ('"Ocean Blue", near Larak Island.', "en", [("blue", "Ocean Blue", (0, 2)), ("larak", "Larak Island", (3, 5))]),
        ("the ocean is blue", "en", [("blue", "ocean", (1, 2))]),
        ("ستمر أوشن بلو بلارك", "ar", [("blue", "أوشن بلو", (1, 3)), ("larak", "بلارك", (3, 4))]),
        ("بلارك وهيئة الأركان", "ar", [("larak", "بلارك", (0, 1)), ("staff", "وهيئة الأركان", (1, 3))]),
        ("اوشن‌بلو از لارک", "fa", [("larak", "لارک", (2, 3))]),
        ("اوشن بلو از لارك", "fa", [("blue", "اوشن بلو", (0, 2)), ("larak", "لارك", (3, 4))]),
        ("Larak", "ar", []),
        ("", "en", []),
    ],
)
def test_names_are_found(text: str, language: str, found: list[tuple[str, str, tuple[int, int]]]) -> None:
    """Whole words, the longest, in any case and with a neighbour's letters; particles are looked through."""
    assert [(one.locked.id, one.spelling, one.words) for one in find(text, (language,), ALL)] == found


def test_another_spelling_is_the_sealed_one() -> None:
    """Only names of the sealed text are replaced; everything else is left as it was heard."""
    sealed = "Ocean Blue passes Larak."
    assert as_sealed(sealed, "ocean passes larak island at nine", "en", ALL) == "Ocean Blue passes Larak at nine"
    assert as_sealed(sealed, "green star passes larak", "en", ALL) == "green star passes larak"
    assert as_sealed("No name.", "larak island", "en", ALL) == "larak island"
    code = Locked(id="code", kind="code", en=["GULF"], ar=["غلف", "جلف"], fa=["گلف"])
    assert as_sealed("GULF 1 2, توقف", "گلف یک دو توقف", "fa", (code,)) == "GULF یک دو توقف"
    assert missed("GULF 1 2", ["جلف واحد اثنان"], ("en", "ar"), (code,), complete=True) == []
    assert missed("The Gulf.", ["آب"], ("en", "fa"), (code,), complete=True) == []


@pytest.mark.parametrize(
    ("heard", "complete", "found"),
    [
        (["اوشن بلو از لارک می‌گذرد"], True, []),
        (["ocean blue از لارک می‌گذرد"], True, []),
        (["شناوری از لارک می‌گذرد"], True, [("Ocean Blue", "", False)]),
        (["شناوری از لارک می‌گذرد"], False, []),
        (["شناوری از لارک", "اوشن بلو از لارک"], True, []),
        (["گرین استار از لارک"], False, [("Ocean Blue", "گرین استار", True)]),
        (["گرین استار از لارک", "شناوری از لارک"], True, [("Ocean Blue", "گرین استار", False)]),
        (["ستاد کل"], True, [("Ocean Blue", "", False), ("Larak", "", False)]),
    ],
)
def test_missed_across_languages(heard: list[str], complete: bool, found: list[tuple[str, str, bool]]) -> None:
    """Nothing like it: a person listens. Another of its kind, by every recogniser: altered. Still being said: wait."""
    got = missed("Ocean Blue passes Larak.", heard, ("en", "fa"), ALL, complete=complete)
    assert [(one.sealed, one.heard, one.certain) for one in got] == found
    assert all(one.kind == "name" and one.sealed_span in ((0, 2), (3, 4)) for one in got)
