"""The specification curve: it finds a planted effect, and says no where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from blocs.errors import NoCoverage
from blocs.outlook.competition.outcomes import count_disputes, count_wars
from blocs.outlook.competition.specifications import list_specifications, shaped
from blocs.outlook.conflict import assess_conflict
from blocs.steps import Steps, _Step, in_steps

YEARS = np.arange(1816, 2015)


def history(effect: float, seed: int) -> pl.DataFrame:
    """Bloc competition as an autoregression, disputes and wars that follow it or not."""
    rng = np.random.default_rng(seed)
    x = np.zeros(len(YEARS))
    for t in range(1, len(YEARS)):
        x[t] = 0.9 * x[t - 1] + rng.normal()
    x = (x - x.mean()) / x.std()
    lagged = np.concatenate([[0.0], x[:-1]])
    states = np.linspace(23, 194, len(YEARS)).round()
    disputes = rng.poisson(0.2 * states * np.exp(effect * lagged))
    wars = rng.poisson(0.02 * states * np.exp(effect * lagged))
    return pl.DataFrame(
        {
            "year": YEARS,
            "states": states,
            "parity": x,
            "contest": x + rng.normal(0, 0.5, len(YEARS)),
            "disputes": disputes,
            "wars": wars,
        }
    )


def test_a_planted_effect_is_a_yes() -> None:
    found = assess_conflict(history(0.6, 4), most=200, seed=1)
    assert found.verdict == "yes"
    assert found.curve.p_episodes <= 0.05
    levels = found.curve.table.filter(
        (pl.col("form") == "level")
        & (pl.col("lag") == 1)
        & (pl.col("index") == "parity")
        & (pl.col("outcome") == "disputes")
        & (pl.col("n") > 190)
        & ~pl.col("trend")
    )
    # the effect per standard deviation is the one planted
    assert levels["effect"][0] == pytest.approx(np.exp(0.6), rel=0.1)


def test_a_planted_opposite_is_the_opposite() -> None:
    assert assess_conflict(history(-0.6, 4), most=200, seed=1).verdict == "the opposite"


def test_no_effect_is_a_no_in_most_histories() -> None:
    said = [assess_conflict(history(0.0, seed), most=60).verdict for seed in range(5)]
    assert said.count("no") >= 4


def test_the_same_seed_gives_the_same_curve() -> None:
    a, b = (assess_conflict(history(0.2, 1), most=40, seed=3).curve for _ in range(2))
    assert a.table.equals(b.table)
    assert a.p_episodes == b.p_episodes


def test_the_unit_of_an_index_does_not_matter() -> None:
    table = history(0.3, 2)
    scaled = table.with_columns(pl.col("parity") * 1000 + 7)
    a, b = (assess_conflict(t, most=20).curve.table["score_z"].to_list() for t in (table, scaled))
    assert a == pytest.approx(b, abs=1e-6)


def test_years_without_outcome_are_no_zeros() -> None:
    table = history(0.0, 1).with_columns(wars=pl.when(pl.col("year") <= 2007).then(pl.col("wars")))
    rows = assess_conflict(table, most=20).curve.table.filter(
        (pl.col("outcome") == "wars")
        & (pl.col("first") == 1816)
        & (pl.col("last") > 2000)
        & (pl.col("lag") == 1)
        & (pl.col("form") == "level")
    )
    assert set(rows["n"]) == {2007 - 1816}


def test_lag_and_rise() -> None:
    series = np.arange(10.0) ** 2
    assert shaped(series, "level", 2)[2:5].tolist() == [0, 1, 4]
    assert np.isnan(shaped(series, "rise", 1)[:6]).all()
    assert shaped(series, "rise", 1)[6] == 25.0


def test_too_short_a_record_is_refused_with_the_reason() -> None:
    table = history(0.0, 1).head(20)
    assert list_specifications(table) == ()
    with pytest.raises(NoCoverage, match="fewer than 40 years"):
        assess_conflict(table)


def test_disputes_are_counted_once_in_the_year_they_began() -> None:
    events = pl.DataFrame(
        {
            "ref": ["1", "1", "2"],
            "start": ["1900-05-01", "1901-01-01", "1901-03-01"],
            "value": [2.0, 4.0, 3.0],
        }
    ).with_columns(pl.col("start").str.to_date())
    counted = count_disputes(events)
    assert counted.filter(pl.col("year").is_between(1899, 1902)).rows() == [
        (1899, 0, 0),
        (1900, 1, 1),
        (1901, 1, 0),
        (1902, 0, 0),
    ]


def test_wars_have_their_deaths_summed_and_unknown_ones_stay_unknown() -> None:
    parts = pl.DataFrame(
        {
            "ref": ["1", "1", "2"],
            "sender": ["RUS", "TUR", "PER"],
            "start": ["1877-04-24", "1877-04-24", "1879-01-01"],
            "value": [120000.0, 165000.0, None],
        }
    ).with_columns(pl.col("start").str.to_date())
    majors = pl.DataFrame({"actor": ["RUS"], "year": [1877]})
    told = count_wars(parts, majors).filter(pl.col("year").is_between(1877, 1879))
    assert told.rows() == [(1877, 1, 1, 285000.0), (1878, 0, 0, 0.0), (1879, 1, 0, None)]


@pytest.mark.parametrize("stop", [0, 3, 11])
def test_a_curve_goes_on_where_it_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """Steps are the models of one outcome, exposure, period and trend, shuffled one way."""
    years = history(0.3, 6)
    made: list[str] = []
    keep = Steps._keep

    def counted(self: Steps, name: str, step: _Step) -> None:
        keep(self, name, step)
        made.append(name)
        if len(made) == stop + 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(Steps, "_keep", counted)
    with pytest.raises(KeyboardInterrupt), in_steps(tmp_path, "curve") as steps:
        assess_conflict(years, most=40, seed=1, keep=steps)
    with in_steps(tmp_path, "curve") as steps:
        resumed = assess_conflict(years, most=40, seed=1, keep=steps).curve
    assert len(made) == len(set(made)) > 11
    whole = assess_conflict(years, most=40, seed=1).curve
    assert resumed.table.equals(whole.table)
    assert resumed.shares.tobytes() == whole.shares.tobytes()
    assert resumed.band.tobytes() == whole.band.tobytes()
