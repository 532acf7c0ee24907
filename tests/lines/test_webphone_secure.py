"""A page's telephone on a line that speaks TLS with mandatory SRTP: the same security on its own leg."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bridge.base.audio import read_wav
from bridge.drill.party import Party, Setup
from tests.lines.webphone_page import Page, Webphone
from tests.peers.certificates import Authority
from tests.peers.line import LineUnderTest, Setting
from tests.peers.tones import heard_s, heard_tones

pytestmark = pytest.mark.call
OPERATOR_HZ, OFFICER_HZ = 1270, 770


def test_both_ways_encrypted(subnet: str, tmp_path: Path) -> None:
    """With a certificate that names its address too, it is rung, lifted, and heard both ways."""
    authority = Authority(tmp_path / "authority", "authority")
    line_identity = authority.issue("line", f"{subnet}.1", also=f"{subnet}.130")
    own = authority.issue("duty", f"{subnet}.70")
    setting = Setting(subnet, identity=line_identity, is_page=True)
    setup = Setup(
        f"{subnet}.70", "duty", 5061, "tls", "mandatory", own.certificate, own.key, own.authorities, tmp_path / "h.wav"
    )
    with (
        LineUnderTest(setting, tmp_path) as line,
        Webphone("us", tmp_path / "dialplan.toml", line.data, tmp_path) as webphone,
        Party(setup) as officer,
        Page(webphone.socket, tone_hz=OPERATOR_HZ) as page,
    ):
        page.wait_for("idle")
        mark = line.seq
        officer.call(setting.uri)
        leg = str(page.wait_for("ringing").fields["leg"])
        page.ask("lift")
        line.await_count("Linked", 2, mark)
        officer.tone(OFFICER_HZ)
        time.sleep(3.0)  # tone that is measured below
        officer.hang_up()
        page.wait_for("ended")
        line.await_entry("TrackClosed", mark, leg=leg)
        heard = page.heard()
        assert webphone.child.stop() == 0
    assert leg.endswith("/operator-1")
    assert heard_s(heard, OFFICER_HZ) >= 1.5
    assert heard_tones(heard[-12000:]).keys() == {OFFICER_HZ}
    assert heard_tones(read_wav(tmp_path / "h.wav")[0][-8000:]).keys() == {OPERATOR_HZ}
