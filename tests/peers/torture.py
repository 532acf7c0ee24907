"""Messages that no proper phone sends: each breaks one rule of RFC 3261 or RFC 8866 that a parser relies on.

In the manner of RFC 4475 (torture tests) but made from one sound INVITE, so that what differs is what is tested.
`mutations` damages a message at random from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.peers.rawsip import Dialog, sdp

Change = tuple[str, str, str]
"""Name, text to find (once) in the sound message, text to put there."""

_BIG = "9" * 400
_START = "INVITE {uri} SIP/2.0"


def sound(dialog: Dialog) -> str:
    """The INVITE that everything here is made from."""
    host = dialog.speaker.host
    return dialog.request("INVITE", ["User-Agent: stranger"], sdp(host, 40_000, "a=ptime:20", "a=sendrecv"))


def messages(make: Callable[[], Dialog]) -> Iterator[tuple[str, bytes]]:
    """Named messages, each of a fresh dialog so that its answers can be told apart."""
    for name, find, put in _changes():
        dialog = make()
        text = sound(dialog)
        at = find.format(uri=dialog.uri, host=dialog.speaker.host, to=dialog.to, sender=dialog.sender)
        if text.count(at) < 1:
            raise AssertionError(f"{name}: {at!r} is not in the sound message")
        new = put.format(uri=dialog.uri, host=dialog.speaker.host, to=dialog.to, sender=dialog.sender)
        changed = text.replace(at, new, 1)
        # The length is made right again, so that the body's fault is met and not the length's.
        yield name, changed.encode() if find.startswith("Content-Length") else _measured(changed)
    yield from _bytes(make)


def mutations(make: Callable[[], Dialog], seed: int, count: int) -> Iterator[bytes]:
    """Sound INVITEs with one to four random damages each."""
    rng = random.Random(seed)
    for _ in range(count):
        data = bytearray(sound(make()).encode())
        for _ in range(rng.randint(1, 4)):
            _damage(data, rng)
        yield bytes(data)


_TOKENS = (
    b"\r\n",
    b"\x00",
    b"%00",
    b"%s%n",
    b",",
    b";",
    b'"',
    b"<",
    b">",
    b":",
    b"=",
    b" ",
    b"\t",
    b"-1",
    b"@",
    b"[::",
    b"\xff",
)
_WORDS = (b"4294967296", b"99999999999999999999", b"A" * 300, b";" * 100, b"sip:" * 20, b"\r\n" * 20, "‮ت".encode())


def _damage(data: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(data))
    match rng.randrange(7):
        case 0:
            data[at] = rng.randrange(256)
        case 1:
            del data[at : at + rng.randint(1, 8)]
        case 2:
            data[at:at] = rng.choice(_TOKENS)
        case 3:
            data[at:at] = rng.choice(_WORDS)
        case 4:
            data[at:at] = data[at : at + rng.randint(1, 60)]
        case 5:
            lines = bytes(data).split(b"\r\n")
            one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            data[:] = b"\r\n".join(lines)
        case _:
            if rng.random() < 0.3:
                del data[at:]
            else:
                data[at] ^= 1 << rng.randrange(8)
    if not data:
        data += b"\r\n"


def _measured(text: str) -> bytes:
    head, separator, body = text.partition("\r\n\r\n")
    lines = [
        f"Content-Length: {len(body.encode())}" if line.startswith("Content-Length: ") else line
        for line in head.split("\r\n")
    ]
    return ("\r\n".join(lines) + separator + body).encode()


def _changes() -> Iterator[Change]:
    yield from _starts()
    yield from _routes()
    yield from _names()
    yield from _lengths()
    yield from _extras()
    yield from _bodies()


def _starts() -> Iterator[Change]:
    for name, put in (
        ("lower-case method", "invite {uri} SIP/2.0"),
        ("no URI", "INVITE SIP/2.0"),
        ("no version", "INVITE {uri}"),
        ("version 3", "INVITE {uri} SIP/3.0"),
        ("version without number", "INVITE {uri} SIP/"),
        ("two spaces", "INVITE  {uri}  SIP/2.0"),
        ("tabs", "INVITE\t{uri}\tSIP/2.0"),
        ("trailing space", "INVITE {uri} SIP/2.0 "),
        ("URI in brackets", "INVITE <{uri}> SIP/2.0"),
        ("unknown scheme", "INVITE nobody:desk@here SIP/2.0"),
        ("tel URI", "INVITE tel:+1-201-555-0123 SIP/2.0"),
        ("long user", "INVITE sip:" + "d" * 5000 + "@{host} SIP/2.0"),
        ("many parameters", "INVITE {uri};" + "a=b;" * 300 + " SIP/2.0"),
        ("huge port", "INVITE sip:desk@{host}:99999999 SIP/2.0"),
        ("negative port", "INVITE sip:desk@{host}:-1 SIP/2.0"),
        ("escaped NUL", "INVITE sip:de%00sk@{host} SIP/2.0"),
        ("broken escape", "INVITE sip:desk%4@{host} SIP/2.0"),
        ("headers in URI", "INVITE {uri}?Replaces=x&Route=%3Csip:x%3E SIP/2.0"),
        ("broken IPv6", "INVITE sip:desk@[::1 SIP/2.0"),
        ("maddr", "INVITE {uri};maddr=255.255.255.255;ttl=300 SIP/2.0"),
        ("long method", "I" * 2000 + " {uri} SIP/2.0"),
        ("a response", "SIP/2.0 200 OK"),
        ("a response 999", "SIP/2.0 999 Never"),
        ("a response without number", "SIP/2.0 xyz"),
        ("only spaces", "   "),
    ):
        yield name, _START, put


def _routes() -> Iterator[Change]:
    via = "Via: SIP/2.0/UDP "
    yield "no Via", via, "X-Via: "
    yield "Via of another protocol", via, "Via: HTTP/1.1/TCP "
    yield "Via with spaces", via, "Via: SIP / 2.0 / UDP   "
    yield "empty Via before", via, "Via:\r\nVia: SIP/2.0/UDP "
    yield "hundred Vias", via, "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\n" * 100 + via
    yield "Via list", via, "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx, ,, SIP/2.0/UDP "
    yield "Via huge port", ";rport", ":" + _BIG + ";rport"
    yield "rport with a value", ";rport", ";rport=" + _BIG
    yield "received with garbage", ";rport", ';received="<>";rport'
    yield "no branch", ";branch=", ";branc="
    yield "long branch", ";branch=z9hG4bK", ";branch=z9hG4bK" + "b" * 4000
    yield "no Max-Forwards", "Max-Forwards: 70", "X: y"
    yield "Max-Forwards 0", "Max-Forwards: 70", "Max-Forwards: 0"
    yield "Max-Forwards -1", "Max-Forwards: 70", "Max-Forwards: -1"
    yield "Max-Forwards huge", "Max-Forwards: 70", f"Max-Forwards: {_BIG}"
    yield "Record-Routes", "Max-Forwards: 70", "Record-Route: <sip:a;lr>, <sip:b;lr>,,<>\r\nMax-Forwards: 70"
    yield "Route to itself", "Max-Forwards: 70", "Route: <{uri};lr>\r\nMax-Forwards: 70"
    yield "broken Route", "Max-Forwards: 70", "Route: <sip:\r\nMax-Forwards: 70"


def _names() -> Iterator[Change]:
    sender, to = "From: {sender}", "To: {to}"
    yield "no From", sender, "X: y"
    yield "no To", to, "X: y"
    yield "From without tag", sender, "From: <sip:raw@{host}>"
    yield "From with two tags", sender, "From: {sender};tag=2;tag=3"
    yield "To with a tag", to, "To: {to};tag=unknown"
    yield "two Froms", sender, "From: {sender}\r\nFrom: <sip:other@{host}>;tag=1"
    yield "two Tos", to, "To: {to}\r\nTo: <sip:other@{host}>"
    yield "open quote", sender, 'From: "open <sip:raw@{host}>;tag=1'
    yield "open bracket", sender, "From: <sip:raw@{host};tag=1"
    yield "escapes in name", sender, 'From: "a\\"b\\\\c\\' + "\x07" + '" <sip:raw@{host}>;tag=1'
    yield "long name", sender, 'From: "' + "n" * 6000 + '" <sip:raw@{host}>;tag=1'
    yield "name in Persian", sender, 'From: "سرلشکر \u202e" <sip:raw@{host}>;tag=1'
    yield "name unquoted", sender, "From: a, b <sip:raw@{host}>;tag=1"
    yield "long tag", sender, "From: <sip:raw@{host}>;tag=" + "t" * 5000
    yield "empty tag", sender, "From: <sip:raw@{host}>;tag="
    yield "From is a star", sender, "From: *"
    yield "no Call-ID", "Call-ID: ", "X-Call-ID: "
    yield "empty Call-ID", "Call-ID: ", "Call-ID: \r\nX: "
    yield "long Call-ID", "Call-ID: ", "Call-ID: " + "c" * 5000
    yield "two Call-IDs", "Call-ID: ", "Call-ID: other\r\nCall-ID: "
    yield "strange Call-ID", "Call-ID: ", "Call-ID: \x01\x02<>\"'%00 "
    for name, put in (
        ("another method in CSeq", "1 OPTIONS"),
        ("no method in CSeq", "1"),
        ("no number in CSeq", "INVITE"),
        ("CSeq negative", "-1 INVITE"),
        ("CSeq beyond 2**31", "4294967296 INVITE"),
        ("CSeq huge", f"{_BIG} INVITE"),
        ("CSeq hexadecimal", "0x10 INVITE"),
        ("CSeq zero", "0 INVITE"),
    ):
        yield name, "CSeq: 1 INVITE", f"CSeq: {put}"
    yield "no CSeq", "CSeq: 1 INVITE", "X: y"
    yield "two CSeqs", "CSeq: 1 INVITE", "CSeq: 1 INVITE\r\nCSeq: 2 INVITE"
    yield "no Contact", "Contact: ", "X-Contact: "
    yield "Contact star", "Contact: <", "Contact: *\r\nX: <"
    yield "Contact without brackets", "Contact: <", "Contact: sip:a;b=c?d=e, <"
    yield "Contact nowhere", "Contact: <", "Contact: <sip:raw@0.0.0.0:0>\r\nX: <"
    yield "Contact broadcast", "Contact: <", "Contact: <sip:raw@255.255.255.255>\r\nX: <"
    yield "Contact mailto", "Contact: <", "Contact: <mailto:a@b>\r\nX: <"


def _lengths() -> Iterator[Change]:
    for name, put in (
        ("length 0", "Content-Length: 0\r\nX: "),
        ("length too long", "Content-Length: 99999\r\nX: "),
        ("length too short", "Content-Length: 10\r\nX: "),
        ("length negative", "Content-Length: -5\r\nX: "),
        ("length huge", f"Content-Length: {_BIG}\r\nX: "),
        ("length empty", "Content-Length: \r\nX: "),
        ("length a word", "Content-Length: many\r\nX: "),
        ("no length", "X: "),
        ("two lengths", "Content-Length: 1\r\nContent-Length: "),
        ("compact length", "l: "),
    ):
        yield name, "Content-Length: ", put


def _extras() -> Iterator[Change]:
    agent = "User-Agent: stranger"
    for name, put in (
        ("type text", "Content-Type: text/plain"),
        ("type empty", "Content-Type: "),
        ("type multipart without boundary", "Content-Type: multipart/mixed"),
        ("type multipart with long boundary", "Content-Type: multipart/mixed;boundary=" + "b" * 500),
        ("type twice", "Content-Type: application/sdp\r\nContent-Type: application/pidf+xml"),
    ):
        yield name, "Content-Type: application/sdp", put
    for name, put in (
        ("line without colon", "no colon here"),
        ("colon alone", ": nothing"),
        ("NUL in a header", "Subject: a\x00b"),
        ("lone line feed", "Subject: a\nX: b"),
        ("lone carriage return", "Subject: a\rX: b"),
        ("folded header", "Subject: a\r\n\tb\r\n  c"),
        ("folds without end", "Subject: a" + "\r\n b" * 500),
        ("thousand headers", "\r\n".join(f"X-{n}: {n}" for n in range(1000))),
        ("long header", "Subject: " + "s" * 20_000),
        ("Require unknown", "Require: nothing-known"),
        ("Require empty", "Require: ,,,"),
        ("Supported everything", "Supported: 100rel, timer, replaces, outbound, gruu, " + "x," * 300),
        ("Require 100rel", "Require: 100rel"),
        ("Session-Expires 0", "Supported: timer\r\nSession-Expires: 0"),
        ("Session-Expires huge", f"Supported: timer\r\nSession-Expires: {_BIG};refresher=nobody"),
        ("Min-SE huge", f"Supported: timer\r\nSession-Expires: 90\r\nMin-SE: {_BIG}"),
        ("Date broken", "Date: Fri, 99 Foo 20000 99:99:99"),
        ("Authorization broken", 'Authorization: Digest username="a, realm='),
        ("Replaces broken", "Replaces: ;to-tag=;from-tag="),
        ("Expires negative", "Expires: -1"),
        ("Resource-Priority broken", "Resource-Priority: ..,,dsn.,.flash,dsn flash," + "x" * 2000),
        ("Warning broken", 'Warning: 99999 "open'),
        ("Event and body", "Event: ;;;id="),
    ):
        yield name, agent, put


def _bodies() -> Iterator[Change]:
    audio = "m=audio 40000 RTP/AVP 0 101"
    for name, put in (
        ("media port 0", "m=audio 0 RTP/AVP 0"),
        ("media port huge", f"m=audio {_BIG} RTP/AVP 0"),
        ("media port negative", "m=audio -1 RTP/AVP 0"),
        ("media ports", "m=audio 40000/65535 RTP/AVP 0"),
        ("media without formats", "m=audio 40000 RTP/AVP"),
        ("media without profile", "m=audio 40000"),
        ("media empty", "m="),
        ("format 999", "m=audio 40000 RTP/AVP 999"),
        ("format a word", "m=audio 40000 RTP/AVP zero"),
        ("hundred formats", "m=audio 40000 RTP/AVP " + " ".join(map(str, range(100)))),
        ("hundred media", "\r\n".join(["m=audio 40000 RTP/AVP 0"] * 100)),
        ("video only", "m=video 40000 RTP/AVP 31"),
        ("unknown medium", "m=smell 40000 RTP/AVP 0"),
        ("unknown profile", "m=audio 40000 NOT/KNOWN 0"),
        ("SAVP without a key", "m=audio 40000 RTP/SAVP 0"),
        ("no codec of ours", "m=audio 40000 RTP/AVP 77"),
        ("inactive", audio + "\r\na=inactive"),
        ("every direction", audio + "\r\na=inactive\r\na=sendonly\r\na=recvonly\r\na=sendrecv"),
        ("long media line", "m=audio 40000 RTP/AVP " + "0 " * 5000),
    ):
        yield name, audio, put
    for name, find, put in (
        ("no version line", "v=0\r\n", ""),
        ("version 1", "v=0", "v=1"),
        ("no origin", "o=- 1 1 IN IP4 {host}\r\n", ""),
        ("origin short", "o=- 1 1 IN IP4 {host}", "o=-"),
        ("origin huge", "o=- 1 1", f"o=- {_BIG} {_BIG}"),
        ("no connection", "c=IN IP4 {host}\r\n", ""),
        ("connection IPv6", "c=IN IP4 {host}", "c=IN IP6 ::1"),
        ("connection by name", "c=IN IP4 {host}", "c=IN IP4 no.such.host.invalid"),
        ("connection nowhere", "c=IN IP4 {host}", "c=IN IP4 0.0.0.0"),
        ("connection multicast", "c=IN IP4 {host}", "c=IN IP4 224.2.1.1/127/9"),
        ("connection short", "c=IN IP4 {host}", "c=IN"),
        ("no time", "t=0 0\r\n", ""),
        ("time huge", "t=0 0", f"t={_BIG} {_BIG}"),
        ("rtpmap without codec", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0"),
        ("rtpmap rate 0", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 PCMU/0"),
        ("rtpmap rate huge", "a=rtpmap:0 PCMU/8000", f"a=rtpmap:0 PCMU/{_BIG}/99999"),
        ("rtpmap long name", "a=rtpmap:0 PCMU/8000", "a=rtpmap:0 " + "P" * 1000 + "/8000"),
        ("ptime 0", "a=ptime:20", "a=ptime:0"),
        ("ptime huge", "a=ptime:20", f"a=ptime:{_BIG}"),
        ("fmtp broken", "a=ptime:20", "a=fmtp:\r\na=fmtp:101\r\na=fmtp:101 " + "0-15," * 200),
        ("crypto broken", "a=ptime:20", "a=crypto:x AES inline:!!!\r\na=crypto:"),
        (
            "candidates",
            "a=ptime:20",
            "a=ice-ufrag:x\r\na=ice-pwd:y\r\na=candidate:1 1 UDP 1 256.256.256.256 99999 typ host",
        ),
        ("rtcp elsewhere", "a=ptime:20", "a=rtcp:99999 IN IP4 1.2.3.4.5\r\na=rtcp-mux"),
        ("five hundred attributes", "a=ptime:20", "\r\n".join(["a=x"] * 500)),
        ("line without equals", "a=ptime:20", "nothing"),
        ("line feeds only", "a=ptime:20", "a=ptime:20\n\n\na=x\n"),
        ("bandwidth broken", "t=0 0", "b=AS\r\nb=:1\r\nt=0 0"),
        ("NUL in body", "s=-", "s=\x00"),
    ):
        yield name, find, put


def _bytes(make: Callable[[], Dialog]) -> Iterator[tuple[str, bytes]]:
    whole = _measured(sound(make()))
    for part in (1, 7, 40, 200, len(whole) - 1):
        yield f"cut at {part}", whole[:part]
    yield "empty datagram", b""
    yield "NULs", b"\x00" * 1000
    yield "0xff", b"\xff" * 1400
    yield "line ends", b"\r\n" * 30_000
    yield "line feeds instead", _measured(sound(make())).replace(b"\r\n", b"\n")
    yield "carriage returns instead", _measured(sound(make())).replace(b"\r\n", b"\r")
    yield "empty lines before", b"\r\n\r\n" + _measured(sound(make()))
    yield "garbage behind", _measured(sound(make())) + b"\x00\xffINVITE"
    yield "twice in one datagram", _measured(sound(make())) + _measured(sound(make()))
    yield "HTTP", b"GET / HTTP/1.1\r\nHost: desk\r\n\r\n"
    yield "STUN", b"\x00\x01\x00\x08\x21\x12\xa4\x42" + b"x" * 12 + b"\x80\x22\x00\x04abcd"
    yield "TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"r" * 500
    yield "invalid UTF-8", _measured(sound(make())).replace(b"stranger", b"\xc3\x28\xa0\xa1\xf0\x28")
    yield "largest datagram", _measured(sound(make())) + b"a" * 63_000
