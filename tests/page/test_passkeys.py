"""Passkeys in a real browser before a real desk process: over TLS, under a name, with a device of the browser's own."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import BrowserContext, Page, Request, expect, sync_playwright

from bridge.base.clock import NS, SystemClock
from bridge.base.dialplan import load
from bridge.desk import credentials, enrol
from bridge.ledger.accounts import Accounts
from bridge.station.folder import Folder, prepare
from tests.page.browser import FLAGS, SHELL, SIZE
from tests.page.conftest import axe
from tests.rig import UNIT_S
from tests.station.plans import write_plan
from tests.station.relay_desk import kinds

NAME = "us.station.test"
PASSWORD = "correct horse battery"
LIMIT_S = 30 * UNIT_S
CLIPPED = (Path(__file__).parent / "clipped.js").read_text(encoding="utf-8")


def certificate(folder: Path) -> tuple[Path, Path, str]:
    """A certificate for the name and its key, as files, and the digest by which a browser is told to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    files = folder / "page.cert.pem", folder / "page.key.pem"
    files[0].write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return *files, base64.b64encode(hashlib.sha256(public).digest()).decode()


@dataclass
class Desk:
    """A desk process whose page has a name, one account, and a browser with a device. Owned by the test."""

    folder: Folder
    host: str
    port: int
    secret: bytes
    context: BrowserContext
    problems: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}/"

    def code(self, page: Page) -> str:
        """A code that has not been used: each counts once."""
        with closing(Accounts(self.folder.accounts)) as accounts:
            used = accounts.get("op-a").last_step
        while (now_s := SystemClock().now().utc_ns // NS) // credentials.STEP_S + 1 <= used:
            page.wait_for_timeout(200)
        step = max(now_s // credentials.STEP_S, used + 1)
        return credentials.code_at(self.secret, step * credentials.STEP_S)

    def open(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(LIMIT_S * 1000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.add_init_script(
            "window.reports = []; addEventListener('securitypolicyviolation', e => reports.push(e.violatedDirective));"
        )
        devices = self.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.goto(self.url)
        page.wait_for_selector("form.door")
        return page

    def sign_in(self, page: Page) -> None:
        page.fill("#door-name", "op-a")
        page.fill("#door-password", PASSWORD)
        page.fill("#door-code", self.code(page))
        page.press("#door-code", "Enter")
        page.wait_for_selector("html[data-ready]", state="attached")

    def sign_out(self, page: Page) -> None:
        # The page loads anew when its connection ends, maybe before the answer could be told here: told apart from it.
        with page.expect_navigation():
            page.evaluate(
                "() => { fetch('/api/sign-out', {method: 'POST', body: '{}'}).then(() => location.reload()); }"
            )
        page.wait_for_selector("form.door")

    def make(self, page: Page, label: str, password: str = PASSWORD) -> None:
        page.fill("#passkey-label", label)
        page.fill("#passkey-password", password)
        page.fill("#passkey-code", self.code(page))
        page.click(".sheet form button[type=submit]")

    def entered(self, kind: str) -> list[dict[str, Any]]:
        return [data for name, data in kinds(self.folder.root) if name == kind]


@contextmanager
def desk_process(plan: Path, data: Path) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "bridge.station.desk",
        "--side",
        "us",
        "--dialplan",
        str(plan),
        "--data",
        str(data),
    ]
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        page = load(plan).side("us").page
        deadline = time.monotonic() + LIMIT_S
        while True:
            try:
                httpx.get(f"https://{page.host}:{page.port}/", verify=False, timeout=5)
                break
            except httpx.TransportError:
                assert child.poll() is None, child.communicate()[1]
                assert time.monotonic() < deadline, "the page is not there"
                time.sleep(0.05)
        yield
    finally:
        child.terminate()
        child.communicate()


@pytest.fixture(name="desk")
def a_desk(tmp_path: Path, subnet: str) -> Iterator[Desk]:
    cert, key, digest = certificate(tmp_path)
    served = f', name = "{NAME}", tls = {{ certificate = "{cert}", key = "{key}" }}'
    plan = write_plan(tmp_path, subnet, served=served)
    folder = prepare(tmp_path / "us")
    with closing(Accounts(folder.accounts)) as accounts:
        secret = enrol.add(accounts, enrol.Person("op-a", "Operator A", "operator"), PASSWORD).secret
    page = load(plan).side("us").page
    trust = [f"--host-resolver-rules=MAP {NAME} {page.host}", f"--ignore-certificate-errors-spki-list={digest}"]
    with desk_process(plan, folder.root), sync_playwright() as playwright:
        profile = str(tmp_path / "profile")
        # The list of trusted keys counts in a profile of its own alone.
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=SHELL, args=[*FLAGS, *trust], viewport=SIZE, locale="en"
        )
        yield Desk(folder, page.host, page.port, secret, context)
        context.close()


@pytest.mark.timeout(400)
def test_made_used_replayed_removed(desk: Desk) -> None:
    """From the shift's screen to the door and back, in three languages."""
    page = desk.open()
    desk.sign_in(page)
    page.click(".screens button:nth-child(2)")
    for language in ("ar", "fa", "en"):
        page.evaluate("to => import('/static/base/locale.js').then(one => one.speak(to))", language)
        assert page.evaluate(CLIPPED) == []
    page.click("text=Passkeys")
    page.wait_for_selector(".sheet h2")
    desk.make(page, "key ring", "wrong password 1")
    expect(page.locator(".sheet .problem")).to_contain_text("Password or code", timeout=LIMIT_S * 1000)
    desk.make(page, "key ring")
    page.wait_for_selector(".passkeys li")
    for language in ("ar", "fa", "en"):
        page.evaluate("to => import('/static/base/locale.js').then(one => one.speak(to))", language)
        assert page.evaluate(CLIPPED) == []
        assert page.inner_text(".sheet .problem") == "", "what was wrong before is over"
    assert "key ring" in page.inner_text(".passkeys li")
    assert [entry["passkeys"] for entry in desk.entered("AccountChanged")][-1] == 1
    page.click(".sheet .leave")

    desk.sign_out(page)
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/api/sign-in/passkey") else None)
    page.click(".door .other")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("fetch('/api/me').then(one => one.json()).then(one => one.person)") == "op-a"
    assert desk.entered("SignedIn")[-1]["by"] == "passkey"
    again = page.evaluate(
        "body => fetch('/api/sign-in/passkey', {method: 'POST', body, headers: {'Content-Type': 'application/json'}})"
        ".then(one => one.status)",
        sent[0].post_data,
    )
    assert again == 401, "an answer that was used opens nothing"

    page.click(".screens button:nth-child(2)")
    page.click("text=Passkeys")
    page.click(".passkeys li button")
    page.wait_for_selector(".passkeys li", state="detached")
    page.click(".sheet .leave")
    desk.sign_out(page)
    page.click(".door .other")
    expect(page.locator(".door .problem")).to_contain_text("This passkey opens nothing", timeout=LIMIT_S * 1000)
    assert desk.problems == [] and page.evaluate("window.reports") == []


def test_where_no_device_can_be_asked(desk: Desk) -> None:
    """By its address the page offers no passkey, and the browser itself refuses to use one of its name."""
    page = desk.context.new_page()
    page.set_default_timeout(LIMIT_S * 1000)
    page.goto(f"https://{desk.host}:{desk.port}/")
    page.wait_for_selector("form.door")
    assert page.query_selector(".door .other") is None
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(one => one.name.includes('passkey')).length")
        == 0
    )
    refused = page.evaluate(
        "name => navigator.credentials.get({publicKey: {challenge: new Uint8Array(32), rpId: name}})"
        ".then(() => '', error => error.name)",
        NAME,
    )
    assert refused == "SecurityError"


def test_a_device_that_has_none_for_this_station(desk: Desk) -> None:
    """The page says that no device has answered; name, password and digits go on."""
    page = desk.open()
    page.click(".door .other")
    expect(page.locator(".door .problem")).to_contain_text("No device has answered", timeout=LIMIT_S * 1000)
    desk.sign_in(page)
    page.click(".screens button:nth-child(2)")
    page.click("text=Passkeys")
    page.wait_for_selector(".sheet h2")
    for language in ("ar", "fa", "en"):
        page.evaluate("to => import('/static/base/locale.js').then(one => one.speak(to))", language)
        assert page.evaluate(CLIPPED) == []
        assert axe(page) == []  # its own session with the browser takes the device away
    assert desk.problems == []
