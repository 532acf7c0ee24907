"""How a SIP endpoint of a station is opened: the line's and the telephone's of the page are the same in all of this.

Limits and traps of the pjsua2 build are in docs/design/telephony.md.
"""

from __future__ import annotations

import ctypes

import pjsua2 as pj
from pjsua2 import _pjsua2

from bridge.base.dialplan import Line
from bridge.base.voice import RATE_HZ

GIVE_UP_MS = 6000
"""SIP transaction time-out (timers B, F, H; RFC 3261 17.1.1.2 says 32 s). A dead far end holds one of four slots for
this long, and a silent phone system is known to be silent after it. Six seconds are three retransmissions more than
a satellite hop needs."""
_TRANSPORTS = {
    "udp": pj.PJSIP_TRANSPORT_UDP,
    "tcp": pj.PJSIP_TRANSPORT_TCP,
    "tls": pj.PJSIP_TRANSPORT_TLS,
}
_CIPHERS = (49200, 49199, 49196, 49195)
"""ECDHE with AES-GCM only (RFC 5289)."""
_SRTP_SUITES = ("AES_256_CM_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80")
"""RFC 4568, RFC 6188. The 32-bit tags are left out."""
_CODECS = {"PCMA/8000/1": 255, "PCMU/8000/1": 254}


def begin(endpoint: pj.Endpoint, user_agent: str) -> ctypes.CDLL:
    """Create and configure; the library is returned, because the sieve stands in it before anything listens.

    Raises:
        pj.Error: the library refused.
    """
    library = ctypes.CDLL(_pjsua2.__file__)
    library.pj_log_set_level(0)  # it would print addresses before the configuration below silences it
    endpoint.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = user_agent
    config.uaConfig.natTypeInSdp = 0
    config.logConfig.level = config.logConfig.consoleLevel = 0
    media = config.medConfig
    media.clockRate = media.sndClockRate = RATE_HZ
    media.noVad = True  # silence suppression turns five silent seconds into one packet, as if the leg were dead
    media.sndAutoCloseTime = -1  # else the clock stops with the last link and an unlinked leg sends no RTP
    endpoint.libInit(config)
    library.pjsip_tsx_set_timers(0, 0, 0, GIVE_UP_MS)
    return library


def listen(endpoint: pj.Endpoint, line: Line, host: str, port: int) -> None:
    """Open the transport that the dialplan gives the line, on an address of this host; G.711 only.

    Raises:
        pj.Error: the address or port is taken, or a certificate cannot be used.
    """
    endpoint.transportCreate(_TRANSPORTS[line.transport], _transport(line, host, port))
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, _CODECS.get(codec.codecId, 0))


def set_media(media: pj.AccountMediaConfig, line: Line, host: str, ports: tuple[int, int]) -> None:
    """RTP on this address and these ports, encrypted as the dialplan says."""
    media.transportConfig.boundAddress = media.transportConfig.publicAddress = host
    first, last = ports
    media.transportConfig.port, media.transportConfig.portRange = first, last - first
    media.srtpUse = pj.PJMEDIA_SRTP_MANDATORY if line.srtp == "mandatory" else pj.PJMEDIA_SRTP_DISABLED
    media.srtpSecureSignaling = 1 if line.transport == "tls" else 0
    if line.srtp != "mandatory":
        return
    suites = pj.SrtpCryptoVector()
    for name in _SRTP_SUITES:
        suite = pj.SrtpCrypto()
        suite.name = name
        suites.append(suite)
    media.srtpOpt.cryptos = suites


def _transport(line: Line, host: str, port: int) -> pj.TransportConfig:
    config = pj.TransportConfig()
    config.boundAddress, config.port = host, port
    if line.tls is not None and line.transport == "tls":
        tls = config.tlsConfig
        tls.certFile, tls.privKeyFile = str(line.tls.certificate), str(line.tls.key)
        tls.CaListFile = str(line.tls.authorities)
        tls.verifyClient = tls.requireClientCert = tls.verifyServer = True
        tls.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2
        tls.ciphers = pj.IntVector(_CIPHERS)
    return config
