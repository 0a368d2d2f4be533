"""The page: whole, offline, harmless, readable by machines and screen readers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.views import brief_example as made

from blocs.records import Brief, TreatyRecord
from blocs.views.brief import claims, dyads
from blocs.views.brief import page as report
from blocs.views.charts import cohesion, coverage, issues, ladder, plane, svg, treaties, vega
from blocs.views.charts.labels import Anchor, place_labels

VOID = {"meta", "link", "input", "br", "wbr", "img", "hr", "path", "line", "rect", "circle"}


class Page(HTMLParser):
    """Collects what a page holds, and checks that its elements nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.stack: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.hrefs.append(value or "")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def brief() -> Brief:
    return made.example()


@pytest.fixture(scope="module")
def html(brief: Brief) -> str:
    return report.page(brief)


@pytest.fixture(scope="module")
def parsed(html: str) -> Page:
    return Page(html)


def test_same_brief_same_bytes(brief: Brief, html: str) -> None:
    assert report.page(brief) == html


def test_one_file_no_script_no_request(html: str, parsed: Page) -> None:
    assert len(html.encode()) < 1_000_000
    assert "script" not in parsed.tags
    assert not {"iframe", "object", "embed", "form", "base"} & set(parsed.tags)
    assert all(h.startswith("#") or h == "data:," for h in parsed.hrefs)
    loads = [v for _, n, v in parsed.attributes if n in {"src", "srcset", "xlink:href", "action"}]
    assert loads == []
    assert not any(name.startswith("on") for _, name, _ in parsed.attributes)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_policy_allows_only_its_own_style(html: str, parsed: Page) -> None:
    policy = next(v for t, n, v in parsed.attributes if t == "meta" and "default-src" in v)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert html.count("<style>") == 1
    assert not any(name == "style" for _, name, _ in parsed.attributes)


def test_every_link_has_its_target(parsed: Page) -> None:
    targets = {h[1:] for h in parsed.hrefs if h.startswith("#")}
    missing = {t for t in targets - set(parsed.ids) if not t.startswith("method-")}
    assert missing == set()
    assert len(parsed.ids) == len(set(parsed.ids))


def test_elements_nest_and_headings_descend_in_order(parsed: Page) -> None:
    assert parsed.stack == []
    assert parsed.headings[0] == 1
    assert parsed.headings.count(1) == 1
    steps = zip(parsed.headings, parsed.headings[1:], strict=False)
    assert all(b - a <= 1 for a, b in steps)


def test_landmarks_captions_scopes_and_text_alternatives(parsed: Page) -> None:
    assert {"header", "main", "nav", "footer"} <= set(parsed.tags)
    assert parsed.tags.count("table") == parsed.tags.count("caption")
    scoped = sum(t == "th" and n == "scope" for t, n, _ in parsed.attributes)
    assert scoped == parsed.tags.count("th")
    labels = [v for t, n, v in parsed.attributes if t == "svg" and n == "aria-label"]
    assert len(labels) == parsed.tags.count("svg")
    assert all(len(label) > 20 for label in labels)


def test_sections_come_in_the_order_of_the_brief(html: str) -> None:
    order = "verdict why rests firm pairs holds commitments support words kind history limits"
    at = [html.index(f'<section id="{name}"') for name in order.split()]
    assert at == sorted(at)


def test_words_that_carry_weight_are_links(html: str) -> None:
    assert 'form a <a href="#method-verdict">front</a>' in html
    assert '<a href="#method-votes">0.70</a>' in html


def test_rows_lead_to_the_work_they_cite(html: str) -> None:
    assert '<a href="#cite-an-article"><code>an-article</code></a>' in html
    assert '<li id="cite-an-article"><code>an-article</code> An article, 2024.' in html
    assert "almanac/support:troops" in html


def test_figures_have_finding_subtitle_source_and_table(brief: Brief) -> None:
    drawn = report.figures(brief)
    keys = "plane motives cohesion world issues left-out treaties ladder analogues coverage"
    assert {f"fig-{key}" for key in keys.split()} == set(drawn)
    for key, d in drawn.items():
        assert d.figure.title, key
        assert d.figure.subtitle, key
        assert d.figure.sources, key
        assert d.figure.method.startswith("method-"), key
        assert d.figure.table.rows, key
        assert all(len(row) == len(d.figure.table.columns) for row in d.figure.table.rows), key


HOSTILE = "</title></svg><script>alert(1)</script><img src=x onerror=alert(1)>'\"&{{7*7}}"


def test_hostile_words_stay_words(brief: Brief) -> None:
    raw = msgspec.json.decode(msgspec.json.encode(brief))

    def poison(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {k: poison(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [poison(v, key) for v in value]
        keep = {"grade", "in_force", "holds", "start", "end", "signed", "reported", "layer"}
        if isinstance(value, str) and key not in keep:
            return value + HOSTILE
        return value

    bad = msgspec.convert(poison(raw), Brief)
    html = report.page(bad)
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert page.stack == []
    assert not any(name.startswith("on") for _, name, _ in page.attributes)
    assert "{{7*7}}" in html
    assert all(h.startswith(("#", "data:,")) for h in page.hrefs)


def test_hostile_quote_in_a_chart_link() -> None:
    evil = made.fact('x"><script>', "PRK", "troops", 7, start="2024-10", quote=HOSTILE)
    html = report.page(made.example(support=(evil,), headline=HOSTILE))
    assert "<script" not in html
    assert 'id="fact-x---script-"' in html


def test_unknown_is_never_zero(html: str, brief: Brief) -> None:
    square = next(
        s
        for name, row in dyads.matrix(brief).rows  # type: ignore[union-attr]
        if name == "Iran"
        for s in row
        if "North Korea" in s.said
    )
    assert (square.text, square.shade) == ("not known", "missing")
    assert '<li class="missing"><strong>Arms deliveries</strong>' in html
    assert "<code>blocs data get</code>" in html
    row = next(r for r in report.layer_table(brief).rows if r[0].text == "Arms deliveries")
    assert [c.text for c in row[1:6]] == ["not known"] * 5


def test_unchecked_facts_are_hollow(brief: Brief) -> None:
    marks = ladder.draw_ladder(brief, width=680).spec
    fills = {
        row["href"]: mark["mark"]["fill"]
        for panel in marks["concat"]  # type: ignore[attr-defined]
        for mark in panel["layer"]
        if mark["mark"].get("aria")
        for row in mark["data"]["values"]
    }
    assert fills["#fact-satellites"] == "#ffffff"
    assert fills["#fact-troops"] == "#0072b2"


def test_missing_years_are_hatched(brief: Brief) -> None:
    drawn = svg.to_svg(coverage.draw_coverage(brief, width=680), key="k", label="l")
    assert "url(#k-hatch)" in drawn
    assert '<pattern id="k-hatch"' in drawn
    assert coverage.state_of(brief.layers[0], 2001) == "dark"
    assert coverage.state_of(brief.layers[0], 1992) == "some pairs"
    assert coverage.state_of(brief.layers[0], 2010) == "all pairs"


def test_first_year_outside_counts_years_with_every_pair(brief: Brief) -> None:
    point = cohesion.first_outside(brief.layers[0])
    assert point is not None
    assert point.year == 2011
    assert cohesion.outside_since(brief.layers[0]) == 2011
    assert cohesion.first_outside(brief.layers[1]) is None


def test_trail_leaves_out_years_with_missing_pairs(brief: Brief) -> None:
    labels = [s.label for s in plane.trail(brief)]
    assert labels[0] == "1995"
    assert "2001" not in labels


def test_five_year_mean_by_hand() -> None:
    spots = [plane.Spot(str(2000 + k), float(k), 0.0) for k in range(4)]
    assert [s.shield for s in plane.five_year_means(spots)] == [1.0, 1.5, 1.5, 2.0]


def test_conflicts_amounts_red_line_and_denial(brief: Brief) -> None:
    titles = [c.title for c in claims.conflicts(brief)]
    assert titles == [
        "North Korea to Russia: how many shells?",
        "China: a red line and what is told",
        "China to Russia: told and denied",
    ]
    assert "bounds overlap" in claims.conflicts(brief)[0].why


def test_issues_the_source_does_not_tell_apart_are_named(brief: Brief) -> None:
    twice = tuple(
        msgspec.structs.replace(
            d,
            issues=d.issues
            + tuple(
                msgspec.structs.replace(i, issue="di", title="disarmament")
                for i in d.issues
                if i.issue == "nu"
            ),
        )
        for d in brief.dyads
    )
    figure = issues.issues(msgspec.structs.replace(brief, dyads=twice))
    assert figure is not None
    assert "nuclear weapons and disarmament mark the same roll calls" in figure.note
    usual = issues.issues(brief)
    assert usual is not None
    assert "same roll calls" not in usual.note


def test_treaty_signed_is_not_in_force(brief: Brief) -> None:
    figure = treaties.treaties(brief)
    assert figure is not None
    assert figure.title == "1 checked treaty of defence in force: China–North Korea 1961"


def test_a_treaty_bears_the_year_from_which_its_two_members_are_bound(brief: Brief) -> None:
    def shown(*told: TreatyRecord) -> str:
        drawn = treaties.draw_treaties(msgspec.structs.replace(brief, treaties=told), width=800)
        return json.dumps(drawn.spec, ensure_ascii=False)

    late = made.treaty("nato_1949", ("FIN", "SWE"), "1949-04-04", "2024-03-07", checked=True)
    assert "Finland–Sweden 2024" in shown(late)
    assert "1949" not in shown(late)
    zaire = made.treaty("old_1964", ("COD", "FRA"), "1964-01-01", "1980-01-01", checked=True)
    assert "Zaire–France 1980" in shown(zaire)
    never = made.treaty("signed_2007", ("CHN", "RUS"), "2007-08-16", None, checked=False)
    assert "China–Russia 2007" in shown(never)
    older = made.treaty("own_2009", ("FIN", "SWE"), "2009-01-01", "2009-01-01", checked=True)
    both = shown(late, older)
    assert both.index("Sweden 2009") < both.index("Sweden 2024")


@pytest.mark.parametrize(
    "drop", ["motives", "treaties", "support", "analogues", "dyads", "layers", "nearness"]
)
def test_page_without_a_part(brief: Brief, drop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg, "to_svg", lambda _, *, key, label: f"<svg id='{key}'></svg>")
    empty = {
        "motives": msgspec.structs.replace(
            brief.motives, classes=(), series=(), why_dark="no votes", raw=None, residual=None
        )
    }.get(drop, ())
    Page(report.page(msgspec.structs.replace(brief, **{drop: empty})))


def test_labels_do_not_cover_each_other() -> None:
    anchors = [Anchor(50 + 3 * k, 50, f"label {k}") for k in range(6)]
    placed = place_labels(anchors, width=400, height=200)
    boxes = sorted((p.y, p.x) for p in placed)
    assert len(boxes) == len(set(boxes))
    assert 1 <= len(placed) <= 6


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 200), st.text("ab", min_size=1, max_size=20)),
        max_size=12,
    )
)
def test_labels_that_must_be_drawn_are(points: list[tuple[float, float, str]]) -> None:
    anchors = [Anchor(x, y, text, must=True) for x, y, text in points]
    placed = place_labels(anchors, width=300, height=200)
    assert [p.text for p in placed] == [a.text for a in anchors]


def test_charts_are_altair_charts_too(brief: Brief) -> None:
    pytest.importorskip("altair")
    drawn = vega.to_altair(plane.draw_plane(brief, width=600))
    assert drawn.to_dict()["width"] == 538
