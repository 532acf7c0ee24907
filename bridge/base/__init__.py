"""The floor of the house: words, errors, clock, audio frames, wire form, dialplan, text and log."""
