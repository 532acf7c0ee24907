"""A mediated hotline between two sides: both lines answered, recorded, transcribed and held to one text."""

__version__ = "0.1.0"
