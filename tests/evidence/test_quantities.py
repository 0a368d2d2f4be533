"""Amounts: bounds, units, rates, subsets, and the sums done again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.quantities import find_amounts
from blocs.evidence.reading.numbers import parse_number
from blocs.evidence.reading.shares import check_arithmetic


def one(text):
    found = find_amounts(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "low", "high", "value", "unit", "of", "per"),
    [
        ("up to 12,000 soldiers", None, 12000, None, "count", "soldiers", None),
        ("more than 3,700 Iranian drones", 3700, None, None, "count", "Iranian drones", None),
        ("more 300 per month", 300, None, None, "count", None, "month"),
        ("2.5 million shells", None, None, 2.5e6, "count", "shells", None),
        ("between 10,000 and 12,000 troops", 10000, 12000, None, "count", "troops", None),
        ("two to three million tons of grain a year", 2e6, 3e6, None, "t", "grain", "year"),
        ("$2.5 billion", None, None, 2.5e9, "USD", None, None),
        ("40 million euros", None, None, 4e7, "EUR", None, None),
        ("0.5%", None, None, 0.5, "%", None, None),
        ("500 square kilometers", None, None, 500, "km2", None, None),
        ("fewer than 200 tanks", None, 200, None, "count", "tanks", None),
        ("at least 156 people", 156, None, None, "count", "people", None),
        ("a dozen warships", None, None, 12, "count", "warships", None),
    ],
)
def test_amounts(text, low, high, value, unit, of, per):
    a = one(text)
    assert (a.low, a.high, a.value, a.unit, a.of, a.per) == (low, high, value, unit, of, per)
    assert text[a.start : a.end] == text


@pytest.mark.parametrize(
    "text",
    ["in 1994", "on 22 October", "October 22", "the F-16", "July 4", "one of them", "at 6:30"],
)
def test_what_is_no_amount(text):
    assert find_amounts(text) == []


def test_a_part_points_at_its_whole():
    found = find_amounts("They sent 12,000 soldiers, including 500 officers, and 40 tanks.")
    assert [a.part_of for a in found] == [None, 0, None]


def test_the_share_is_done_again():
    text = "It took 500 square kilometers of 100,000 square kilometers: 0.5%."
    [check] = check_arithmetic(find_amounts(text))
    assert (check.kind, check.agrees, check.computed) == ("share", True, 0.5)


def test_a_wrong_share_is_flagged():
    text = "It took 500 square kilometers of 100,000 square kilometers: 5%."
    [check] = check_arithmetic(find_amounts(text))
    assert not check.agrees
    assert check.computed == 0.5


def test_a_part_larger_than_its_whole_is_flagged():
    [check] = check_arithmetic(find_amounts("500 soldiers, including 900 soldiers"))
    assert (check.kind, check.agrees) == ("subset", False)


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_with_separators_come_back(number):
    assert parse_number(f"{number:,}") == number


def test_words_that_are_no_number():
    assert parse_number("missiles") is None
    assert parse_number("9" * 400) is not None


@given(st.text(max_size=200))
def test_any_text_gives_spans_inside_it(text):
    for a in find_amounts(text):
        assert 0 <= a.start < a.end <= len(text)
        assert text[a.start : a.end].strip()


def test_a_number_of_a_number_is_a_part_of_it():
    part, whole = find_amounts("Some 500 of the 100,000 soldiers were wounded.")
    assert (part.value, part.of, part.part_of) == (500.0, "soldiers", 1)
    assert whole.value == 100_000
    share, _ = find_amounts("About 3 percent of its 2,000 troops were lost.")
    assert (share.unit, share.part_of) == ("%", 1)


def test_over_a_time_is_how_long_and_for_over_it_a_bound():
    [paid] = find_amounts("They will pay it over 30 years.")
    [lived] = find_amounts("They lived there for over 30 years.")
    assert (paid.value, paid.low) == (30.0, None)
    assert (lived.value, lived.low) == (None, 30.0)


def test_what_is_counted_may_open_with_initials():
    [two] = find_amounts("two U.S. officials")
    assert two.of == "U.S. officials"


def test_a_year_earlier_is_no_rate():
    [amount] = find_amounts("It was €95.6 billion a year earlier.")
    assert (amount.value, amount.per) == (95.6e9, None)
    [rate] = find_amounts("It costs €95 billion a year.")
    assert rate.per == "year"


@pytest.mark.parametrize(
    ("text", "low", "high", "value", "unit", "of"),
    [
        ("China buys nine-tenths of Iran's oil", None, None, 90.0, "%", "Iran's oil"),
        ("two thirds of exports", None, None, 66.67, "%", "exports"),
        ("nearly half of the soldiers", None, 50.0, None, "%", "soldiers"),
        ("more than a quarter of voters", 25.0, None, None, "%", "voters"),
        ("two and a half hours", None, None, 2.5, "hour", None),
        ("three and a half million refugees", None, None, 3.5e6, "count", "refugees"),
        ("almost half a billion dollars", None, 5e8, None, "USD", None),
        ("half a million men", None, None, 5e5, "count", "men"),
    ],
)
def test_fractions_in_words(text, low, high, value, unit, of):
    """ "Nine-tenths" was nine of something called tenths, "half a million" a million."""
    [found] = find_amounts(text)
    assert (found.low, found.high, found.value, found.unit, found.of) == (
        low,
        high,
        value,
        unit,
        of,
    )


@pytest.mark.parametrize(
    "text",
    ["a third party", "the second quarter", "a quarter of a century", "June 2024 obliges each"],
)
def test_what_only_looks_like_a_fraction_or_a_count(text):
    assert find_amounts(text) == []
