"""The live page's routes: state and its changes over a socket, acts and commands handed in, each with its sender."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bridge.desk.live import SOCKETS_LIMIT
from tests.desk.page_rig import HOST, Station, post

EVENTS = f"ws://{HOST}:8080/api/events"


def hear(socket: WebSocketTestSession, count: int) -> list[dict[str, Any]]:
    """The next messages that are no beats."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        message = json.loads(socket.receive_text())
        if "beat" not in message:
            found.append(message)
    return found


def test_state_is_all_sections() -> None:
    """With the run and the number from which the socket goes on."""
    station = Station()
    station.feed.put({"a": 1, "b": {"x": "سرعت"}})
    answer = station.client().get("/api/state")
    assert answer.json() == {"boot": "boot-1", "n": 2, "sections": {"a": 1, "b": {"x": "سرعت"}}}


@pytest.mark.parametrize("path", ["/api/state", "/api/audio/x", "/api/peaks/x", "/api/slip/taking/1"])
def test_nothing_without_a_session(path: str) -> None:
    """Should the guard ever be missing, nobody gets in."""
    answer = Station().client(None).get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "no-session")


def test_a_socket_without_a_session() -> None:
    """It is closed before anything is said."""
    with pytest.raises(WebSocketDisconnect) as caught, Station().client(None).websocket_connect(EVENTS):
        pytest.fail("let in")
    assert caught.value.code == 4401


def test_a_new_page_gets_everything_and_then_each_change() -> None:
    """The first message names the run; a removal is null."""
    station = Station()
    station.feed.put({"a": 1, "b": 2})
    with station.client().websocket_connect(EVENTS) as socket:
        assert hear(socket, 3) == [
            {"n": 0, "boot": "boot-1", "all": True},
            {"n": 1, "s": "a", "v": 1},
            {"n": 2, "s": "b", "v": 2},
        ]
        station.feed.put({"a": 5})
        station.feed.put({"b": None})
        assert hear(socket, 2) == [{"n": 3, "s": "a", "v": 5}, {"n": 4, "s": "b", "v": None}]


def test_a_page_that_was_away_gets_what_it_lacks() -> None:
    """Of the run it knows: the changes since, removals included."""
    station = Station()
    station.feed.put({"a": 1, "b": 2, "c": 3})
    station.feed.put({"a": None, "b": 4})
    with station.client().websocket_connect(f"{EVENTS}?boot=boot-1&since=3") as socket:
        assert hear(socket, 3) == [
            {"n": 3, "boot": "boot-1", "all": False},
            {"n": 4, "s": "a", "v": None},
            {"n": 5, "s": "b", "v": 4},
        ]


@pytest.mark.parametrize(
    "query",
    ["", "?boot=boot-0&since=2", "?boot=boot-1&since=99", "?boot=boot-1&since=-1", "?boot=boot-1&since=٣", "?since=2"],
)
def test_a_page_of_another_run_begins_anew(query: str) -> None:
    """Whatever number it names; sections that are gone were never there."""
    station = Station()
    station.feed.put({"a": 1, "b": 2})
    station.feed.put({"a": None})
    with station.client().websocket_connect(EVENTS + query) as socket:
        assert hear(socket, 2) == [{"n": 0, "boot": "boot-1", "all": True}, {"n": 2, "s": "b", "v": 2}]


def test_each_second_a_beat_with_the_servers_time() -> None:
    """From it the page tells that its data is fresh."""
    station = Station()
    with station.client().websocket_connect(EVENTS) as socket:
        hear(socket, 1)
        beats = [json.loads(socket.receive_text()) for _ in range(2)]
    assert beats == [{"n": 0, "beat": station.clock.now().utc}] * 2


def test_a_slow_page_gets_the_newest_version_only() -> None:
    """What changed ten times while it did not look comes once."""
    station = Station()
    with station.client().websocket_connect(EVENTS) as socket:
        hear(socket, 1)
        for number in range(10):
            station.feed.put({"a": number, "b": number})
        seen: list[dict[str, Any]] = []
        while not seen or seen[-1] != {"n": 20, "s": "b", "v": 9}:
            seen += hear(socket, 1)
    assert len(seen) <= 20
    assert [message["n"] for message in seen] == sorted(message["n"] for message in seen)


@pytest.mark.parametrize(("said", "code"), [("hello", 1008), ("x" * 65, 1009)])
def test_a_page_says_ping_and_nothing_else(said: str, code: int) -> None:
    """Whatever else is said ends the socket, with a code."""
    with Station().client().websocket_connect(EVENTS) as socket:
        hear(socket, 1)
        socket.send_text("ping")
        socket.send_text(said)
        with pytest.raises(WebSocketDisconnect) as caught:
            hear(socket, 1)
    assert caught.value.code == code


def test_bytes_are_not_expected() -> None:
    """Nor is sound sent here."""
    with Station().client().websocket_connect(EVENTS) as socket:
        hear(socket, 1)
        socket.send_bytes(b"\0")
        with pytest.raises(WebSocketDisconnect):
            hear(socket, 1)


def test_there_is_an_end_to_pages() -> None:
    """One too many is told so; when one leaves there is room again, and nobody listens for it any more."""
    station = Station()
    with station.client() as client:
        sockets = [client.websocket_connect(EVENTS) for _ in range(SOCKETS_LIMIT)]
        for socket in sockets:
            hear(socket.__enter__(), 1)
        with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(EVENTS) as last:
            hear(last, 1)
        assert (caught.value.code, caught.value.reason) == (1013, "too-many-pages")
        for socket in sockets:
            socket.__exit__(None, None, None)
        with client.websocket_connect(EVENTS) as again:
            assert hear(again, 1)[0]["boot"] == "boot-1"
    assert not station.feed.has_readers


def test_an_act_is_signed_by_its_session() -> None:
    """Who acts is who is signed in; the id is the key."""
    station = Station()
    body = {"act": "Edited", "subject": "taking/1", "fields": {"text": "Speed 9 knots."}}
    answer = post(station.client(), "/api/acts", body, "A-7")
    assert (answer.status_code, answer.json()) == (200, {"result": "done", "seq": 4})
    assert station.acts == [{**body, "id": "A-7", "person": "op-a", "role": "operator", "console": "A"}]


@pytest.mark.parametrize(
    "body",
    [
        {"act": "Edited", "person": "op-z"},
        {"act": "Edited", "id": "x"},
        {"act": "Edited", "role": "supervisor"},
        {"act": "StateAsked"},
        b"[]",
        b"{",
        b'{"act": 1.5}',
        b"[" * 50_000,
    ],
)
def test_nobody_signs_for_another(body: Any) -> None:
    """A body that names a person, asks for the whole record or is no object is refused, and nothing is handed in."""
    station = Station()
    answer = post(station.client(), "/api/acts", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-act")
    assert station.acts == []


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "a,b"])
def test_nothing_is_done_without_a_key(key: str) -> None:
    """Without it a repeat could not be told from a second act."""
    answer = post(Station().client(), "/api/acts", {"act": "Edited"}, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-key")


def test_form_and_size() -> None:
    """415 for another type, 413 for a body that no act has."""
    client = Station().client()
    assert post(client, "/api/acts", "act=x", **{"Content-Type": "text/plain"}).status_code == 415
    assert post(client, "/api/acts", b" " * 131_073).status_code == 413
    assert post(client, "/api/line", b" " * 4097).status_code == 413


@pytest.mark.parametrize(
    ("code", "status"),
    [("not-ready", 409), ("id-taken", 409), ("bad-field", 422), ("too-long", 422), ("storage", 503), ("lapsed", 409)],
)
def test_a_refusal_has_a_status(code: str, status: int) -> None:
    """And the body says the same as on the desk's own socket."""
    station = Station(answer={"result": "refused", "code": code, "detail": "because"})
    answer = post(station.client(), "/api/acts", {"act": "Edited"})
    assert (answer.status_code, answer.json()) == (status, {"result": "refused", "code": code, "detail": "because"})


def test_a_command_to_the_line_is_signed_too() -> None:
    """The command stands by itself; who asks stands beside it."""
    station = Station()
    command = {"command": "hang-up", "leg": "c/side-1"}
    assert post(station.client(), "/api/line", command, "A-8").status_code == 200
    assert station.commands == [{"command": command, "id": "A-8", "person": "op-a", "role": "operator", "console": "A"}]
