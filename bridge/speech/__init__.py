"""From a growing track to words: endpointer, recognisers, captions, the checking pass."""
