"""What articles add to a brief: every line with its quote and source, shown everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from tests.views import brief_example as made

import blocs
from blocs.records import Brief
from blocs.views.brief.page import page
from blocs.views.brief.told import with_articles
from blocs.views.charts import foretold

STORIES = {
    "2024-10-24-kyiv.txt": (
        "Kyiv revealed that Pyongyang sent, in October, up to 12,000 soldiers to fight Ukraine, "
        "revelations weakly confirmed by Vladimir Putin. Minsk supplied Moscow with 300 drones. "
        "For Tehran, sending troops to Russia is a red line."
    ),
    "2024-10-26-seoul.txt": (
        "Seoul said on Friday that Pyongyang sent 10,000 soldiers to Russia. "
        "Boris Pistorius warned that Moscow could attack NATO within five to eight years. "
        "Brazil & <b>Argentina</b> signed an agreement."
    ),
    "undated.txt": "Tehran delivered 200 missiles to Moscow.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in STORIES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def brief(folder: Path) -> Brief:
    return with_articles(made.example(), blocs.read(folder))


def _text(name: str) -> str:
    return STORIES[name]


def test_every_line_is_exact_words_of_an_article(brief: Brief) -> None:
    tellings = [
        *(t for f in brief.told for t in f.tellings),
        *(t for f in brief.foretold for t in f.tellings),
        *(t for s in brief.support for t in s.told_in),
        *(t for r in brief.red_lines for t in r.told_in),
    ]
    assert len(tellings) > 6
    assert all(_text(t.name)[t.span_start : t.span_end] == t.quote for t in tellings)
    known = {s.id for s in brief.sources}
    assert {f"article-{t.article[:12]}" for t in tellings} <= known


def test_rungs_come_with_chain_date_and_side(brief: Brief) -> None:
    [troops] = [s for s in brief.support if s.high == 12000 and s.source.startswith("article-")]
    assert (troops.supporter, troops.recipient, troops.rung) == ("PRK", "RUS", "troops")
    assert (troops.start, troops.reported, troops.speaker) == ("2024-10", "2024-10-24", "UKR")
    assert troops.confirmation == ("RUS weakly confirmed",)
    assert "read off the war's sides" in troops.note
    assert not troops.checked
    [drones] = [s for s in brief.support if s.supporter == "BLR" and s.value == 300]
    assert drones.rung == "weapons"


def test_red_lines_forecasts_and_conflicts_are_there(brief: Brief) -> None:
    [line] = [r for r in brief.red_lines if r.source.startswith("article-")]
    assert (line.actor, line.rung) == ("IRN", "troops")
    [forecast] = brief.foretold
    assert (forecast.said, forecast.opens, forecast.closes) == ("2024-10-26", "2029-10", "2032-10")
    figures = {f.figure: f for f in brief.told if f.figure}
    assert figures[10000].conflicts == (figures[12000].id,)


def test_forecasts_stand_on_one_axis_of_time(brief: Brief) -> None:
    figure = foretold.foretold(brief)
    assert figure is not None
    assert figure.title.endswith("foretells: October 2029 to October 2032")
    [row] = figure.table.rows
    assert [c.text for c in row[1:3]] == ["26 October 2024", "October 2029 to October 2032"]
    assert row[0].href == f"#foretold-{brief.foretold[0].id}"
    [drawn] = _marks(figure.draw(680).spec, "x2")
    assert (drawn["x"], drawn["x2"]) == pytest.approx((2029.75, 2032.75))
    assert drawn["told"] == pytest.approx(2024 + 9 / 12 + 25 / 372)


@pytest.mark.parametrize(
    ("changed", "whole", "ends"),
    [
        ({"closes": None}, False, (2029.75, 2029.75)),
        ({"opens": None}, False, (2024 + 9 / 12 + 25 / 372, 2032.75)),
    ],
)
def test_a_window_without_an_end_is_not_drawn_as_one_with(
    brief: Brief, changed: dict[str, None], whole: bool, ends: tuple[float, float]
) -> None:
    told = msgspec.structs.replace(brief.foretold[0], **changed)
    figure = foretold.foretold(msgspec.structs.replace(brief, foretold=(told,)))
    assert figure is not None
    drawn = _marks(figure.draw(340).spec, "x2")[0]
    assert drawn["whole"] is whole
    assert (drawn["x"], drawn["x2"]) == pytest.approx(ends)


def test_forecasts_of_undated_articles_stand_by_years_after_they_were_said(brief: Brief) -> None:
    dated = brief.foretold[0]
    undated = msgspec.structs.replace(
        dated, id="u", said=None, opens=None, closes=None, low=18.0, high=36.0, unit="month"
    )
    figure = foretold.foretold(msgspec.structs.replace(brief, foretold=(dated, undated)))
    assert figure is not None
    assert "years after it was said" in figure.subtitle
    assert figure.title == (
        "The earliest window opens 1.5 years after it was said, the last closes 8 years after it "
        "was said"
    )
    rows = _marks(figure.draw(680).spec, "x2")
    assert [(r["x"], r["x2"], r["told"]) for r in rows] == [(1.5, 3.0, 0.0), (5.0, 8.0, 0.0)]
    assert figure.table.rows[0][1].text == "not known"
    assert figure.table.rows[0][2].text == "18 to 36 months after it was said"


def test_forecasts_without_a_window_make_no_figure(brief: Brief) -> None:
    bare = msgspec.structs.replace(brief.foretold[0], opens=None, closes=None, low=None, high=None)
    assert foretold.foretold(msgspec.structs.replace(brief, foretold=(bare,))) is None
    assert foretold.foretold(msgspec.structs.replace(brief, foretold=())) is None


def _marks(spec: object, field: str) -> list[dict[str, float]]:
    """Rows of the first layer whose marks end at a field of their own."""
    assert isinstance(spec, dict)
    for one in spec["layer"]:
        if one["encoding"].get(field) == {"field": field} and "href" in one["encoding"]:
            rows: list[dict[str, float]] = one["data"]["values"]
            return rows
    return []


def test_what_is_of_nobody_in_the_group_or_has_no_date_is_not_on_the_ladder(brief: Brief) -> None:
    assert not any("Argentina" in t.quote for f in brief.told for t in f.tellings)
    assert not any(s.value == 200 for s in brief.support)
    assert any("undated.txt" in w for w in brief.warnings)


def test_the_page_shows_each_line_and_asks_nothing(brief: Brief) -> None:
    html = page(brief)
    flat = re.sub(r"\s+", " ", html)
    assert "What the articles say" in flat
    assert "the figures differ" in flat
    assert "up to 12,000 soldiers" in flat
    assert "October 2029 to October 2032" in flat
    assert "Russia weakly confirmed" in flat
    assert "<script" not in html
    links = set(
        re.findall(r'href="#((?:source-article|method-credence|told|foretold)[^"]*)"', html)
    )
    assert len(links) > 5
    assert links <= set(re.findall(r'id="([^"]+)"', html))


def test_the_record_goes_through_json(brief: Brief) -> None:
    raw = msgspec.to_builtins(brief)
    assert msgspec.convert(raw, Brief) == brief


def test_what_the_almanac_tells_in_the_same_words_is_one_rung() -> None:
    story = "Tehran delivered technology and 200 missiles to Moscow in October 2024."
    read = blocs.read(story, date="2024-11-05")
    rungs = [s for s in with_articles(made.example(), read).support if s.supporter == "IRN"]
    new = [s for s in rungs if s.source.startswith("article-")]
    [told] = [s for s in new if s.value == 200]
    known = msgspec.structs.replace(told, id="almanac", rung="dual_use", level=4, told_in=())
    brief = msgspec.structs.replace(made.example(), support=(known,))
    again = [s for s in with_articles(brief, read).support if s.what == told.what]
    assert [s.id for s in again] == ["almanac"]
    assert len(again[0].told_in) == len(set(again[0].told_in)) == 1
