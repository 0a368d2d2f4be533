"""A fit that was interrupted goes on, and ends with the bytes it would have ended with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.outlook.events import events, told

from blocs import steps
from blocs.outlook.chronicle import chronicle
from blocs.outlook.evaluation import Evaluation
from blocs.outlook.event_files import Split
from blocs.outlook.forecasting import Fitted, evaluate_split, fit_once
from blocs.registry import FORECASTERS

KNOWN = events(3)


def fitted(home: Path | None, method: str = "evidence", *, ahead: bool = False) -> Fitted:
    return fit_once(
        *(home, method, KNOWN),
        valid=45,
        ahead=ahead,
        seed=5,
        watch=lambda done, total: None,
        chances=True,
    )[0]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("stop", [0, 1, 20, 44, 45, 46, 47])
def test_a_fit_goes_on_from_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: bool, stop: int
) -> None:
    """Its steps are the days it learns from, then parts of the training."""
    made: list[str] = []
    keep = steps.Steps._keep

    def counted(self: steps.Steps, name: str, step: steps._Step) -> None:
        keep(self, name, step)
        made.append(name)
        if len(made) == stop + 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(steps.Steps, "_keep", counted)
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path, ahead=ahead)
    resumed = fitted(tmp_path, ahead=ahead)
    assert len(made) == len(set(made)), "no step is made twice"
    assert [name for name in made if name.startswith("trees")] == made[-4:]
    assert not (tmp_path / steps.FOLDER).exists()
    whole = fitted(None, ahead=ahead)
    assert resumed.learnt == whole.learnt
    assert resumed.chances == whole.chances


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("method", ["rules", "evidence"])
def test_an_evaluation_goes_on_from_any_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, ahead: bool
) -> None:
    frame = pl.DataFrame(told(3), schema=["sender", "relation", "receiver", "time"], orient="row")
    names = [pl.col(c).cast(pl.String) for c in ("sender", "relation", "receiver")]
    rows = frame.with_columns(*names, event_id=pl.lit("e"))
    split = Split(chronicle(rows, dated=False), valid=40, test=50)

    def evaluated(home: Path | None) -> Evaluation:
        return evaluate_split(
            split,
            method=method,
            ahead=ahead,
            seed=2,
            probabilities=True,
            home=home,
            begin=lambda title: lambda done, total: None,
        )[0]

    made: list[str] = []
    keep = steps.Steps._keep

    def counted(self: steps.Steps, name: str, step: steps._Step) -> None:
        keep(self, name, step)
        made.append(name)
        if self._home is not None and name in {"day-52", "day-58"}:
            raise KeyboardInterrupt

    monkeypatch.setattr(steps.Steps, "_keep", counted)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            evaluated(tmp_path)
    resumed = evaluated(tmp_path)
    assert len(made) == len(set(made)), "no step is made twice"
    assert {name for name in made if name.startswith("day")} == {f"day-{d}" for d in range(50, 60)}
    whole = evaluated(None)
    assert resumed.rank.tobytes() == whole.rank.tobytes()
    assert resumed.probabilities is not None
    assert whole.probabilities is not None
    np.testing.assert_equal(asdict(resumed.probabilities), asdict(whole.probabilities))
    assert resumed.seconds > resumed.fit_seconds > 0


def test_what_other_settings_taught_is_not_found(tmp_path: Path) -> None:
    part = FORECASTERS.get("rules")
    fitted(tmp_path, "rules")
    object.__setattr__(part, "settings", "other")
    try:
        fitted(tmp_path, "rules")
    finally:
        object.__setattr__(part, "settings", "")
    fitted(tmp_path, "rules")
    assert len(list(tmp_path.glob("models/*"))) == 2
