"""A sealed text beside one plausible reading of a heard one, in another language; it places findings."""

from __future__ import annotations

from bridge.relay.across_numbers import NumberMatch, match_numbers
from bridge.relay.cleaned import Line
from bridge.relay.facts import Finding
from bridge.relay.tokens import Text, Token


class Pair:
    """One sealed and one plausible heard text; makes findings with their places."""

    def __init__(self, sealed: Text, heard: Text, line: Line) -> None:
        self.sealed, self.heard, self.line = sealed, heard, line
        self.numbers: NumberMatch = match_numbers(sealed.tokens, line, sealed.language, heard.language)

    def finding(
        self, kind: str, ours: tuple[int, int] | None, theirs: tuple[int, int] | None, *, certain: bool
    ) -> Finding:
        """A finding about token ranges; None where the side has nothing."""
        mine, said = self._words(self.sealed.tokens, ours), self._words(self.line, theirs)
        return Finding(
            kind,
            " ".join(self.sealed.words[mine[0] : mine[1]]),
            " ".join(self.heard.words[said[0] : said[1]]),
            said,
            mine,
            certain,
        )

    @staticmethod
    def _words(tokens: tuple[Token, ...], place: tuple[int, int] | None) -> tuple[int, int]:
        if place is None or not tokens:
            return 0, 0
        return tokens[place[0]].start, tokens[min(place[1], len(tokens)) - 1].end
