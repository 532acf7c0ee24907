"""A real relay at real pages, in one language of the page, with a picture of each step."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.page.real.house import housed
from tests.page.real.relay import Relay
from tests.page.real.seat import sit_down

COLOURS = 128
SENTENCES = ("engine", "arrival", "escort")
Tell = Callable[[str], None]


def take(browser: Browser, language: str, folder: Path, work: Path, tell: Tell) -> list[str]:
    """Play it, and keep `<language>-<number>-<step>.png`; names of the steps, in order."""
    names: list[str] = []
    with housed(work) as house:
        us = sit_down(browser, house.page("us"), house.accounts["op-a"], language)
        ir = sit_down(browser, house.page("ir"), house.accounts["op-b"], language)
        lead = sit_down(browser, house.page("ir"), house.accounts["lead"], language)
        began = time.monotonic()
        for name, seat in Relay(house, us, ir, lead, SENTENCES, "arrival-wrong").steps():
            names.append(name)
            tell(f"{time.monotonic() - began:6.1f} s {language} {name}")
            (folder / f"{language}-{len(names):02}-{name}.png").write_bytes(small(seat.page.screenshot()))
    return names


def small(png: bytes) -> bytes:
    """The picture with few colours: screens have no more."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def index(folder: Path) -> None:
    """A page beside the folder that shows every step in the three languages."""
    lines = [
        "# A relay, step by step",
        "",
        "Two stations in an exercise, real calls and recognisers, operators with a keyboard; synthetic voices speak",
        "English on both lines. The first station takes the message, the second one gives it. The host's clock is not",
        "synchronised, and its recognisers may fall behind: the page says both. Made by `make screenshots`.",
    ]
    for picture in sorted(folder.glob("en-*.png")):
        step = picture.stem.removeprefix("en-")
        number, _, name = step.partition("-")
        lines += ["", f"## {int(number)} {name}", ""]
        for language, title in (("en", "English"), ("ar", "Arabic"), ("fa", "Persian")):
            if (folder / f"{language}-{step}.png").is_file():
                lines.append(
                    f"[![{title}: {name}]({folder.name}/{language}-{step}.png)]({folder.name}/{language}-{step}.png)"
                )
    folder.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
