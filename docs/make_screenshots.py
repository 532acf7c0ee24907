"""Draw the page at every step in three languages, in a headless browser, into a folder.

python docs/make_screenshots.py FOLDER [STEP ...]               a simulated station, quickly
python docs/make_screenshots.py FOLDER --relay [LANGUAGE ...]   two real stations, a whole relay, and its index page
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright

from tests.page import scenes
from tests.page.browser import CHROMIUM, FLAGS, SIZE
from tests.page.fake import Fake, person, serving
from tests.page.real import pictures

STEPS = ("opening", *scenes.TAKING, *scenes.GIVING, "help", "shift", "door")
HOST = "127.93.7.1"


def draw(browser: Browser, fake: Fake, language: str, theme: str, step: str, file: Path) -> None:
    now = time.time_ns()
    fake.signed_in = step != "door"
    fake.me = person(language, theme)
    shown = "drafting" if step in ("help", "shift", "opening", "door") else step
    fake.sections = scenes.at_step(language, shown, now)
    scheme: dict[str, str] = {"light": "light", "dark": "dark"}
    page = browser.new_page(viewport=SIZE, locale=language, color_scheme="dark" if scheme[theme] == "dark" else "light")
    page.goto(fake.address)
    if step == "door":
        page.wait_for_selector("form.door")
    else:
        page.wait_for_selector("html[data-ready]")
        page.wait_for_selector(".utc:not(:empty)")
    if step == "opening":
        page.keyboard.press("Shift+F2")
    if step == "help":
        page.keyboard.press("F1")
    if step == "shift":
        page.click(".screens button:nth-child(2)")
    page.wait_for_timeout(150)
    page.screenshot(path=str(file))
    page.close()


def relay(folder: Path, languages: list[str]) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in languages:
            with tempfile.TemporaryDirectory() as work:
                pictures.take(browser, language, folder, Path(work), print)
        browser.close()
    pictures.index(folder)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:3] == ["--relay"]:
        relay(folder, sys.argv[3:] or ["en", "ar", "fa"])
        return
    wanted = sys.argv[2:] or list(STEPS)
    with serving(HOST) as fake, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for step in wanted:
            for language in ("en", "ar", "fa"):
                theme = "dark" if language == "fa" else "light"
                draw(browser, fake, language, theme, step, folder / f"{step}-{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
