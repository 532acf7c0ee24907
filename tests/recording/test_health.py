"""What a recording's audio says about it. Pure: samples in, judgement out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.base.audio import FULL_SCALE, Samples
from bridge.base.clock import NS
from bridge.base.terms import Health
from bridge.recording.health import Change, Growth, Judge, measure, repeats

pytestmark = pytest.mark.pure
RATE = 8000
T0 = 3 * NS
RNG = np.random.default_rng(20261123)
PRINTED_WITHIN_S = 10 - 0.5 - 0.25
"""A fault is reported within 10 s: less what the recorder holds back and the time between two looks."""


def noise(seconds: float, dbfs: float, rate: int = RATE) -> Samples:
    wave = RNG.normal(0, FULL_SCALE * 10 ** (dbfs / 20), round(seconds * rate))
    return np.clip(np.round(wave), -32768, 32767).astype(np.int16)


def speech(seconds: float, dbfs: float, rate: int = RATE, pauses_dbfs: float = -65.0) -> Samples:
    """Syllables of noise, 200 ms on and 100 ms off, a pause every 3 s; `dbfs` is the level while it sounds."""
    wave = noise(seconds, dbfs, rate).astype(np.float64)
    time = np.arange(wave.size) / rate
    is_on = (time % 0.3 < 0.2) & (time % 3 < 2.2)
    return np.where(is_on, wave, noise(seconds, pauses_dbfs, rate)).astype(np.int16)


def tone(seconds: float, hz: float, dbfs: float = -15.0) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    wave: Samples = np.round(FULL_SCALE * 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * time)).astype(np.int16)
    return wave


def hear(judge: Judge, samples: Samples, step: int = 2048) -> list[Change]:
    return [c for i in range(0, samples.size, step) for c in judge.hear(samples[i : i + step])]


def last_needed_s(judge: Judge, samples: Samples, fault: Health) -> float:
    """Seconds of the samples that were needed until the fault was told."""
    for i in range(0, samples.size, RATE // 20):
        if any(change.now is fault for change in judge.hear(samples[i : i + RATE // 20])):
            return (i + RATE // 20) / RATE
    raise AssertionError(f"{fault} was never told")


def loud_and_clipped(seconds: float) -> Samples:
    return np.clip(noise(seconds, -4).astype(np.int32) * 2, -32768, 32767).astype(np.int16)


def repeated(seconds: float, block_s: float = 0.02) -> Samples:
    block = noise(block_s, -25)
    return np.tile(block, round(seconds / block_s))


FAULTS: dict[Health, Samples] = {
    Health.SILENT: np.zeros(12 * RATE, dtype=np.int16),
    Health.STUCK: repeated(12),
    Health.CLIPPED: loud_and_clipped(12),
    Health.QUIET: speech(12, -45),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_time(fault: Health) -> None:
    """After sound speech, each fault is told within the time that leaves 10 s in all."""
    judge = Judge(RATE)
    assert hear(judge, speech(20, -25)) == []
    assert last_needed_s(judge, FAULTS[fault], fault) <= PRINTED_WITHIN_S


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_from_the_first_sample_is_told_in_time(fault: Health) -> None:
    assert last_needed_s(Judge(RATE), FAULTS[fault], fault) <= PRINTED_WITHIN_S


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_with_sound_speech(fault: Health) -> None:
    """Once told, a fault is taken back within 12 s of good audio, and only once."""
    judge = Judge(RATE)
    hear(judge, FAULTS[fault])
    assert judge.state is fault
    (change,) = hear(judge, speech(12, -25))
    assert (change.was, change.now) == (fault, Health.GOOD)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_dated_where_it_began(fault: Health) -> None:
    judge = Judge(RATE)
    hear(judge, speech(20, -25))
    (change,) = hear(judge, FAULTS[fault])
    assert abs(change.at_sample - 20 * RATE) <= (3 if fault is Health.QUIET else 1) * RATE


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(FAULTS, 2)))
def test_every_fault_can_follow_every_other(one: Health, other: Health) -> None:
    """No pair of states is a trap: the track ends in the fault that is really there."""
    judge = Judge(RATE)
    hear(judge, FAULTS[one])
    hear(judge, np.tile(FAULTS[other], 2))
    assert judge.state is other
    hear(judge, speech(20, -25))
    assert judge.state is Health.GOOD


@pytest.mark.parametrize("rate", [8000, 16000, 11025, 48000])
def test_good_speech_is_good(rate: int) -> None:
    """Thirty seconds of speech, loud or soft, at any rate: nothing is told."""
    for dbfs in (-12, -26, -35):
        assert hear(Judge(rate), speech(30, dbfs, rate)) == []


def test_comfort_noise_is_not_silence() -> None:
    """A far end that sends comfort noise at -60 dBFS lives, however long nobody speaks."""
    assert hear(Judge(RATE), noise(60, -60)) == []


@pytest.mark.parametrize("value", [0, 1, -8, 8])
def test_idle_codec_is_silence(value: int) -> None:
    """Digital zeros, and the smallest steps of mu-law and A-law, are silence after 8 s and not before."""
    judge = Judge(RATE)
    quiet = np.full(8 * RATE, value, dtype=np.int16)
    assert hear(judge, quiet[: 8 * RATE - RATE // 10]) == []
    assert hear(judge, quiet[: RATE // 10]) == [Change(Health.GOOD, Health.SILENT, 0)]


def test_alternating_a_law_idle_is_silence() -> None:
    wave = np.tile(np.array([8, -8], dtype=np.int16), 5 * RATE)
    assert [c.now for c in hear(Judge(RATE), wave)] == [Health.SILENT]


@pytest.mark.parametrize(("dbfs", "is_silent"), [(-76.5, True), (-73.5, False)])
def test_threshold_of_silence(dbfs: float, is_silent: bool) -> None:
    judge = Judge(RATE)
    hear(judge, noise(10, dbfs))
    assert (judge.state is Health.SILENT) == is_silent


def test_a_click_is_no_voice() -> None:
    """A dead track with a click every 5 s is dead; a click does not wake it either."""
    wave = np.zeros(30 * RATE, dtype=np.int16)
    for at in range(4, 30, 9):
        wave[at * RATE : at * RATE + 200] = 20000
    assert [c.now for c in hear(Judge(RATE), wave)] == [Health.SILENT]


def test_hold_is_not_silence() -> None:
    """A minute of zeros on hold tells nothing; zeros after it count from its end."""
    judge = Judge(RATE)
    zeros = np.zeros(RATE, dtype=np.int16)
    changes = hear(judge, speech(4, -25)) + hear(judge, np.tile(zeros, 6))
    for _ in range(60):
        changes += judge.hear(zeros, is_excused=True)
    changes += hear(judge, np.tile(zeros, 7))
    assert changes == []
    (change,) = hear(judge, np.tile(zeros, 2))
    assert change == Change(Health.GOOD, Health.SILENT, 70 * RATE)


def test_hold_explains_silence_that_was_told() -> None:
    judge = Judge(RATE)
    hear(judge, FAULTS[Health.SILENT])
    (change,) = judge.hear(np.zeros(800, dtype=np.int16), is_excused=True)
    assert change == Change(Health.SILENT, Health.GOOD, 12 * RATE + 800)


def test_hold_does_not_repair_a_stuck_track() -> None:
    judge = Judge(RATE)
    hear(judge, FAULTS[Health.STUCK])
    assert judge.hear(np.zeros(RATE, dtype=np.int16), is_excused=True) == []
    assert judge.state is Health.STUCK


@pytest.mark.parametrize("value", [33, 1000, -32768, 32767])
def test_constant_value_is_stuck(value: int) -> None:
    """A constant beyond the idle values of a codec; at full scale it is clipped first."""
    told = [c.now for c in hear(Judge(RATE), np.full(12 * RATE, value, dtype=np.int16))]
    assert told[0] is (Health.CLIPPED if abs(value) > 32000 else Health.STUCK)
    assert told[-1] is Health.STUCK


@pytest.mark.parametrize("block_s", [0.01, 0.02, 0.03, 0.1, 0.256, 0.512, 1.0])
def test_repeated_block_is_stuck(block_s: float) -> None:
    judge = Judge(RATE)
    hear(judge, speech(9.3, -25))
    assert last_needed_s(judge, repeated(12, block_s), Health.STUCK) <= PRINTED_WITHIN_S


@pytest.mark.parametrize("hz", [400, 425, 1000])
def test_ringing_tone_is_not_stuck(hz: float) -> None:
    """Two seconds of tone, four of pause: what an exchange plays while it rings."""
    cadence = np.concatenate((tone(2, hz), noise(4, -65)))
    assert hear(Judge(RATE), np.tile(cadence, 8)) == []


def test_mu_law_speech_repeats_nothing() -> None:
    """Coarse steps make equal samples frequent; a second of them never repeats."""
    assert not repeats((speech(2, -40) // 64 * 64).astype(np.int16), RATE)
    assert not repeats(noise(2, -60), RATE)


@given(st.integers(1, RATE), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_every_period_up_to_a_second_is_found(period: int, seed: int) -> None:
    block = np.random.default_rng(seed).integers(-9000, 9000, period).astype(np.int16)
    assert repeats(np.tile(block, 2 * RATE // period + 1)[: 2 * RATE], RATE)


def test_one_different_sample_is_no_repetition() -> None:
    wave = np.tile(noise(0.02, -25), 100)
    assert repeats(wave, RATE)
    wave[-RATE // 2] += 1
    assert not repeats(wave, RATE)


@pytest.mark.parametrize(("part", "is_clipped"), [(0.011, True), (0.009, False)])
@pytest.mark.parametrize("value", [32767, -32768, 32124, -32124])
def test_threshold_of_clipping(part: float, is_clipped: bool, value: int) -> None:
    """One per cent of samples at full scale within 2 s; the largest value of mu-law is full scale."""
    wave = speech(10, -25)
    wave[4 * RATE :: round(1 / part)][: round(2 * RATE * part)] = value
    assert [c.now for c in hear(Judge(RATE), wave)][:1] == ([Health.CLIPPED] if is_clipped else [])


def test_clipping_has_hysteresis() -> None:
    """Clipped every 3 s is one fault, not many."""
    wave = speech(30, -25)
    for second in range(2, 26, 3):
        wave[second * RATE : second * RATE + RATE // 10] = 32767
    told = [c.now for c in hear(Judge(RATE), wave)]
    assert told[0] is Health.CLIPPED
    assert len(told) <= 2


@pytest.mark.parametrize(("dbfs", "is_quiet"), [(-45, True), (-50, True), (-36, False)])
def test_threshold_of_quiet_speech(dbfs: float, is_quiet: bool) -> None:
    told = [c.now for c in hear(Judge(RATE), speech(15, dbfs))]
    assert told == ([Health.QUIET] if is_quiet else [])


def test_quiet_speech_with_digital_pauses_is_quiet() -> None:
    assert [c.now for c in hear(Judge(RATE), speech(12, -45, pauses_dbfs=-120))] == [Health.QUIET]


def test_quiet_stays_until_somebody_speaks_up() -> None:
    """Speech between the two thresholds and mere listening change nothing."""
    judge = Judge(RATE)
    hear(judge, speech(12, -45))
    assert hear(judge, np.concatenate((speech(12, -39.5), noise(20, -60)))) == []
    assert [c.now for c in hear(judge, speech(12, -30))] == [Health.GOOD]


def test_steady_hum_is_not_speech() -> None:
    """An engine room at -48 dBFS while nobody speaks is no judgement on anybody's voice."""
    assert hear(Judge(RATE), noise(30, -48)) == []


def test_missing_outranks_what_was_heard() -> None:
    judge = Judge(RATE)
    hear(judge, FAULTS[Health.SILENT])
    assert judge.grows(False, 96000) == [Change(Health.SILENT, Health.MISSING, 96000)]
    assert judge.grows(False, 96001) == []
    assert judge.grows(True, 96002) == [Change(Health.MISSING, Health.SILENT, 0)]


@given(st.lists(st.integers(1, 5000), max_size=30))
@settings(max_examples=15, deadline=None)
def test_the_cut_of_the_input_does_not_matter(cuts: list[int]) -> None:
    """The same audio in other pieces gives the same judgement at the same sample."""
    wave = np.concatenate((speech(1, -25), np.zeros(9 * RATE, dtype=np.int16), speech(3, -25)))
    whole, parts = Judge(RATE), Judge(RATE)
    wanted = whole.hear(wave)
    told, at = [], 0
    for cut in [*cuts, wave.size]:
        told += parts.hear(wave[at : at + cut])
        at += cut
    assert told == wanted
    assert [c.now for c in told] == [Health.SILENT, Health.GOOD]


@given(st.binary(max_size=40000))
@settings(max_examples=30, deadline=None)
def test_any_samples_are_judged(data: bytes) -> None:
    wave = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
    judge = Judge(RATE)
    for change in judge.hear(np.tile(wave, 20)):
        assert 0 <= change.at_sample <= wave.size * 20


def test_measure_of_known_blocks() -> None:
    wave = np.concatenate((np.full(800, 16384), np.tile([3277, -3277], 400), np.zeros(800))).astype(np.int16)
    constant, square, none = measure(wave, 100, 800)
    assert (constant.start, constant.mean, constant.peak, constant.ac_dbfs) == (100, 16384.0, 16384, -96.0)
    assert constant.is_constant and not constant.is_silent
    assert square.ac_dbfs == pytest.approx(-20, abs=0.01) and not square.is_constant and not square.is_silent
    assert none.is_silent and none.start == 1700


def grow(growth: Growth, start_s: float, end_s: float, length: float, speed: float) -> tuple[float, list[float]]:
    """Look four times a second; return the length and the times at which it was said not to grow."""
    bad = []
    for tick in range(round(start_s * 4), round(end_s * 4)):
        length += speed * RATE / 4
        if not growth.observe(int(length), T0 + tick * NS // 4, is_excused=False):
            bad.append(tick / 4)
    return length, bad


def test_file_that_never_appears_is_missing_in_time() -> None:
    _, bad = grow(Growth(RATE, T0), 0, 12, 0, 0)
    assert bad[0] == 4.5
    assert len(bad) == 30


@pytest.mark.parametrize("speed", [0.0, 0.3])
def test_file_that_stops_or_trickles_is_missing_in_time(speed: float) -> None:
    growth = Growth(RATE, T0)
    length, bad = grow(growth, 0, 30, 0, 1)
    assert bad == []
    length, bad = grow(growth, 30, 40, length, speed)
    assert 32 < bad[0] < 37
    _, bad = grow(growth, 40, 60, length, 1)
    assert 43 < bad[-1] < 46


def test_growth_around_the_threshold_does_not_flap() -> None:
    growth = Growth(RATE, T0)
    length, bad = grow(growth, 0, 20, 0, 0.6)
    assert bad == []
    length, _ = grow(growth, 20, 30, length, 0.3)
    _, bad = grow(growth, 30, 60, length, 0.6)
    assert len(bad) == 120


def test_file_need_not_grow_on_hold() -> None:
    growth = Growth(RATE, T0)
    length, _ = grow(growth, 0, 10, 0, 1)
    for tick in range(40, 200):
        assert growth.observe(int(length), T0 + tick * NS // 4, is_excused=True)
    length, bad = grow(growth, 50, 53.75, length, 0)
    assert bad == []
    _, bad = grow(growth, 53.75, 60, length, 0)
    assert bad[0] < 54.5
