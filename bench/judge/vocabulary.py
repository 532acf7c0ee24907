"""Words of Persian and Arabic that are no names, from the marked messages: `bridge/relay/tables/*/ordinary.txt`.

Usage: python -m bench.judge.vocabulary fa|ar FILE... > ordinary.txt
Words of slots for names are left out, and words that sound like one written large inside the English sentence.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence

from bench.judge.material import Marked, files, load
from bridge.relay.across_read import read_across
from bridge.relay.translit import firm_sounds, may_be_one

_LARGE = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
_LANGUAGES = {"fa": "Persian", "ar": "Arabic"}


def words(one: Marked, language: str) -> Iterator[str]:
    """Ordinary words of a message, folded as the comparison folds them."""
    english = " ".join("".join(piece.sides[0] for piece in sentence) for sentence in one.sentences["en"])
    names = {name.lower() for name in _LARGE.findall(english)}
    for sentence in one.sentences[language]:
        for side in (0, 1):
            said = "".join(" " if piece.slot.startswith("N") else piece.sides[side] for piece in sentence)
            for token in read_across(said, language).tokens:
                if token.is_figure or token.tag == "name" or any(_is_name(part, names) for part in token.forms):
                    continue
                yield from token.text.split(" ")


def _is_name(word: str, names: set[str]) -> bool:
    return firm_sounds(word) > 1 and any(may_be_one(name, word) for name in names)


def main(arguments: Sequence[str]) -> None:
    language, *paths = arguments
    found = {word for one in load(files(paths)) for word in words(one, language) if len(word) > 2}
    print(f"# Ordinary words of {_LANGUAGES[language]}: a word that is none of them is likelier a name.")
    print("# Made from this project's own messages by `python -m bench.judge.vocabulary`.")
    print("\n".join(textwrap.wrap(" ".join(sorted(found)), 118, break_long_words=False, break_on_hyphens=False)))


if __name__ == "__main__":
    main(sys.argv[1:])
