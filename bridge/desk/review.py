"""The routes of the record for whoever reads it afterwards: calls, messages, and what was said, found again.

    GET /api/review/calls   /calls/{call}   /messages   /messages/{subject}   /search

Every parameter has a form and a limit; one that is not known is refused. Nothing is changed by reading: what is heard
goes through `/api/audio`, which enters it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bridge.base.terms import Outcome as CallOutcome
from bridge.base.terms import Precedence, Role
from bridge.base.wire import Value
from bridge.desk.ports import RefusalError, session_of
from bridge.desk.review_archive import DOC_KINDS, Archive, Asked, BehindError
from bridge.desk.review_calls import OPEN
from bridge.desk.review_find import QUERY_LIMIT, parse
from bridge.relay import giving_states, taking_states
from bridge.relay.returns import Outcome

LIMIT, MOST = 50, 200
"""Rows of a page where nobody says how many, and at most."""
TEXT_LIMIT = 80
NEWEST = 2**53
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z)?", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,16}", re.ASCII)
_HIT = re.compile(r"[wp][0-9]{1,16}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)
_PAGES = frozenset(("limit", "cursor", "from", "to"))


def values(*kinds: type[enum.Enum]) -> frozenset[str]:
    return frozenset(str(one.value) for kind in kinds for one in kind)


_CHOICES: dict[str, dict[str, Collection[str]]] = {
    "calls": {
        "role": values(Role),
        "direction": ("in", "out"),
        "precedence": values(Precedence),
        "outcome": values(CallOutcome) | {OPEN},
        "exercise": ("true", "false"),
    },
    "messages": {
        "half": ("taking", "giving"),
        "state": values(taking_states.State, giving_states.State),
        "precedence": values(Precedence),
        "outcome": values(Outcome),
    },
    "search": {"kind": DOC_KINDS},
}
_TEXTS = {"calls": ("contact",), "messages": ("serial",), "search": ()}


def make_review(archive: Archive) -> APIRouter:
    router = APIRouter()

    @router.get("/api/review/calls")
    def calls(request: Request) -> Response:
        session_of(request)
        asked, limit = _asked(request, "calls"), _limit(request)
        return _answer(lambda: archive.calls(asked, _cursor(request), limit))

    @router.get("/api/review/calls/{call}")
    def call(request: Request, call: str) -> Response:
        session_of(request)
        _known(request, ())
        return _answer(lambda: archive.call(call), "no such call in this record")

    @router.get("/api/review/messages")
    def messages(request: Request) -> Response:
        session_of(request)
        asked, limit = _asked(request, "messages"), _limit(request)
        return _answer(lambda: archive.messages(asked, _cursor(request), limit))

    @router.get("/api/review/messages/{subject:path}")
    def message(request: Request, subject: str) -> Response:
        session_of(request)
        _known(request, ())
        return _answer(lambda: archive.message(subject), "no such message in this record")

    @router.get("/api/review/search")
    def search(request: Request) -> Response:
        session_of(request)
        asked, limit = _asked(request, "search", "q"), _limit(request)
        text = _query(request)
        return _answer(lambda: archive.search(text, asked, _place(request), limit))

    return router


def _answer(ask: Callable[[], dict[str, Value] | None], otherwise: str = "") -> Response:
    try:
        found = ask()
    except BehindError as error:
        raise RefusalError(error.code, str(error)) from error
    if found is None:
        raise RefusalError("no-such-thing", otherwise)
    return JSONResponse(found)


def _known(request: Request, names: Collection[str]) -> None:
    for name in request.query_params:
        if name not in names:
            raise RefusalError("bad-field", f"{name[:40]!r} is no parameter of this")


def _asked(request: Request, what: str, *more: str) -> Asked:
    """The filters of a request.

    Raises:
        RefusalError: a parameter that is not known, or of another form.
    """
    choices, texts, query = _CHOICES[what], _TEXTS[what], request.query_params
    spoken = () if what == "calls" else ("language",)
    _known(request, {*choices, *texts, *spoken, *more, *_PAGES})
    found: dict[str, str] = {}
    for name, allowed in choices.items():
        found[name] = worth = query.get(name, "")
        if worth and worth not in allowed:
            raise RefusalError("bad-field", f"{name}: expected one of {', '.join(sorted(allowed))}")
    for name in texts:
        found[name] = worth = query.get(name, "")
        if len(worth) > TEXT_LIMIT:
            raise RefusalError("too-long", f"{name}: more than {TEXT_LIMIT} characters")
    found["language"] = language = query.get("language", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise RefusalError("bad-field", "language: expected two or three letters")
    since, until = _moment(request, "from"), _moment(request, "to")
    if since and until and since >= until:
        raise RefusalError("bad-time", "from is not before to")
    exercise = {"true": True, "false": False}.get(found.pop("exercise", ""))
    return Asked(**found, exercise=exercise, from_utc=since, to_utc=until)


def _moment(request: Request, name: str) -> str:
    """A time of the query in the form of the record.

    Raises:
        RefusalError: no such moment.
    """
    text = request.query_params.get(name, "")
    if not text:
        return ""
    if not _TIME.fullmatch(text):
        raise RefusalError("bad-time", f"{name}: expected UTC such as 2026-11-23 or 2026-11-23T10:05:12Z")
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusalError("bad-time", f"{name}: there is no such moment") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(LIMIT))
    if not _COUNT.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise RefusalError("bad-field", f"limit: expected 1 to {MOST}")
    return int(text)


def _cursor(request: Request) -> int:
    text = request.query_params.get("cursor", str(NEWEST))
    if not _COUNT.fullmatch(text):
        raise RefusalError("bad-cursor", "cursor: expected what `next` of the page before said")
    return min(int(text), NEWEST)


def _place(request: Request) -> tuple[str, int]:
    text = request.query_params.get("cursor", f"w{NEWEST}")
    if not _HIT.fullmatch(text):
        raise RefusalError("bad-cursor", "cursor: expected what `next` of the page before said")
    return text[0], min(int(text[1:]), NEWEST)


def _query(request: Request) -> str:
    text = request.query_params.get("q", "")
    if len(text) > QUERY_LIMIT:
        raise RefusalError("too-long", f"q: {len(text)} characters, at most {QUERY_LIMIT}")
    if not parse(text):
        raise RefusalError("nothing-to-find", "q: expected at least one letter or digit")
    return text
