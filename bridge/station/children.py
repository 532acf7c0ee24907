"""Starts, watches and kills child processes that cannot outlive their parent. It decides nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
"""prctl(2)."""
_libc = ctypes.CDLL(None, use_errno=True)
LISTENED = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
"""Signals that `wait_for_signal` takes; blocked in the parent so that none gets lost between two waits."""


def block_signals() -> None:
    """Call once, in the main thread, before the first child is started."""
    signal.pthread_sigmask(signal.SIG_BLOCK, LISTENED)


def wait_for_signal(timeout_s: float) -> signal.Signals | None:
    """The next signal of `LISTENED`, or None after the time."""
    found = signal.sigtimedwait(LISTENED, max(0.0, timeout_s))
    return None if found is None else signal.Signals(found.si_signo)


def _prepare_child(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        # The parent may be killed without a chance to end anybody; the kernel then does it.
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it died between fork and prctl
        signal.pthread_sigmask(signal.SIG_UNBLOCK, LISTENED)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job inherits "ignore"

    return prepare


@dataclass(frozen=True, slots=True)
class Running:
    """One child, leader of its own process group. Owned by the thread that started it."""

    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number where one ended it. Ends what the child left behind."""
        if self.process.returncode is None:
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
            # Not yet reaped: the number is still ours, so the group cannot be somebody else's.
            self.kill()
        return self.process.wait()

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        """Kill the child and whatever it started."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # the group is gone already
                os.killpg(self.pid, signal.SIGKILL)


def start(command: Sequence[str], environ: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL) -> Running:
    """Start a child in its own process group, its output on our standard error; its standard input is `stdin`.

    Raises:
        OSError: the program cannot be started.
    """
    process = subprocess.Popen(  # its thread-safety caveat does not matter: parents here have one thread
        list(command),
        stdin=stdin,
        stdout=2,
        env=None if environ is None else dict(environ),
        process_group=0,
        preexec_fn=_prepare_child(os.getpid()),
    )
    return Running(process)
