"""Passkeys after W3C Web Authentication (WebAuthn) level 2: what a browser is asked for, and what its answer proves.

A device must keep the key itself and must have verified its holder (PIN, finger, face): one step in place of password
and code. It answers for one name over TLS only. It keeps nothing; `challenges` and `ledger.passkeys` do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cbor2 import CBORError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bridge.base.dialplan import Page
from bridge.base.errors import Theirs
from bridge.base.wire import Value
from bridge.desk.challenges import LASTS_S
from bridge.ledger.accounts import Account
from bridge.ledger.passkeys import Passkey

HTTPS = 443
_BROKEN = (WebAuthnException, CBORError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the library raises at answers that no browser gives; it promises the first alone."""
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyError(Theirs):
    """A browser's answer proves nothing."""

    code = "passkey"


@dataclass(frozen=True, slots=True)
class New:
    """What a device has made."""

    id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The station as browsers and devices know it."""

    name: str
    """DNS name of the page: a passkey works for it and for no other."""
    origin: str
    title: str

    @classmethod
    def of(cls, page: Page, title: str) -> RelyingParty | None:
        """None where the page has no name or no certificate: no browser makes a passkey for it."""
        if not page.name or page.tls is None:
            return None
        port = "" if page.port == HTTPS else f":{page.port}"
        return cls(page.name, f"https://{page.name}{port}", title)

    def creation(self, account: Account, handle: bytes, known: Sequence[Passkey], challenge: bytes) -> Value:
        """What a browser is given to make a passkey."""
        options = generate_registration_options(
            rp_id=self.name,
            rp_name=self.title,
            user_name=account.name,
            user_id=handle,
            user_display_name=account.display,
            challenge=challenge,
            timeout=LASTS_S * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one.id)) for one in known],
        )
        made: Value = json.loads(options_to_json(options))
        return made

    def request(self, challenge: bytes) -> Value:
        """What a browser is given to prove one; whose it is, the device says."""
        timeout = LASTS_S * 1000
        options = generate_authentication_options(
            rp_id=self.name, challenge=challenge, timeout=timeout, user_verification=_VERIFIED
        )
        made: Value = json.loads(options_to_json(options))
        return made

    def registered(self, credential: Mapping[str, object], challenge: bytes) -> New:
        """Check the answer of a device that has made a passkey.

        Raises:
            PasskeyError: of another page or challenge, of a device that has not verified its holder, or damaged.
        """
        try:
            made = verify_registration_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.name,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise PasskeyError(f"not made: {error}") from error
        return New(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)

    def proved(self, credential: Mapping[str, object], challenge: bytes, passkey: Passkey) -> int:
        """Check the answer of a device that has a passkey; how often it has signed.

        Raises:
            PasskeyError: as `registered`; another key's; or the device's count does not grow, as with a copy.
        """
        if handle_of(credential) != passkey.handle:
            raise PasskeyError("the device names another account")
        try:
            used = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=self.name,
                expected_origin=self.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise PasskeyError(f"not proved: {error}") from error
        return used.new_sign_count


def id_of(credential: Mapping[str, object]) -> str:
    """Which passkey a browser's answer is of; empty if it does not say."""
    found = credential.get("id")
    return found if isinstance(found, str) else ""


def challenge_of(credential: Mapping[str, object]) -> bytes:
    """Which challenge a browser's answer is to.

    Raises:
        PasskeyError: it does not say.
    """
    try:
        return parse_client_data_json(_bytes(credential, "clientDataJSON")).challenge
    except _BROKEN as error:
        raise PasskeyError(f"no challenge: {error}") from error


def handle_of(credential: Mapping[str, object]) -> bytes:
    """For whom a device keeps the passkey.

    Raises:
        PasskeyError: it does not say.
    """
    try:
        return _bytes(credential, "userHandle")
    except ValueError as error:
        raise PasskeyError(f"no user handle: {error}") from error


def _bytes(credential: Mapping[str, object], name: str) -> bytes:
    """Raises: ValueError."""
    response = credential.get("response")
    found = response.get(name) if isinstance(response, Mapping) else None
    if not isinstance(found, str):
        raise ValueError(f"{name}: expected base64url")
    return base64url_to_bytes(found)
