"""A real record behind the page: the routes of the record and of its sound before a made-up station."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.desk.open_desk import Inject
from tests.desk.review_rig import Written
from tests.page.fake import Fake, serving

ROUTES = ("/api/review/", "/api/peaks/", "/api/audio/")


class Beside:
    """Sends what is asked of the record to the record, all else to the made-up station."""

    def __init__(self, station: ASGIApp, record: ASGIApp) -> None:
        self._station = station
        self._record = Inject(record)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_record = scope["type"] == "http" and scope["path"].startswith(ROUTES)
        await (self._record if is_record else self._station)(scope, receive, send)


@contextmanager
def serving_record(host: str, record: Written) -> Iterator[Fake]:
    def around(station: ASGIApp) -> ASGIApp:
        return Beside(station, record.app())

    with serving(host, around) as fake:
        yield fake
