"""Reaction: a planted one is recovered, none is not told, what is not events is refused."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.outlook.hawkes.streams import many_dyads

from blocs.contracts import Facts
from blocs.errors import BadInput, NoCoverage
from blocs.outlook.hawkes.stream import stream_of
from blocs.outlook.reaction import fit_pair, fit_reaction, half_life
from blocs.schemas import Events, dtypes


def test_a_planted_reaction_is_recovered() -> None:
    fit = fit_reaction(many_dyads(0.2, 0.4, seed=3), seed=1)
    assert fit.released
    own, answer = fit.parts["self_fast"], fit.parts["reciprocal_fast"]
    assert own.low <= 0.2 <= own.high
    assert answer.low <= 0.4 <= answer.high
    assert fit.half_life == pytest.approx(14 * np.log(2), rel=0.35)
    assert fit.loglik["reaction"] > fit.loglik["slow_memory"]
    assert not fit.spreads


def test_quarrelsome_dyads_without_reaction_are_no_reaction() -> None:
    fit = fit_reaction(many_dyads(0.0, 0.0, seed=4), seed=1)
    assert not fit.released
    assert fit.parts["reciprocal_fast"].low < 0.01
    assert fit.loglik["gamma_poisson"] > fit.loglik["poisson"]  # yet the dyads differ


def test_who_answers_whom_is_told_apart() -> None:
    stream = many_dyads(0.1, 0.5, seed=6, pairs=2, days=9000)
    sides = fit_pair(stream, "S00", "S01", seed=2)
    assert [(s.sender, s.receiver) for s in sides] == [("S00", "S01"), ("S01", "S00")]
    for side in sides:
        assert side.answer.low > 0.05
        assert side.answer.low <= 0.5 <= side.answer.high
    assert fit_pair(stream, "S00", "XXX") == ()


def test_the_same_seed_gives_the_same_fit() -> None:
    stream = many_dyads(0.2, 0.2, seed=5, pairs=3, days=3000)
    a, b = (fit_reaction(stream, seed=7) for _ in range(2))
    assert (a.gain, a.parts, a.simulated) == (b.gain, b.parts, b.simulated)


def test_half_of_the_answers_of_two_scales() -> None:
    assert half_life(np.array([0.0, 0.0, 0.3, 5.0, 5.0])) == pytest.approx(60 * np.log(2), rel=0.01)
    assert half_life(np.array([0.0, 0.0, 0.0, 1.0, 1.0])) is None


def events(rows: list[tuple[str, str, str | None, str | None, float | None]]) -> Facts:
    frame = pl.DataFrame(
        [
            {"fact_id": f"f{k}", "source_id": "s", "row": k + 1, "kind": kind, "ref": str(k),
             "start": date.fromisoformat(day), "sender": a, "receiver": b, "value": value}
            for k, (day, kind, a, b, value) in enumerate(rows)
        ],
        infer_schema_length=None,
    )  # fmt: skip
    empty = {n: t for n, t in dtypes(Events).items() if n not in frame.columns}
    full = frame.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in empty.items())
    return Facts(events=full.select(pl.col(n).cast(t) for n, t in dtypes(Events).items()))


def test_a_stream_holds_acts_between_two_states_in_order() -> None:
    rows = [
        ("2014-03-02", "icews", "RUS", "UKR", -5.0),
        ("2014-03-01", "icews", "UKR", "RUS", -2.0),
        ("2014-03-03", "icews", "UKR", "UKR", -9.0),
        ("2014-03-03", "icews", None, "RUS", -9.0),
        ("2014-03-04", "icews", "RUS", "UKR", 3.0),
    ]
    stream = stream_of(events(rows))
    assert stream.names == ("RUS", "UKR")
    assert stream.day.tolist() == [0.0, 1.0]
    assert stream.sender.tolist() == [1, 0]
    assert stream_of(events(rows), about="all").day.tolist() == [0.0, 1.0, 3.0]
    with pytest.raises(BadInput, match="use conflict, cooperation, all"):
        stream_of(events(rows), about="war")
    with pytest.raises(NoCoverage, match="1 events of cooperation"):
        stream_of(events(rows), about="cooperation")


def test_too_few_events_are_refused_with_their_number() -> None:
    rows = [
        ("2014-03-01", "icews", "RUS", "UKR", -5.0),
        ("2014-03-02", "icews", "UKR", "RUS", -5.0),
    ]
    with pytest.raises(NoCoverage, match="2 events on 2 days"):
        fit_reaction(stream_of(events(rows)))
    with pytest.raises(NoCoverage, match="no events between states"):
        stream_of(Facts())


def test_repeated_and_future_records_are_left_out_aloud() -> None:
    rows = [
        ("2014-03-02", "icews", "RUS", "UKR", -5.0),
        ("2014-03-01", "icews", "UKR", "RUS", -2.0),
        ("2014-03-01", "icews", "UKR", "RUS", -2.0),
        ("2031-03-04", "icews", "RUS", "UKR", -5.0),
    ]
    once = events(rows)
    again = events(rows).events.with_columns(fact_id=pl.format("again/{}", "fact_id"))
    stream = stream_of(Facts(events=pl.concat([again, once.events])), today=date(2020, 1, 1))
    assert stream.day.tolist() == [0.0, 0.0, 1.0]  # two numbers on one day are two events
    assert stream.notes == (
        "2 events are dated after today (2020-01-01) and left out, first again/f3",
        "3 events are told twice and counted once",
    )
    assert stream_of(once).day.max() > 6000
    assert stream_of(once).notes == ()
