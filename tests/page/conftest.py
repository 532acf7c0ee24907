"""A headless browser for each file of tests, and a page of a station in it that breaks no rule of the browser."""

from __future__ import annotations

import random
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.page import scenes
from tests.page.browser import FLAGS, SHELL, SIZE
from tests.page.fake import Fake, person, serving
from tests.rig import own_number

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LIMIT_S = 20.0
QUICK = """const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { this.playbackRate = 16; return play.call(this); };"""
"""A test does not wait for forty seconds to pass."""
Opening = Callable[..., "Seen"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.page)


@dataclass(slots=True)
class Seen:
    """A page, and what the browser had to say about it."""

    page: Page
    fake: Fake
    problems: list[str] = field(default_factory=list)
    """Reports of the policy, errors of the script, requests to other hosts."""

    def show(self, language: str, step: str) -> None:
        """Bring the page to a step, without a reload, and wait until it is drawn."""
        sections = scenes.at_step(language, step, time.time_ns())
        subject = next(name for name in sections if name.startswith("message/")).removeprefix("message/")
        self.fake.set(**sections)
        self.until("n => import('/static/base/store.js').then(one => one.link.n >= n)", self.fake.n)
        self.page.evaluate("subject => import('/static/live/hand.js').then(one => one.takeInHand(subject))", subject)

    def speak(self, language: str, theme: str = "light") -> None:
        self.page.evaluate("to => import('/static/base/locale.js').then(one => one.speak(to))", language)
        self.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)

    def until(self, condition: str, arg: object = None) -> None:
        until(self.page, condition, arg)

    def told(self) -> str:
        """What stands on the screen about the step, for whoever reads why a test failed."""
        return self.page.inner_text("#work")[:1500] + self.page.inner_text("#keys")

    def main(self) -> str:
        """What F9 does, in the page's words."""
        return self.page.inner_text(".main-label")


@pytest.fixture(autouse=True)
def leaves_nothing_behind() -> Iterator[None]:
    """The browser is its file's; what a test may not leave is a thread of the station it made up."""
    threads = set(threading.enumerate())
    yield
    left = [one.name for one in set(threading.enumerate()) - threads if one.name == "fake-station"]
    assert not left


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not SHELL:
        pytest.fail("the page's tests need Chromium: apt-get install chromium")
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=SHELL, args=FLAGS)
        yield one
        one.close()


@pytest.fixture
def fake() -> Iterator[Fake]:
    host = f"127.{own_number()}.{random.randint(0, 255)}.{random.randint(1, 250)}"
    with serving(host) as one:
        yield one


@pytest.fixture
def opened(browser: Browser, fake: Fake) -> Iterator[Opening]:
    """`opened(language, step)`: the page at that step, ready; it fails at the end where a rule was broken."""
    pages: list[Seen] = []

    def open_(language: str = "en", step: str = "hearing", theme: str = "light", *, ready: bool = True) -> Seen:
        fake.me = person(language, theme)
        fake.sections = scenes.at_step(language, step, time.time_ns())
        seen = Seen(browser.new_page(viewport=SIZE, locale=language), fake)
        seen.page.set_default_timeout(20_000)
        pages.append(seen)
        _watch(seen)
        seen.page.goto(fake.address)
        if ready:
            await_ready(seen.page)
        return seen

    yield open_
    problems = [problem for seen in pages for problem in seen.problems]
    for seen in pages:
        seen.page.close()
    assert not problems


def await_ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", state="attached")
    until(page, "() => import('/static/base/store.js').then(one => one.link.connected)")


def until(page: Page, condition: str, arg: object = None) -> None:
    """Wait for a condition in the page. The browser's own way of waiting needs `eval`, which the policy forbids."""
    deadline = time.monotonic() + LIMIT_S
    while not page.evaluate(condition, arg):
        assert time.monotonic() < deadline, f"did not come true: {condition}"
        page.wait_for_timeout(20)


def _watch(seen: Seen) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            seen.problems.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((seen.fake.address, seen.fake.address.replace("http", "ws"))):
            seen.problems.append(f"asked {request.url}")

    seen.page.add_init_script(QUICK)
    seen.page.on("console", said)
    seen.page.on("request", asked)
    seen.page.on("pageerror", lambda error: seen.problems.append(str(error)))
    seen.page.add_init_script(
        "window.reports = [];"
        "addEventListener('securitypolicyviolation', e => { window.reports.push(e.violatedDirective);"
        " console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI); });"
    )


def axe(page: Page) -> list[Any]:
    """Violations of the accessibility rules; the checker itself is put in past the page's policy."""
    if not AXE.is_file() and shutil.which("node") is None:
        warnings.warn("accessibility is not checked: there is no node", stacklevel=2)
        return []
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    session.detach()
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (one["id"], [(node["target"], node["failureSummary"][:200]) for node in one["nodes"][:3]])
        for one in found["violations"]
    ]
