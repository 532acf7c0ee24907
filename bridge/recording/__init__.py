"""One file per leg as a sample timeline: repaired headers, hashed segments, gaps, health by audio."""
