"""What is taken for a DOI, an ISBN and pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index import works

DIGITS = st.text("0123456789", min_size=12, max_size=12)


def isbn_of(digits: str) -> str:
    """Twelve digits and the check digit of ISO 2108, computed as the standard tells it."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


@given(DIGITS, st.integers(0, 12), st.integers(1, 9))
def test_an_isbn_with_one_wrong_digit_is_none(digits: str, place: int, by: int) -> None:
    right = isbn_of(digits)
    wrong = f"{right[:place]}{(int(right[place]) + by) % 10}{right[place + 1 :]}"
    assert works.isbn(right) == right
    assert works.isbn(wrong) is None


@given(st.integers(0, 8), st.integers(1, 9))
def test_an_old_isbn_with_one_wrong_digit_is_none(place: int, by: int) -> None:
    for right in ("0306406152", "080442957X"):
        wrong = f"{right[:place]}{(int(right[place]) + by) % 10}{right[place + 1 :]}"
        assert works.isbn(right) == right
        assert works.isbn(wrong) is None


@given(DIGITS, st.sets(st.integers(1, 12), max_size=3), st.sampled_from(("", "ISBN ", "urn:isbn:")))
def test_an_isbn_keeps_its_hyphens_and_loses_its_name(
    digits: str, places: set[int], name: str
) -> None:
    right = isbn_of(digits)
    parted = "".join(f"-{digit}" if at in places else digit for at, digit in enumerate(right))
    assert works.isbn(f"{name}{parted}") == parted
    assert works.isbn(f"{name}{parted.replace('-', ' ')}") == parted


@given(st.from_regex(r"10\.[0-9]{4,6}/[!-~]{1,30}", fullmatch=True))
def test_a_doi_is_the_same_however_it_is_written(doi: str) -> None:
    for before in ("", "doi:", "DOI: ", "https://doi.org/", "http://dx.doi.org/", "doi.org/"):
        assert works.doi(before + doi) == doi
    assert works.doi(f"see {doi}") is None


@given(st.text(max_size=60))
def test_any_words_are_read_or_not(written: str) -> None:
    for read in (works.doi, works.isbn, works.item_type, works.page_range):
        found = read(written)
        assert found is None or (found and read(found) == found)
