"""The page of an evaluation: ranks, the reliability picture, rare escalations."""

from __future__ import annotations

from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, write_page
from blocs.views.charts import theme, vega
from blocs.views.charts.figure import Figure, table
from blocs.views.forecasts.record import EvaluationRecord, ReliabilityRecord, SkillRecord

_SIDE = 320


def evaluation_page(e: EvaluationRecord, command: str) -> str:
    """Write an evaluation as one offline page.

    Parameters
    ----------
    e : EvaluationRecord
        What was found.
    command : str
        The command line that gives it.
    """
    figures = tuple(
        reliability(rows, key, title, alone)
        for rows, key, title, alone in (
            (e.reliability, "receivers", "P(receiver | the act is done)", e.ece),
            (e.event_reliability, "events", "P(event on the day)", e.event_ece),
        )
        if rows and alone is not None
    )
    ranks = table(
        "Ranks of the answers, per cent",
        ("Method", "#MRR", "#hits@1", "#hits@3", "#hits@10", "#questions"),
        [
            [
                e.method,
                *(f"{x:.2f}" for x in (e.mrr, e.hits1, e.hits3, e.hits10)),
                wording.count(e.n),
            ]
        ],
    )
    return write_page(
        Page(
            title=f"Forecasts by {e.method}",
            question=f"How well does {e.method} forecast {e.first_test} to {e.last_test}?",
            headline=f"The right answer has a mean reciprocal rank of {e.mrr:.2f} per cent and is "
            f"among the first ten in {e.hits10:.1f} per cent of {wording.count(e.n)} questions",
            sentences=(
                f"{e.events['train']:,} events to learn from, {e.events['valid']:,} to tune on, "
                f"{e.events['test']:,} to forecast; {e.actors:,} actors, {e.relations:,} kinds "
                "of act.",
                e.protocol,
                *_escalations(e),
            ),
            sections=(
                Section(key="ranks", title="Ranks", tables=(ranks,)),
                Section(key="calibration", title="Probabilities", figures=figures),
            ),
            sources=(Named("method", e.citation),),
            command=command,
            cautions=(
                "A high rank is no warning: most answers repeat what was done before. Look at the "
                "skill on rare escalations.",
                *e.notes,
            ),
        )
    )


def reliability(rows: tuple[ReliabilityRecord, ...], key: str, title: str, error: float) -> Figure:
    """Make the reliability picture: what came, by what was given.

    Parameters
    ----------
    rows : tuple of ReliabilityRecord
        One per bin.
    key, title : str
        Anchor, and the probability meant.
    error : float
        Expected calibration error.
    """
    n = sum(row.n for row in rows)
    cells = [
        [f"{r.prob:.4f}", f"{r.rate:.4f}", f"{r.low:.4f} to {r.high:.4f}", wording.count(r.n)]
        for r in rows
    ]
    return Figure(
        key=f"fig-{key}",
        title=f"{title}: calibration error {error:.4f}",
        subtitle=f"Share that came (bar: 95 % interval) by the probability given, of "
        f"{wording.count(n)} forecasts; on the line both are the same",
        alt="; ".join(f"given {r.prob:.3f}, came {r.rate:.3f}" for r in rows) + ".",
        draw=lambda width: draw_reliability(rows, width=width),
        table=table(title, ("#given", "#came", "95 % interval", "#forecasts"), cells),
        sources=("method",),
        method="",
        note="Above the line it came more often than was said, below it less often.",
    )


def draw_reliability(rows: tuple[ReliabilityRecord, ...], *, width: int) -> vega.Chart:
    """Draw the bins on the unit square."""
    side = min(width - 60, _SIDE)
    marks: list[vega.Row] = [
        {"prob": r.prob, "rate": r.rate, "low": r.low, "high": r.high} for r in rows
    ]
    axis = {"domain": [0, 1]}
    x = vega.channel("prob:Q", scale=axis, axis={"title": "probability given", "tickCount": 5})
    y = vega.channel("rate:Q", scale=axis, axis={"title": "share that came", "tickCount": 5})
    line = vega.chart([{"prob": 0.0, "rate": 0.0}, {"prob": 1.0, "rate": 1.0}])
    bins = vega.chart(marks)
    return vega.layer(
        line.mark("line", color=theme.GREY, strokeDash=[4, 4], strokeWidth=1).encode(x=x, y=y),
        bins.mark("rule", color=theme.GREY, strokeWidth=2).encode(
            x=x, y=vega.channel("low:Q", scale=axis), y2=vega.channel("high")
        ),
        bins.mark("point", size=50, filled=True, opacity=1).encode(x=x, y=y),
    ).sized(width=side, height=side)


def _escalations(e: EvaluationRecord) -> tuple[str, ...]:
    x = e.escalations
    if x is None:
        return ()
    return (
        f"Rare escalations (material conflict a pair has not had for 30 days): {x.n:.0f} came; "
        f"Brier skill {_skill(x.skill_over_base_rate)} over the base rate and "
        f"{_skill(x.skill_over_last_value)} over the day before.",
    )


def _skill(s: SkillRecord) -> str:
    if s.value is None or s.low is None or s.high is None:
        return "not defined"
    return f"{s.value:.3f} ({s.low:.3f} to {s.high:.3f})"
