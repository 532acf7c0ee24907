"""A simulated party as Python sees it: starts its phone as a process, gives orders, waits for events.

The phone's SIP and sound are `bridge.drill.phone`'s. This module touches no pjsua2, so that tests, drills and the
line's own process can use it freely.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Literal, TypeAlias

from bridge.base.errors import World
from bridge.drill import orders

START_LIMIT_S = 10.0
ORDER_LIMIT_S = 3.0
END_LIMIT_S = 5.0
"""Longer than the phone's own wait for the end of its call."""
Field: TypeAlias = "str | int | float | bool | None"


class PartyError(World):
    """A phone did not start, ended too early, or did not tell what was waited for."""

    code = "party"


@dataclass(frozen=True, slots=True)
class Told:
    """One event a phone told."""

    event: str
    mono_ns: int
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Setup:
    """Where and how a phone listens. Two phones on one host need two addresses."""

    bind: str
    user: str
    port: int = 5060
    transport: Literal["udp", "tcp", "tls"] = "udp"
    srtp: Literal["off", "mandatory"] = "off"
    cert: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    hear: Path | None = None
    """WAV file that gets what the phone hears, 8 kHz 16-bit mono."""
    rtp_port: int = 16000
    mode: orders.Mode = "ring"
    """How the first call is met."""

    def arguments(self) -> list[str]:
        given = {
            "--bind": self.bind,
            "--port": str(self.port),
            "--user": self.user,
            "--transport": self.transport,
            "--srtp": self.srtp,
            "--rtp-port": str(self.rtp_port),
            "--mode": self.mode,
            "--cert": self.cert,
            "--key": self.key,
            "--ca": self.ca,
            "--hear": self.hear,
        }
        return [word for name, value in given.items() if value is not None for word in (name, str(value))]


class Party:
    """One phone process. Any thread may give orders and wait; use it as a context manager or call `close`."""

    def __init__(self, setup: Setup) -> None:
        """Start the phone and wait until it listens.

        Raises:
            PartyError: it did not come up; the text carries the end of its standard error.
        """
        self.setup = setup
        self.events: list[Told] = []
        """All events so far, oldest first."""
        self._news = threading.Condition()
        self._gone = False
        self._errors = TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bridge.drill.phone", *setup.arguments()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            # Ctrl-C goes to the whole group: the drill ends its phones itself, in order.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"phone-{setup.user}", daemon=True)
        self._reader.start()
        try:
            self.wait_for("ready", START_LIMIT_S)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Party:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def uri(self) -> str:
        return f"sip:{self.setup.user}@{self.setup.bind}:{self.setup.port}"

    def give(self, order: orders.Order) -> None:
        """Send one order; what came of it is an event.

        Raises:
            PartyError: the process is gone.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(orders.order_line(order))
        except (BrokenPipeError, ValueError) as error:
            raise PartyError(f"phone {self.setup.user} is gone: {self._last_words()}") from error

    def call(self, uri: str, headers: Mapping[str, str] | None = None) -> None:
        self.give(orders.Call(uri=uri, headers=dict(headers or {})))

    def answer_mode(self, mode: orders.Mode, after_s: float = 0.0, for_s: float = 1.0) -> None:
        """Meet the next call this way; set when it returns, so that a call made now already finds it."""
        mark = self.mark()
        self.give(orders.AnswerMode(mode=mode, after_s=after_s, for_s=for_s))
        self.wait_for("mode", ORDER_LIMIT_S, after=mark)

    def lift(self) -> None:
        self.give(orders.Lift())

    def say(self, file: Path) -> None:
        self.give(orders.Say(file=str(file)))

    def tone(self, frequency_hz: int, level_dbfs: float = -20.0) -> None:
        self.give(orders.Tone(frequency_hz=frequency_hz, level_dbfs=level_dbfs))

    def hush(self) -> None:
        self.give(orders.Hush())

    def digits(self, digits: str) -> None:
        self.give(orders.Digits(digits=digits))

    def hold(self) -> None:
        self.give(orders.Hold())

    def resume(self) -> None:
        self.give(orders.Resume())

    def mute_rtp(self, seconds: float) -> None:
        self.give(orders.MuteRtp(seconds=seconds))

    def hang_up(self) -> None:
        self.give(orders.HangUp())

    def mark(self) -> int:
        """Number of events so far, to wait only for later ones."""
        with self._news:
            return len(self.events)

    def wait_for(self, event: str, timeout: float, after: int = 0, **fields: Field) -> Told:
        """The first event of this name, from number `after` on, whose fields have these values.

        Args:
            timeout: seconds.
            after: see `mark`; 0 takes one that is already there.

        Raises:
            PartyError: it did not come in time, or the process ended before.
        """
        limit = time.monotonic() + timeout
        with self._news:
            while True:
                for told in self.events[after:]:
                    if told.event == event and all(told.fields.get(key) == value for key, value in fields.items()):
                        return told
                left = limit - time.monotonic()
                if self._gone or left <= 0:
                    break
                self._news.wait(left)
            seen = ", ".join(told.event for told in self.events[after:]) or "nothing"
        why = "ended" if self._gone else f"did not tell {event} in {timeout:g} s"
        raise PartyError(f"phone {self.setup.user} {why}; told so far: {seen}. {self._last_words()}")

    def close(self) -> None:
        """End the phone: by the end of its input, then SIGTERM, then SIGKILL. Twice does no harm."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        for end in (None, process.terminate, process.kill):
            if end is not None:
                end()
            try:
                process.wait(END_LIMIT_S)
                break
            except subprocess.TimeoutExpired:
                continue
        self._reader.join()
        process.stdout.close()
        self._errors.close()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative for a signal."""
        return self._process.poll()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            fields = json.loads(line)
            event, mono_ns = fields.pop("event"), int(fields.pop("mono_ns"))
            with self._news:
                self.events.append(Told(event, mono_ns, fields))
                self._news.notify_all()
        with self._news:
            self._gone = True
            self._news.notify_all()

    def _last_words(self) -> str:
        """End of the phone's standard error."""
        if self._errors.closed:
            return ""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace").strip()[-600:]
