"""The stream that hears a growing utterance again: when it runs, what it keeps, what a final is made of."""

import numpy as np
import pytest

from bridge.base.audio import Samples
from bridge.speech.recognizer import LOAD, STEP_S, Heard, Rerun
from bridge.speech.results import Word

pytestmark = pytest.mark.pure

RATE = 8000


class Counter:
    """An engine that hears its own audio's length, and takes a set time for it."""

    name = "counter"

    def __init__(self, cost_s: float = 0.0) -> None:
        self.cost_s = cost_s
        self.time_s = 0.0
        self.lengths: list[int] = []

    def hear(self, samples: Samples, rate_hz: int) -> Heard:
        self.lengths.append(samples.size)
        self.time_s += self.cost_s
        return Heard(str(samples.size), (Word("x", 0, samples.size, 500),))

    def now(self) -> float:
        return self.time_s


def audio(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def stream(engine: Counter) -> Rerun:
    made = Rerun(engine, RATE, engine.now)
    made.begin(1, 1000)
    return made


def test_runs_when_a_step_of_audio_is_new() -> None:
    """Too little new audio is not worth a run."""
    engine = Counter()
    made = stream(engine)
    made.feed(audio(STEP_S - 0.1))
    assert made.partial(pausing=False) is None
    made.feed(audio(0.1))
    assert made.partial(pausing=False) == str(round(STEP_S * RATE))
    assert made.partial(pausing=False) is None


def test_slow_engine_runs_less_often() -> None:
    """A run that took a second is not repeated before more than a second of audio is new."""
    engine = Counter(cost_s=1.0)
    made = stream(engine)
    made.feed(audio(1.0))
    assert made.partial(pausing=False) is not None
    made.feed(audio(LOAD - 0.01))
    assert made.partial(pausing=False) is None
    made.feed(audio(0.01))
    assert made.partial(pausing=False) is not None


def test_pause_is_heard_at_once_and_is_the_final() -> None:
    """The run at a pause serves the final too: none is made twice."""
    engine = Counter(cost_s=1.0)
    made = stream(engine)
    made.feed(audio(1.0))
    made.partial(pausing=False)
    made.feed(audio(0.1))
    assert made.partial(pausing=True) == "8800"
    assert made.partial(pausing=True) is None
    final = made.finish(1000 + 8800)
    assert engine.lengths == [8000, 8800]
    assert (final.text, final.from_sample, final.to_sample, final.engine) == ("8800", 1000, 9800, "counter")
    assert final.words == (Word("x", 1000, 9800, 500),)


def test_final_hears_no_further_than_its_end() -> None:
    """After a cut the audio behind it belongs to the next utterance."""
    engine = Counter()
    made = stream(engine)
    made.feed(audio(1.0))
    assert made.finish(1000 + 6000).text == "6000"


def test_begin_forgets() -> None:
    """A new utterance holds nothing of the last one."""
    engine = Counter()
    made = stream(engine)
    made.feed(audio(1.0))
    made.begin(2, 50000)
    final = made.finish(50000)
    assert (final.utterance, final.text) == (2, "0")
