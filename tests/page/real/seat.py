"""A person at the page of a real station, with nothing but the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

from bridge.base.clock import NS, SystemClock
from bridge.desk import credentials
from tests.page.browser import SIZE
from tests.rig import UNIT_S

LIMIT_S = 30.0 * UNIT_S
"""Nothing that a person waits for takes so long; a hang does."""
TABS = 200
ARMED_MS = 150
"""The second key counts from a tenth of a second on."""
LOCALE = "import('/static/base/locale.js')"
STORE = "import('/static/base/store.js')"
LINK = f"() => {STORE}.then(one => one.link.connected)"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    password: str
    secret: bytes

    def code(self) -> str:
        return credentials.code_at(self.secret, SystemClock().now().utc_ns // NS)


@dataclass(slots=True)
class Seat:
    """One page. Owned by the test."""

    page: Page
    account: Account
    problems: list[str] = field(default_factory=list)
    """Reports of the policy, errors of the script, requests to other hosts."""

    # -- keys ------------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, selector: str) -> None:
        """By Tab alone, as whoever has no mouse."""
        for _ in range(TABS):
            if self.page.evaluate("one => Boolean(document.activeElement?.matches(one))", selector):
                return
            self.press("Tab")
        raise AssertionError(f"no way to {selector} by Tab\n{self.told()}")

    def write(self, selector: str, text: str) -> None:
        """Go to a field and write into it, in place of what stands there."""
        self.tab_to(selector)
        self.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, selector: str, value: str) -> None:
        """The value of a list, by the arrow keys."""
        self.tab_to(selector)
        self.press("Home")
        for _ in range(TABS):
            if self.page.input_value(selector) == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{selector} has no {value}")

    def act(self, name: str, *, twice: bool = False) -> None:
        """The main action of the step: F9, and Enter where it asks."""
        self.until(lambda: self.main() == name and not self.is_off(), f"{name} on F9")
        self.press("F9")
        if twice:
            self._confirm()

    def push(self, name: str, *, twice: bool = False) -> None:
        """Another action of the step, by its button."""
        button = f"#work button[data-act='{name}']:not([aria-disabled])"
        self.until(lambda: self.page.is_visible(button), f"a button for {name}")
        self.tab_to(button)
        self.press("Enter")
        if twice:
            self._confirm()

    def _confirm(self) -> None:
        self.until(lambda: bool(self.page.query_selector(".key.main.armed")), "the question")
        self.page.wait_for_timeout(ARMED_MS)
        self.press("Enter")

    def speak(self, language: str) -> None:
        """The next language until it is the wanted one, without a reload."""
        for _ in range(3):
            now = self.language()
            if now == language:
                return
            self.press("Control+Slash")
            self.until(lambda now=now: self.language() != now, "another language")  # type: ignore[misc]

    # -- what stands there -------------------------------------------------------------------------------------------

    def language(self) -> str:
        return str(self.page.evaluate("document.documentElement.lang"))

    def main(self) -> str:
        return self.page.get_attribute(".key.main", "data-act") or ""

    def is_off(self) -> bool:
        return self.page.get_attribute(".key.main", "aria-disabled") is not None

    def text(self, key: str) -> str:
        """A sentence of the page in its present language."""
        said: str = self.page.evaluate(f"key => {LOCALE}.then(one => one.text(key))", key)
        return said

    def facts(self) -> str:
        return self.page.inner_text(".message-facts")

    def is_at(self, half: str, state: str) -> bool:
        """Whether the line above the message says so, in the page's words."""
        return self.text(f"state.{half}.{state}") in self.page.locator(".message-facts .fact").all_inner_texts()

    def await_state(self, half: str, state: str) -> None:
        self.until(lambda: self.is_at(half, state), f"{half} {state}")

    def told(self) -> str:
        """What stands there, for whoever reads why a test stopped."""
        coverage = f"() => {STORE}.then(one => JSON.stringify(one.all('message/').map(one => one.coverage)))"
        return "\n--\n".join(
            (self.page.inner_text("#work"), self.page.inner_text("#keys"), str(self.page.evaluate(coverage)))
        )

    def until(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline, f"{self.account.name}: {what} did not come\n{self.told()}"
            self.page.wait_for_timeout(25)

    def evaluate(self, script: str, arg: object = None) -> Any:
        return self.page.evaluate(script, arg)


def sit_down(browser: Browser, address: str, account: Account, language: str) -> Seat:
    """Open the page and sign in, by keyboard. The page stands in a browser of its own, as at another desk."""
    page = browser.new_context(viewport=SIZE, locale=language).new_page()
    seat = Seat(page, account)
    page.set_default_timeout(LIMIT_S * 1000)
    page.on("pageerror", lambda error: seat.problems.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(address) else seat.problems.append(f"asked {one.url}"))
    page.add_init_script(
        "window.reports = []; addEventListener('securitypolicyviolation', e => reports.push(e.violatedDirective));"
    )
    page.goto(address)
    page.wait_for_selector("form.door")
    seat.write("#door-name", account.name)
    seat.write("#door-password", account.password)
    seat.write("#door-code", account.code())
    seat.press("Enter")
    page.wait_for_selector("html[data-ready]", state="attached")
    seat.until(lambda: page.evaluate(LINK), "the station's news")
    seat.speak(language)
    return seat
