"""Where a station is on its networks, as keys of the dialplan: the line, its certificates, the pages."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from bridge.base.dialplan_messages import Table

_SIP_URI = re.compile(r"sips?:([A-Za-z0-9_.+-]+)@((?:\d{1,3}\.){3}\d{1,3}|[A-Za-z0-9.-]+)(?::(\d{1,5}))?", re.ASCII)

Port: TypeAlias = Annotated[int, Field(ge=1, le=65535)]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=3600)]


def _address(value: str) -> str:
    """Raises:
    ValueError: no IP address, or all of them.
    """
    if ipaddress.ip_address(value).is_unspecified:
        raise ValueError("expected one address of this host, not all of them")
    return value


class SipUri(Table):
    """A SIP address as the dialplan may name it: user, host and port, nothing else."""

    user: str
    host: str
    port: int = 5060

    @model_validator(mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = _SIP_URI.fullmatch(value)
        if not found or not 0 < int(found[3] or 5060) < 65536:
            raise ValueError("expected sip:user@host or sip:user@host:port")
        if found[2].replace(".", "").isdecimal():
            ipaddress.ip_address(found[2])
        return {"user": found[1], "host": found[2], "port": int(found[3] or 5060)}

    def __str__(self) -> str:
        return f"sip:{self.user}@{self.host}:{self.port}"


class Tls(Table):
    """Certificates of one line. Both ends show one; a peer without is turned away before any SIP."""

    certificate: Path
    """PEM file with this desk's certificate and chain."""
    key: Path
    """PEM file with its private key."""
    authorities: Path
    """PEM file with the authorities whose clients and servers are trusted."""


class Line(Table):
    """The standing connection of one side to the desk."""

    user: str = "desk"
    """User part that the side calls; any other gets 404."""
    host: str
    """Address that SIP and RTP listen on. Never 0.0.0.0: the station has one line and one network."""
    port: Port = 5060
    """SIP port."""
    transport: Literal["udp", "tcp", "tls"] = "udp"
    """`tls` is TLS 1.2 with certificates on both ends and needs the `tls` table."""
    srtp: Literal["off", "mandatory"] = "off"
    """`mandatory` refuses a call without SDES keys (RFC 4568) and needs `transport = "tls"`."""
    tls: Tls | None = None
    """Certificates, where `transport` is `tls`."""
    rtp_ports: tuple[Port, Port] = (40000, 40099)
    """First and last UDP port for audio; four legs need eight."""
    admit: list[str] = Field(min_length=1)
    """Networks whose addresses may call this line, in CIDR form. Everyone else gets 403."""
    trunk: SipUri | None = None
    """Where OPTIONS is sent to see whether the side's phone system lives; none: not supervised."""
    options_every_s: Seconds = 60.0
    """How often OPTIONS is sent."""

    @field_validator("host")
    @classmethod
    def _one_address(cls, value: str) -> str:
        return _address(value)

    @field_validator("admit")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @model_validator(mode="after")
    def _fits(self) -> Line:
        if self.transport == "tls" and self.tls is None:
            raise ValueError("transport is tls: expected a table tls with certificate, key and authorities")
        if self.srtp == "mandatory" and self.transport != "tls":
            raise ValueError('srtp is mandatory: expected transport = "tls", else the keys travel in clear')
        if self.rtp_ports[1] - self.rtp_ports[0] < 15:
            raise ValueError("rtp_ports: expected at least 16 ports, four legs with two each and room to reuse")
        return self


class PageTls(Table):
    """Certificate of the pages. Browsers give the microphone to a page on another host only over TLS."""

    certificate: Path
    """PEM file with this desk's certificate and chain; it names `page.name`, or the address where there is none."""
    key: Path
    """PEM file with its private key."""


class Page(Table):
    """Where the station's pages are served."""

    host: str
    """Address to listen on. Words of a party are shown on a loopback address, or over TLS, only."""
    port: Port = 8080
    """TCP port."""
    name: str = Field(default="", pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,62}$|^$")
    """Name under which browsers reach it; none: by its address."""
    tls: PageTls | None = None
    """Certificate; none: without TLS."""

    @field_validator("host")
    @classmethod
    def _one_address(cls, value: str) -> str:
        return _address(value)

    @property
    def is_private(self) -> bool:
        """Whether nobody between station and browser can read along."""
        return self.tls is not None or ipaddress.ip_address(self.host).is_loopback

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'http' if self.tls is None else 'https'}://{self.name or host}:{self.port}/"
