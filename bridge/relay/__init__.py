"""The relay protocol: taking, giving, slip and comparison; no I/O, no clock, no threads."""
