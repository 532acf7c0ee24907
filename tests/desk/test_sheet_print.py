"""The printed slip: every line as it is to be typed, values that never turn round, nothing for a strict policy."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.desk.sheet_print import STYLESHEET, marked, printable, stylesheet
from bridge.desk.symbols import read_picture
from bridge.relay.parts import slip_parts
from bridge.relay.returns import Tracer
from bridge.relay.sealed_text import alphabet
from bridge.relay.sheets import LABELS
from bridge.relay.slip import SlipError, parse, render
from tests.relay.relay_samples import TEXTS, message
from tests.relay.taking_samples import CLOSING

SLIPS = [render(message(language, exercise=marks)) for language in ("en", "ar", "fa") for marks in (False, True)]
SLIPS += [render(CLOSING), render(Tracer(CLOSING.cites, 1, "231210Z NOV 26", "fa"))]


FINE = "، 25°34'30\"N 056°12'18\"E، (NOV 26)."


class Page(HTMLParser):
    """What a page says and how it is made."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.words: list[str] = []
        self.values: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag == "li":
            self.words.append("")
        elif tag == "bdi":
            self.values.append("")
        if tag not in ("meta", "link", "col", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "li" in self.open:
            self.words[-1] += data
        if "bdi" in self.open:
            self.values[-1] += data
        if self.open[-1:] and ("td" in self.open or "th" in self.open) and "small" not in self.open:
            self.rows[-1][-1] += data


@pytest.mark.parametrize("slip", SLIPS, ids=range(len(SLIPS)))
def test_everything_that_is_to_be_typed(slip: str) -> None:
    """Header, lines with their words, check words: each as in the slip, in this order; as many symbols as parts."""
    page, typed = Page(printable(slip)), parse(slip)
    fields = dict(line.split(": ", 1) for line in typed.header.content.split("\n"))
    rows = [[cell.strip() for cell in row] for row in page.rows]
    assert [row for row in rows if len(row) == 2 and row[0] in fields] == [[*pair] for pair in fields.items()]
    lines = [[f"{n:02}", line.content, line.word] for n, line in enumerate(typed.lines, 1)]
    assert [row for row in rows if len(row) == 3] == lines
    assert ["HEADER ENDS", typed.header.word] in rows
    assert tuple(page.words) == typed.words
    assert sum(tag == "figure" for tag, _ in page.tags) == len(slip_parts(slip))
    assert page.open == [] and page.text.count("EXERCISE") >= 3 * ("EXERCISE" in slip)


@pytest.mark.parametrize("slip", SLIPS, ids=range(len(SLIPS)))
def test_nothing_that_a_strict_policy_stops(slip: str) -> None:
    """No script, no style, no handler, no address but the stylesheet's own."""
    page = Page(printable(slip, "/static/slip.css"))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "style", "img", "iframe", "object", "form", "a"})
    names = {name for _, attributes in page.tags for name in attributes}
    assert "style" not in names and not any(name.startswith("on") for name in names)
    links = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
    assert links == ["/static/slip.css"]
    assert not any("src" in attributes for _, attributes in page.tags)
    used = {word for _, attributes in page.tags for word in (attributes.get("class") or "").split()}
    css = stylesheet()
    assert "url(" not in css and "@import" not in css and "@page { size: A5" in css
    assert {word for word in used if f".{word}" not in css} <= {"live", "exercise", "symbol", "qrline"}


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_a_value_is_one_isolate(language: str) -> None:
    """A position, a time, a serial stands whole in one left-to-right isolate; the sentence's sign stays outside."""
    html = marked(TEXTS[language], language)
    assert '<bdi class="value" dir="ltr">25-34.5N 056-12.3E</bdi>،' in html
    assert '<bdi class="value" dir="ltr">140</bdi>،' in html
    assert '<bdi class="value" dir="ltr">1430Z</bdi>' in html
    seconds = Page(f"<p>{marked(FINE, language)}</p>")
    assert seconds.values == ["25°34'30\"N 056°12'18\"E", "NOV 26"]
    assert marked(TEXTS["en"], "en").count("<bdi") == 0
    assert Page(f"<p>{marked('0 ،0', language)}</p>").values == ["0", "0"]


@pytest.mark.parametrize("language", ["en", "ar", "fa"])
@given(data=st.data())
def test_no_sign_is_lost(language: str, data: st.DataObject) -> None:
    """Whatever may be sealed: the page says the same signs in the same order, and none of them is a tag."""
    letters = alphabet(language)
    text = " ".join(data.draw(st.lists(st.text(alphabet=letters.replace(" ", ""), min_size=1, max_size=9), min_size=1)))
    page = Page(f"<p>{marked(text, language)}</p>")
    assert page.text == text
    assert {tag for tag, _ in page.tags} <= {"p", "bdi"}
    assert all(not re.search("[\u0600-\u06ff]", value) for value in page.values)


def test_what_is_no_slip_is_not_printed() -> None:
    """A text of another shape is refused, whatever is in it."""
    for text in ("", "<script>alert(1)</script>", SLIPS[0].replace("SLIP ENDS", "SLIP END")):
        with pytest.raises(SlipError):
            printable(text)


def test_markup_in_a_slip_is_text() -> None:
    """A hostile slip of the right shape shows its signs."""
    slip = SLIPS[0].replace("ORIGINATOR: J. Smith", "ORIGINATOR: <script>x</script>")
    page = Page(printable(slip.replace("LANGUAGE: en", 'LANGUAGE: "><script>')))
    assert "script" not in {tag for tag, _ in page.tags} and "<script>x</script>" in page.text


def test_every_label_is_translated() -> None:
    """In both languages, for all three kinds of slip."""
    for slip in SLIPS[-3:]:
        labels = LABELS[parse(slip).title]
        page = Page(printable(slip))
        assert sum(attributes.get("lang") == "ar" for tag, attributes in page.tags if tag == "bdi") >= len(labels)


def browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium on this host: the printed page cannot be looked at")
    return found


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_photograph_of_the_page_is_the_slip(tmp_path: Path, language: str) -> None:
    """As the browser draws it: its symbols, read from the picture, are the slip; on paper they begin a new page."""
    slip = render(message(language))
    (tmp_path / "page.html").write_text(printable(slip), encoding="utf-8")
    (tmp_path / STYLESHEET).write_text(stylesheet(), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={tmp_path / 'user'}",
    ]
    for what in ("--screenshot=page.png", "--print-to-pdf=page.pdf"):
        command = [browser(), *options, "--window-size=600,1600", "--force-device-scale-factor=2", what, "page.html"]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert read_picture((tmp_path / "page.png").read_bytes()) == slip
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "page.pdf").read_bytes())
    assert len(pages) >= 2
