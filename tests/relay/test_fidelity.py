"""The comparison of sealed and heard texts in one language: what is quiet and what is not."""

from __future__ import annotations

import pytest

from bridge.relay.fidelity import Names, Verdict, compare, fuse

pytestmark = pytest.mark.pure

QUIET, FLAGGED = (Verdict.VERBATIM, Verdict.EQUIVALENT), (Verdict.CHECK, Verdict.ALTERED)

FAITHFUL = [
    ("en", "Our tug leaves at 1305Z.", "our tug leaves at thirteen oh five zulu"),
    ("en", "Our tug leaves at 1305Z.", "our tug leaves at one tree zero fife zulu"),
    ("en", "Our tug leaves at 0900Z.", "our tug leaves at zero nine hundred zulu"),
    ("en", "Hull 633 will not stop.", "hull six thirty three won't stop"),
    ("en", "Call sign EW-45 may land.", "call sign echo whiskey forty five may land"),
    ("en", "Call sign EW-45 may land.", "call sign e w four five may land"),
    ("en", "Wait for the radar.", "weight for the raider"),
    ("en", "Hold 12 miles off.", "uh hold you know twelve miles off"),
    ("en", "Hold 12 miles off.", "hold twenty correction twelve miles off"),
    ("en", "Hold 12 miles off.", "hold twelve i say again one two miles off"),
    ("en", "Hold 12 miles off.", "good morning sir hold twelve miles off message ends"),
    ("en", "Use 119.5 megahertz.", "use one one niner decimal five megahertz"),
    ("en", "Wind is 240, 70 miles out.", "wind is two hundred forty seventy miles out"),
    ("fa", "شلیک در ساعت 0920 زولو آغاز می‌شود.", "شلیک در ساعت نه و بیست دقیقه زولو آغاز می‌شود"),
    ("fa", "در سمت 130 بمانید.", "در سمت صد و سی بمانید"),
    ("fa", "در سمت 130 بمانید.", "در سمت صد و هفتاد نه ببخشید صد و سی بمانید"),
    ("fa", "کشتی‌ها می‌روند.", "کشتی ها می روند"),
    ("ar", "السرعة 28 عقدة.", "السرعة ثماني وعشرون عقدة"),
    ("ar", "في الساعة 1305 زولو.", "في الساعة الثالثة عشرة وخمس دقائق زولو"),
    ("ar", "في الساعة 0510 زولو.", "في الساعة صفر خمسة عشرة زولو"),
    ("ar", "على بعد 11 ميلاً بحرياً من المنصة.", "على بعد أحد عشر ميل بحري من منصة"),
]
ALTERED = [
    ("en", "Our tug leaves at 1305Z.", "our tug leaves at fourteen oh five zulu", "time"),
    ("en", "Hold 12 nautical miles off.", "hold twelve kilometres off", "unit"),
    ("en", "The ship will not stop.", "the ship will stop", "negation"),
    ("en", "You may send a boat.", "you may not send a boat", "negation"),
    ("en", "They are unarmed sailors.", "they are armed sailors", "negation"),
    ("en", "You should turn away.", "you must turn away", "modality"),
    ("en", "Our convoy passes the east lane.", "your convoy passes the east lane", "role"),
    ("en", "Our convoy passes the east lane.", "our convoy passes the west lane", "direction"),
    ("en", "Fire before sunset.", "fire after sunset", "order"),
    ("en", "We believe it is a mine.", "it is a mine", "hedge"),
    ("en", "The tug went to Sohar with food.", "the tug went to khasab with food", "name"),
    ("en", "Call sign EW-45 may land.", "call sign echo victor four five may land", "call-sign"),
    ("en", "We leave on Monday. Your crew must not board the tanker.", "we leave on monday", "clause"),
    ("fa", "شلیک نخواهیم کرد.", "شلیک خواهیم کرد", "negation"),
    ("fa", "نزدیک نشوید.", "نزدیک شوید", "negation"),
    ("fa", "کاروان ما می‌رسد.", "کاروان شما می‌رسد", "role"),
    ("ar", "لن نطلق النار.", "سنطلق النار", "negation"),
    ("ar", "تصل قافلتنا غداً.", "تصل قافلتكم غدا", "role"),
    ("ar", "نحو الشرق.", "نحو الغرب", "direction"),
]


@pytest.mark.parametrize(("language", "sealed", "heard"), FAITHFUL)
def test_faithful_is_quiet(language: str, sealed: str, heard: str) -> None:
    """Spoken forms, noise and courtesy raise nothing."""
    result = compare(sealed, heard, language, language)
    assert result.verdict in QUIET, result.findings


@pytest.mark.parametrize(("language", "sealed", "heard", "kind"), ALTERED)
def test_alteration_is_named(language: str, sealed: str, heard: str, kind: str) -> None:
    """A changed fact is called altered, by its name."""
    result = compare(sealed, heard, language, language)
    assert result.verdict is Verdict.ALTERED
    assert kind in {finding.kind for finding in result.findings}


def test_word_for_word_is_verbatim() -> None:
    """Case and punctuation aside."""
    assert compare("Hold your course.", "hold your course", "en", "en").verdict is Verdict.VERBATIM


def test_span_counts_words_of_the_heard_text() -> None:
    """The place of a finding can be shown to the operator."""
    finding = compare("Turn east now.", "please turn uh west now", "en", "en").findings[0]
    assert (finding.heard, finding.span) == ("west", (3, 4))


def test_a_wrong_correction_is_altered() -> None:
    """What stands after the word correction is what was said."""
    result = compare("Use channel 10.", "use channel ten correction nineteen", "en", "en")
    assert result.verdict in FLAGGED


def test_not_yet_spoken_is_not_omitted() -> None:
    """A stream is judged by what has been said."""
    sealed = "Our tug leaves at 1305Z. Do not follow it into the channel."
    part = compare(sealed, "our tug leaves at thirteen oh five", "en", "en", complete=False)
    assert part.verdict in QUIET
    assert 4 <= part.spoken_until <= 5
    whole = compare(sealed, "our tug leaves at thirteen oh five", "en", "en")
    assert whole.verdict is Verdict.ALTERED


def test_a_stream_shows_a_wrong_number_when_it_is_settled() -> None:
    """The last words may still change; earlier ones do not."""
    sealed = "Our tug leaves at 1305Z and turns south near the light."
    part = compare(sealed, "our tug leaves at fourteen oh five zulu and turns", "en", "en", complete=False)
    assert part.verdict is Verdict.ALTERED


def test_fixed_names_may_be_spelled_otherwise() -> None:
    """A list that both sides fixed settles a name."""
    names = Names((frozenset(("Haddad", "hadad el")),))
    assert compare("Colonel Haddad agrees.", "colonel hadad el agrees", "en", "en", names=names).verdict in QUIET


def test_one_recogniser_proves_no_alteration() -> None:
    """With one hearing, the slot is to be said again."""
    assert fuse("Hold 12 miles off.", ["hold twenty miles off"], "en", "en").verdict is Verdict.CHECK


def test_a_slot_that_either_heard_is_fine() -> None:
    """Two recognisers seldom make the same mistake."""
    heard = ["hold twenty miles off", "hold twelve miles of"]
    assert fuse("Hold 12 miles off.", heard, "en", "en").verdict in QUIET


def test_two_that_heard_the_same_other_value() -> None:
    """Then it was said so."""
    heard = ["hold twenty miles off", "hold twenty miles off"]
    assert fuse("Hold 12 miles off.", heard, "en", "en").verdict is Verdict.ALTERED


def test_two_that_heard_different_values() -> None:
    """Nobody knows; it is said again."""
    heard = ["hold twenty miles off", "hold ninety miles off"]
    assert fuse("Hold 12 miles off.", heard, "en", "en").verdict is Verdict.CHECK


def test_nothing_heard_is_refused() -> None:
    """An empty list is a mistake of the caller."""
    with pytest.raises(ValueError, match="no hearing"):
        fuse("Hold.", [], "en", "en")


def test_a_language_without_tables_is_refused() -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="'ko' has no tables"):
        compare("a", "b", "ko", "en")
