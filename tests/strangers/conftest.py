"""Addresses of this run, and a line process among strangers."""

from __future__ import annotations

import random

import pytest


@pytest.fixture(scope="session")
def net() -> str:
    """First three numbers of addresses that no other run on this host uses."""
    return f"127.{random.randint(20, 250)}.{random.randint(0, 250)}"
