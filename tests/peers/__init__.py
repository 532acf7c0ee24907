"""Foreign SIP software as test peers: real programs as children, a SIP speaker made of plain sockets, tones to hear."""
