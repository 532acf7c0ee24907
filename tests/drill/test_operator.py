"""What the scripted operator does with what the screen shows; the sentences of the exercises against the comparison."""

from __future__ import annotations

import pytest

from bridge.drill.operator import (
    MARKS,
    Ears,
    Next,
    at_the_end,
    corrected,
    first_wrong,
    raw_draft,
    unheard,
    while_saying,
)
from bridge.drill.relay_script import FORGOTTEN, RELAY_SCENARIOS, RelayScenario, first_difference, phrases
from bridge.drill.view import Difference, View
from bridge.relay.fidelity import Verdict, compare
from bridge.relay.sealed_text import EXERCISE_MARKS, compose, require

pytestmark = pytest.mark.pure
VOICE = phrases()
WRITTEN = ("Our tanker has no engine at 26 degrees north.", "The repair team will arrive at 1430 hours today.")


def view(match: str, part: str = "relay") -> View:
    return View("relaying", matches={part: match} if match else {}, part=part)


@pytest.mark.parametrize(
    ("match", "wrong", "expected"),
    [
        ("", True, Next.GO_ON),
        ("verbatim", True, Next.GO_ON),
        ("equivalent", False, Next.GO_ON),
        ("check", False, Next.GO_ON),
        ("check", True, Next.CORRECT),
        ("altered", True, Next.CORRECT),
        ("altered", False, Next.WAIT),
    ],
)
def test_between_two_sentences(match: str, wrong: bool, expected: Next) -> None:
    """What the screen does not show the operator does not correct, though he said it wrongly."""
    assert while_saying(view(match), "relay", Ears(wrong)) is expected


@pytest.mark.parametrize(
    ("match", "wrong", "waited", "expected"),
    [
        ("verbatim", False, False, Next.GO_ON),
        ("equivalent", False, True, Next.GO_ON),
        ("check", False, False, Next.JUDGE),
        ("check", True, False, Next.CORRECT),
        ("altered", True, False, Next.CORRECT),
        ("altered", False, False, Next.WAIT),
        ("altered", False, True, Next.SAY_AGAIN),
        ("", False, False, Next.WAIT),
    ],
)
def test_at_the_end_of_a_part(match: str, wrong: bool, waited: bool, expected: Next) -> None:
    """An ear decides only where the machine doubts; an alteration that nobody said is said again."""
    assert at_the_end(view(match), "relay", Ears(wrong), waited=waited) is expected


def test_a_verdict_of_another_part_is_none() -> None:
    """The read-back's verdict says nothing about the relay."""
    assert while_saying(view("altered", "read-back"), "relay", Ears(True)) is Next.GO_ON


def difference(sealed_from: int, certain: bool = True) -> Difference:
    return Difference("number", "1430", "1630", sealed_from, certain)


def test_the_sentence_that_the_screen_points_at() -> None:
    """By the place in the sealed text, marks counted; the certain difference before the doubtful one."""
    first = len(WRITTEN[0].split())
    assert first_wrong([difference(MARKS)], WRITTEN) == 0
    assert first_wrong([difference(MARKS + first - 1)], WRITTEN) == 0
    assert first_wrong([difference(MARKS + first)], WRITTEN) == 1
    assert first_wrong([difference(0, certain=False), difference(MARKS + first)], WRITTEN) == 1
    assert first_wrong([difference(99)], WRITTEN) == 1
    assert first_wrong([], WRITTEN) == 1


@pytest.mark.parametrize(
    ("finals", "expected"),
    [
        (["Exercise, exercise, exercise. Our tanker"], "Our tanker"),
        (["exercise. Exercise!", "Exercise - our tanker."], "- our tanker."),
        (["Our exercise"], "Our exercise"),
        ([], ""),
    ],
)
def test_the_machines_text_as_first_draft(finals: list[str], expected: str) -> None:
    """The marks go, because the desk sets its own; nothing else is touched."""
    assert raw_draft(finals) == expected


def test_only_what_was_misheard_is_written_anew() -> None:
    """Other forms of the same are the same; another number, or nothing at all, is not."""
    heard = ["Exercise, exercise, exercise. Our tanker has no engine at two-six degrees north.", "The repair team"]
    assert corrected([*heard, "will arrive at 1-4-3-0 hours today."], WRITTEN, "en") == ()
    assert corrected([*heard, "will arrive at 1630 hours today."], WRITTEN, "en") == WRITTEN[1:]
    assert corrected([], WRITTEN, "en") == WRITTEN


@pytest.mark.parametrize("scenario", RELAY_SCENARIOS.values(), ids=str)
def test_every_sentence_is_there_in_every_voice(scenario: RelayScenario) -> None:
    """Nobody is to say what was never spoken, and what is written can be sealed."""
    tail = "" if scenario.spoken == "en" else f"-{scenario.spoken}"
    for statement in filter(None, (scenario.statement, scenario.second)):
        for key in statement.keys:
            assert {f"operator-{key}", f"operator-{key}{tail}", f"officer-{key}{tail}"} <= VOICE.keys()
            written = VOICE[f"operator-{key}"].written
            require(compose(written, "en", True), "en")
            assert compose(written, "en") == written
    for who, instead in (("operator", scenario.operator_says), ("officer", scenario.officer_says)):
        for key, wrong in instead.items():
            assert key in scenario.statement.keys
            assert wrong == FORGOTTEN or VOICE[f"{who}-{wrong}"].of == key


def sealed(scenario: RelayScenario) -> str:
    return compose(" ".join(VOICE[f"operator-{key}"].written for key in scenario.statement.keys), "en", True)


def said(scenario: RelayScenario, who: str, instead: dict[str, str]) -> str:
    keys = [instead.get(key, key) for key in scenario.statement.keys]
    return " ".join(VOICE[f"{who}-{key}"].text for key in keys if key != FORGOTTEN)


@pytest.mark.parametrize("scenario", [one for one in RELAY_SCENARIOS.values() if one.spoken == "en"], ids=str)
def test_what_is_planted_is_what_the_comparison_calls_it(scenario: RelayScenario) -> None:
    """Perfectly heard: as sealed where nothing was planted, and a difference of the expected class where it was."""
    for part, who, instead in (
        ("relay", "operator", scenario.operator_says),
        ("read-back", "officer", scenario.officer_says),
    ):
        found = compare(sealed(scenario), said(scenario, who, dict(instead)), "en", "en")
        classes = [kinds for place, kinds in scenario.catches if place == part]
        assert bool(classes) == bool(instead)
        if classes:
            assert found.verdict is Verdict.ALTERED
            assert {finding.kind for finding in found.findings} & classes[0]
        else:
            assert found.verdict in (Verdict.VERBATIM, Verdict.EQUIVALENT)


def test_correction_and_cancellation_are_what_they_say() -> None:
    """Later messages perfectly heard are as sealed, too, and begin with the marks."""
    for scenario in RELAY_SCENARIOS.values():
        for key in scenario.second.keys if scenario.second else ():
            phrase = VOICE[f"operator-{key}"]
            text = compose(phrase.written, "en", True)
            heard = phrase.text if phrase.text.startswith("Exercise") else f"{EXERCISE_MARKS['en']} {phrase.text}"
            assert compare(text, heard, "en", "en").verdict in (Verdict.VERBATIM, Verdict.EQUIVALENT)


def test_what_no_recogniser_hears_is_typed_and_told() -> None:
    """The verdict on the typed translation, a difference in it, and always what a machine cannot check there."""
    keys = ("engine", "arrival", "escort")
    written = [VOICE[f"operator-{key}"].written for key in keys]
    said = [VOICE[f"operator-{key}-fa"] for key in keys]
    told = unheard(written, said)
    assert told.startswith("typed from the audio in fa: equivalent, no difference; not checked by the machine: ")
    assert "wording" in told
    changed = [written[0], written[1].replace("1430", "1630"), written[2]]
    assert "fa: equivalent" not in unheard(changed, said)


def test_the_moment_at_which_it_went_wrong() -> None:
    """The end of the first word that differs; a word left out shows at the word that is said in its place."""
    for wrong, right, word in (
        ("operator-arrival-wrong", "operator-arrival", "six"),
        ("operator-escort-wrong", "operator-escort", "enter"),
    ):
        spoken = next(one for one in VOICE[wrong].words if one.word == word)
        assert first_difference(VOICE[wrong], VOICE[right]) == spoken.to_sample
