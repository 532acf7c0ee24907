"""Every route has a row, every row says who may."""

from __future__ import annotations

import pytest

from bridge.desk.policy import ALL, DESK, POLICY, READERS, Open, Role, row_of, uncovered

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("method", "path", "roles", "without"),
    [
        ("GET", "/", ALL, Open.EVERYBODY),
        ("HEAD", "/", ALL, Open.EVERYBODY),
        ("GET", "/static/door/door.js", ALL, Open.EVERYBODY),
        ("GET", "/static/live/page.js", ALL, Open.NOBODY),
        ("POST", "/api/acts", DESK, Open.NOBODY),
        ("POST", "/api/line", DESK, Open.NOBODY),
        ("WS", "/api/events", READERS, Open.NOBODY),
        ("WS", "/voice", DESK, Open.NOBODY),
        ("GET", "/api/audio/us-20261123T100512Z-3f9a/side-1", READERS, Open.NOBODY),
        ("GET", "/api/slip/taking/1/page", DESK, Open.NOBODY),
        ("GET", "/api/review/search", READERS, Open.NOBODY),
        ("GET", "/health", ALL, Open.HOST),
    ],
)
def test_who_may(method: str, path: str, roles: frozenset[Role], without: Open) -> None:
    """The table as it was meant."""
    row = row_of(method, path)
    assert row is not None
    assert (row.roles, row.without) == (roles, without)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/"),
        ("GET", "/api/acts"),
        ("POST", "/"),
        ("GET", "/docs"),
        ("GET", "/static/"),
        ("WS", "/"),
        ("PUT", "/api/me"),
    ],
)
def test_what_has_no_row_is_nobodys(method: str, path: str) -> None:
    """Another method, another path."""
    assert row_of(method, path) is None


def test_the_administrator_sees_no_content() -> None:
    """He keeps accounts; a party's words are not his."""
    content = [row for row in POLICY if Role.ADMINISTRATOR in row.roles]
    assert {row.path for row in content} == {
        "/",
        "/static/door/{file:path}",
        "/static/{file:path}",
        "/api/sign-in",
        "/api/sign-in/passkey",
        "/api/sign-in/passkey/options",
        "/api/passkeys",
        "/api/passkeys/options",
        "/api/passkeys/remove",
        "/api/sign-out",
        "/api/me",
        "/api/me/language",
        "/api/page",
        "/health",
        "/metrics",
    }


def test_only_the_desk_changes_anything() -> None:
    """Whoever only reads has no route that writes, but signing in and out, his passkeys and his language."""
    own = {"/api/sign-in", "/api/sign-out", "/api/me/language"}
    own |= {row.path for row in POLICY if "passkey" in row.path}
    assert all(row.roles <= DESK for row in POLICY if row.method != "GET" and row.path not in own | {"/api/events"})


def test_a_forgotten_route_is_found() -> None:
    """With its method, as the application has it."""
    assert uncovered([("GET", "/api/state"), ("GET", "/api/slip/{subject:path}/page"), ("WS", "/voice")]) == []
    assert uncovered([("POST", "/api/state"), ("GET", "/admin/{name}")]) == ["POST /api/state", "GET /admin/{name}"]
