"""The one thread of the desk that owns ledger, messages and picture: it follows the journals and takes what people do.

line.jsonl, speech.jsonl -> intake ---+-> ledger.db
desk.sock, page ----------> relaying -+-> line.sock
                                       \\-> View -> Feed (any thread may read)
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bridge.base.clock import SystemClock
from bridge.base.dialplan import Dialplan
from bridge.base.errors import BridgeError, StorageError
from bridge.base.listener import Client, Listener
from bridge.base.wire import Fields, Value, canonical
from bridge.desk import acts
from bridge.desk.acts import LINE_LIMIT_BYTES, Act, ActError
from bridge.desk.alarms import ACKNOWLEDGED, Alarms, Look
from bridge.desk.app import Shown
from bridge.desk.captions import Track
from bridge.desk.feed import Feed, Publisher
from bridge.desk.hearing import is_below
from bridge.desk.intake import LEDGER, Intake
from bridge.desk.played import Given
from bridge.desk.ports import Answer, Sound
from bridge.desk.trail import Trail
from bridge.desk.view import View
from bridge.desk.view_message import Shelf
from bridge.ledger.store import Store, sqlite_url
from bridge.station.asking import Asking, acknowledge
from bridge.station.check import days_left
from bridge.station.folder import Folder, listens
from bridge.station.outbox import Outbox
from bridge.station.relaying import Relaying

TURN_S = 0.05
"""How often the journals are looked at: what was heard is on the page within a quarter of a second."""
LOOK_EVERY = 20
"""Turns between two looks at whether the line takes commands and what room the disk has."""
LINE_WAIT_S = 3.0
"""How long whoever gives a command to the line waits for its answer; a line that is up answers in milliseconds."""
_COMPLAINT = b'{"result":"refused","code":"bad-act","detail":"the line does not end"}\n'
Entered = TypeVar("Entered")
_STORAGE = ActError("storage", "the ledger takes nothing now; repeat the act with the same id")


@dataclass(slots=True)
class _Waiting:
    """Somebody who has given a command to the line."""

    key: str
    future: Future[Answer]
    until_s: float


class Following(threading.Thread):
    """Follows the journals and takes acts until told to stop; the only one that touches intake, ledger and messages.

    `shown` and `feed` may be read by any thread; `submit`, `command`, `enter`, `note` and `sound` may be called by any.
    """

    def __init__(self, folder: Folder, plan: Dialplan, side: str) -> None:
        super().__init__(name="intake", daemon=True)
        self._folder = folder
        self._clock = SystemClock()
        self._trail, self._alarms, self._given = Trail(), Alarms(), Given()
        self._asking = Asking(folder.line_socket, self._clock)
        books = (self._trail, self._alarms, self._given, self._asking)
        self._relaying = Relaying(plan, side, Outbox(folder.line_socket), self._clock, books)
        self._submitted: queue.SimpleQueue[tuple[Callable[[], Answer], Future[Answer]]] = queue.SimpleQueue()
        self._work: queue.SimpleQueue[Callable[[Relaying | None], None]] = queue.SimpleQueue()
        self._waiting: list[_Waiting] = []
        self._with_captions = plan.side(side).page.is_private
        self._ending = threading.Event()
        self._opened = threading.Event()
        self._failed_to_open: BridgeError | None = None
        self._view = View(plan, side)
        self.feed = Feed()
        self._publisher = Publisher(self.feed)
        self._look = Look()
        self._published: object = None
        self.shown = Shown({}, 0, "", False, 0)
        self.open_tracks: dict[str, Sound] = {}
        """Recordings of the legs that are there now; replaced whole."""
        self.captioned: dict[str, Track] = {}
        """How far the captions of each leg have come; replaced whole."""
        self._unheard: frozenset[str] = frozenset()

    # -- for other threads -----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Start and wait until the ledger is open.

        Raises:
            BridgeError: it cannot be opened.
        """
        self.start()
        self._opened.wait()
        if self._failed_to_open is not None:
            self.join()
            raise self._failed_to_open

    def submit(self, line: bytes) -> Future[Answer]:
        """Hand in a page's act in the form of the socket; its answer comes when it is in the ledger, or refused."""
        waiting: Future[Answer] = Future()
        self._submitted.put((lambda: self._act(line, self._given.check), waiting))
        return waiting

    def enter(self, work: Callable[[Relaying], Entered]) -> Future[Entered]:
        """Let the thread that owns the ledger do something with it; its answer, or the error it ends with.

        Raises:
            StorageError: in the answer, while the ledger takes nothing.
        """
        waiting: Future[Entered] = Future()

        def run(relaying: Relaying | None) -> None:
            try:
                if relaying is None:
                    raise StorageError("the ledger takes nothing now")
                waiting.set_result(work(relaying))
            except BridgeError as error:
                waiting.set_exception(error)
                if isinstance(error, StorageError):
                    raise

        self._work.put(run)
        return waiting

    def note(self, kind: str, fields: Fields) -> Future[Answer]:
        """Write down what concerns no message; resolved when it is durable."""
        return self.enter(lambda relaying: {"result": "done", "seq": relaying.note(kind, fields)})

    def command(self, line: bytes) -> Future[Answer]:
        """Hand in a person's command to the line; its answer is the line's, or `pending` after `LINE_WAIT_S`."""
        waiting: Future[Answer] = Future()

        def perform() -> Answer:
            answer = self._asking.perform(self._relaying, line)
            if answer.get("pending"):
                until = time.monotonic() + LINE_WAIT_S
                self._waiting.append(_Waiting(str(answer["id"]), waiting, until))
            return answer

        self._submitted.put((perform, waiting))
        return waiting

    def sound(self, leg: str) -> Sound | None:
        """The recording of a leg that the line has named, whenever that was."""
        known = self._relaying.scene.legs.get(leg)
        if known is None or not known.path:
            return None
        path = self._folder.recordings / known.path
        return Sound(path, known.rate_hz) if is_below(path, self._folder.recordings) else None

    def tell_unheard(self, legs: frozenset[str]) -> None:
        """These legs have voice without captions. Any thread may call it."""
        self._unheard = legs

    def stop(self) -> None:
        self._ending.set()
        self.join()

    # -- the thread ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        journals = {"line": self._folder.line_journal, "speech": self._folder.speech_journal}
        try:
            intake = Intake(journals, lambda: Store(sqlite_url(self._folder.ledger)), self._relaying.take)
            self._relaying.open(intake.store)
            listener = Listener(self._folder.desk_socket, LINE_LIMIT_BYTES, _COMPLAINT)
        except BridgeError as error:
            self._failed_to_open = error
            self._opened.set()
            return
        self._show(intake, turn=0)
        self._opened.set()
        turn = 0
        received: list[tuple[Client, list[bytes]]] = []
        while True:
            stopping = self._ending.is_set()
            # What has happened comes first: a key pressed before an act must not count as an answer to it.
            taken = intake.step()
            self._mend(intake)
            self._answer(intake, listener, received)
            self._show(intake, turn)
            turn += 1
            if stopping and not taken:
                break  # what was written before the stop is in the ledger
            received = listener.poll(0.0 if taken or stopping else TURN_S)
        listener.close()
        intake.close()

    def _answer(self, intake: Intake, listener: Listener, received: Sequence[tuple[Client, Sequence[bytes]]]) -> None:
        for client, lines in received:
            for line in lines:
                answer = self._perform(intake, partial(self._act, line))
                listener.answer(client, canonical(answer) + b"\n")
        while not self._work.empty():
            self._do(intake, self._work.get())
        while not self._submitted.empty():
            work, waiting = self._submitted.get()
            answer = self._perform(intake, work)
            if not answer.get("pending"):
                waiting.set_result(answer)
        self._answer_waiting()

    def _do(self, intake: Intake, run: Callable[[Relaying | None], None]) -> None:
        try:
            run(None if LEDGER in intake.troubles else self._relaying)
        except StorageError as error:
            if LEDGER not in intake.troubles:
                intake.ledger_failed(error)

    def _answer_waiting(self) -> None:
        """Tell those who gave commands to the line what it said, or that it has not said anything."""
        for one in list(self._waiting):
            answer = self._asking.answer(self._relaying, one.key)
            if not answer.get("pending") or time.monotonic() > one.until_s:
                self._waiting.remove(one)
                one.future.set_result(answer)

    def _mend(self, intake: Intake) -> None:
        """Let the messages have what has happened; after a failure read them from the ledger again."""
        try:
            if LEDGER not in intake.troubles:
                if not self._relaying.is_of(intake.store):
                    self._relaying.open(intake.store)
                    self._view.forget()
                self._relaying.settle()
                self._asking.settle(self._relaying)
        except StorageError as error:
            intake.ledger_failed(error)

    def _perform(self, intake: Intake, work: Callable[[], Answer]) -> Answer:
        if LEDGER not in intake.troubles:
            try:
                return work()
            except StorageError as error:
                intake.ledger_failed(error)
        return acts.refusal("", _STORAGE)

    def _act(self, line: bytes, check: Callable[[Act], None] = lambda act: None) -> Answer:
        try:
            act = acts.parse(line)
        except ActError as error:
            return acts.refusal("", error)
        try:
            check(act)
        except ActError as error:
            return acts.refusal(act.id, error)
        if act.name != ACKNOWLEDGED:
            return self._relaying.perform(line)
        try:
            return acknowledge(self._relaying, self._alarms, act)
        except ActError as error:
            return acts.refusal(act.id, error)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _show(self, intake: Intake, turn: int) -> None:
        troubles = intake.troubles | ({"messages": self._relaying.trouble} if self._relaying.trouble else {})
        trouble = ", ".join(f"{what}: {code}" for what, code in troubles.items())
        is_due = turn % LOOK_EVERY == 0
        listening, days = self._look.line_listens, self._look.disk_days
        if is_due:
            listening, days = listens(self._folder.line_socket), days_left(self._folder)
        now = self._clock.now()
        self._look = Look(listening, trouble, intake.length, days, now.sync, self._unheard)
        state = self._relaying.version, self._look
        if state == self._published and not is_due:
            return
        self._published = state
        picture = intake.picture
        _, seq = self._relaying.version
        shelf = Shelf(
            self._relaying.relay, self._relaying.scene, self._trail.of, self._relaying.shown, seq, self._relaying.spoken
        )
        duty = self._relaying.duty.snapshot()
        self._publisher.show(self._view.sections(picture, shelf, self._alarms, self._look, duty, now.utc_ns))
        self.open_tracks = {
            leg.leg: sound
            for leg in picture.legs.values()
            if leg.state != "ended" and leg.path and (sound := self.sound(leg.leg)) is not None
        }
        self.captioned = {leg: replace(track) for leg, track in picture.words.tracks.items()}
        snapshot: dict[str, Value] = picture.snapshot(with_captions=self._with_captions)
        self.shown = Shown(snapshot, intake.length, trouble, listening, days)
