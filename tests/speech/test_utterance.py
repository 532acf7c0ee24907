"""The endpointer on made-up probabilities: where utterances begin and end, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.speech.utterance import (
    AFTER_S,
    BEFORE_S,
    LONG_S,
    LONGEST_S,
    SHORTEST_S,
    SILENCE_OF_LONG_S,
    SILENCE_S,
    START,
    Began,
    Ended,
    Endpointer,
)

pytestmark = pytest.mark.pure

RATE = 8000
WINDOW = 256
LOUD, SOFT, QUIET = 0.9, 0.4, 0.1


def windows(seconds: float) -> int:
    return -(-round(seconds * RATE) // WINDOW)


def samples(seconds: float) -> int:
    return round(seconds * RATE)


def play(pointer: Endpointer, *parts: tuple[float, float]) -> list[Began | Ended]:
    """Feed (probability, seconds) parts; return all events."""
    return [event for p, seconds in parts for _ in range(windows(seconds)) for event in pointer.take(p)]


def ends(events: list[Began | Ended]) -> list[Ended]:
    return [event for event in events if isinstance(event, Ended)]


def test_one_utterance_with_its_edges() -> None:
    """From 0.25 s before the first speech to 0.45 s after the last."""
    pointer = Endpointer(RATE, WINDOW)
    began, ended = play(pointer, (QUIET, 1.0), (LOUD, 2.0), (QUIET, 1.0))
    start, stop = windows(1.0) * WINDOW, (windows(1.0) + windows(2.0)) * WINDOW
    assert began == Began(start - samples(BEFORE_S))
    assert ended == Ended(start - samples(BEFORE_S), stop + samples(AFTER_S))


def test_short_pause_does_not_end() -> None:
    """Digit groups stay together."""
    pointer = Endpointer(RATE, WINDOW)
    assert ends(play(pointer, (LOUD, 1.0), (QUIET, SILENCE_S - 0.1), (LOUD, 1.0))) == []
    assert pointer.is_speech


def test_a_shorter_pause_ends_a_long_utterance() -> None:
    """Sentences of a message said in one go come one by one; digit groups of a short one still stay together."""
    pause = (SILENCE_OF_LONG_S + SILENCE_S) / 2
    assert ends(play(Endpointer(RATE, WINDOW), (LOUD, LONG_S - 0.5), (QUIET, pause), (LOUD, 1.0))) == []
    (ended,) = ends(play(Endpointer(RATE, WINDOW), (LOUD, LONG_S + 0.5), (QUIET, pause), (LOUD, 1.0)))
    assert ended.to_sample == windows(LONG_S + 0.5) * WINDOW + samples(AFTER_S)
    assert not ended.cut


def test_soft_voice_goes_on_but_does_not_begin() -> None:
    """Between both thresholds the state stays as it is."""
    assert play(Endpointer(RATE, WINDOW), (SOFT, 3.0)) == []
    assert ends(play(Endpointer(RATE, WINDOW), (LOUD, 0.5), (SOFT, 3.0))) == []


def test_click_is_no_utterance() -> None:
    """Speech shorter than the shortest word is dropped, also when clicks come in a row."""
    click = ((LOUD, SHORTEST_S - 0.04), (QUIET, 0.1))
    assert play(Endpointer(RATE, WINDOW), *(click * 20)) == []


def test_soft_middle_of_a_short_word_counts() -> None:
    """A word that begins loud and goes on soft is long enough."""
    began = play(Endpointer(RATE, WINDOW), (LOUD, 0.03), (SOFT, 0.06))
    assert began == [Began(0)]


def test_first_word_of_track_reaches_no_further_back() -> None:
    """Nothing lies before the start sample."""
    assert play(Endpointer(RATE, WINDOW, 512), (LOUD, 0.2)) == [Began(512)]


def test_next_utterance_begins_after_the_last() -> None:
    """The lead-in of an utterance never overlaps the one before."""
    events = play(Endpointer(RATE, WINDOW), (LOUD, 0.5), (QUIET, SILENCE_S), (LOUD, 0.5), (QUIET, 1.0))
    first, second = ends(events)
    assert second.from_sample >= first.to_sample


def test_audible_part_stands_still_in_a_pause() -> None:
    """An engine hears no more of the silence, so its result can be the final one."""
    pointer = Endpointer(RATE, WINDOW)
    play(pointer, (LOUD, 1.0))
    assert pointer.audible_to == pointer.now
    assert not pointer.is_pausing
    play(pointer, (QUIET, 0.5))
    stop = windows(1.0) * WINDOW + samples(AFTER_S)
    assert (pointer.audible_to, pointer.is_pausing) == (stop, True)
    (ended,) = play(pointer, (QUIET, 0.3))
    assert isinstance(ended, Ended)
    assert ended.to_sample == stop
    assert not pointer.is_pausing


def test_hesitation_ends_in_speech_or_in_a_pause() -> None:
    """Nothing is recognised while it is not known whether the utterance is over."""
    pointer = Endpointer(RATE, WINDOW)
    states = []
    for probability, seconds in ((LOUD, 1.0), (QUIET, 0.2), (LOUD, 0.1), (QUIET, 0.5), (QUIET, 0.3)):
        play(pointer, (probability, seconds))
        states.append((pointer.is_hesitating, pointer.is_pausing))
    assert states == [(False, False), (True, False), (False, False), (False, True), (False, False)]


def test_long_speech_is_cut_at_its_weakest_place() -> None:
    """Both parts meet at the cut: not a sample is lost."""
    pointer = Endpointer(RATE, WINDOW)
    weak = windows(12.0)
    events = [event for n in range(windows(LONGEST_S)) for event in pointer.take(0.6 if n == weak else LOUD)]
    _, cut, again = events
    assert cut == Ended(0, (weak + 1) * WINDOW, cut=True)
    assert again == Began((weak + 1) * WINDOW)
    assert pointer.audible_to == pointer.now


def test_cut_inside_a_pause_begins_nothing() -> None:
    """At the limit in the middle of a pause the utterance ends with its speech."""
    pointer = Endpointer(RATE, WINDOW)
    events = play(pointer, (LOUD, LONGEST_S - 0.3), (QUIET, 0.4))
    assert len(ends(events)) == 1
    assert not ends(events)[0].cut
    assert not pointer.is_speech


def test_end_of_track_ends_what_is_open() -> None:
    """The last utterance reaches the end of the track, or of its speech."""
    pointer = Endpointer(RATE, WINDOW)
    assert pointer.finish(100) == []
    play(pointer, (LOUD, 1.0))
    assert pointer.finish(pointer.now + 100) == [Ended(0, windows(1.0) * WINDOW + 100)]
    assert pointer.finish(pointer.now + 100) == []


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.36, 0.45, 0.55, 0.95]), st.integers(1, 120)), max_size=40),
    st.integers(0, 5000),
)
def test_spans_are_ordered_and_lose_no_speech(parts: list[tuple[float, int]], start: int) -> None:
    """No two utterances overlap, none leaves the track, and every run of speech long enough lies inside one."""
    pointer = Endpointer(RATE, WINDOW, start)
    probabilities = [p for p, count in parts for _ in range(count)]
    events = [event for p in probabilities for event in pointer.take(p)]
    end = start + len(probabilities) * WINDOW
    spans = [*ends(events), *pointer.finish(end)]
    assert pointer.now == end
    at = start
    for span in spans:
        assert at <= span.from_sample < span.to_sample <= end
        assert span.to_sample - span.from_sample <= samples(LONGEST_S) + WINDOW
        at = span.to_sample
    begins = [event.from_sample for event in events if isinstance(event, Began)]
    assert begins == [span.from_sample for span in spans]
    needed, run = windows(SHORTEST_S), 0
    for n, p in enumerate(probabilities):
        run = run + 1 if p >= START else 0
        if run >= needed:
            first, last = start + (n - run + 1) * WINDOW, start + (n + 1) * WINDOW
            covered = sum(max(0, min(s.to_sample, last) - max(s.from_sample, first)) for s in spans)
            assert covered == last - first
