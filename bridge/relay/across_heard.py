"""What a recogniser writes for an English word that sounds the same, where only one of the two can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridge.relay.concepts import meanings
from bridge.relay.tables import Phrase
from bridge.relay.tokens import Text, read


def as_meant(heard: str, language: str, sealed: Text) -> Iterator[str]:
    """What was heard; and, where know stands as no verb can, with no in its place: "they carry know weapons". Never
    where the sealed text knows something: a denial that was lost must not be found in its verb."""
    yield heard
    words = heard.split()
    if language != "en" or "know" not in words or any(_VERB & meanings(t, sealed.language) for t in sealed.tokens):
        return
    for at, word in enumerate(words[:-1]):
        if word == "know" and words[at + 1] not in _KNOWN and (at == 0 or words[at - 1] not in _KNOWERS):
            words[at] = "no"
    if "no" in words and (meant := " ".join(words)) != heard:
        yield meant


_VERB = meanings(read("know", "en").tokens[0], "en")
_KNOWERS = frozenset(
    "i we you they who to not don't didn't doesn't must should will would shall can could may might do did does let us "
    "also already all never now both people cannot can't won't".split()
)
_KNOWN = frozenset(
    "that what how where when if whether who whom why which about of the it you this these those your our their his "
    "her its my a an them him us nothing".split()
)
"""Words before and after the verb."""


def begun_names(heard: str, language: str) -> frozenset[Phrase]:
    """Hesitations that begin a name in this text: Umm Qasr, Umm al-Quwain."""
    return frozenset({("umm",)}) if language == "en" and _UMM.search(heard) else frozenset()


_UMM = re.compile(r"\bumm[ -](?:al|el|qasr|said)\b", re.IGNORECASE)
