"""Plays officers, operator and faults against the whole."""
