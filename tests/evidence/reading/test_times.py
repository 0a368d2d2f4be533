"""Dates against the article's own date, and horizons of forecasts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.evidence.claims import read_article
from blocs.evidence.reading.horizons import find_horizons
from blocs.evidence.reading.times import find_moments

DAY = date(2024, 6, 20)  # a Thursday


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("Last January, he warned", "2024-01-01", "2024-02-01", "month"),
        ("last April", "2024-04-01", "2024-05-01", "month"),
        ("on Wednesday", "2024-06-19", "2024-06-20", "day"),
        ("from October 22 to 24, 2024", "2024-10-22", "2024-10-25", "day"),
        ("22 October 2023", "2023-10-22", "2023-10-23", "day"),
        ("in October", "2023-10-01", "2023-11-01", "month"),
        ("October 2022", "2022-10-01", "2022-11-01", "month"),
        ("in 2014", "2014-01-01", "2015-01-01", "year"),
        ("from 2014 to 2022", "2014-01-01", "2023-01-01", "year"),
        ("last week", "2024-06-10", "2024-06-17", "week"),
        ("last month", "2024-05-01", "2024-06-01", "month"),
        ("next year", "2025-01-01", "2026-01-01", "year"),
        ("yesterday", "2024-06-19", "2024-06-20", "day"),
        ("two weeks ago", "2024-06-03", "2024-06-10", "week"),
        ("the 1990s", "1990-01-01", "2000-01-01", "decade"),
    ],
)
def test_moments(text, start, end, precision):
    [m] = find_moments(text, date=DAY)
    assert (str(m.start), str(m.end), m.precision) == (start, end, precision)
    assert text[m.at : m.until] == m.text


@pytest.mark.parametrize("text", ["we may act", "they sat", "you can march on", "1,994 men"])
def test_words_that_are_no_date(text):
    assert find_moments(text, date=DAY) == []


def test_without_a_date_nothing_is_invented():
    [m] = find_moments("last January")
    assert m.start is None
    assert m.end is None
    assert m.precision == "month"


def test_a_day_that_does_not_exist():
    assert find_moments("on February 31, 2024", date=DAY) == [] or all(
        m.precision != "day" for m in find_moments("on February 31, 2024", date=DAY)
    )


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("could attack within five to eight years", 5, 8, "year"),
        ("a window which could open within three to five years", 3, 5, "year"),
        ("may happen in the next 10 months", None, 10, "month"),
        ("it will fall by 2030", None, 2030, "calendar year"),
        ("expected over the coming decade", None, 1, "decade"),
    ],
)
def test_horizons(text, low, high, unit):
    [h] = find_horizons(text)
    assert (h.low, h.high, h.unit) == (low, high, unit)
    assert text[h.at : h.until] == h.text


def test_the_past_has_no_horizon():
    assert find_horizons("He built the house within five years.") == []


@given(st.text(max_size=200))
def test_any_text_gives_disjoint_spans(text):
    at = 0
    for m in find_moments(text, date=DAY):
        assert at <= m.at < m.until <= len(text)
        at = m.until


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Two weeks ago Iran sent 300 drones to Russia.", ["300 drones"]),
        ("Poland will send 40 tanks within two months.", ["40 tanks"]),
        ("Over the past three years, Russia fired 5,000 missiles.", ["5,000 missiles"]),
        ("Three days later Turkey sent ten ships.", ["ten ships"]),
        ("The war has lasted 30 years.", ["30 years"]),
        ("Of the 300 men, two weeks ago, 20 fled.", ["300 men", "20 fled"]),
    ],
)
def test_a_spell_that_says_when_is_no_amount(text, amounts):
    found = read_article(text, date=date(2024, 11, 10))
    assert [i.quote for i in found if i.kind == "quantity"] == amounts
