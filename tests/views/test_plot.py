"""The figures as altair charts: valid, titled, saved as SVG and PNG, missing told apart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest
from tests.views import brief_example as made

import blocs
from blocs.errors import BadInput
from blocs.records import TieRecord
from blocs.views.charts import theme

YEARS = (2001, 2002, 2003, 2005, 2006)
KINDS = [
    *("plane", "cohesion", "world", "issues", "timeline", "treaties", "analogues", "coverage"),
    *("matrix", "network", "motives", "left_out"),
]
POINTS = pl.DataFrame(
    [(a, y, m, m - 0.3, m + 0.3, 80) for a, m in (("USA", 2.0), ("RUS", -1.0)) for y in YEARS],
    schema=["actor", "year", "mean", "low", "high", "n"],
    orient="row",
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_figure_is_an_altair_chart_with_its_finding(kind: str) -> None:
    spec = getattr(blocs.plot, kind)(made.example()).to_dict()
    assert spec["title"]["text"]
    assert spec["title"]["subtitle"]
    assert theme.HATCH not in str(spec)


def test_a_chart_is_saved_as_svg_and_png(tmp_path: Path) -> None:
    chart = blocs.plot.analogues(made.example())
    chart.save(str(tmp_path / "a.svg"))
    chart.save(str(tmp_path / "a.png"))
    assert "Warsaw Pact" in (tmp_path / "a.svg").read_text("utf-8")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_figure_without_evidence_says_so() -> None:
    bare = msgspec.structs.replace(made.example(), nearness=())
    with pytest.raises(BadInput, match="no evidence"):
        blocs.plot.world(bare)


def test_a_fan_is_the_median_and_bands_of_one_outcome() -> None:
    found = blocs.simulate("troops", runs=8, sensitivity=0)
    outcome = found.fans[0].outcome
    spec = blocs.plot.fan(found, outcome).to_dict()
    assert outcome in spec["title"]["text"]
    median = spec["layer"][-1]["data"]["values"]
    assert median[-1]["month"] == len(found.fans[0].months)
    with pytest.raises(BadInput, match=f"no outcome 'peace'.*{outcome}"):
        blocs.plot.fan(found, "peace")


def test_long_titles_run_over_lines_and_are_whole() -> None:
    brief = made.example()
    narrow, wide = (blocs.plot.world(brief, width=w).to_dict()["title"] for w in (240, 900))
    assert len(narrow["text"]) > len(wide["text"])
    assert " ".join(narrow["text"]) == " ".join(wide["text"])


def test_a_matrix_shows_each_pair_both_ways_and_what_is_not_known_apart() -> None:
    brief = made.example()
    dark = msgspec.structs.replace(brief.dyads[0], votes=None)
    spec = blocs.plot.matrix(msgspec.structs.replace(brief, dyads=(dark, *brief.dyads[1:])))
    squares = [x["data"]["values"] for x in spec.to_dict()["layer"] if x["mark"]["type"] == "rect"]
    unknown = [x for x in spec.to_dict()["layer"] if x["mark"].get("strokeDash") == [2, 2]]
    assert sum(map(len, squares)) == 12
    assert {(r["a"], r["b"]) for r in unknown[0]["data"]["values"]} >= {(0, 1), (1, 0)}
    assert all(r["value"] is None for r in unknown[0]["data"]["values"])


def test_a_network_draws_friends_foes_and_the_unknown_and_leaves_out_zero() -> None:
    brief = made.example()
    weights = [0.5, -0.5, 0.0, None, 1.0, -1.0]
    dyads = tuple(
        msgspec.structs.replace(d, ties=(TieRecord(layer=brief.layers[0].name, weight=w),))
        for d, w in zip(brief.dyads, weights, strict=True)
    )
    spec = blocs.plot.network(msgspec.structs.replace(brief, dyads=dyads)).to_dict()
    (panel,) = spec["concat"]
    lines = [x["mark"] for x in panel["layer"] if x["mark"]["type"] == "rule"]
    assert [m.get("strokeDash") for m in lines] == [None, [6, 3], [1, 4], None, [6, 3]]
    assert [m["strokeWidth"] for m in lines] == [3, 3, 1, 6, 6]
    assert spec["title"]["text"][0].startswith(f"{brief.layers[0].title}: 4 of 5 pairs tied")


def test_ideal_points_break_where_a_session_is_missing() -> None:
    spec = blocs.plot.ideal_points(POINTS, "United States", "RUS").to_dict()
    lines = [x["data"]["values"] for x in spec["layer"] if x["mark"]["type"] == "line"]
    assert [[r["run"] for r in rows] for rows in lines] == [[0, 0, 0, 1, 1]] * 2
    assert "In 2006, from the top: United States" in " ".join(spec["title"]["text"])
    bands = [x for x in spec["layer"] if x["mark"]["type"] == "area"]
    assert len(bands) == 2


def test_ideal_points_of_nobody_or_of_too_many_are_refused() -> None:
    with pytest.raises(BadInput, match="0 states; name one to 8"):
        blocs.plot.ideal_points(POINTS)
    with pytest.raises(BadInput, match="no point of CHN"):
        blocs.plot.ideal_points(POINTS, "USA", "China")


def test_a_dyad_is_drawn_with_its_ties_and_events() -> None:
    chart = blocs.plot.dyad("RUS", "North Korea", from_=1990, to=2024)
    assert "North Korea–Russia" in chart.to_dict()["title"]["text"][0]


def test_what_articles_foretell_needs_articles() -> None:
    with pytest.raises(BadInput, match="no evidence"):
        blocs.plot.forecasts(msgspec.structs.replace(made.example(), foretold=()))
