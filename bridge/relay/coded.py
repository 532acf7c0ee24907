"""Pre-agreed numbered texts, the same in three languages at both ends: what is sent is code and number.

A coded message needs no interpreter: code, number and title are said and read back, and each side has the text in its
own language. The list is data that the parties sign. `check_words` of the whole list are compared at the start of a
watch, so that both stations are known to hold the same one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.base.errors import Theirs
from bridge.base.text import fold
from bridge.base.wire import Value, canonical
from bridge.relay.checkwords import words_of
from bridge.relay.message import NONE, Message
from bridge.relay.sealed_text import VALUE_LIMIT, TextError, compose, languages, require

_CODE = re.compile(r"[A-Z]{1,8}")


class CodedError(Theirs):
    """A list that cannot be, a code that is not in it, or a text that is not the one agreed."""

    code = "coded"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in one language."""

    language: str
    title: str
    """Short name that is read back with the number."""
    text: str


@dataclass(frozen=True, slots=True)
class CodedText:
    """One numbered text in every language. Valid once built."""

    code: str
    """Name of the list it belongs to, capital letters."""
    number: int
    wordings: tuple[Wording, ...]

    def __post_init__(self) -> None:
        """Check everything.

        Raises:
            CodedError: a code or number that cannot be, a language missing or doubled, a text that cannot be sealed.
        """
        if not _CODE.fullmatch(self.code) or not 1 <= self.number <= 9999:
            raise CodedError(
                f"{self.code[:12]} {self.number}: expected 1 to 8 capital letters and a number from 1 to 9999"
            )
        if sorted(wording.language for wording in self.wordings) != sorted(languages()):
            raise CodedError(f"{self.name}: expected each of {', '.join(languages())} once")
        for wording in self.wordings:
            try:
                require(wording.text, wording.language)
                require(wording.title, wording.language, VALUE_LIMIT)
            except TextError as error:
                raise CodedError(f"{self.name}, {wording.language}: {error}") from error

    @property
    def name(self) -> str:
        """What is sent: `GULF 12`."""
        return f"{self.code} {self.number}"

    def wording(self, language: str) -> Wording:
        """The text in one language.

        Raises:
            CodedError: no such language.
        """
        for wording in self.wordings:
            if wording.language == language:
                return wording
        raise CodedError(f"{self.name}: no wording in {language[:8]!r}")

    def read_back(self, language: str) -> str:
        """What is said to read it back: the code, the number digit by digit, the title."""
        return f"{self.code} {' '.join(str(self.number))}, {self.wording(language).title}"

    def is_read_back(self, number: int, title: str, language: str) -> bool:
        """Whether a number and a title, as heard, are this text's; both must be, for each guards the other."""
        return number == self.number and fold(title) == fold(self.wording(language).title)


class CodedList:
    """All texts that the parties have agreed on."""

    def __init__(self, texts: Iterable[CodedText]) -> None:
        """Take the texts.

        Raises:
            CodedError: a number given twice, or two titles that sound the same to a reader.
        """
        self.texts = tuple(sorted(texts, key=lambda one: (one.code, one.number)))
        for language in languages():
            titles = [fold(one.wording(language).title) for one in self.texts]
            double = next((title for title in titles if titles.count(title) > 1), None)
            if double:
                raise CodedError(f"title {double!r} ({language}) is given twice")
        names = [one.name for one in self.texts]
        if len(set(names)) != len(names):
            raise CodedError(f"{next(name for name in names if names.count(name) > 1)} is given twice")

    def find(self, name: str) -> CodedText:
        """The text with this code and number.

        Raises:
            CodedError: none.
        """
        for one in self.texts:
            if one.name == name:
                return one
        raise CodedError(f"{name[:20]!r} is not among the {len(self.texts)} agreed texts")

    def digest(self) -> bytes:
        """SHA-256 of the whole list; the order in which it was given does not count."""
        rows: list[Value] = []
        for one in self.texts:
            for wording in sorted(one.wordings, key=lambda wording: wording.language):
                rows.append([one.code, one.number, wording.language, wording.title, wording.text])
        return hashlib.sha256(b"coded" + canonical({"texts": rows})).digest()

    def check_words(self, language: str) -> tuple[str, ...]:
        """Five words that both stations must have in common before a coded text is sent."""
        return words_of(self.digest(), language)

    def to_relay(self, message: Message, language: str) -> str:
        """All that is said on the other line: code, number and title, then the agreed text in the line's language.

        Raises:
            CodedError: as `to_say`.
        """
        self.to_say(message, language)
        found = self.find(message.coded)
        said = f"{found.read_back(language)}. {found.wording(language).text}"
        return compose(said, language, message.serial.exercise)

    def to_read_back(self, message: Message, language: str) -> str:
        """What comes back from the other line: code, number and title.

        Raises:
            CodedError: as `to_say`.
        """
        self.to_say(message, language)
        return compose(self.find(message.coded).read_back(language), language, message.serial.exercise)

    def to_say(self, message: Message, language: str) -> str:
        """The agreed text of a coded message in the language of the line on which it is said.

        Raises:
            CodedError: the message is not coded, is not in this list, or its text is not the one agreed.
        """
        if message.coded == NONE:
            raise CodedError(f"{message.serial} is not a coded message")
        found = self.find(message.coded)
        exercise = message.serial.exercise
        if message.text != compose(found.wording(message.language).text, message.language, exercise):
            raise CodedError(f"{message.serial} does not say what was agreed as {found.name}")
        return compose(found.wording(language).text, language, exercise)
