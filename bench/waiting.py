"""Waiting for another process: its journals, answers and screens are all there is to look at."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_S = 0.02


def await_(condition: Callable[[], object], limit_s: float, what: str) -> None:
    """Look until the condition holds; `what` names it for whoever reads why it did not.

    Raises:
        TimeoutError: not within `limit_s` seconds.
    """
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {limit_s:g} s")
        time.sleep(LOOK_S)
