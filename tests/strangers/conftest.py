"""Addresses of this run, and a line process among strangers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from tests.peers.baresip import Baresip, Phone, await_heard, is_installed
from tests.peers.line import LineUnderTest, Setting
from tests.peers.tones import heard_tones, longest_gap_s
from tests.rig import own_number

SIDE_HZ, DESK_HZ = 440, 1070
LineMaker = Callable[[Setting], LineUnderTest]


@pytest.fixture(scope="session")
def net() -> str:
    """First three numbers of addresses that no other run on this host uses."""
    return f"127.{own_number()}.{random.randint(0, 250)}"


@pytest.fixture(scope="module")
def line(net: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineUnderTest]:
    """A line in clear that must live through the whole module and end in order."""
    setting = Setting(net, contacts={"watch": 80, "deputy": 81}, timers={"dead_media_s": 4.0})
    under_test = LineUnderTest(setting, tmp_path_factory.mktemp("line"))
    with under_test:
        yield under_test
        assert under_test.stop() == 0, under_test.child.output()
    assert "Traceback" not in under_test.child.output()


@pytest.fixture(scope="module")
def handset(net: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Baresip]:
    """The operator's telephone, which answers by itself and speaks its tone."""
    if not is_installed():
        pytest.skip("baresip is not installed")
    with Baresip(Phone(f"{net}.130", "desk-a", DESK_HZ), tmp_path_factory.mktemp("handset")) as phone:
        yield phone


class Witness:
    """A call between the side and the operator that is up all the while and must not notice what else happens."""

    def __init__(self, line: LineUnderTest, caller: Baresip, handset: Baresip) -> None:
        self.line = line
        self.caller = caller
        self.handset = handset
        before = line.seq
        closed = handset.count("CALL_CLOSED")
        caller.dial(line.setting.uri)
        caller.await_event("CALL_ESTABLISHED")
        self.leg = line.await_entry("Invited", before, source=caller.phone.host).text("leg")
        self.call = self.leg.partition("/")[0]
        line.await_entry("AnnouncementEnded", before, leg=self.leg)
        line.child.await_for("the operator's link", lambda: len(line.entries("Linked", before)) >= 2)
        self._handset_closed = closed
        self._pid = line.pid

    def is_undisturbed(self) -> bool:
        """The line process is the same and neither end of this call was told that it is over."""
        return (
            self.line.is_alive
            and self.line.pid == self._pid
            and not self.line.entries("LegEnded", leg=self.leg)
            and self.caller.count("CALL_CLOSED") == 0
            and self.handset.count("CALL_CLOSED") == self._handset_closed
        )

    def end(self) -> None:
        """Hang up; then every second of the call must be there, on the track and in both ears."""
        assert self.is_undisturbed()
        self.caller.hang_up()
        self.line.await_entry("CallEnded", call=self.call)
        self.line.await_entry("TrackClosed", leg=self.leg)
        ended = self.line.await_entry("LegEnded", leg=self.leg)
        assert ended.text("outcome") == "answered"
        track = self.line.track(self.leg)
        assert list(heard_tones(track)) == [SIDE_HZ]
        assert longest_gap_s(track, SIDE_HZ) <= 0.2
        assert len(track) / 8000 >= ended.number("talk_ms") / 1000 - 0.5
        assert longest_gap_s(await_heard(self.caller), DESK_HZ) <= 0.2
        assert longest_gap_s(await_heard(self.handset), SIDE_HZ) <= 0.2


@pytest.fixture(scope="module")
def witness(
    net: str, line: LineUnderTest, handset: Baresip, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Witness]:
    """A call in progress; whatever the module's tests do, it is whole at the end."""
    with Baresip(Phone(f"{net}.70", "alpha", SIDE_HZ), tmp_path_factory.mktemp("alpha")) as caller:
        one = Witness(line, caller, handset)
        yield one
        one.end()


@pytest.fixture
def unharmed(witness: Witness) -> Iterator[Witness]:
    """After the test: the same line process, and the call in progress did not notice."""
    before = witness.line.seq
    yield witness
    witness.line.await_quiet(besides=frozenset({witness.call}))
    assert witness.is_undisturbed()
    assert not [entry for entry in witness.line.entries("MediaLost", before) if entry.text("leg") == witness.leg]
