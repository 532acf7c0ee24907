"""A slip as a page to be printed, carried and typed: HTML without script or style of its own, and its stylesheet.

It shows exactly the text of the slip, line by line, and after a page break the same as symbols. Whoever types needs the
signs in their order: each value stands in one left-to-right isolate, whatever language is around it, and numbers, text
and words stand in columns that never turn round. Black on white, for A5.
"""

from __future__ import annotations

import unicodedata
from html import escape
from importlib import resources
from itertools import groupby

from bridge.desk.symbols import symbols
from bridge.relay.slip import CHECK_WORDS, EXERCISE_LINE, HEADER_ENDS, TITLE, Line, TypedSlip, parse

STYLESHEET = "slip.css"
"""Name under which `stylesheet` is expected, beside the page."""
_RTL = ("ar", "fa")
_BEGINS = "(«"
_ENDS = ".,;:!?،؛؟)»"
_LABELS = {
    "SERIAL": ("الرقم التسلسلي", "شماره"),
    "KIND": ("النوع", "نوع"),
    "CITES": ("يشير إلى", "ارجاع به"),
    "PRECEDENCE": ("الأسبقية", "تقدم"),
    "DTG": ("التاريخ والوقت", "تاریخ و زمان"),
    "TO SIDE": ("إلى الطرف", "به طرف"),
    "ORIGINATOR": ("المرسل", "فرستنده"),
    "ROLE": ("الصفة", "سمت"),
    "AUTHORITY": ("بتفويض من", "به اختیار"),
    "RANK": ("الرتبة", "درجه"),
    "TIER": ("المستوى", "رده"),
    "IDENTITY": ("الهوية", "هویت"),
    "FOR": ("إلى", "برای"),
    "REPLY": ("الجواب", "پاسخ"),
    "CODED": ("نص متفق عليه", "متن توافقی"),
    "LANGUAGE": ("اللغة", "زبان"),
    "RETURN": ("إفادة", "برگشت"),
    "STAGE": ("المرحلة", "مرحله"),
    "OUTCOME": ("النتيجة", "نتیجه"),
    "HEARD BY": ("سمعها", "شنونده"),
    "ACKNOWLEDGED BY": ("أقر بها", "تاییدکننده"),
    "IN THE ROLE OF": ("بصفة", "در سمت"),
    "GIVEN BY": ("أفاد بها", "اعلام از سوی"),
    "GIVEN AS": ("بصفته", "در مقام"),
    "TRACER": ("استعلام", "پیگیری"),
}
"""What each label says, in Arabic and Persian; the label itself is typed as it stands."""
_EXERCISE = ("EXERCISE", "تمرين", "تمرین")
_WHAT_TO_DO = (
    ("en", "Carry by hand. Type every line exactly as printed. Then say the check words aloud."),
    ("ar", "تحمل باليد. يكتب كل سطر كما هو مطبوع تماما. ثم تقرأ كلمات التحقق بصوت مسموع."),
    ("fa", "با دست حمل شود. هر سطر درست همان گونه که چاپ شده نوشته شود. سپس کلمات بررسی بلند خوانده شود."),
)


def stylesheet() -> str:
    """The page's stylesheet, to be served as it is."""
    return resources.files(__package__).joinpath("print", STYLESHEET).read_text(encoding="utf-8")


def printable(slip: str, style: str = STYLESHEET) -> str:
    """The page of a slip.

    Args:
        slip: as `relay.slip.render` makes it.
        style: address of the stylesheet, seen from the page.

    Raises:
        SlipError: the text has not the shape of a slip.
        PartsError: it is longer than any slip.
    """
    typed = parse(slip)
    values = dict(line.split(": ", 1) for line in typed.header.content.split("\n"))
    exercise = EXERCISE_LINE in slip.split("\n")[:2]
    language = values["LANGUAGE"] if values["LANGUAGE"] in ("en", *_RTL) else "en"
    rows = [
        *_header(typed, values, language),
        *(_row(f"{n:02}", line, language, typed.language) for n, line in enumerate(typed.lines, 1)),
    ]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en" dir="ltr">',
            '<head><meta charset="utf-8">',
            f"<title>{escape(values['SERIAL'])}</title>",
            f'<link rel="stylesheet" href="{escape(style)}">',
            "</head>",
            f'<body class="{"exercise" if exercise else "live"}">',
            '<table class="slip">',
            '<colgroup><col class="number"><col class="label"><col><col class="words"></colgroup>',
            f'<thead><tr><td colspan="4">{_band(exercise)}{_title(typed, values)}</td></tr></thead>',
            f'<tfoot><tr><td colspan="4">{_band(exercise)}</td></tr></tfoot>' if exercise else "",
            "<tbody>",
            *rows,
            "</tbody></table>",
            _ending(typed),
            '<div class="todo">',
            *(f'<p lang="{tongue}" dir="{_way(tongue)}">{text}</p>' for tongue, text in _WHAT_TO_DO),
            "</div>",
            _symbols(slip, values["SERIAL"], exercise),
            "</body></html>",
        ]
    )


def marked(text: str, language: str) -> str:
    """A text as HTML in which each value, Latin words and figures in a row, is one left-to-right isolate."""
    if language not in _RTL:
        return escape(text)
    pieces: list[str] = []
    for is_value, group in groupby(_runs(text.split(" ")), key=lambda run: run[0]):
        runs = [run[1] for run in group]
        pieces += [_value(run) for run in runs] if is_value else [escape(" ".join(runs))]
    return " ".join(pieces)


def _runs(words: list[str]) -> list[tuple[bool, str]]:
    """Words, with Latin ones that belong together joined; a sign at the end of one ends the value."""
    found: list[tuple[bool, str]] = []
    for word in words:
        latin = _is_latin(word)
        if latin and found and found[-1][0] and found[-1][1][-1] not in _ENDS and word[0] not in _BEGINS + _ENDS:
            found[-1] = True, f"{found[-1][1]} {word}"
        else:
            found.append((latin, word))
    return found


def _is_latin(word: str) -> bool:
    bare = word.strip(_BEGINS + _ENDS)
    if any(unicodedata.bidirectional(sign) in ("R", "AL", "NSM", "BN") or sign in "،؛؟«»" for sign in bare):
        return False
    return any(sign.isascii() and sign.isalnum() for sign in bare)


def _value(run: str) -> str:
    """One isolate around the value; the signs around it belong to the sentence."""
    bare = run.strip(_BEGINS + _ENDS)
    before, _, after = run.partition(bare)
    return f'{escape(before)}<bdi class="value" dir="ltr">{escape(bare)}</bdi>{escape(after)}'


def _way(language: str) -> str:
    return "rtl" if language in _RTL else "ltr"


def _band(exercise: bool) -> str:
    words = "".join(f"<span>{word}</span>" for word in _EXERCISE)
    return f'<div class="mark">{words}</div>' if exercise else ""


def _title(typed: TypedSlip, values: dict[str, str]) -> str:
    return f'<h1>{escape(TITLE + typed.title)} <bdi class="value" dir="ltr">{escape(values["SERIAL"])}</bdi></h1>'


def _header(typed: TypedSlip, values: dict[str, str], language: str) -> list[str]:
    rows = []
    for label, value in values.items():
        arabic, persian = _LABELS[label]
        other = f'<small><bdi lang="ar" dir="rtl">{arabic}</bdi> · <bdi lang="fa" dir="rtl">{persian}</bdi></small>'
        if value.isascii():
            shown = f'<bdi class="value" dir="ltr">{escape(value)}</bdi>'
        else:
            shown = f'<bdi dir="{_way(language)}" lang="{language}">{marked(value, language)}</bdi>'
        rows.append(
            f'<tr class="field"><th scope="row" colspan="2">{label}{other}</th><td colspan="2">{shown}</td></tr>'
        )
    word = f'<bdi dir="{_way(typed.language)}">{escape(typed.header.word)}</bdi>'
    rows.append(f'<tr class="ends"><th scope="row" colspan="3">{HEADER_ENDS}</th><td class="word">{word}</td></tr>')
    return rows


def _row(number: str, line: Line, language: str, words: str) -> str:
    text = (
        f'<td class="text" colspan="2" lang="{language}" dir="{_way(language)}">{marked(line.content, language)}</td>'
    )
    word = f'<td class="word"><bdi dir="{_way(words)}">{escape(line.word)}</bdi></td>'
    return f'<tr class="line"><th scope="row"><bdi dir="ltr">{number}</bdi></th>{text}{word}</tr>'


def _ending(typed: TypedSlip) -> str:
    words = "".join(f"<li>{escape(word)}</li>" for word in typed.words)
    return (
        f'<section class="check"><p>SLIP ENDS, {len(typed.lines)} LINES</p>'
        f"<h2>{CHECK_WORDS}{escape(typed.language.upper())}</h2>"
        f'<ol lang="{escape(typed.language)}" dir="{_way(typed.language)}">{words}</ol></section>'
    )


def _symbols(slip: str, serial: str, exercise: bool) -> str:
    made = symbols(slip)
    figures = [
        f'<figure>{one}<figcaption><bdi dir="ltr">{escape(serial)} {number}/{len(made)}</bdi></figcaption></figure>'
        for number, one in enumerate(made, 1)
    ]
    return f'<section class="symbols">{_band(exercise)}{"".join(figures)}</section>'
