"""The page of states is the tables' own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_documentation_is_current() -> None:
    """docs/states.md is made from the tables of moves."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_states.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
