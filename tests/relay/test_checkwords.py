"""The words: their lists, their strength, and the code that judges a list."""

import hashlib
import secrets

import pytest

from bridge.relay.checkwords import (
    COUNT,
    LIST_LANGUAGES,
    NEEDED_BITS,
    CheckWordsError,
    WordListError,
    bits_per_word,
    confusable,
    is_one_letter_apart,
    nearest,
    require_size,
    select,
    sound,
    word_list,
    words_of,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("language", LIST_LANGUAGES)
def test_lists_are_fit_for_a_telephone(language: str) -> None:
    """No two words of a list are one letter apart or sound alike; all are short and sorted."""
    words = word_list(language)
    assert confusable(words, language) == []
    assert list(words) == sorted(words)
    assert all(3 <= len(word) <= 9 and word.isalpha() for word in words)
    assert select(words[::8], language) == list(words[::8])


def test_list_sizes_give_the_needed_bits() -> None:
    """1024 English words and 512 in the other languages: five of them are 50 and 45 bits, at least 40."""
    assert {language: len(word_list(language)) for language in LIST_LANGUAGES} == {"en": 1024, "ar": 512, "fa": 512}
    assert all(bits_per_word(len(word_list(language))) * COUNT >= NEEDED_BITS for language in LIST_LANGUAGES)


@pytest.mark.parametrize("language", LIST_LANGUAGES)
def test_every_bit_counts(language: str) -> None:
    """Each of the leading bits changes the words, and the words give those bits back."""
    words = word_list(language)
    bits = bits_per_word(len(words))
    digest = secrets.token_bytes(32)
    said = words_of(digest, language)
    number = 0
    for word in said:
        number = number << bits | words.index(word)
    assert number == int.from_bytes(digest, "big") >> 256 - bits * COUNT
    for bit in range(bits * COUNT):
        flipped = int.from_bytes(digest, "big") ^ 1 << 255 - bit
        assert words_of(flipped.to_bytes(32, "big"), language) != said


def test_words_never_change() -> None:
    """A published list stays as it is: an old slip must give the same words for ever."""
    digest = hashlib.sha256("\n".join(word_list("en")).encode()).hexdigest()
    assert digest.startswith("b326b1afdddfe3b5")
    assert words_of(hashlib.sha256(b"a").digest(), "en") == ("scholar", "gallery", "banker", "porch", "breeze")


@pytest.mark.parametrize("size", [0, 1, 1000, 255, 128])
def test_lists_of_another_size(size: int) -> None:
    """No power of two, or too few bits in five words."""
    with pytest.raises(WordListError):
        require_size(size)


def test_no_list() -> None:
    """A language without a list is refused, also as a file name."""
    for language in ("de", "", "../words/en"):
        with pytest.raises(CheckWordsError):
            word_list(language)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("bread", "broad", True),
        ("canal", "canals", True),
        ("canal", "anal", True),
        ("diary", "dairy", True),
        ("canal", "canal", False),
        ("canal", "banana", False),
        ("stone", "notes", False),
        ("ab", "ba", True),
        ("abc", "abcde", False),
    ],
)
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    """One letter more, less, other, or two swapped: in both directions."""
    assert is_one_letter_apart(one, other) is apart
    assert is_one_letter_apart(other, one) is apart


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "colonel", "kolonel"),
        ("en", "whether", "weather"),
        ("en", "phase", "face"),
        ("en", "knight", "night"),
        ("en", "write", "right"),
        ("en", "juice", "geese"),
        ("ar", "صورة", "سورة"),
        ("ar", "قلب", "كلب"),
        ("fa", "قالب", "غالب"),
        ("fa", "حیات", "هیات"),
        ("fa", "اثاث", "اساس"),
    ],
)
def test_sounds_alike(language: str, one: str, other: str) -> None:
    """Words that cannot be told apart on a telephone have one sound and never stand in one list."""
    assert sound(one, language) == sound(other, language)
    assert confusable([one, other], language) == [(one, other)]
    assert select([one, other], language) == [one]


def test_nearest() -> None:
    """A mistyped word leads to the one it can have been meant for, and to none where that is open."""
    word = word_list("en")[500]
    assert nearest(word.upper(), "en") == word
    assert nearest(word + "x", "en") == word
    assert nearest("bcdfghx", "en") is None


def test_the_quick_search_finds_every_pair() -> None:
    """Looking only among words that share a rest finds the same pairs as comparing all with all."""
    words = ["bread", "broad", "bred", "baker", "maker", "diary", "dairy", "dairy", "night", "knight", "stone", "notes"]
    slow = [
        (one, other)
        for at, one in enumerate(words)
        for other in words[at + 1 :]
        if one == other or is_one_letter_apart(one, other) or sound(one, "en") == sound(other, "en")
    ]
    assert confusable(words, "en") == slow


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "colonel admiral general one two zero north south east west roger wilco over negative correction cancel",
        ),
        ("en", "receipt reply message island gulf harbor vessel ship boat flash priority routine immediate exercise"),
        ("ar", "سفينة قارب ميناء خليج جزيرة رسالة عقيد عميد شمال جنوب شرق غرب"),
        ("fa", "کشتی قایق بندر خلیج جزیره نامه سرهنگ سرتیپ شمال جنوب شرق غرب"),
    ],
)
def test_no_word_of_a_message(language: str, words: str) -> None:
    """No check word can be taken for a rank, a number, a direction, a place at sea or a word of procedure."""
    assert not set(words.split()) & set(word_list(language))
