"""Where a track goes on after a restart, read from the speech journal alone."""

import pytest

from bridge.base.errors import WireError
from bridge.base.wire import Entry, Fields
from bridge.speech.progress import Progress, read_progress
from bridge.speech.results import Checked, Final, Partial

pytestmark = pytest.mark.pure

LEG, OTHER = "us-20261123T100512Z-3f9a/side-1", "us-20261123T100512Z-3f9a/operator-2"


def journal(*kinds: tuple[str, Fields]) -> list[Entry]:
    return [
        Entry(n, "2026-11-23T10:05:12.000000Z", n, "unknown", kind, data) for n, (kind, data) in enumerate(kinds, 1)
    ]


def final(utterance: int, to_sample: int, leg: str = LEG) -> tuple[str, Fields]:
    return "Final", Final(utterance, to_sample - 100, to_sample, "hold", (), "engine").fields(leg)


def test_goes_on_after_the_last_final() -> None:
    """Partials do not count; another leg's finals do not either."""
    partial = Partial(3, 900, 1000, "fire", 0).fields(LEG)
    state = read_progress(
        journal(("SpeechStarted", {}), final(1, 500), final(2, 800), ("Partial", partial), final(1, 9000, OTHER))
    )
    assert (state[LEG].heard_to, state[LEG].utterance) == (800, 3)
    assert (state[OTHER].heard_to, state[OTHER].utterance) == (9000, 2)
    assert not state[LEG].is_done


def test_unchecked_finals_wait() -> None:
    """A final is unchecked until its check is written down."""
    checked = Checked(1, "other", "hold", 0, ()).fields(LEG)
    state = read_progress(journal(final(1, 500), final(2, 800), ("Checked", checked)))
    assert list(state[LEG].unchecked) == [2]


def test_done_and_refused() -> None:
    """A transcribed track is done; a refused one waits and is not refused again."""
    state = read_progress(journal(("NoRecognizer", {"leg": LEG}), ("TrackTranscribed", {"leg": OTHER})))
    assert state == {LEG: Progress(is_refused=True), OTHER: Progress(is_done=True)}


def test_failed_utterance_is_settled_and_failed_loading_is_not() -> None:
    """An engine that failed on an utterance is not asked for it again at every start."""
    failed: Fields = {"leg": LEG, "engine": "e", "code": "engine", "utterance": 4, "from_sample": 100, "to_sample": 700}
    state = read_progress(journal(("EngineFailed", failed), ("EngineFailed", {"leg": OTHER, "code": "engine"})))
    assert (state[LEG].heard_to, state[LEG].utterance) == (700, 5)
    assert state[OTHER] == Progress()


def test_damaged_entry_is_refused() -> None:
    """An entry without its leg is no entry of this journal."""
    with pytest.raises(WireError):
        read_progress(journal(("Final", {})))
