"""A module in the SIP stack, below its transactions, that asks `gate` about each request before the stack acts on it.

pjsua2 has no such place, so the C library is spoken to directly. The layout of what it hands over is that of
pjproject 2.15.1 on 64 bits; each request is checked for it, and one that does not fit is let through and counted.
In the line's thread, inside `libHandleEvents`. It decides nothing.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

from bridge.base import log
from bridge.base.errors import SetupError
from bridge.lines.gate import Gate, Pass

_PRIORITY = 12
"""Between the transport layer (8) and the transaction layer (16), pjsip/sip_module.h."""
_SUPPORTED = 36
"""PJSIP_H_SUPPORTED, pjsip/sip_msg.h."""
_PACKET_AT = 320
_PACKET_BYTES = 4000
_NAME_AT = 4368
_NAME_BYTES = 46
_MESSAGE_AT = 4424
"""Offsets in pjsip_rx_data: pkt_info.packet, pkt_info.src_name, msg_info.msg_buf (with its length behind it)."""
_LOG = log.logger("lines")

_RequestCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class _Str(ctypes.Structure):
    """pj_str_t."""

    _fields_ = (("ptr", ctypes.c_char_p), ("slen", ctypes.c_ssize_t))


class _Module(ctypes.Structure):
    """pjsip_module."""

    _fields_ = (
        ("prev", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
        ("name", _Str),
        ("id", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("load", ctypes.c_void_p),
        ("start", ctypes.c_void_p),
        ("stop", ctypes.c_void_p),
        ("unload", ctypes.c_void_p),
        ("on_rx_request", _RequestCallback),
        ("on_rx_response", ctypes.c_void_p),
        ("on_tx_request", ctypes.c_void_p),
        ("on_tx_response", ctypes.c_void_p),
        ("on_tsx_state", ctypes.c_void_p),
    )


class Sieve:
    """One endpoint's module. Keep it as long as the endpoint lives: the stack holds its address."""

    def __init__(self, library: ctypes.CDLL, gate: Gate, tell: Callable[[str, int], None]) -> None:
        """Register with the endpoint that is being opened.

        Args:
            library: pjsua2's shared object.
            tell: takes address and status (0: no answer) of a flood that must be written down.

        Raises:
            SetupError: the stack does not take the module.
        """
        self._library = library
        self._gate = gate
        self._tell = tell
        self._is_strange = False
        library.pjsua_get_pjsip_endpt.restype = ctypes.c_void_p
        self._endpoint = ctypes.c_void_p(library.pjsua_get_pjsip_endpt())
        self._callback = _RequestCallback(self._seen)
        name = b"mod-hotline-sieve"
        self._module = _Module(name=_Str(name, len(name)), id=-1, priority=_PRIORITY, on_rx_request=self._callback)
        status = library.pjsip_endpt_register_module(self._endpoint, ctypes.byref(self._module))
        if status:
            raise SetupError(f"the SIP stack refused the gate ({status})", "line", "Install the pinned pjsua2 build.")

    def announce(self, option: str) -> None:
        """Let `Require` name this option: the stack answers 420 to those that it does not know (RFC 3261 8.2.2.3)."""
        tag = _Str(option.encode(), len(option))
        status = self._library.pjsip_endpt_add_capability(self._endpoint, None, _SUPPORTED, None, 1, ctypes.byref(tag))
        if status:
            _LOG.error("option cannot be announced", status=status)

    def _seen(self, data: int) -> int:
        """1 keeps the request from everybody above. An exception must not cross into C."""
        try:
            return self._judge(data)
        except Exception as error:  # noqa: BLE001  # the request passes, as it did before there was a gate
            _LOG.error("gate failed", code=type(error).__name__)
            return 0

    def _judge(self, data: int) -> int:
        message = ctypes.c_void_p.from_address(data + _MESSAGE_AT).value or 0
        length = ctypes.c_int.from_address(data + _MESSAGE_AT + 8).value
        begin = data + _PACKET_AT
        if not begin <= message <= message + length <= begin + _PACKET_BYTES or length <= 0:
            if not self._is_strange:
                self._is_strange = True
                _LOG.error("gate does not know this build")
            return 0
        head = ctypes.string_at(message, length)
        source = ctypes.string_at(data + _NAME_AT, _NAME_BYTES).partition(b"\0")[0].decode("ascii", "replace")
        verdict = self._gate.judge(head, source, time.monotonic())
        if isinstance(verdict, Pass):
            return 0
        if verdict.noted:
            self._tell(source, verdict.status)
        if verdict.status:
            self._library.pjsip_endpt_respond_stateless(
                self._endpoint, ctypes.c_void_p(data), verdict.status, None, None, None
            )
        return 1
