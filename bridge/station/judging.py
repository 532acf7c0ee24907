"""Whether a station needs a judge of meaning, and the one it has.

The engine takes a fifth of a second and some 50 MB by being imported: it is not where one language is spoken.
"""

from __future__ import annotations

from collections.abc import Sequence

from bridge.base.dialplan import Dialplan
from bridge.base.errors import World
from bridge.base.log import logger
from bridge.relay.meaning import Judge, Opinion


def is_wanted(plan: Dialplan) -> bool:
    """Whether the two lines speak different languages."""
    return len({side.line_language for side in plan.sides.values()}) > 1


def load_judge() -> Judge:
    """Load the judge of meaning.

    Raises:
        World: `judge-missing`, its files are not there or are damaged.
    """
    from bridge.desk.judge import MeaningJudge

    return MeaningJudge()


class LateJudge:
    """Loads the judge when it is first asked: most exercises never do. Owned by the thread that owns the relay."""

    def __init__(self) -> None:
        self._judge: Judge | None = None
        self._has_failed = False

    def judge(self, sealed: Sequence[str], heard: Sequence[str]) -> Opinion | None:
        """See `Judge`; no opinion where its files are missing or it has failed, which is said once in the log."""
        if self._has_failed:
            return None
        try:
            if self._judge is None:
                self._judge = load_judge()
            return self._judge.judge(sealed, heard)
        except World as error:
            self._has_failed = True
            logger("station").warning("the tables alone compare across languages", code=error.code)
            return None


def judge_for(plan: Dialplan) -> Judge | None:
    """The judge, where it is wanted."""
    return LateJudge() if is_wanted(plan) else None
