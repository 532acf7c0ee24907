"""What a recogniser's hearing and writing explain, and what they never do. The heard texts are real ones."""

from __future__ import annotations

import pytest

from bridge.relay.fidelity import Verdict, fuse, hear
from bridge.relay.misheard import as_said, is_same_value
from bridge.relay.sound import LONGEST_SOUNDS, likeness, sounds

pytestmark = pytest.mark.pure

QUIET, FLAGGED = (Verdict.VERBATIM, Verdict.EQUIVALENT), (Verdict.CHECK, Verdict.ALTERED)

EXPLAINED = [
    ("The tanker passes Khasab tonight.", "the tanker passes cossab tonight"),
    ("He waits at the port of Fujairah.", "he waits at the port of Fugere"),
    ("If your forces find it, do not open it.", "if your force is find it do not open it"),
    ("An aircraft of ours flies along the coast.", "an aircraft of our supplies along the coast"),
    ("Channel 16 stays open.", "channel one six days open"),
    ("We leave at 0615Z.", "we leave at 6.15 Zulu"),
    ("We leave at 0930Z.", "we leave at 0.0930 Zulu"),
    ("We leave at 0852Z.", "we leave at 0.85.2 Zulu"),
    ("We leave at 0720Z.", "we leave at 07200"),
    ("We leave at 1430Z.", "we leave at one four three zero zero"),
    ("We leave at 1430Z with both tugs.", "we leave at one four three zero salute with both tugs"),
    ("Radio channel 16 stays open.", "ready though channel one six stays open"),
]
STANDING = [
    ("The tanker passes Khasab tonight.", "the tanker passes sohar tonight"),
    ("We turn at 15 miles.", "we turn at fifty miles"),
    ("It is unarmed and stays.", "it is armed and stays"),
    ("Our crews can fly.", "our crews can't fly"),
    ("Our boats stay near.", "your boats stay near"),
    ("Wait until our divers report.", "wait after our divers report"),
    ("The post on the hill of Sangan burns at 0247Z.", "the post on the hill burns at two forty seven zulu"),
    ("We leave at 0930Z.", "we leave at 9.45 Zulu"),
    ("Hold 12 miles off.", "hold 1.2 miles off"),
    ("Hold 1.2 miles off.", "hold 12 miles off"),
    ("Your team may land.", "your team must land"),
    ("A pilot of yours landed at noon.", "a pile of the vast landed at noon"),
    ("It is closed from 0600Z today.", "it is closed from six-tenths today"),
    ("Stay east of Jask.", "stay west of Jask"),
]


@pytest.mark.parametrize(("sealed", "heard"), EXPLAINED)
def test_a_mishearing_is_explained(sealed: str, heard: str) -> None:
    """Words that sound like the sealed ones, and figures as recognisers write them, raise nothing."""
    result = hear(sealed, heard, "en", "en")
    assert result.verdict in QUIET, result.findings


@pytest.mark.parametrize(("sealed", "heard"), STANDING)
def test_a_fact_is_never_explained_away(sealed: str, heard: str) -> None:
    """However alike they sound, and however they are written: by one recogniser and by two that agree."""
    for result in (hear(sealed, heard, "en", "en"), fuse(sealed, [heard, heard], "en", "en")):
        assert result.verdict in FLAGGED, result


OTHER_WORDS = [
    ("The boat was destroyed at dawn.", "the boat was deployed at dawn"),
    ("The missile is near the pier.", "the vessel is near the pier"),
    ("The escort was departed by noon.", "the escort was reported by noon"),
    ("No boarding is intended.", "no landing is intended"),
    ("Our boats are fishing off Jask.", "our boats are firing off jask"),
]


@pytest.mark.parametrize(("sealed", "heard"), OTHER_WORDS)
def test_another_word_that_sounds_alike(sealed: str, heard: str) -> None:
    """Two recognisers that write the same other word: it was perhaps said. Where they differ, it was misheard."""
    assert fuse(sealed, [heard, heard], "en", "en").verdict in FLAGGED
    assert fuse(sealed, [heard, sealed], "en", "en").verdict in QUIET


@pytest.mark.parametrize(
    ("sealed", "heard"),
    [("Two men are wounded.", "two men are winded"), ("Ships keep out.", "chips keep out"), *EXPLAINED[:3]],
)
def test_the_same_sounds_are_no_other_word(sealed: str, heard: str) -> None:
    """Nor is a word that nobody of the field would say."""
    assert fuse(sealed, [heard, heard], "en", "en").verdict in QUIET


@pytest.mark.parametrize(
    ("sealed", "heard", "other"),
    [
        ("It drifts 18 miles off Qeshm.", "it drifts eighty miles off Qeshm", "it drifts 80 miles off Kesham"),
        ("Craft 417 came near.", "craft were one-seven came near", "craft floor, 1-7 came near"),
        ("It takes 2 hours.", "it takes four, like that two hours", "it takes four. Like that, two hours"),
        ("He followed flight EK-46 home.", "he followed flight at four-sixth home", "he followed flight 846 home"),
    ],
)
def test_a_number_that_both_misheard_is_doubtful(sealed: str, heard: str, other: str) -> None:
    """A figure that went under in a word, a teen for a ten, a correction or a call sign half heard: said again."""
    assert fuse(sealed, [heard, other], "en", "en").verdict is Verdict.CHECK


def test_a_time_that_both_heard_changed_is_altered() -> None:
    """One writes figures and the other words, and both write hours behind."""
    sealed, figures = "They arrive at 1430 hours today.", "they arrive at 1630 hours today"
    words = "they arrive at one six three zero hours today"
    assert fuse(sealed, [figures, words], "en", "en").verdict is Verdict.ALTERED
    assert fuse(sealed, [figures, words.replace("hours", "miles")], "en", "en").verdict is Verdict.CHECK


@pytest.mark.parametrize(
    ("sealed", "heard"),
    [
        ("Craft 417 came near.", "craft one seven came near"),
        ("It takes 2 hours.", "it takes four hours"),
        ("He followed flight EK-46 home.", "he followed flight echo kilo four seven home"),
        ("It drifts 18 miles off Qeshm.", "it drifts eighty one miles off qeshm"),
    ],
)
def test_a_number_that_was_changed_is_altered(sealed: str, heard: str) -> None:
    """Nothing odd beside it: it was said so."""
    assert fuse(sealed, [heard, heard], "en", "en").verdict is Verdict.ALTERED


def test_what_may_be_misheard_is_doubtful() -> None:
    """A plain word heard as a negation, and a correction whose announcement was lost: check, not altered."""
    for sealed, heard in (
        ("A wooden boat is sinking.", "a wouldn't boat is sinking"),
        ("He ordered a tanker to stop.", "he in order to tank or to stop"),
        ("About 40 boats cross the lane.", "about forty eight I'm a spoke forty boats cross the lane"),
    ):
        assert hear(sealed, heard, "en", "en").verdict is Verdict.CHECK


def test_two_say_the_same_in_other_figures() -> None:
    """Both heard the same other time, one in words: altered."""
    heard = ["we leave at six twenty five zulu", "we leave at 6.25 Zulu"]
    assert fuse("We leave at 0615Z.", heard, "en", "en").verdict is Verdict.ALTERED
    assert is_same_value("six twenty five", "6-25") and is_same_value("Bandar", "bandar.")
    assert not is_same_value("six twenty five", "6-15")


def test_an_added_word_between_other_words() -> None:
    """Two recognisers put an added word at neighbouring places: it is the same word."""
    heard = ["the crew is probably safe here", "the crew probably is safe here"]
    assert fuse("The crew is safe here.", heard, "en", "en").verdict in FLAGGED


def test_added_words_that_are_not_the_same() -> None:
    """Two different noises at one place were not said; the same word, written otherwise, was."""
    for first, second, flagged in (("boat", "kitchen", False), ("reportedly", "report lee", True)):
        heard = [f"the crew is {first} safe here", f"the crew is {second} safe here"]
        result = fuse("The crew is safe here.", heard, "en", "en")
        assert (result.verdict in FLAGGED) is flagged, result


@pytest.mark.parametrize(
    ("sealed", "heard", "said"),
    [
        ("At 0615Z.", "at 6.15 Zulu", "at 6-15 Zulu"),
        ("At 0615Z.", "at 6.15Zulu.", "at 6-15Zulu."),
        ("At 0615Z.", "at 0.0615.", "at 0615."),
        ("At 1540Z.", "at 1.5.40 hours", "at 1-5-40 hours"),
        ("Pay 2500 now.", "pay 2,500 now", "pay 2,500 now"),
        ("Hold 12.", "hold 1.2", "hold 1.2"),
        ("Use 119.5 now.", "use 119.5 Zulu", "use 119.5 Zulu"),
    ],
)
def test_points_that_nobody_said(sealed: str, heard: str, said: str) -> None:
    """Only where the sealed text has none and a time is meant; words keep their places."""
    assert as_said(sealed, heard, "en") == said
    assert as_said(sealed, heard, "fa") == heard


def test_sounds_and_likeness() -> None:
    """The same sounds from other letters; each word has the share of its sounds that the other text has."""
    assert sounds("Khasab") == sounds("cossab")
    assert sounds("25") == sounds("twenty") + sounds("five")
    assert sounds("0930") == sounds("zero") + sounds("nine") + sounds("three") + sounds("zero")
    same = likeness("keep your boats away", "keep your boats away")
    assert same.sealed == (1.0,) * 4 and same.heard == (1.0,) * 4
    other = likeness("we pass Khasab", "we pass Minab tonight")
    assert other.of_sealed(0, 2) == 1.0 and other.of_sealed(2, 3) < 0.6 and other.of_heard(3, 4) == 0.0
    assert other.of_sealed(1, 1) == 1.0
    long = likeness("seven " * LONGEST_SOUNDS, "seven")
    assert set(long.sealed) == {0.0} and long.heard == (0.0,)
