"""One tree of errors: whose fault decides what the caller may do.

`Ours` is a bug: stop the unit and alarm. `Theirs` is a peer that broke a rule: answer, record, go on.
`World` is disk, network or engine: retry or degrade and tell the operator. Every leaf has a stable
`code`; callers and tests match codes, never texts.
"""

from __future__ import annotations


class BridgeError(Exception):
    """Root of the tree. `str()` is a sentence with numbers: what was found, what was expected."""

    code = "bridge"


class Ours(BridgeError):
    """A bug of this program."""

    code = "ours"


class Theirs(BridgeError):
    """A peer or a file from outside broke a rule."""

    code = "theirs"


class World(BridgeError):
    """Disk, network, device or engine failed; nothing was changed."""

    code = "world"


class MoveError(Ours):
    """A state machine got an event that its state does not allow. The machine is unchanged."""

    code = "no-such-move"


class SetupError(World):
    """Something is not fit to start: says what, where and what to do. Exit code 2."""

    code = "setup"

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(f"{what} ({where}). {remedy}")
        self.what = what
        self.where = where
        self.remedy = remedy


class DialplanError(SetupError):
    """The dialplan names something that cannot be; `where` is file and key."""

    code = "dialplan"


class WireError(Theirs):
    """Bytes that should be one of our entries are not: wrong form, version, length or type."""

    code = "wire"


class SequenceError(Ours):
    """A journal's numbers do not follow each other: an entry is missing or doubled."""

    code = "sequence"


class AudioError(Theirs):
    """A file is not the audio it says it is."""

    code = "audio"


class StorageError(World):
    """A write did not reach the disk. Whether part of it did is unknown: re-read before the next write."""

    code = "storage"


class EngineError(World):
    """A recogniser could not be loaded or failed on its input."""

    code = "engine"


class NoRecognizerError(EngineError):
    """No recogniser for the language is installed; the track waits for one."""

    code = "no-recogniser"
