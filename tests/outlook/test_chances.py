"""Probabilities of a process whose probabilities are known."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.outlook.events import both_ways, events

from blocs.contracts import Quadruples, Ranking
from blocs.outlook.chances import (
    RATES,
    Chances,
    act_chances,
    are_answers,
    fit_chances,
    receiver_chances,
    sample_acts,
    shares,
)
from blocs.outlook.evaluation import evaluate, is_escalation
from blocs.outlook.event_files import read_split
from blocs.outlook.forecasting import evaluate_split
from blocs.outlook.history import begin, by_day, learn_all
from blocs.outlook.ranking import Asked, asked
from blocs.registry import FORECASTERS
from blocs.steps import at_once

ACTORS, DAYS, VALID, TEST = 24, 240, 160, 200


@pytest.fixture(scope="module")
def coins() -> Quadruples:
    """Every sender acts on a day with its own probability, towards 1 of 2 receivers (70:30)."""
    rng = np.random.default_rng(8)
    rows = [
        (s, 0, (s + (1 if rng.random() < 0.7 else 2)) % ACTORS, day)
        for day in range(DAYS)
        for s in range(ACTORS)
        if rng.random() < 0.05 + 0.4 * s / ACTORS
    ]
    return both_ways(np.array(rows), actors=ACTORS, relations=1)


@pytest.fixture(scope="module")
def fitted(coins: Quadruples) -> tuple[bytes, Chances]:
    part = FORECASTERS.get("rules")
    past = coins.before(TEST)
    learnt = part.fit(past, VALID, False, 0, lambda a, b: None, at_once)
    rng = np.random.default_rng(1)
    return learnt, fit_chances(part, learnt, past, valid=VALID, ahead=False, rng=rng)


def test_acts_get_about_the_probability_they_have(
    coins: Quadruples, fitted: tuple[bytes, Chances]
) -> None:
    history = begin(coins, RATES)
    learn_all(history, coins.before(TEST))
    acts = np.searchsorted(history.codes[2], np.arange(ACTORS) * 2)
    given = act_chances(history, acts, TEST, np.array(fitted[1].act))
    true = 0.05 + 0.4 * np.arange(ACTORS) / ACTORS
    assert np.abs(given - true).mean() < 0.06  # 160 days: one standard error is 0.035
    assert np.corrcoef(given, true)[0, 1] > 0.8


def test_probabilities_are_calibrated_on_days_never_seen(
    coins: Quadruples, fitted: tuple[bytes, Chances]
) -> None:
    found = evaluate(
        *(FORECASTERS.get("rules"), coins),
        test=TEST,
        ahead=False,
        seed=0,
        learnt=fitted[0],
        chances=fitted[1],
        fit_seconds=0.0,
        relations=("Fight with small arms",),
        watch=lambda a, b: None,
    ).probabilities
    assert found is not None
    assert found.receivers.ece < 0.08  # about 250 acts
    assert found.events.ece < 0.03  # 960 acts, most of them two receivers
    assert found.rare_n >= 0


def test_a_sample_stands_for_all_known_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    known = events(3)
    history = begin(known, RATES)
    learn_all(history, known.before(40))
    today = next(f for f in by_day(known) if f[0, 3] >= 40)
    rng = np.random.default_rng(0)
    acts = (history.acts.times > 0) & (history.codes[2] % 8 < 4)
    monkeypatch.setattr("blocs.outlook.chances.QUIET", 10)
    sums = [sample_acts(history, asked(today), rng).weight.sum() for _ in range(500)]
    assert np.mean(sums) == pytest.approx(acts.sum(), rel=0.05)
    sample = sample_acts(history, asked(today), rng)
    done = {tuple(q) for q in asked(today).questions.tolist() if q[1] < 4}
    assert {tuple(q) for q in sample.questions[sample.done].tolist()} <= done
    assert not {tuple(q) for q in sample.questions[~sample.done].tolist()} & done


def test_shares_and_answers_by_hand() -> None:
    ranking = Ranking(
        np.array([0, 2, 3]), np.array([4, 1, 2]), np.array([3.0, 1.0, 0.5]), np.zeros(5)
    )
    assert shares(ranking).tolist() == [0.75, 0.25, 1.0]
    assert shares(ranking, power=2.0).tolist() == pytest.approx([0.9, 0.1, 1.0])
    ask = Asked(np.zeros((2, 2), np.int64), np.array([0, 1, 2]), np.array([1, 3]))
    assert are_answers(ranking, ask).tolist() == [False, True, False]
    chances = Chances(act=[0.0], power=1.0, share=[0.0, 1.0], prob=[0.1, 0.5])
    assert receiver_chances(ranking, chances).tolist() == pytest.approx([0.4, 0.2, 0.5])


@pytest.mark.parametrize(
    ("relation", "escalates"),
    [
        ("Use_conventional_military_force", True),
        ("fight with small arms and light weapons", True),
        ("Impose blockade, restrict movement", True),
        ("Threaten_with_military_force", False),
        ("Demand that target yields", False),
        ("Consult", False),
        ("193", True),
        ("138", False),
    ],
)
def test_escalations_are_told_by_name_or_code(relation: str, escalates: bool) -> None:
    assert is_escalation(relation) is escalates


@pytest.mark.shared
def test_names_of_the_codebook_are_told_as_its_codes_are(shared: Path) -> None:
    """By name as by code for at least 97 in 100 acts of CAMEO."""
    codes = json.loads((shared / "data" / "gdelt_samples" / "cameo_codes.json").read_text())
    same = [is_escalation(code) == is_escalation(act["name"]) for code, act in codes.items()]
    assert len(same) > 200
    assert np.mean(same) >= 0.97


def test_acts_never_known_before_have_ranks_but_no_probabilities(tmp_path: Path) -> None:
    told = {
        "train": "0\t0\t1\t0\n1\t0\t0\t24\n0\t1\t1\t48\n1\t1\t0\t72\n0\t0\t1\t96\n",
        "valid": "0\t0\t1\t120\n",
        "test": "0\t9\t1\t144\n",
    }
    for name, text in told.items():
        (tmp_path / f"{name}.txt").write_text(text)
    split = read_split(*(tmp_path / f"{name}.txt" for name in told), today=date(2026, 1, 1))
    found, _ = evaluate_split(
        split,
        method="rules",
        ahead=False,
        seed=0,
        probabilities=True,
        home=None,
        begin=lambda title: lambda done, total: None,
    )
    assert found.rank.size == 2
    assert found.probabilities is None
