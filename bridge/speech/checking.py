"""The second engine at work: hears each final's audio once more, in its own thread, and marks what it hears otherwise.

It edits nothing and holds up no caption: its thread has the lowest share of the processor, and checks of old audio
wait for those of the present call. A check that was not made before a stop is made after the next start.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from bridge.base.audio import GrowingWav
from bridge.base.dialplan import Speech
from bridge.base.errors import AudioError, EngineError, StorageError
from bridge.base.log import logger
from bridge.base.wire import Fields, Journal
from bridge.speech.agreement import compare
from bridge.speech.engines import CheckerOpener, checker_of, open_checker
from bridge.speech.recognizer import Engine
from bridge.speech.results import Checked, Final

NICENESS = 15
"""Share of the processor against the captions' thread: about 1 to 28."""
STOP_S = 3.0
"""Longest wait for the check in hand at a stop; one takes 0.3 to 1.5 s."""


@dataclass(frozen=True, slots=True)
class Check:
    """One final that waits for its check."""

    leg: str
    wav: GrowingWav
    rate_hz: int
    language: str
    final: Final


class Checking:
    """The checker's thread and its queue. Any thread may put."""

    def __init__(self, speech: Speech, models: Path, journal: Journal, opener: CheckerOpener = open_checker) -> None:
        self._opener = opener
        self._speech = speech
        self._models = models
        self._journal = journal
        self._log = logger("speech")
        self._order = count()
        self._waiting: queue.PriorityQueue[tuple[int, int, Check | None]] = queue.PriorityQueue()
        self._engines: dict[str, Engine | None] = {}
        self._thread = threading.Thread(target=self._run, name="checker", daemon=True)

    def start(self) -> None:
        if self._speech.checker != "none":
            self._thread.start()

    @property
    def waiting(self) -> int:
        """Checks that nobody has begun."""
        return self._waiting.qsize()

    def of(self, language: str) -> str:
        """Name of the engine that finals of a language go to; empty where none takes them, or where it has failed."""
        return checker_of(self._speech, language) if self._engines.get(language, True) else ""

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def put(self, check: Check, backlog: bool = False) -> None:
        if self._speech.checker != "none":
            self._waiting.put((2 if backlog else 1, next(self._order), check))

    def stop(self) -> None:
        """End after the check in hand; what waits is found again in the journal at the next start."""
        self._waiting.put((0, next(self._order), None))
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        if sys.platform == "linux":  # elsewhere niceness belongs to the whole process and the captions would suffer
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (check := self._waiting.get()[2]) is not None:
            try:
                self._check(check)
            except (EngineError, AudioError) as error:
                self._fail(check, error.code)
            except OSError:
                self._fail(check, "world")
            except StorageError as error:
                self._log.error("check not written", code=error.code)
                return  # the main loop meets the same disk at its next entry and stops the process

    def _check(self, check: Check) -> None:
        engine = self._engine(check.language)
        if engine is None:
            return
        final = check.final
        # Its own reader: the worker's belongs to the worker's thread.
        samples = GrowingWav(check.wav.path).read(final.from_sample, final.to_sample - final.from_sample)
        heard = engine.hear(samples, check.rate_hz)
        result = compare(final.text, heard.text, heard.words)
        at = final.from_sample
        words = tuple(replace(w, from_sample=w.from_sample + at, to_sample=w.to_sample + at) for w in heard.words)
        checked = Checked(final.utterance, engine.name, heard.text, result.distance_permille, result.marks, words)
        self._journal.append("Checked", checked.fields(check.leg))

    def _engine(self, language: str) -> Engine | None:
        """The checker of a language; one that cannot be loaded is said once and not tried again."""
        if language not in self._engines:
            self._engines[language] = None
            self._engines[language] = self._opener(self._speech, language, self._models)
        return self._engines[language]

    def _fail(self, check: Check, code: str) -> None:
        self._log.warning("check failed", code=code, leg=check.leg)
        data: Fields = {
            "leg": check.leg,
            "engine": self._speech.checker,
            "code": code,
            "checked": check.final.utterance,
        }
        self._journal.append("EngineFailed", data)
