"""Standing compared: tier first, then code, and what the two published tables make of it."""

import pytest

from bridge.relay.ranks import TABLES, Judgement, Standing, codes_of, compare, standing

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("rank", "codes"),
    [
        ("OF-6", ("OF-6",)),
        ("Colonel", ("OF-5",)),
        ("general", ("OF-9",)),
        ("عميد", ("OF-6",)),
        ("فريق اول", ("OF-9",)),
        ("سرهنگ", ("OF-5",)),
        ("سرتیپ دوم", ("OF-6",)),
        ("سرتیپ", ("OF-6", "OF-7")),
        ("سرتيپ", ("OF-6", "OF-7")),
        ("سپهبد", ("OF-8", "OF-9")),
        ("OF-11", ()),
        ("NOT STATED", ()),
    ],
)
def test_codes_of_a_rank(rank: str, codes: tuple[str, ...]) -> None:
    """Titles in every spelling of their letters; two codes where the published tables differ."""
    assert codes_of(rank) == codes


def test_the_signed_table_alone_counts() -> None:
    """Once the parties have signed one table, the other says nothing."""
    assert codes_of("سرتیپ", {"ir": TABLES["ir-by-title"]}) == ("OF-6",)


@pytest.mark.parametrize(
    ("one", "other", "judgement", "offers"),
    [
        (standing("1", "OF-5"), standing(1, "OF-5"), Judgement.FINE, False),
        (standing("1", "OF-5"), standing(1, "OF-6"), Judgement.NOTE, False),
        (standing("1", "OF-5"), standing(1, "OF-7"), Judgement.WARN, True),
        (standing("2", "OF-6"), standing(1, "OF-6"), Judgement.WARN, True),
        (standing("NOT STATED", "OF-6"), standing(1, "OF-6"), Judgement.UNKNOWN, False),
        (standing("1", "NOT STATED"), standing(1, "OF-6"), Judgement.UNKNOWN, False),
        (standing("1", "OF-6"), standing(1, "سرتیپ"), Judgement.NOTE, False),
        (standing("1", "OF-5"), standing(1, "سرتیپ"), Judgement.WARN, True),
    ],
)
def test_compare(one: Standing, other: Standing, judgement: Judgement, offers: bool) -> None:
    """The tier decides first; between two tables the wider gap counts; the order of the two officers does not."""
    for parity in (compare(one, other), compare(other, one)):
        assert (parity.judgement, parity.offers_ladder) == (judgement, offers)


def test_differing_tables_are_named() -> None:
    """The operator sees that the gap depends on the table."""
    parity = compare(standing("1", "OF-6"), standing(1, "سرتیپ"))
    assert parity.reason == "same tier 1; 1 code apart (same code by another table)"
