"""The operator's telephone for a browser: a SIP handset whose microphone and loudspeaker are a page's.

    line process == SIP, RTP == webphone process == local socket == desk process == WebSocket == page

A process of its own, because here, and nowhere else, Python handles audio: whatever happens to it, the line's other
legs and their recordings do not notice. To the line it is one more handset. It answers only when the page's operator
lifts. Design, states and limits: docs/design/pagevoice.md.
"""
