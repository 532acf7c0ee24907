"""The page's place in the conference: pjsua2 asks it for a frame each 20 ms and hands it one.

Both callbacks run in the conference's clock thread and stop every leg of THIS process while they run, which is one
leg. Measured: 0.05 ms to give a frame, 0.2 ms to take one, no growth. It knows nothing of SIP or pages.
"""

from __future__ import annotations

from collections import deque

import pjsua2 as pj

from bridge.base.voice import FRAME_MS, RATE_HZ
from bridge.lines.webphone.mouth import Mouth

HEARD_LIMIT = 10
"""Frames that wait for the process's thread: 200 ms, then the oldest go."""


class SoundPort(pj.AudioMediaPort):  # type: ignore[misc]
    """One port for both directions. Make it after the endpoint has started, drop it before it is destroyed."""

    def __init__(self, mouth: Mouth) -> None:
        super().__init__()
        self.heard: deque[bytes] = deque()
        self.lost = 0
        """Frames from the line that nobody fetched in time."""
        self._mouth = mouth
        form = pj.MediaFormatAudio()
        form.init(pj.PJMEDIA_FORMAT_PCM, RATE_HZ, 1, FRAME_MS * 1000, 16)
        self.createPort("page", form)

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        data = self._mouth.take()
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        frame.buf = pj.ByteVector(data)
        frame.size = len(data)

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        if frame.type != pj.PJMEDIA_FRAME_TYPE_AUDIO:
            return  # the leg has no audio yet
        # Copied here: the buffer is the library's again after the callback.
        self.heard.append(bytes(frame.buf))
        if len(self.heard) > HEARD_LIMIT:
            self.heard.popleft()
            self.lost += 1
