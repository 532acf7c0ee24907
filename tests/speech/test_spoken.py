"""Numbers and abbreviations as they are said."""

import pytest

from bridge.speech.spoken import said

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("", ""),
        ("--", ""),
        ("Whole-number,", "whole number"),
        ("Mr. Quilter", "mister quilter"),
        ("20th", "twentieth"),
        ("0", "zero"),
        ("7", "seven"),
        ("12", "twelve"),
        ("20", "twenty"),
        ("25", "twenty five"),
        ("100", "one hundred"),
        ("315", "three hundred fifteen"),
        ("007", "zero zero seven"),
        ("1,500", "one five zero zero"),
        ("94821", "nine four eight two one"),
        ("3:2", "three two"),
        ("۲۵", "twenty five"),
    ],
)
def test_said(written: str, spoken: str) -> None:
    """One form for what is said in one way."""
    assert " ".join(said(written)) == spoken
