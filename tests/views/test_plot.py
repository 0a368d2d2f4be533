"""The figures as altair charts: valid, titled, saved as SVG and PNG, missing told apart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.views import brief_example as made

import blocs
from blocs.errors import BadInput
from blocs.views.charts import theme

KINDS = ["plane", "cohesion", "world", "issues", "timeline", "treaties", "analogues", "coverage"]


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
