"""A small brief made by hand: every part of the page has something to show."""

from __future__ import annotations

from blocs import records as r

MEMBERS = ("CHN", "IRN", "PRK", "RUS")
NAMES = ("China", "Iran", "North Korea", "Russia")
PAIRS = tuple((a, b) for i, a in enumerate(MEMBERS) for b in MEMBERS[i + 1 :])


def example(
    *,
    support: tuple[r.SupportRecord, ...] | None = None,
    headline: str = "The four form a front, not an axis.",
) -> r.Brief:
    """A brief with made-up figures in which two layers are lit and one is dark."""
    return r.Brief(
        schema="blocs.brief/1",
        command="blocs brief CHN IRN PRK RUS",
        version="0.0.0",
        group=group(),
        period=r.PeriodRecord(first=2022, last=2024, known_through="2024-12-31"),
        reference=reference(),
        verdict=verdict(headline),
        layers=(votes(), treaties_layer(), dark_layer()),
        dyads=tuple(dyad(a, b, k) for k, (a, b) in enumerate(PAIRS)),
        motives=motives(),
        members=tuple(member(i, n) for i, n in zip(MEMBERS, NAMES, strict=True)),
        heterogeneity=("Nuclear arms - holder: CHN, PRK, RUS",),
        treaties=treaties(),
        support=told() if support is None else support,
        red_lines=(red_line(),),
        analogues=(analogue("Warsaw Pact", 1978, 0.1), analogue("G20", 2020, 0.39)),
        warnings=("UN votes end on 4 June 2024",),
        sources=(source(),),
        citations=(
            r.CitationRecord(
                key="an-article", citation="An article, 2024", url="https://a.example"
            ),
        ),
        methods=tuple(
            method(x) for x in ("votes", "ties", "standing", "motives", "separation", "nearness")
        ),
        nearness=tuple(near(*row) for row in NEAR),
    )


NEAR = (
    ("CHN", 0.7, 3),
    ("BLR", 0.6, 4),
    ("IND", 0.2, 4),
    ("USA", -0.3, 4),
    ("FRA", -0.45, 4),
)


def near(actor: str, likeness: float, members: int) -> r.NearnessRecord:
    return r.NearnessRecord(
        actor=actor,
        likeness=likeness,
        low=likeness - 0.1,
        high=likeness + 0.1,
        members=members,
        items=150,
    )


def group() -> r.GroupRecord:
    return r.GroupRecord(
        label="China, Iran, North Korea and Russia",
        slug="",
        members=tuple(r.Named(id=i, name=n) for i, n in zip(MEMBERS, NAMES, strict=True)),
        by_year=(r.YearMembers(year=2022, members=MEMBERS),),
        membership_changes=False,
        members_at=None,
    )


def reference() -> r.ReferenceRecord:
    return r.ReferenceRecord(
        id="USA",
        name="United States",
        allies=("GBR", "FRA"),
        allies_rule="treaty of defence",
        within=0.7,
        across=-0.14,
        to_reference=-0.42,
        gap=0.84,
        low=0.8,
        high=0.89,
        level=0.9,
    )


def verdict(headline: str) -> r.VerdictRecord:
    return r.VerdictRecord(
        grade="front",
        headline=headline,
        sentences=(
            r.SentenceRecord(
                text="Residual likeness is 0.70.",
                figure="0.70",
                source="almanac",
                anchor="method-votes",
            ),
        ),
        findings=(
            r.FindingRecord(name="alike", holds="yes", sentence="they are", layer="votes"),
            r.FindingRecord(name="bound", holds="not known", sentence="dark", layer="alliances"),
        ),
        would_change=("if treaties bound them: axis",),
        hindsight="This group was picked after looking.",
        rules="rules.py",
    )


def votes() -> r.LayerRecord:
    return layer(
        "votes",
        "UN votes",
        series=tuple(
            point(y, 0.3 + 0.01 * (y - 1990), pairs=3 if y < 1995 else 6)
            for y in range(1990, 2025)
            if y != 2001
        ),
        left_out=tuple(
            r.LeftOutRecord(member=m, own=0.7, without=0.7 + d, change=d)
            for m, d in zip(MEMBERS, (-0.02, 0.02, -0.05, 0.04), strict=True)
        ),
        items=161,
    )


def treaties_layer() -> r.LayerRecord:
    return layer(
        "alliances", "Treaties", series=tuple(point(y, 0.5, pairs=4) for y in range(2000, 2025))
    )


def dark_layer() -> r.LayerRecord:
    return layer("arms", "Arms deliveries", why_dark="no data; add sipri with `blocs data get`")


def layer(
    name: str,
    title: str,
    *,
    series: tuple[r.PointRecord, ...] = (),
    left_out: tuple[r.LeftOutRecord, ...] = (),
    items: int | None = None,
    why_dark: str = "",
) -> r.LayerRecord:
    lit = bool(series)
    return r.LayerRecord(
        name=name,
        title=title,
        rule="A rule.",
        lit=lit,
        why_dark=why_dark,
        feeds=(r.FeedRecord(dataset="almanac", first=1990, last=2024),) if lit else (),
        unit="tie weight",
        raw=0.85 if lit else None,
        residual=0.7 if lit else None,
        low=0.68 if lit else None,
        high=0.73 if lit else None,
        level=0.9,
        interval="",
        years=(2022, 2023, 2024) if lit else (),
        pairs=6 if lit else 0,
        possible_pairs=6,
        items=items,
        percentile=0.983 if lit else None,
        percentile_error=0.0 if lit else None,
        exact=True if lit else None,
        groups=53_727_345 if lit else None,
        states=191 if lit else None,
        p=0.008 if lit else None,
        null_model="",
        holes=(),
        series=series,
        left_out=left_out,
        warnings=(),
        citation="Someone (2020)",
        method="method-votes" if name == "votes" else "method-ties",
    )


def point(year: int, value: float, *, pairs: int) -> r.PointRecord:
    return r.PointRecord(year=year, value=value, low=-0.2, high=0.5, raw=value, pairs=pairs, size=4)


def dyad(a: str, b: str, k: int) -> r.DyadRecord:
    known = k != 3
    return r.DyadRecord(
        a=a,
        b=b,
        votes=r.VotesRecord(
            n=160 + k,
            agreement=0.9 - 0.02 * k,
            identical=0.8,
            likeness=0.8 - 0.2 * k,
            shield=0.5,
            counter=0.1,
            with_reference=0.05,
            neutral=0.03,
            dissent=-0.05,
        )
        if known
        else None,
        issues=tuple(
            r.IssueRecord(issue=i, title=t, n=30, agreement=v - 0.02 * k, identical=v - 0.1)
            for i, t, v in (("nu", "nuclear weapons", 0.7), ("me", "Middle East", 0.95))
        )
        if known
        else (),
        differs_most_on="nu" if known else None,
        ties=(r.TieRecord(layer="alliances", weight=None if k == 0 else 0.5),),
    )


def motives() -> r.MotivesRecord:
    parts = {
        "shield": 0.57,
        "counter": 0.11,
        "with_reference": 0.06,
        "neutral": 0.04,
        "dissent": -0.08,
    }
    return r.MotivesRecord(
        raw=0.85,
        residual=0.7,
        classes=tuple(
            r.MotiveRecord(name=n, meaning=n, value=v, low=v - 0.03, high=v + 0.03)
            for n, v in parts.items()
        ),
        series=tuple(
            r.MotiveYear(
                year=y,
                shield=0.2 + 0.012 * (y - 1990),
                counter=0.3 - 0.006 * (y - 1990),
                with_reference=0.05,
                neutral=0.02,
                dissent=-0.1,
            )
            for y in range(1990, 2025)
        ),
        level=0.9,
        why_dark="",
        method="method-motives",
    )


def member(actor: str, name: str) -> r.MemberRecord:
    return r.MemberRecord(
        id=actor,
        name=name,
        joined=2022,
        attributes=(
            r.AttributeRecord(
                kind="regime",
                value="autocracy",
                start="1990",
                end=None,
                checked=actor != "IRN",
                source="someone",
            ),
        ),
        left_out=(),
    )


def treaties() -> tuple[r.TreatyRecord, ...]:
    return (
        treaty("chn_prk_1961", ("CHN", "PRK"), "1961-07-11", "1961-09-10", checked=True),
        treaty("rus_prk_2024", ("PRK", "RUS"), "2024-06-19", "2024-12-04", checked=False),
        treaty("sco_2007", ("CHN", "RUS"), "2007-08-16", None, checked=False),
    )


def treaty(
    key: str, members: tuple[str, ...], signed: str, start: str | None, *, checked: bool
) -> r.TreatyRecord:
    return r.TreatyRecord(
        id=key,
        name=f"Treaty {key}",
        members=members,
        signed=signed,
        start=start,
        end=None,
        in_force="in force" if start else "entry into force not known",
        obligations=("defence",) if start else ("nonaggression", "consultation"),
        against=(),
        atop=None,
        checked=checked,
        confirmed_by="atop:1" if checked else "",
        source=key,
        note="",
        row=f"almanac/treaties:{key}",
    )


def told() -> tuple[r.SupportRecord, ...]:
    return (
        fact("troops", "PRK", "troops", 7, high=12_000.0, unit="soldiers", start="2024-10"),
        fact("shells_a", "PRK", "munitions", 5, low=200_000.0, unit="shells", start="2023"),
        fact(
            "shells_b",
            "PRK",
            "munitions",
            5,
            value=2_500_000.0,
            unit="rounds",
            start="2023",
            told_in="another",
        ),
        fact("satellites", "CHN", "intelligence", 4, checked=False, chain=("CHN denied 2024-06",)),
    )


def fact(
    key: str,
    supporter: str,
    rung: str,
    level: int,
    *,
    low: float | None = None,
    high: float | None = None,
    value: float | None = None,
    unit: str | None = None,
    start: str | None = None,
    checked: bool = True,
    chain: tuple[str, ...] = ("RUS weakly confirmed 2024-10-24",),
    quote: str = "a quote",
    told_in: str = "an-article",
) -> r.SupportRecord:
    return r.SupportRecord(
        id=key,
        theatre="UKR",
        supporter=supporter,
        recipient="RUS",
        rung=rung,
        level=level,
        what=f"what {key} is",
        low=low,
        high=high,
        value=value,
        unit=unit,
        per=None,
        part_of=None,
        start=start,
        end=None,
        reported="2024-11",
        speaker="UKR+USA",
        claim="asserted",
        confirmation=chain,
        quote=quote,
        checked=checked,
        confirmed_by="",
        source=told_in,
        note="",
        row=f"almanac/support:{key}",
    )


def red_line() -> r.RedLineRecord:
    return r.RedLineRecord(
        actor="CHN",
        theatre="UKR",
        rung="munitions",
        level=5,
        stated_by="article",
        text="No lethal aid.",
        start="2024-11",
        quote="a taboo",
        checked=True,
        source="an-article",
    )


def analogue(name: str, first: int, distance: float) -> r.AnalogueRecord:
    return r.AnalogueRecord(
        group=name.lower(),
        name=name,
        first=first,
        last=first + 2,
        members=("RUS", "POL", "BGR"),
        distance=distance,
        dimensions=("likeness", "shield"),
        likeness=0.8,
        shield=0.8 - distance,
        counter=distance / 2,
        dissent=-0.05,
        treaties=None,
    )


def source() -> r.SourceRecord:
    return r.SourceRecord(
        id="almanac",
        title="The almanac",
        version="1",
        first=1816,
        last=2024,
        licence="CC BY 4.0",
        citation="blocs almanac",
        page="",
    )


def method(name: str) -> r.MethodRecord:
    return r.MethodRecord(
        id=f"method-{name}", title=name, text=f"How {name} works.", code="src/x.py"
    )
