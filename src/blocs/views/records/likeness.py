"""Likeness by year as tables: of one pair or of all, from votes or alliance portfolios."""

from __future__ import annotations

import msgspec
import polars as pl

from blocs import actors
from blocs.alignment.likeness_years import likeness_years as votes_by_year
from blocs.alignment.portfolio_years import portfolio_years
from blocs.contracts import Answer, Evidence
from blocs.dates import FIRST_YEAR, Period
from blocs.errors import BadInput, MissingData, NoCoverage, UnknownName
from blocs.evidence.holdings import Holdings, hold
from blocs.registry import LAYERS, SIMILARITIES, nearest
from blocs.ties.network import LayerState, build_layer
from blocs.views.brief.sources import PARTIAL
from blocs.views.formats import arrow, stata

KINDS = ("votes", "alliances")
DEFAULT = {"votes": "agreement", "alliances": "s-score"}
LAST = 2100
_SCALE = (
    "obligation to each state: 3 defence or offence, 2 neutrality or "
    "consultation (an entente), 1 non-aggression, 0 none"
)
POWER = "cow-nmc"


class LikenessYear(msgspec.Struct, frozen=True, kw_only=True):
    """Likeness of two states in one year; ``n`` roll calls or partners in common."""

    year: int
    n: int
    values: dict[str, float | None]


class YearlyLikeness(msgspec.Struct, frozen=True, kw_only=True):
    """Likeness by year; ``years`` only for one pair, all pairs go to the table."""

    schema: str
    layer: str
    pair: tuple[str, ...]
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    rows: int
    measures: tuple[str, ...]
    weighted: bool
    datasets: tuple[str, ...]
    notes: tuple[str, ...]
    citations: tuple[str, ...]
    years: tuple[LikenessYear, ...]


def likeness_years(
    *,
    layer: str = "votes",
    measure: str = "",
    pair: tuple[str, ...] = (),
    from_: int | None = None,
    to: int | None = None,
    weighted: bool = False,
    evidence: Evidence = Evidence(),
) -> pl.DataFrame:
    """Score every two states in every year, by their votes or their alliances.

    Parameters
    ----------
    layer : str
        ``votes`` (UN General Assembly) or ``alliances`` (portfolios of treaties).
    measure : str
        One or more of agreement, identical, s-score, s-squared, kappa, pi, a-score,
        tau-b, cosine, with commas; ``all`` for all of them.
    pair : tuple of str
        Two states; all pairs by default.
    from_, to : int, optional
        Calendar years, both included.
    weighted : bool
        Partners count by their share of power (needs ``cow-nmc``); alliances only.
    evidence : Evidence
        Where the facts come from.

    Returns
    -------
    pl.DataFrame
        ``a, b, year, n`` and a column a measure; a < b, sorted by year, a, b.

    Examples
    --------
    >>> likeness_years(layer="alliances", pair=("FRA", "RUS"), from_=1890, to=1900)["year"].len()
    11
    """
    return _scored(layer, measure, pair, from_, to, weighted, evidence)[0]


def answer_years(
    *,
    layer: str,
    measure: str,
    pair: tuple[str, ...],
    from_: int | None,
    to: int | None,
    weighted: bool,
    evidence: Evidence,
) -> Answer:
    """Answer with likeness by year.

    Parameters
    ----------
    layer, measure, pair, from_, to, weighted, evidence
        As of `likeness_years`.
    """
    table, facts = _scored(layer, measure, pair, from_, to, weighted, evidence)
    return Answer(
        facts=facts,
        text=_text(facts, table),
        table=table,
        formats={".arrow": arrow(table), ".dta": stata(table)},
    )


def _scored(
    layer: str,
    measure: str,
    pair: tuple[str, ...],
    first: int | None,
    last: int | None,
    weighted: bool,
    evidence: Evidence,
) -> tuple[pl.DataFrame, YearlyLikeness]:
    if layer not in KINDS:
        raise UnknownName("layer", layer, nearest(layer, KINDS), f"Known: {', '.join(KINDS)}.")
    names = _measures(layer, measure)
    if weighted and layer == "votes":
        raise BadInput(
            "--weighted counts partners by power; votes have none: use --layer alliances"
        )
    period = Period(first or FIRST_YEAR, last or LAST)
    ends = _ends(pair, None if last is None else period)
    if layer == "votes":
        table, datasets, notes = _votes(names, period, ends, evidence)
    else:
        table, datasets, notes = _alliances(names, period, weighted, evidence)
    if ends:
        table = table.filter((pl.col("a") == ends[0]) & (pl.col("b") == ends[1]))
    if table.is_empty():
        who = " and ".join(actors.name_of(end, period.last) for end in ends) or "any two states"
        raise NoCoverage(f"{layer}: nothing in common is known of {who} in the years asked for")
    years = table["year"]
    return table, YearlyLikeness(
        schema="blocs.likeness-years/1",
        layer=layer,
        pair=ends,
        first=int(years[0]),
        last=int(years[-1]),
        rows=table.height,
        measures=names,
        weighted=weighted,
        datasets=datasets,
        notes=notes,
        citations=tuple(str(SIMILARITIES.get(name).citation) for name in names),
        years=_years(table, names) if ends else (),
    )


def _measures(layer: str, measure: str) -> tuple[str, ...]:
    if measure.strip() == "all":
        return SIMILARITIES.names()
    words = [word.strip() for word in measure.split(",") if word.strip()]
    asked = dict.fromkeys(word.lower().replace("_", "-") for word in words)
    for name in asked:
        SIMILARITIES.get(name)
    return tuple(asked) or (DEFAULT[layer],)


def _ends(pair: tuple[str, ...], period: Period | None) -> tuple[str, ...]:
    if not pair:
        return ()
    ends = tuple(sorted({actors.resolve(word, over=period) for word in pair}))
    if len(pair) != 2 or len(ends) != 2:
        raise BadInput("likeness is of two states; name two different ones, or use --all")
    return ends


def _votes(
    names: tuple[str, ...], period: Period, ends: tuple[str, ...], evidence: Evidence
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]]:
    wanted = LAYERS.get("votes").prefer
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=wanted)
    for dataset in wanted:
        facts = held.by_dataset.get(dataset)
        if facts is None or facts.ballots.is_empty():
            continue
        calls = facts.rollcalls.filter(
            pl.col("date").dt.year().is_between(period.first, period.last)
        )
        ballots = facts.ballots
        if ends:
            ballots = ballots.filter(pl.col("actor").is_in(list(ends)))
        return votes_by_year(calls, ballots, measures=names), (dataset,), held.notes
    raise MissingData(
        "likeness of single votes needs the roll calls; add them with `blocs data get unga` or "
        "`blocs data add unga PATH`, or name a file with --data PATH"
    )


def _alliances(
    names: tuple[str, ...], period: Period, weighted: bool, evidence: Evidence
) -> tuple[pl.DataFrame, tuple[str, ...], tuple[str, ...]]:
    wanted = (*LAYERS.get("alliances").prefer, *((POWER,) if weighted else ()))
    held = hold(data=evidence.data, project=evidence.project, use=evidence.use, only=wanted)
    state = build_layer("alliances", held.with_almanac())
    weights = None
    if weighted:
        if POWER not in held.by_dataset:
            raise MissingData(
                f"--weighted needs shares of power; add them with `blocs data add {POWER} PATH`, "
                "or name their file with --data PATH"
            )
        power = held.by_dataset[POWER].attributes.filter(pl.col("kind") == "cinc")
        weights = power.select("actor", year=pl.col("start").dt.year(), weight="value")
    table = portfolio_years(state, period, measures=names, weights=weights)
    fed = tuple(
        f"{feed.dataset} {min(feed.years)}-{max(feed.years)}" for feed in state.feeds if feed.years
    )
    notes = (f"{name} was read, and is not used: {PARTIAL}" for name in _dark(held, state))
    return table, fed, (*held.notes, *notes)


def _dark(held: Holdings, state: LayerState) -> list[str]:
    """Name the data sets at hand that could feed a layer and light no year of it."""
    fed = {feed.dataset for feed in state.feeds}
    return [name for name in state.layer.prefer if name in held.by_dataset and name not in fed]


def _years(table: pl.DataFrame, names: tuple[str, ...]) -> tuple[LikenessYear, ...]:
    return tuple(
        LikenessYear(
            year=row["year"],
            n=row["n"],
            values={name: row[name.replace("-", "_")] for name in names},
        )
        for row in table.iter_rows(named=True)
    )


def _text(facts: YearlyLikeness, table: pl.DataFrame) -> str:
    what = "roll calls" if facts.layer == "votes" else "partners"
    who = (
        " and ".join(actors.name_of(end, facts.last) for end in facts.pair) or "all pairs of states"
    )
    lines = [
        f"{who}: {', '.join(facts.measures)} by year from {facts.layer} "
        f"({', '.join(facts.datasets)}), {facts.first}-{facts.last}, {facts.rows:,} rows"
    ]
    lines.append("; ".join(SIMILARITIES.get(name).title for name in facts.measures))
    lines += [_SCALE] if facts.layer == "alliances" else []
    for row in table.iter_rows(named=True) if facts.pair else ():
        values = (row[name.replace("-", "_")] for name in facts.measures)
        told = "  ".join("not defined" if v is None else f"{v:+.3f}" for v in values)
        lines.append(f"{row['year']}  {told}  ({row['n']} {what})")
    if not facts.pair:
        lines.append("Write them with -o FILE.parquet, or print them with --csv")
    lines += [f"Note: {note}" for note in facts.notes]
    return "\n".join(lines)
