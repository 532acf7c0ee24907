"""What a person may tell a line to do, and the fields each command cannot do without; docs/design/journals.md.

The desk checks a person's command against it, the line adds the commands that only the desk itself gives.
"""

from __future__ import annotations

OF_A_PERSON: dict[str, tuple[str, ...]] = {
    "call": (),
    "ring-operator": (),
    "hang-up": (),
    "digits": ("leg", "digits"),
    "hold": ("leg",),
    "resume": ("leg",),
    "mute": ("leg",),
    "unmute": ("leg",),
    "preempt": ("call",),
    "add": ("call", "role", "uri"),
}
