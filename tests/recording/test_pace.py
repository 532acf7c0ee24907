"""When a file fell behind the clock, and by how much. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.base.clock import NS
from bridge.recording.pace import STEP_SAMPLES, Pace, Stall

pytestmark = pytest.mark.pure
RATE = 8000
T0 = 7 * NS


FRAME_BYTES = 320
"""20 ms."""


class Recorder:
    """pjsua2's recorder, seen by somebody who looks four times a second.

    Frames fill a buffer of 4000 bytes; that one is emptied into the C library's, which writes 4096 bytes at a time.
    """

    def __init__(self) -> None:
        self.pace = Pace(RATE, T0)
        self.now = 0.0
        self.heard = 0
        self.buffer, self.library = 0, 44
        self.bytes = 0
        self.written = 0.0
        self.stalls: list[Stall] = []
        self.ticks = 0

    @property
    def length(self) -> int:
        return max(0, self.bytes - 44) // 2

    def run(self, seconds: float, speed: int = 1) -> Recorder:
        for _ in range(round(seconds * 50)):
            self.now += 0.02
            for _ in range(speed):
                self.frame()
            self.ticks += 2
            if self.ticks >= 25:
                self.ticks -= 25
                self.look()
        return self

    def frame(self) -> None:
        self.heard += FRAME_BYTES // 2
        if self.buffer + FRAME_BYTES > 4000:
            self.library += self.buffer
            self.buffer = 0
            if self.library >= 4096:
                self.bytes += 4096
                self.library -= 4096
                self.written = self.now
        self.buffer += FRAME_BYTES

    def look(self) -> None:
        stall = self.pace.observe(self.length, T0 + int(self.written * NS), T0 + int(self.now * NS))
        if stall:
            self.stalls.append(stall)

    def end(self) -> Stall | None:
        return self.pace.settle(self.length, T0 + int(self.now * NS))


def test_ordinary_buffering_is_no_stall() -> None:
    recorder = Recorder().run(60)
    assert recorder.end() is None
    assert recorder.stalls == []


@pytest.mark.parametrize("stop_s", [1.5, 2.0, 5.0, 61.0])
def test_a_stop_is_measured(stop_s: float) -> None:
    """What is found differs from what is missing by less than 50 ms, wherever the writes stood at the stop."""
    recorder = Recorder().run(10 + stop_s / 7)
    before = recorder.length
    recorder.run(stop_s, speed=0).run(7)
    (stall,) = recorder.stalls
    assert before <= stall.at <= before + STEP_SAMPLES
    assert abs(stall.missing - stop_s * RATE) < 0.05 * RATE
    assert recorder.run(60).end() is None
    assert len(recorder.stalls) == 1


def test_two_stops_are_two_stalls() -> None:
    recorder = Recorder().run(10).run(3, speed=0).run(10).run(2, speed=0).run(10)
    assert [round(stall.missing / RATE) for stall in recorder.stalls] == [3, 2]
    assert recorder.stalls[0].at < recorder.stalls[1].at


def test_a_stop_right_after_the_first_is_another() -> None:
    """The file grows again for half a second only: what came in between keeps its place."""
    recorder = Recorder().run(10).run(3, speed=0).run(0.6).run(3, speed=0).run(10)
    assert round(sum(stall.missing for stall in recorder.stalls) / RATE, 1) == pytest.approx(6, abs=0.3)


def test_a_late_writer_that_catches_up_is_no_stall() -> None:
    """A slow disk: nothing for 3 s, then all of it."""
    recorder = Recorder().run(10).run(3, speed=0).run(1, speed=4).run(20)
    assert recorder.stalls == []
    assert recorder.end() is None


def test_half_a_second_is_never_missing() -> None:
    assert Recorder().run(10).run(0.45, speed=0).run(60).stalls == []


def test_a_recorder_linked_late_has_a_stall_at_sample_zero() -> None:
    """The recorder was made 4 s before its first sound."""
    recorder = Recorder().run(4, speed=0).run(10)
    (stall,) = recorder.stalls
    assert stall.at == 0
    assert abs(stall.missing - 4 * RATE) < STEP_SAMPLES


def test_end_while_nothing_grew_again() -> None:
    recorder = Recorder().run(10).run(8, speed=0)
    stall = recorder.end()
    assert stall is not None
    assert stall.at == recorder.length
    assert abs(stall.missing - 8 * RATE) < 2 * STEP_SAMPLES


def test_end_just_after_it_grew_again() -> None:
    recorder = Recorder().run(10).run(4, speed=0).run(0.5)
    stall = recorder.end()
    assert stall is not None
    assert abs(stall.missing - 4 * RATE) < STEP_SAMPLES


def test_end_before_anybody_looked() -> None:
    """A stop between the last look and the end is found by the end itself."""
    recorder = Recorder().run(10)
    recorder.now += 5
    stall = recorder.end()
    assert stall is not None
    assert abs(stall.missing - 5 * RATE) < 2 * STEP_SAMPLES


@given(st.lists(st.tuples(st.floats(0.2, 20), st.floats(0, 8)), min_size=1, max_size=4))
def test_what_is_found_is_what_is_missing(spans: list[tuple[float, float]]) -> None:
    """However runs and stops follow each other, time is out by less than 1.0 s plus one write once it runs again."""
    recorder = Recorder()
    for run_s, stop_s in spans:
        recorder.run(run_s).run(stop_s, speed=0)
    recorder.run(10)
    stopped = recorder.now * RATE - recorder.heard
    found = sum(stall.missing for stall in recorder.stalls)
    assert abs(stopped - found) <= RATE + 2 * STEP_SAMPLES
