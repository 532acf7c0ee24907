"""Signing in by passkey, and making and removing one's own: routes beside the door.

    somebody signed in: password and code again -> options -> device -> POST /api/passkeys
    outsider:                                      options -> device -> POST /api/sign-in/passkey -> cookie

Making one takes password and code anew, whatever session asks: an unattended page must not become a way in that stays.
Where there can be none every route says so (`passkey_refusals`), and nothing else happens.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from bridge.base.wire import Value
from bridge.desk.challenges import Challenges
from bridge.desk.door import Entrance, Given, address_of, begin, refused
from bridge.desk.enrol import account_entry
from bridge.desk.passkey_refusals import refuse_passkeys
from bridge.desk.passkeys import PasskeyError, RelyingParty, challenge_of, id_of
from bridge.desk.session import Session
from bridge.ledger.accounts import Account, NoAccountError
from bridge.ledger.passkeys import NoPasskeyError, Passkey, PasskeyTakenError

SIGN_IN = "sign-in"
WHOEVER = "/passkey"
"""Stands for the name of whoever tries a passkey, in counting failures; no account is called so."""
KEPT_OF_ACCOUNT = 8
_HANDLE_BYTES, _CHALLENGE_BYTES = 32, 32


class Again(BaseModel):
    """Password and code of somebody who is signed in."""

    model_config = ConfigDict(extra="forbid", strict=True)
    password: Annotated[str, StringConstraints(max_length=256)]
    code: Annotated[str, StringConstraints(max_length=16)]


class Proof(BaseModel):
    """A browser's answer, in the form of `PublicKeyCredential.toJSON`."""

    model_config = ConfigDict(extra="forbid", strict=True)
    credential: dict[str, Any]


class Made(Proof):
    label: Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]


class Removed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    id: Annotated[str, StringConstraints(max_length=1400)]


def make_passkeys(entrance: Entrance, party: RelyingParty | None, *, why_not: str = "") -> APIRouter:
    """Routes `/api/passkeys...` and `/api/sign-in/passkey...`.

    Args:
        party: None where there can be none.
        why_not: a code then: `no-name` or `no-tls`.
    """
    if party is None:
        return refuse_passkeys(why_not)
    router = APIRouter()
    desk = _Desk(entrance, party)
    _add_own(router, desk)
    _add_sign_in(router, desk)
    return router


def _add_own(router: APIRouter, desk: _Desk) -> None:
    @router.get("/api/passkeys")
    async def own(request: Request) -> JSONResponse:
        session: Session = request.state.session
        return JSONResponse({"possible": True, "why": "", "passkeys": desk.own(session.person)})

    @router.post("/api/passkeys/options")
    async def options(request: Request, again: Again) -> Response:
        return await desk.offer(request, again)

    @router.post("/api/passkeys")
    async def made(request: Request, given: Made) -> Response:
        return await desk.make(request.state.session, given)

    @router.post("/api/passkeys/remove")
    async def remove(request: Request, given: Removed) -> Response:
        return await desk.remove(request.state.session, given.id)


def _add_sign_in(router: APIRouter, desk: _Desk) -> None:
    @router.post("/api/sign-in/passkey/options")
    async def options(request: Request) -> Response:
        return desk.ask(request)

    @router.post("/api/sign-in/passkey")
    async def sign_in(request: Request, given: Proof) -> Response:
        return await desk.sign_in(request, given)


class _Desk:
    """Owned by the event loop."""

    def __init__(self, entrance: Entrance, party: RelyingParty) -> None:
        self._entrance = entrance
        self._party = party
        self._challenges = Challenges()

    # -- one's own -------------------------------------------------------------------------------------------------

    def own(self, person: str) -> list[Value]:
        return [
            {"id": one.id, "label": one.label, "made_utc": one.made_utc, "used_utc": one.used_utc}
            for one in self._entrance.accounts.passkeys(person)
        ]

    async def offer(self, request: Request, again: Again) -> Response:
        """What the browser needs to make one, after password and code."""
        entrance, session = self._entrance, request.state.session
        account = await entrance.prove(request, Given(name=session.person, password=again.password, code=again.code))
        if isinstance(account, Response):
            return account
        known = entrance.accounts.passkeys(session.person)
        if len(known) >= KEPT_OF_ACCOUNT:
            return refused(409, "too-many-passkeys", f"at most {KEPT_OF_ACCOUNT}: remove one first", 0)
        handle = known[0].handle if known else secrets.token_bytes(_HANDLE_BYTES)
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        now_ns = entrance.clock.now().mono_ns
        self._challenges.give(challenge, _making(session), address_of(request), now_ns, handle)
        return JSONResponse({"options": self._party.creation(account, handle, known, challenge)})

    async def make(self, session: Session, given: Made) -> Response:
        entrance = self._entrance
        now = entrance.clock.now()
        try:
            challenge = challenge_of(given.credential)
            asked = self._challenges.take(challenge, _making(session), now.mono_ns)
            if asked is None:
                raise PasskeyError("not asked for, too late, or answered before")
            new = self._party.registered(given.credential, challenge)
            label = given.label if given.label.isprintable() else ""
            passkey = Passkey(new.id, session.person, label, asked.handle, new.public_key, new.sign_count, now.utc)
            entrance.accounts.add_passkey(passkey, now.utc)
        except (PasskeyError, PasskeyTakenError) as error:
            return refused(409, error.code, str(error), 0)
        await self._enter_change(session.person)
        return JSONResponse({"result": "done", "id": new.id})

    async def remove(self, session: Session, passkey_id: str) -> Response:
        now_utc = self._entrance.clock.now().utc
        try:
            self._entrance.accounts.remove_passkey(session.person, passkey_id, now_utc, ends_sessions=False)
        except NoPasskeyError as error:
            return refused(404, error.code, "no such passkey of yours", 0)
        await self._enter_change(session.person)
        return Response(status_code=204)

    async def _enter_change(self, person: str) -> None:
        accounts = self._entrance.accounts
        fields = account_entry(accounts.get(person), len(accounts.passkeys(person)))
        await self._entrance.enter("AccountChanged", fields)

    # -- signing in ------------------------------------------------------------------------------------------------

    def ask(self, request: Request) -> Response:
        address, now_ns = address_of(request), self._entrance.clock.now().mono_ns
        if wait_s := self._entrance.patience.wait_s(WHOEVER, address, now_ns):
            return refused(429, "wait", "too many tries", wait_s)
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        self._challenges.give(challenge, SIGN_IN, address, now_ns)
        return JSONResponse({"options": self._party.request(challenge)})

    async def sign_in(self, request: Request, given: Proof) -> Response:
        entrance, address = self._entrance, address_of(request)
        if wait_s := entrance.patience.wait_s(WHOEVER, address, entrance.clock.now().mono_ns):
            return refused(429, "wait", "too many tries", wait_s)
        passkey = entrance.accounts.passkey(id_of(given.credential))
        account = self._proved(given.credential, passkey)
        if account is None:
            wait_s = entrance.patience.failed(WHOEVER, address, entrance.clock.now().mono_ns)
            failed: dict[str, Value] = {"person": passkey.name if passkey else "", "by": "passkey"}
            await entrance.enter("SignInFailed", {**failed, "address": address, "wait_s": wait_s})
            return refused(401, "passkey", "this passkey opens nothing here", wait_s)
        entrance.patience.succeeded(WHOEVER, address)
        return await begin(request, entrance, account, "passkey")

    def _proved(self, credential: dict[str, Any], passkey: Passkey | None) -> Account | None:
        """The account whose passkey this is; a challenge is used up whatever comes of it."""
        entrance = self._entrance
        now = entrance.clock.now()
        try:
            challenge = challenge_of(credential)
            if self._challenges.take(challenge, SIGN_IN, now.mono_ns) is None or passkey is None:
                return None
            count = self._party.proved(credential, challenge, passkey)
            account = entrance.accounts.get(passkey.name)
        except (PasskeyError, NoAccountError):
            return None
        if account.is_disabled or not entrance.accounts.use_passkey(passkey, count, now.utc):
            return None
        return account


def _making(session: Session) -> str:
    return f"make {session.id}"
