"""The routes of passkeys where there can be none: without a name of the page, or without a certificate, each says so.

It needs nothing of what checks passkeys, which takes a tenth of a second to load.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bridge.desk.door import refused


def refuse_passkeys(why: str) -> APIRouter:
    """Routes `/api/passkeys...` and `/api/sign-in/passkey...`.

    Args:
        why: a code: `no-name` or `no-tls`.
    """
    router = APIRouter()

    @router.get("/api/passkeys")
    async def own() -> JSONResponse:
        return JSONResponse({"possible": False, "why": why, "passkeys": []})

    @router.post("/api/passkeys")
    @router.post("/api/passkeys/options")
    @router.post("/api/passkeys/remove")
    @router.post("/api/sign-in/passkey")
    @router.post("/api/sign-in/passkey/options")
    async def refuse() -> JSONResponse:
        return refused(409, why, "passkeys need a name of the page and a certificate", 0)

    return router
