"""How the phone's stack is set up: one thread, G.711 only, one address, TLS and SRTP as asked.

It holds no state. `options` is what the command line gave (`__main__`).
"""

from __future__ import annotations

import argparse
import socket

import pjsua2 as pj

from bridge.drill.phone.handset import RATE_HZ

SUITES = [49200, 49199, 49196, 49195]
"""ECDHE with AES-GCM: what TLS 1.2 has left that is sound (RFC 9325 4.2)."""
TRANSPORTS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}


def deaf_socket(options: argparse.Namespace) -> socket.socket:
    kind = socket.SOCK_DGRAM if options.transport == "udp" else socket.SOCK_STREAM
    deaf = socket.socket(socket.AF_INET, kind)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deaf.bind((options.bind, options.port))
    if kind == socket.SOCK_STREAM:
        deaf.listen(8)  # the kernel completes the handshake; nobody ever reads
    return deaf


def start_endpoint() -> pj.Endpoint:
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.userAgent = "drill-phone"
    config.medConfig.clockRate = RATE_HZ
    config.medConfig.noVad = True  # a handset sends its noise all the time
    config.medConfig.sndAutoCloseTime = -1
    config.medConfig.ecTailLen = 0
    endpoint = pj.Endpoint()
    endpoint.libCreate()
    endpoint.libInit(config)
    endpoint.audDevManager().setNullDev()
    endpoint.libStart()
    for codec in endpoint.codecEnum2():
        endpoint.codecSetPriority(codec.codecId, {"PCMU": 255, "PCMA": 254}.get(codec.codecId.split("/")[0], 0))
    return endpoint


def transport_config(options: argparse.Namespace) -> pj.TransportConfig:
    config = pj.TransportConfig()
    config.boundAddress = options.bind
    config.port = options.port
    if options.transport == "tls":
        tls = config.tlsConfig
        tls.certFile, tls.privKeyFile, tls.CaListFile = options.cert, options.key, options.ca
        tls.verifyServer = tls.verifyClient = tls.requireClientCert = True
        tls.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2
        for suite in SUITES:
            tls.ciphers.append(suite)
    return config


def account_config(options: argparse.Namespace, transport: int) -> pj.AccountConfig:
    config = pj.AccountConfig()
    suffix = "" if options.transport == "udp" else f";transport={options.transport}"
    config.idUri = f"<sip:{options.user}@{options.bind}:{options.port}{suffix}>"
    # On a host with several addresses the library may name another one than it listens on.
    config.sipConfig.contactForced = config.idUri
    if options.transport == "udp":
        config.sipConfig.transportId = transport
    config.natConfig.contactRewriteUse = config.natConfig.viaRewriteUse = config.natConfig.sdpNatRewriteUse = 0
    media = config.mediaConfig
    media.transportConfig.boundAddress = media.transportConfig.publicAddress = options.bind
    media.transportConfig.port = options.rtp_port
    media.srtpUse = pj.PJMEDIA_SRTP_MANDATORY if options.srtp == "mandatory" else pj.PJMEDIA_SRTP_DISABLED
    media.srtpSecureSignaling = 1 if options.srtp == "mandatory" else 0
    return config
