"""Positions found in texts of three languages, which of them are one point, and whose they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.dialplan_messages import Locked
from bridge.relay.positions import Form
from bridge.relay.sightings import Sighting, sightings
from tests.relay.relay_samples import TEXTS

pytestmark = pytest.mark.pure

BLUE = Locked(id="blue", kind="object", en=["Ocean Blue"], ar=["أوشن بلو"], fa=["اوشن بلو"])
LARAK = Locked(id="larak", kind="place", en=["Larak"], ar=["لارك"], fa=["لارک"])
HERE = (25_575_000, 56_205_000)


def seen(text: str, language: str = "en") -> list[Sighting]:
    found = sightings(text, language, (BLUE, LARAK))
    assert all(text[slice(*one.chars)].startswith(one.forms[0]) for one in found)
    return found


def points(found: list[Sighting]) -> list[tuple[int, int] | None]:
    seen = (one.position for one in found)
    return [None if one is None else (one.latitude_udeg, one.longitude_udeg) for one in seen]


@pytest.mark.parametrize(
    ("text", "language", "form"),
    [
        ("At 25-34.5N 056-12.3E, course 140.", "en", "25-34.5N 056-12.3E"),
        ("At 25°34'30\"N, 056°12'18\"E.", "en", "25°34'30\"N, 056°12'18\"E"),
        ("At N25.5750 E056.2050.", "en", "N25.5750 E056.2050"),
        ("Course 140 25-34.5N 056-12.3E", "en", "25-34.5N 056-12.3E"),
        (
            "At 25 degrees 34.5 minutes north and 56 degrees 12.3 minutes east.",
            "en",
            "25 degrees 34.5 minutes north and 56 degrees 12.3 minutes east",
        ),
        (
            "در 25 درجه و 34.5 دقیقه شمالی و 56 درجه و 12.3 دقیقه شرقی است",
            "fa",
            "25 درجه و 34.5 دقیقه شمالی و 56 درجه و 12.3 دقیقه شرقی",
        ),
        (
            "في 25 درجة و34.5 دقيقة شمالاً و56 درجة و12.3 دقيقة شرقاً.",
            "ar",
            "25 درجة و34.5 دقيقة شمالاً و56 درجة و12.3 دقيقة شرقاً",
        ),
        ("در 25.5750N 056.2050E است", "fa", "25.5750N 056.2050E"),
    ],
)
def test_one_point(text: str, language: str, form: str) -> None:
    """In figures or with the words of the language; what stands beside it is left out."""
    (found,) = seen(text, language)
    assert (found.forms, found.problem, points([found])) == ((form,), "", [HERE])


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
def test_the_usual_message(language: str) -> None:
    """Numbers, courses and times of a message are no positions."""
    assert points(seen(TEXTS[language], language)) == [HERE]


@pytest.mark.parametrize("text", ["", "Course 140, speed 9 knots.", "From N to E 9.", "1430Z 25N", "25-34.5N only."])
def test_no_position(text: str) -> None:
    """One coordinate is no position, nor are two numbers without letters."""
    assert seen(text) == []


@pytest.mark.parametrize(
    "text", ["At 40R DP 20152 28858.", "At 40RDP2015228858, course 140.", "At 40R 420152 2828858."]
)
def test_a_grid_reference_is_a_position(text: str) -> None:
    """Of either kind, and to the metre; a square that is not there says so."""
    (found,) = seen(text)
    assert found.position is not None and abs(found.position.latitude_udeg - HERE[0]) < 12
    (wrong,) = seen(text.replace("40R", "40Q"))
    assert wrong.position is None and "band Q" in wrong.problem


def test_an_unknown_language_has_none() -> None:
    """Nothing is guessed in a language without tables."""
    assert sightings("25-34.5N 056-12.3E", "de") == []


def test_what_cannot_be_is_said() -> None:
    """Sixty-four minutes: shown with the reason, not passed over."""
    (found,) = seen("At 25-64.5N 056-12.3E.")
    assert found.position is None and "out of range" in found.problem


@pytest.mark.parametrize(
    ("text", "forms", "agrees"),
    [
        ("At 25-34.5N 056-12.3E, that is 25.5750N 056.2050E.", [2], True),
        ("At 25-34.5N 056-12.3E (25.5785N 056.2050E).", [2], False),
        ("در 25-34.5N 056-12.3E یعنی 25.5750N 056.2050E", [2], True),
        ("At 25-34.5N 056-12.3E, grid 40R DP 20152 28858.", [2], True),
        ("At 40RDP2115228858 or 25-34.5N 056-12.3E.", [2], False),
        ("At 40R 420153 2828858, MGRS 40R DP 20152 28858.", [2], False),
        ("در 40R DP 20152 28858 یعنی 25-34.5N 056-12.3E", [2], True),
        ("From 25-34.5N 056-12.3E to 25.9000N 056.2050E.", [1, 1], None),
        ("At 25-34.5N 056-12.3E, 25-35.5N 056-12.3E.", [1, 1], None),
    ],
)
def test_two_forms_of_one_point(text: str, forms: list[int], agrees: bool | None) -> None:
    """Side by side in two forms they must agree; another word between, or the same form, makes two points."""
    found = seen(text, "fa" if "در" in text else "en")
    assert [len(one.forms) for one in found] == forms
    assert [one.agreement and one.agreement.agrees for one in found] == [agrees] * len(forms)


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("The tanker Ocean Blue is at 25-34.5N 056-12.3E.", "en", "Ocean Blue"),
        ("شناور اوشن بلو در 25-34.5N 056-12.3E است", "fa", "Ocean Blue"),
        ("السفينة أوشن بلو في 25-34.5N 056-12.3E", "ar", "Ocean Blue"),
        ("The tanker Green Star is at 25-34.5N 056-12.3E.", "en", "Green Star"),
        ("Unit QX-33 at 25-34.5N 056-12.3E.", "en", "QX-33"),
        ("At 25-34.5N 056-12.3E is Ocean Blue.", "en", "Ocean Blue"),
        ("Two Iranian boats at 25-34.5N 056-12.3E.", "en", ""),
        ("Near Larak at 25-34.5N 056-12.3E.", "en", ""),
        ("Ocean Blue sails. One boat at 25-34.5N 056-12.3E.", "en", ""),
        ("Going from N25.5750 E056.2050 to 25-34.5N 056-12.3E.", "en", ""),
        ("EXERCISE EXERCISE EXERCISE The Ocean Blue is at 25-34.5N 056-12.3E.", "en", "Ocean Blue"),
    ],
)
def test_whose_position_it_is(text: str, language: str, name: str) -> None:
    """A fixed name by its one name, a call-sign, a vessel; never a place, a people or another sentence's name."""
    assert {one.name for one in seen(text, language)} == {name}


@given(st.text(alphabet="0123456789 .°'\"-,NSEWnorth در شمالی و", max_size=80), st.sampled_from(["en", "ar", "fa"]))
def test_strange_texts(text: str, language: str) -> None:
    """Any text gives places inside it, in order, and no error."""
    found = sightings(text, language, (BLUE,))
    assert all(0 <= one.chars[0] < one.chars[1] <= len(text) for one in found)
    assert [one.chars for one in found] == sorted(one.chars for one in found)
    assert all((one.position is None) == bool(one.problem) for one in found)
    assert all(one.position is None or one.position.form in Form for one in found)
