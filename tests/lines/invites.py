"""An INVITE as text."""

from __future__ import annotations


def invite(*lines: str, uri: str = "sip:desk@127.0.0.1", body: str = "") -> str:
    return "\r\n".join([f"INVITE {uri} SIP/2.0", *lines, "", body])
