"""What is kept: entries in one canonical form and the store that only grows."""
