"""Partial dates, half-open spells and periods."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocs.dates import Partial, Period, Spell, first_day, in_force, precision
from blocs.errors import BadInput

DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2100, 12, 31))
FORMS = st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"])


@st.composite
def spells(draw: st.DrawFn) -> Spell:
    """Spells of at least a day, some of them open."""
    start, end = sorted(draw(st.tuples(DAYS, DAYS)))
    return Spell(
        draw(st.sampled_from([start, None])),
        draw(st.sampled_from([end + timedelta(days=1), None])),
    )


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("1914", date(1914, 1, 1), date(1915, 1, 1)),
        ("1914-06", date(1914, 6, 1), date(1914, 7, 1)),
        ("1914-12", date(1914, 12, 1), date(1915, 1, 1)),
        ("1914-06-28", date(1914, 6, 28), date(1914, 6, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        (" 1914-6-2 ", date(1914, 6, 2), date(1914, 6, 3)),
    ],
)
def test_a_partial_date_covers_all_it_can_mean(text: str, first: date, after: date) -> None:
    found = Partial.parse(text)
    assert (found.first, found.after) == (first, after)


@pytest.mark.parametrize(
    "text", ["", "1914-13", "2023-02-29", "28.6.1914", "14", "1914-", "0000", "1914-06-28T00"]
)
def test_what_is_no_date_is_refused_with_the_value(text: str) -> None:
    with pytest.raises(BadInput, match="is not a da") as seen:
        Partial.parse(text)
    assert repr(text) in str(seen.value)


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31"])
def test_the_last_year_of_the_calendar_is_refused(text: str) -> None:
    """It has no day after it, so it cannot be half-open."""
    with pytest.raises(BadInput):
        Partial.parse(text)


@given(DAYS, FORMS)
def test_a_partial_date_is_written_back_as_it_was(day: date, form: str) -> None:
    text = day.strftime(form)
    found = Partial.parse(text)
    assert str(found) == text
    assert Partial.parse(str(found)) == found
    assert found.first <= day < found.after


@given(DAYS, FORMS)
def test_columns_of_partial_dates_agree_with_the_single_one(day: date, form: str) -> None:
    text = day.strftime(form)
    frame = pl.DataFrame({"start": [text, None]})
    row = frame.select(first_day("start"), precision("start"))
    assert row["start"].to_list() == [Partial.parse(text).first, None]
    assert row["start_precision"].to_list() == [Partial.parse(text).precision, None]


@pytest.mark.parametrize("text", ["2024-1", "2024-1-5", "195", "1949-08-2x", "soon", "20240105"])
def test_a_column_never_guesses_at_a_date(text: str) -> None:
    """`2024-1` must not become November."""
    frame = pl.DataFrame({"start": [text]})
    assert frame.select(first_day("start"))["start"].to_list() == [None]


def test_a_spell_holds_its_first_day_and_not_its_end() -> None:
    pact = Spell(date(1955, 5, 14), date(1991, 7, 1))
    assert date(1955, 5, 14) in pact
    assert date(1991, 6, 30) in pact
    assert date(1991, 7, 1) not in pact
    assert date(1, 1, 1) in Spell(None, None)


@given(spells(), spells())
def test_overlap_is_mutual_and_means_a_day_in_both(one: Spell, other: Spell) -> None:
    starts = [s.start for s in (one, other) if s.start]
    ends = [s.end - timedelta(days=1) for s in (one, other) if s.end]
    shared = [d for d in [*starts, *ends, date(1900, 1, 1)] if d in one and d in other]
    assert one.overlaps(other) == other.overlaps(one) == bool(shared)


@given(spells())
def test_a_spell_overlaps_itself_and_all_time_but_no_empty_one(spell: Spell) -> None:
    assert spell.overlaps(spell)
    assert spell.overlaps(Spell(None, None))
    day = spell.start or date(1950, 1, 1)
    assert not spell.overlaps(Spell(day, day))


@given(spells(), st.integers(1816, 2100), st.integers(0, 20))
def test_in_force_is_the_overlap_of_columns(spell: Spell, first: int, more: int) -> None:
    period = Period(first, min(first + more, 2100))
    frame = pl.DataFrame(
        {"start": [spell.start], "end": [spell.end]},
        schema={"start": pl.Date, "end": pl.Date},
    )
    assert frame.filter(in_force(period)).height == int(spell.overlaps(period.spell))


def test_a_period_holds_both_its_years() -> None:
    period = Period(2022, 2024)
    assert list(period.years) == [2022, 2023, 2024]
    assert date(2024, 12, 31) in period.spell
    assert date(2025, 1, 1) not in period.spell
    assert (str(period), str(Period(1914, 1914))) == ("2022–24", "1914")


@given(st.integers(1800, 2150), st.integers(1800, 2150))
def test_a_period_is_refused_or_runs_forward_from_1816(first: int, last: int) -> None:
    if 1816 <= first <= last <= 2100:
        assert len(Period(first, last).years) == last - first + 1
        assert Period(first, last).spell.overlaps(Period(last, last).spell)
    else:
        with pytest.raises(BadInput, match=f"{first} to {last}"):
            Period(first, last)
