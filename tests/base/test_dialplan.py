"""The dialplan: what ships is valid, and each kind of mistake names file, key, value and what was expected."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bridge.base.dialplan import Dialplan, Page, load
from bridge.base.errors import DialplanError
from bridge.base.terms import Precedence
from tests.station.plans import write_plan

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "dialplans").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_is_valid(path: Path) -> None:
    """Every dialplan that comes along can be read; names are there in the three languages."""
    plan = load(path)
    assert len(plan.sides) == 2
    for side in plan.sides.values():
        assert all(side.name.of(language) for language in ("en", "ar", "fa"))


def test_theatres_differ() -> None:
    """The second theatre has other sides: nothing in the program names one."""
    sides = {path.stem: set(load(path).sides) for path in SHIPPED}
    assert {"gulf", "loopback", "baltic"} <= set(sides)
    assert not sides["baltic"] & sides["gulf"]


CODED = """[[coded]]
code = "GULF"
number = 12
title = { en = "a", ar = "ب", fa = "پ" }
[coded.text]
en = "a"
ar = "ب"
fa = "پ"
"""
REFERENCE = """[positions.reference]
name = { en = "A", ar = "أ", fa = "الف" }
position = "26-30.0N 056-30.0E"
"""
LOCKED = """[[locked]]
id = "larak"
kind = "place"
en = ["Larak"]
ar = ["لارك"]
fa = ["لارک"]
"""


def _added(tables: str) -> tuple[str, str]:
    """A replacement that puts tables before the sides."""
    return "[sides.us]", f"{tables}\n[sides.us]"


MISTAKES = [
    ("theatre", 'theatre = "Test"', "theatre = 7", "theatre", "value 7: expected valid string"),
    ("missing", 'theatre = "Test"', "", "theatre", "key is missing"),
    ("unknown", 'theatre = "Test"', 'theatre = "Test"\nthetre = "x"', "thetre", "key is unknown (value 'x')"),
    ("zone", '["Asia/Muscat", ', '["Oman", ', "zones.0", "expected a time zone such as"),
    ("empty", 'theatre = "Test"', 'theatre = ""', "theatre", "value '': expected"),
    ("port", "port = 5060", "port = 70000", "sides.us.line.port", "value 70000: expected less than or equal to 65535"),
    ("port word", "port = 5060", 'port = "sip"', "sides.us.line.port", "value 'sip': expected valid integer"),
    ("timer", "[sides.us]", "[timers]\nsilence_s = -1\n[sides.us]", "timers.silence_s", "value -1: expected greater"),
    ("timer nan", "[sides.us]", "[timers]\nsilence_s = nan\n[sides.us]", "timers.silence_s", "value nan: expected"),
    (
        "precedence",
        "[sides.us]",
        "[timers]\ncontact_ring_s = { flash = 8 }\n[sides.us]",
        "timers.contact_ring_s",
        "flash: expected one of ROUTINE, PRIORITY, IMMEDIATE, FLASH",
    ),
    (
        "transport",
        'admit = ["',
        'transport = "sctp"\nadmit = ["',
        "sides.us.line.transport",
        "value 'sctp': expected 'udp'",
    ),
    ("tls", 'admit = ["', 'transport = "tls"\nadmit = ["', "sides.us.line", "transport is tls: expected a table tls"),
    ("srtp", 'admit = ["', 'srtp = "mandatory"\nadmit = ["', "sides.us.line", 'expected transport = "tls"'),
    ("few ports", "[41000, 41031]", "[41000, 41010]", "sides.us.line", "expected at least 16 ports"),
    ("turned ports", "[41000, 41031]", "[41031, 41000]", "sides.us.line", "expected at least 16 ports"),
    ("one port", "[41000, 41031]", "[41000]", "sides.us.line.rtp_ports.1", "key is missing"),
    ("network", '127.9.9.21/32"]', '127.9.9.21/99"]', "sides.us.line.admit", "127.9.9.21/99"),
    ("nobody", 'admit = ["127.9.9.21/32"]', "admit = []", "sides.us.line.admit", "value []: expected"),
    ("all addresses", 'host = "127.9.9.11"\nport', 'host = "0.0.0.0"\nport', "sides.us.line.host", "not all"),
    ("no address", 'host = "127.9.9.11"\nport', 'host = "desk"\nport', "sides.us.line.host", "value 'desk'"),
    ("page address", 'page = { host = "127.9.9.11"', 'page = { host = "0.0.0.0"', "sides.us.page.host", "not all"),
    ("page name", 'page = { host = "127.9.9.11"', 'page = { host = "desk"', "sides.us.page.host", "value 'desk'"),
    ("uri", "sip:watch@127.9.9.21:5060", "tel:+968", "sides.us.contacts.0.uri", "expected sip:user@host"),
    ("uri port", "watch@127.9.9.21:5060", "watch@127.9.9.21:0", "sides.us.contacts.0.uri", "expected sip:user@host"),
    ("uri address", "watch@127.9.9.21:5060", "watch@127.9.9.921:5060", "sides.us.contacts.0.uri", "127.9.9.921"),
    ("uri number", '"sip:watch@127.9.9.21:5060"', "7", "sides.us.contacts.0.uri", "value 7: expected"),
    ("rank", '"OF-5"', '"Colonel"', "sides.us.contacts.0.rank", "value 'Colonel': expected"),
    ("tier", "tier = 1", "tier = 0", "sides.us.contacts.0.tier", "value 0: expected"),
    ("language", 'language = "en"', 'language = "de"', "sides.us.language", "value 'de': expected one of en"),
    ("name", 'ar = "طرف", ', "", "sides.us.name.ar", "key is missing"),
    ("side name", "sides.us", "sides.US", "(top level)", "sides.US: expected 2 to 8 lower-case letters"),
    ("id", 'id = "watch"', 'id = "Watch 1"', "sides.us.contacts.0.id", "value 'Watch 1': expected"),
    ("code", *_added(CODED.replace('"GULF"', '"Gulf"')), "coded.0.code", "value 'Gulf': expected"),
    ("coded number", *_added(CODED.replace("12", "0")), "coded.0.number", "value 0: expected greater"),
    ("coded text", *_added(CODED.replace('fa = "پ"\n', "")), "coded.0.text.fa", "key is missing"),
    ("coded twice", *_added(CODED + CODED), "(top level)", "coded GULF 12 appears twice"),
    ("rank code", *_added('[ranks.us]\nColonel = "O-6"'), "ranks.us.Colonel", "value 'O-6': expected"),
    ("rank table", *_added('[ranks."U S"]\nColonel = "OF-5"'), "ranks.U S.[key]", "value 'U S': expected"),
    ("reference", *_added(REFERENCE.replace("26-30.0N", "26.5N")), "positions.reference.position", "value '26.5N 056"),
    ("reference out", *_added(REFERENCE.replace("056", "186")), "positions.reference.position", "value '26-30.0N 186"),
    ("jump", *_added("[positions]\njump_m = 5"), "positions.jump_m", "value 5: expected greater than or equal to 100"),
    ("locked kind", *_added(LOCKED.replace("place", "ship")), "locked.0.kind", "value 'ship': expected 'place'"),
    ("locked empty", *_added(LOCKED.replace('["Larak"]', "[]")), "locked.0.en", "value []: expected"),
    ("locked id", *_added(LOCKED + LOCKED), "(top level)", "locked: id larak appears twice"),
    (
        "locked spelling",
        *_added(LOCKED + LOCKED.replace('"larak"', '"other"')),
        "(top level)",
        "locked: spelling larak appears twice",
    ),
    (
        "deadline",
        *_added("[deadlines]\ngiving = { Flash = 5 }"),
        "deadlines.giving",
        "Flash: expected one of ROUTINE, PRIORITY",
    ),
    ("deadline none", *_added("[deadlines]\ngiving = { FLASH = 0 }"), "deadlines.giving.FLASH", "value 0: expected"),
    ("retention", *_added("[retention]\nrecordings_days = 0"), "retention.recordings_days", "value 0: expected"),
]


@pytest.mark.parametrize(("old", "new", "key", "text"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, key: str, text: str) -> None:
    """The error says file, key, value and what was expected."""
    path = write_plan(tmp_path, "127.9.9")
    content = path.read_text(encoding="utf-8")
    assert old in content
    count = -1 if key == "(top level)" and old == "sides.us" else 1
    path.write_text(content.replace(old, new, count), encoding="utf-8")
    with pytest.raises(DialplanError) as caught:
        load(path)
    assert caught.value.where == f"{path}, key {key}"
    assert text in caught.value.what
    assert caught.value.remedy.startswith("Correct the key; nothing was started.")


def test_more_mistakes_are_counted(tmp_path: Path) -> None:
    """The first in full, the number of the others."""
    path = write_plan(tmp_path, "127.9.9")
    path.write_text(path.read_text(encoding="utf-8").replace("port = 5060", "port = 0"), encoding="utf-8")
    with pytest.raises(DialplanError, match="1 more mistake"):
        load(path)


def test_a_long_value_is_shortened(tmp_path: Path) -> None:
    """A whole file pasted into a value does not fill the screen."""
    path = write_plan(tmp_path, "127.9.9")
    path.write_text(path.read_text(encoding="utf-8").replace('"Test"', f'"{"x" * 5000}"'), encoding="utf-8")
    with pytest.raises(DialplanError) as caught:
        load(path)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"a = [", "not valid TOML"), (b'a = "\xff"', "not valid TOML"), (None, "No such file")],
)
def test_no_toml(tmp_path: Path, content: bytes | None, text: str) -> None:
    """A file that cannot be read at all is named too."""
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DialplanError, match=text) as caught:
        load(path)
    assert caught.value.where == str(path)


def _sides(tmp_path: Path) -> str:
    return write_plan(tmp_path, "127.9.9").read_text(encoding="utf-8")


def test_exactly_two_sides(tmp_path: Path) -> None:
    """One side is no hotline, three are a conference."""
    text = _sides(tmp_path)
    third = text[text.index("[sides.ir]") :].replace("sides.ir", "sides.om")
    for content in (text[: text.index("[sides.ir]")], text + third):
        path = tmp_path / "other.toml"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DialplanError, match="expected exactly two"):
            load(path)


def test_two_lines_on_one_address(tmp_path: Path) -> None:
    """Two stations never share an address."""
    path = tmp_path / "other.toml"
    path.write_text(_sides(tmp_path).replace('host = "127.9.9.12"', 'host = "127.9.9.11"'), encoding="utf-8")
    with pytest.raises(DialplanError, match="expected two separate addresses"):
        load(path)


@pytest.mark.parametrize("what", ["contacts", "handsets"])
def test_double_ids(tmp_path: Path, what: str) -> None:
    """A name in a record must mean one telephone."""
    path, text = tmp_path / "other.toml", _sides(tmp_path)
    start = text.index(f"[[sides.us.{what}]]")
    end = text.index("[", text.index("uri", start))
    path.write_text(text[:end] + text[start:end] + text[end:], encoding="utf-8")
    with pytest.raises(DialplanError, match="appears twice"):
        load(path)


def test_defaults_and_look_ups(tmp_path: Path) -> None:
    """A short plan means what the documentation says; an unknown side names the known ones."""
    plan = load(write_plan(tmp_path, "127.9.9"))
    side = plan.side("us")
    assert (side.line_language, side.line.user, side.line.transport) == ("en", "desk", "udp")
    assert plan.timers.ring_s(Precedence.FLASH) == 8.0
    assert str(side.contacts[0].uri) == "sip:watch@127.9.9.21:5060"
    assert [side.name.of(language) for language in ("en", "fa", "xx")] == ["Side us", "طرف", "Side us"]
    with pytest.raises(DialplanError, match="ir, us"):
        plan.side("om")


def test_a_telephone_may_have_a_name(tmp_path: Path) -> None:
    """A SIP URI may name a host; without a port it means 5060."""
    path = tmp_path / "other.toml"
    path.write_text(_sides(tmp_path).replace("watch@127.9.9.21:5060", "watch@exchange.example"), encoding="utf-8")
    assert str(load(path).side("us").contacts[0].uri) == "sip:watch@exchange.example:5060"


def test_paths_are_meant_from_the_files_folder(tmp_path: Path) -> None:
    """Certificates and announcements move with the dialplan."""
    table = 'transport = "tls"\ntls = { certificate = "k/a.pem", key = "/k/a.key", authorities = "k/b.pem" }'
    path = write_plan(tmp_path, "127.9.9", line=table)
    path.write_text('announcements = "voices"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    plan = load(path)
    tls = plan.side("us").line.tls
    assert tls is not None
    assert (tls.certificate, tls.key) == (tmp_path / "k/a.pem", Path("/k/a.key"))
    assert plan.announcements == tmp_path / "voices"


def test_a_deadline_of_ones_own(tmp_path: Path) -> None:
    """What is given for a step and precedence is used; the rest is the handling time of the precedence."""
    path = write_plan(tmp_path, "127.9.9")
    path.write_text(
        path.read_text(encoding="utf-8").replace("[sides.us]", "[deadlines]\ngiving = { FLASH = 4 }\n[sides.us]", 1),
        encoding="utf-8",
    )
    deadlines = load(path).deadlines
    assert [deadlines.minutes("giving", one) for one in Precedence] == [360, 180, 30, 4]
    assert [deadlines.minutes("taking", one) for one in Precedence] == [360, 180, 30, 10]


def test_a_ring_time_of_ones_own() -> None:
    """The time given for a precedence is used, the others stay."""
    raw = tomllib.loads((ROOT / "dialplans" / "gulf.toml").read_text(encoding="utf-8"))
    raw["timers"]["contact_ring_s"] = {"FLASH": 5}
    plan = Dialplan.model_validate(raw)
    assert [plan.timers.ring_s(precedence) for precedence in Precedence] == [8.0, 8.0, 8.0, 5.0]


def test_documentation_is_current() -> None:
    """docs/dialplan.md is made from the texts under the fields."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_dialplan.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def _with_page(text: str, uri: str = "127.9.9.31", more: str = "") -> str:
    """Side us gets a page's handset behind its own."""
    at = text.index("[sides.ir]")
    return f'{text[:at]}[[sides.us.handsets]]\nid = "page"\nuri = "sip:page@{uri}"\npage = true\n{more}\n{text[at:]}'


@pytest.mark.parametrize(
    ("host", "tls", "is_private", "url"),
    [
        ("127.0.0.11", False, True, "http://127.0.0.11:8080/"),
        ("::1", False, True, "http://[::1]:8080/"),
        ("192.0.2.7", False, False, "http://192.0.2.7:8080/"),
        ("192.0.2.7", True, True, "https://desk.oman.example:8080/"),
    ],
)
def test_words_are_shown_where_nobody_reads_along(host: str, tls: bool, is_private: bool, url: str) -> None:
    """On this host or over TLS; the address is the one that a browser is told."""
    files = {"certificate": "desk.pem", "key": "desk.key"}
    page = Page.model_validate({"host": host, **({"name": "desk.oman.example", "tls": files} if tls else {})})
    assert (page.is_private, page.url) == (is_private, url)


def test_page_handset(tmp_path: Path) -> None:
    """One handset of a side may be a page's; it keeps its place in the ringing order."""
    path = tmp_path / "other.toml"
    path.write_text(_with_page(_sides(tmp_path)), encoding="utf-8")
    side = load(path).side("us")
    assert side.page_handset is side.handsets[-1]
    assert load(path).side("ir").page_handset is None


@pytest.mark.parametrize(
    ("uri", "more", "said"),
    [
        (
            "127.9.9.31",
            '[[sides.us.handsets]]\nid = "page-2"\nuri = "sip:page@127.9.9.32"\npage = true\n',
            "2 have page = true; expected at most one",
        ),
        ("phone.example", "", "page = true at phone.example; expected a numeric address"),
    ],
)
def test_wrong_page_handsets(tmp_path: Path, uri: str, more: str, said: str) -> None:
    """The station has one page's telephone, and can only be it at an address of its own."""
    path = tmp_path / "other.toml"
    path.write_text(_with_page(_sides(tmp_path), uri, more), encoding="utf-8")
    with pytest.raises(DialplanError, match=said):
        load(path)
