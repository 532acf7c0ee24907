"""The browser of the page's tests: the system's Chromium, without a window."""

from __future__ import annotations

import shutil

from playwright.sync_api import ViewportSize

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same browser without what is around a page, which takes as much work as a page at each new one."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
SIZE: ViewportSize = {"width": 1366, "height": 768}
