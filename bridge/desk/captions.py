"""What the machine heard, utterance by utterance, as the page shows it: growing, settled, checked, taken back.

Pure: entries in, sections out. It edits nothing: a text stands as the recogniser returned it. Where a later result
contradicts a firm word, both stand in `revised`: nobody who read the first may miss the second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bridge.base.clock import NS, parse_utc, utc_text
from bridge.base.text import words as folded_words
from bridge.base.wire import Entry, Value

KEPT = 200
"""Utterances shown, the newest of all legs."""
LATE_NS = 2 * NS
"""Captions that are further behind than this are late."""
LAG_COUNTS_NS = 10 * NS
"""How long a measured delay says something about now: in silence nothing is measured."""
RATE_HZ = 8000


@dataclass(slots=True)
class Track:
    """What a leg's captions are counted in."""

    language: str = ""
    rate_hz: int = RATE_HZ
    t0_ns: int = 0
    """UTC of the first sample; 0: nobody has said."""
    lag_ns: int = 0
    """From the last sample of a growing text until it was written down."""
    measured_ns: int = 0
    """When that was, UTC."""
    heard_to: int = 0
    """How far a recogniser has come."""
    has_recognizer: bool | None = None
    """None: no recogniser has said anything of this leg yet."""

    def utc_of(self, sample: int) -> str:
        return utc_text(self.t0_ns + sample * NS // self.rate_hz) if self.t0_ns else ""


@dataclass(slots=True)
class Caption:
    leg: str
    utterance: int
    from_sample: int = 0
    to_sample: int = 0
    text: str = ""
    firm_words: int = 0
    words: Value = None
    is_final: bool = False
    is_unclear: bool = False
    engine: str = ""
    language: str = ""
    heard_utc: str = ""
    revised: list[Value] = field(default_factory=list)
    checked: str | None = None
    marks: Value = None

    def value(self) -> dict[str, Value]:
        return {
            "leg": self.leg,
            "utterance": self.utterance,
            "from_sample": self.from_sample,
            "to_sample": self.to_sample,
            "text": self.text,
            "firm_words": self.firm_words,
            "words": self.words if self.words is not None else [],
            "final": self.is_final,
            "unclear": self.is_unclear,
            "engine": self.engine,
            "language": self.language,
            "revised": list(self.revised),
            "checked": self.checked,
            "marks": self.marks if self.marks is not None else [],
            "heard_utc": self.heard_utc,
        }


class Captions:
    """Owned by the thread that follows the journals."""

    def __init__(self) -> None:
        self.sections: dict[str, Value] = {}
        """By section name; a value in it is never changed, only replaced."""
        self.tracks: dict[str, Track] = {}
        self._captions: dict[tuple[str, int], Caption] = {}

    def take(self, entry: Entry) -> None:
        """Add one entry of line or speech.

        Raises:
            WireError, ValueError: not what its kind promises; nothing was changed.
        """
        match entry.kind:
            case "TrackOpened":
                self.tracks[entry.text("leg")] = Track(
                    entry.text("language"), max(1, entry.number("rate_hz")), parse_utc(entry.text("t0_utc"))
                )
            case "Partial":
                self._grow(entry)
            case "Final":
                self._settle(entry)
            case "Checked":
                self._check(entry)
            case "LegEnded":
                self.tracks.pop(entry.text("leg"), None)
            case _:
                self._take_track(entry)

    def _take_track(self, entry: Entry) -> None:
        track = self.tracks.get(str(entry.data.get("leg", "")))
        if track is None:
            return
        match entry.kind:
            case "TrackStalled":
                track.t0_ns += entry.number("missing_samples") * NS // track.rate_hz
            case "TrackFollowed":
                track.heard_to = max(track.heard_to, entry.number("from_sample"))
                track.has_recognizer = True
            case "NoRecognizer":
                track.has_recognizer = False
            case "EngineFailed" if "utterance" in entry.data:
                track.heard_to = max(track.heard_to, entry.number("to_sample"))

    def late(self, now_ns: int) -> Iterator[str]:
        """Legs whose captions are too far behind what is said, measured lately."""
        for leg, track in self.tracks.items():
            if track.lag_ns > LATE_NS and now_ns - track.measured_ns < LAG_COUNTS_NS:
                yield leg

    def _grow(self, entry: Entry) -> None:
        text, end, firm = entry.text("text"), entry.number("heard_to_sample"), entry.number("firm_words")
        caption = self._caption(entry)
        if caption.is_final:
            return  # a late partial never replaces a settled text
        self._measure(caption.leg, end, entry)
        self._heard(caption.leg, end)
        self._revise(caption, text, entry)
        caption.text, caption.to_sample, caption.firm_words = text, end, firm
        self._show(caption)

    def _settle(self, entry: Entry) -> None:
        text, end, engine = entry.text("text"), entry.number("to_sample"), entry.text("engine")
        caption = self._caption(entry)
        self._revise(caption, text, entry)
        caption.text, caption.to_sample, caption.engine = text, end, engine
        caption.firm_words, caption.words = len(text.split()), entry.data.get("words")
        caption.is_final, caption.is_unclear = True, entry.data.get("unclear") is True
        self._heard(caption.leg, end)
        if caption.leg in self.tracks:
            self.tracks[caption.leg].lag_ns = 0  # it has caught up; what grows next is measured anew
        self._show(caption)

    def _check(self, entry: Entry) -> None:
        caption = self._captions.get((entry.text("leg"), entry.number("utterance")))
        if caption is not None:
            caption.checked, caption.marks = entry.text("text"), entry.data.get("marks")
            self._show(caption)

    def _caption(self, entry: Entry) -> Caption:
        leg, number, start = entry.text("leg"), entry.number("utterance"), entry.number("from_sample")
        track = self.tracks.get(leg, Track())
        heard = track.utc_of(start) or entry.utc
        made = Caption(leg, number, start, start, language=track.language, heard_utc=heard)
        return self._captions.setdefault((leg, number), made)

    def _measure(self, leg: str, end: int, entry: Entry) -> None:
        track = self.tracks.get(leg)
        if track is not None and track.t0_ns:
            now = parse_utc(entry.utc)
            track.lag_ns, track.measured_ns = now - (track.t0_ns + end * NS // track.rate_hz), now

    def _heard(self, leg: str, to_sample: int) -> None:
        if (track := self.tracks.get(leg)) is not None:
            track.heard_to, track.has_recognizer = max(track.heard_to, to_sample), True

    def _revise(self, caption: Caption, text: str, entry: Entry) -> None:
        """Note every firm word that is another now."""
        firm, now = caption.text.split()[: caption.firm_words], text.split()
        steps = SequenceMatcher(None, _folded(firm), _folded(now), autojunk=False).get_opcodes()
        for step, start, end, at, to in steps:
            if step == "equal" or (start == len(firm) and at >= len(firm) - (end - start)):
                continue  # the same, or words that came after the firm ones
            if end == len(firm):
                to = min(to, at + max(1, end - start))  # what follows was not firm before: it is new, not revised
            was, shown = " ".join(firm[start:end]), " ".join(now[at:to])
            caption.revised.append({"was": was, "now": shown, "at_word": at, "utc": entry.utc})

    def _show(self, caption: Caption) -> None:
        self.sections[_name(caption)] = caption.value()
        while len(self._captions) > KEPT:
            oldest = self._captions.pop(next(iter(self._captions)))
            self.sections.pop(_name(oldest), None)


def _name(caption: Caption) -> str:
    return f"caption/{caption.leg}/{caption.utterance}"


def _folded(words: list[str]) -> list[str]:
    """A new comma is no other word."""
    return [" ".join(folded_words(word)) or word for word in words]
