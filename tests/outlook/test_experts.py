"""Files of statements: what they imply, what is never pooled, how they are scored, bad input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from blocs.errors import BadFile, BadInput
from blocs.outlook.experts import assess_experts
from blocs.outlook.statements import read_statements

HEAD = """
[event.attack]
text = "an attack"
resolution = "a council says so"
"""
FIRST = """
[[statement]]
id = "a"
event = "attack"
speaker = "A"
said = "2024-01-15"
window = [5, 8]
modality = "could"
source = "article"
p_ever = 1.0
"""
SECOND = FIRST.replace('"a"', '"b"').replace("2024-01-15", "2024-02-10").replace("[5, 8]", "[3, 5]")


def written(folder: Path, text: str, name: str = "s.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_two_statements_of_one_event_pool_to_the_published_figure(tmp_path: Path) -> None:
    views = assess_experts(read_statements(written(tmp_path, HEAD + FIRST + SECOND)))
    pools = {p.name: p for p in views.pools}
    assert set(pools) == {"linear", "quantile", "log_odds", "log_odds_extremised"}
    at = float(np.interp(5.0, views.grid, pools["linear"].high))
    assert at == pytest.approx(0.494, abs=2e-3)
    for pool in pools.values():
        assert (np.diff(pool.high) > -1e-9).all()


def test_statements_of_different_events_are_never_pooled(tmp_path: Path) -> None:
    other = HEAD.replace("event.attack", "event.window")
    text = HEAD + other + FIRST + SECOND.replace('event = "attack"', 'event = "window"')
    views = assess_experts(read_statements(written(tmp_path, text)))
    assert views.pools == ()
    assert "not pooled" in views.alone[0]


def test_could_is_no_probability(tmp_path: Path) -> None:
    text = HEAD + FIRST.replace("p_ever = 1.0", "")
    (forecast,) = assess_experts(read_statements(written(tmp_path, text))).forecasts
    assert forecast.ever == (0.0, 1.0)
    assert (forecast.low == 0).all()
    assert forecast.high == pytest.approx(forecast.timing)


def test_scores_of_what_happened_and_of_what_has_not(tmp_path: Path) -> None:
    happened = HEAD + 'happened = true\ndecided = "2030-01-15"\n' + FIRST.replace("1.0", "0.5")
    (score,) = assess_experts(read_statements(written(tmp_path, happened))).scores
    prob = score.prob[0]
    assert 0.5 * 0.1 < prob < 0.5 * 0.9
    assert score.brier[0] == pytest.approx((1 - prob) ** 2)
    not_yet = HEAD + 'happened = false\ndecided = "2026-01-15"\n' + FIRST
    (early,) = assess_experts(read_statements(written(tmp_path, not_yet))).scores
    assert early.log[0] == pytest.approx(-np.log(1 - early.prob[0]))
    assert early.crps[0] < 0.01  # nobody expected it in the first two years


def test_without_a_probability_there_is_no_score_and_the_reason_is_given(tmp_path: Path) -> None:
    text = HEAD + 'happened = false\ndecided = "2026-01-15"\n' + FIRST.replace("p_ever = 1.0", "")
    views = assess_experts(read_statements(written(tmp_path, text)))
    assert views.scores == ()
    assert "none is read off 'could'" in views.alone[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[5, 8]", "[8, 5]"), "low above 0"),
        (('event = "attack"', 'event = "atack"'), "did you mean attack"),
        (("p_ever = 1.0", "p_ever = 1.5"), "between 0 and 1"),
        (("p_ever = 1.0", "p_ever = [0.5, 0.2]"), "between 0 and 1"),
        (("2024-01-15", "January"), "is not a date"),
        (('modality = "could"', 'modality = "could"\nshape = "bye"'), "use by"),
        (('modality = "could"', 'modality = "could"\nunit = "decades"'), "years, months or days"),
        (('modality = "could"', 'modality = "could"\nshape = "hazard"'), "steps"),
    ],
)
def test_statements_that_cannot_be_are_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read_statements(written(tmp_path, HEAD + FIRST.replace(*change)))


def test_other_faults_of_a_file_say_where(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="twice"):
        read_statements(written(tmp_path, HEAD + FIRST + FIRST))
    with pytest.raises(BadFile, match="speeker"):
        read_statements(written(tmp_path, HEAD + FIRST.replace("speaker", "speeker")))
    with pytest.raises(BadFile, match="line 1, column 9"):
        read_statements(written(tmp_path, "[event.a\n= 3"))
    with pytest.raises(BadInput, match="experts new"):
        read_statements(written(tmp_path, HEAD))
    early = HEAD + 'happened = true\ndecided = "2020-01-15"\n' + FIRST
    panel = read_statements(written(tmp_path, early))
    with pytest.raises(BadInput, match="before a was said"):
        assess_experts(panel)


def test_forecasts_that_were_read_become_statements(tmp_path: Path) -> None:
    line = (
        '{"kind":"forecast","id":"x1","article":"' + "0" * 64 + '","quote":"within five to eight '
        'years","statement":"Putin could attack","hedges":["could"],"speakers":[{"text":"Boris"}],'
        '"horizon":{"low":5.0,"high":8.0,"unit":"year","from":"2024-01-20"}}\n'
    )
    undated = line.replace(',"from":"2024-01-20"', "").replace("x1", "x2")
    claim = '{"kind":"claim","id":"c"}\n'
    panel = read_statements(written(tmp_path, claim + line + undated, "f.jsonl"))
    (s,) = panel.statements
    assert (s.speaker, s.said, s.years, s.p_ever) == ("Boris", "2024-01-20", (5.0, 8.0), None)
    with pytest.raises(BadInput, match="no forecast with a horizon and a date"):
        read_statements(written(tmp_path, claim + undated, "g.jsonl"))
    with pytest.raises(BadFile, match="line 1"):
        read_statements(written(tmp_path, "nonsense\n", "h.jsonl"))


@pytest.mark.parametrize(
    ("precision", "start", "said"),
    [("month", "2024-01-01", "2024-01"), ("year", "2024-01-01", "2024"),
     ("day", "2024-01-01", "2024-01-01"), ("month", "2024-03-01", "2024-01-01")],
)  # fmt: skip
def test_a_month_that_was_read_does_not_become_a_day(
    tmp_path: Path, precision: str, start: str, said: str
) -> None:
    """``Last January, he warned ...``: the month is told, its first day is not."""
    item = {
        "kind": "forecast", "id": "a", "quote": "within five to eight years",
        "horizon": {"low": 5.0, "high": 8.0, "unit": "year", "from": "2024-01-01"},
        "when": {"start": start, "end": None, "precision": precision, "text": "then"},
    }  # fmt: skip
    panel = read_statements(written(tmp_path, json.dumps(item) + "\n", "f.jsonl"))
    assert panel.statements[0].said == said
