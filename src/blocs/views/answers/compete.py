"""Is conflict higher when blocs compete? The claim tested on 1816 to today."""

from __future__ import annotations

import numpy as np
import polars as pl

from blocs import project as projects
from blocs.contracts import Answer, Evidence, View
from blocs.errors import BadInput
from blocs.evidence.holdings import choices, original_files
from blocs.outlook.competition.dyad_models import CONTROLS
from blocs.outlook.competition.indices import COMPETITION
from blocs.outlook.competition.permutations import EPISODES
from blocs.outlook.competition.record import READS, Record, fingerprint, gather_record
from blocs.outlook.conflict import ConflictFit, assess_conflict
from blocs.registry import DATASETS
from blocs.steps import in_steps
from blocs.views import wording
from blocs.views.answer_page import Named, Page, Section, command_line, write_page
from blocs.views.charts.figure import Table, table
from blocs.views.charts.specification_curve import specification_curve
from blocs.views.kept_answers import keep_answer
from blocs.views.progress import progress
from blocs.views.records.competition import CLAIM, CompeteFacts, Published, competition_record

_LEAST = 20


def compete(
    *, histories: int = 720, seed: int = 0, evidence: Evidence = Evidence()
) -> CompeteFacts:
    """Test the claim that conflict is higher when blocs compete over world order.

    Parameters
    ----------
    histories : int
        Most orders of the episodes, the true one included.
    seed : int
        Seed of the sample of orders.
    evidence : Evidence
        Where the published tables are; without them the almanac's treaties and wars.
    """
    fit, record = _fitted(histories, seed, evidence)
    return competition_record(fit, record, seed)


def ask(*, histories: int = 720, seed: int = 0, evidence: Evidence = Evidence()) -> Answer:
    """Test the claim that conflict is higher when blocs compete over world order.

    Yearly indices of bloc competition, made from alliances, power and regimes (never
    from disputes), against disputes and wars begun: hundreds of count models with
    errors robust to autocorrelation, hazard models of politically relevant dyads, and
    the same on histories with their episodes in another order. The answer can be no.
    Without --data it rests on the almanac's treaties and wars and says what is dark.

    Parameters
    ----------
    histories
        Most orders of the episodes, the true one included.
    seed
        Seed of the sample of orders.
    """
    fit, record = _fitted(histories, seed, evidence)
    facts = competition_record(fit, record, seed)
    page = _page(fit, facts, evidence, histories)
    answer = Answer(
        facts=facts, text=_text(facts), table=_models(fit), page=lambda: write_page(page)
    )
    return keep_answer("compete", answer, evidence)


def _fitted(histories: int, seed: int, evidence: Evidence) -> tuple[ConflictFit, Record]:
    if histories < _LEAST:
        raise BadInput(f"--histories {histories}: at least {_LEAST}, or no chance can be told")
    files = original_files(evidence.data, evidence.project)
    record = gather_record(files, use=choices(evidence.use))
    if evidence.data and {name for name, _ in record.sources} == {"almanac"}:
        raise BadInput(
            f"{', '.join(evidence.data)}: nothing that this test can use; {READS}; without --data "
            "it rests on the almanac alone"
        )
    work = f"compete-{fingerprint(record, histories, seed)}"
    with progress(unit="models") as step, in_steps(projects.home(evidence.project), work) as keep:
        fit = assess_conflict(
            record.years,
            dyads=record.dyads,
            most=histories,
            seed=seed,
            watch=step("fitting"),
            keep=keep,
        )
    return fit, record


def _models(fit: ConflictFit) -> pl.DataFrame:
    years = fit.curve.table.with_columns(unit=pl.lit("year"))
    if fit.dyads is None:
        return years.select("unit", pl.exclude("unit"))
    hazards = fit.dyads.rename({"odds_ratio": "effect"}).with_columns(
        unit=pl.lit("dyad-year"), events=pl.col("events").cast(pl.Float64)
    )
    return pl.concat([years, hazards], how="diagonal_relaxed").select("unit", pl.exclude("unit"))


def _text(f: CompeteFacts) -> str:
    lines = [
        f.sentence,
        f"{wording.percent(f.positive)} of the models are positive (median z "
        f"{wording.score(f.median_z)}); chance alone makes "
        f"{wording.percent(f.share_if_none, decimals=1)} significant. As many are significant in "
        f"{wording.percent(f.p_episodes)} of histories with the episodes in another order, in "
        f"{wording.percent(f.p_shifts)} with the calendar shifted; a yes needs both under 5 %.",
    ]
    if f.dyad_models:
        z = np.array([m.z for m in f.dyad_models])
        p = np.array([m.p_episodes for m in f.dyad_models])
        lines.append(
            f"Dyad-years: {int((z > 1.96).sum())} of {len(z)} hazard models positive and "
            f"significant with errors by dyad and year, {int((p <= 0.05).sum())} against shuffled "
            f"episodes ({f.dyad_models[0].n:,} dyad-years)."
        )
    lines += [_said(d) for d in f.directions]
    lines.append("Rests on " + "; ".join(f"{k}: {v}" for k, v in f.sources.items()) + ".")
    lines += [f"Dark: {m}" for m in f.missing]
    return "\n".join(lines)


def _said(d: Published) -> str:
    found = "recovered" if d.recovered else "not recovered"
    return (
        f"Published: {d.claim} ({d.paper}): {found}, rate ratio {d.ratio:.2f} "
        f"({d.low:.2f} to {d.high:.2f}), {d.wars} wars in {d.n} years."
    )


def _page(fit: ConflictFit, f: CompeteFacts, evidence: Evidence, histories: int) -> Page:
    sources = tuple(f.sources)
    title = f.sentence.partition(";")[0]
    sections = [
        Section(
            key="curve",
            title="Every reasonable model",
            figures=(specification_curve(fit.curve, title=title, sources=sources),),
        )
    ]
    if f.dyad_models:
        sections.append(
            Section(
                key="dyads",
                title="Dyad by dyad",
                sentences=(
                    "Logistic models of the hazard that a dispute begins between two states that "
                    "are contiguous or of which one is a major power, with "
                    f"{wording.listed(CONTROLS)}. Intervals allow for dyads that share a state and "
                    "for all dyads of one year.",
                ),
                tables=(_hazards(f),),
            )
        )
    if f.directions:
        sections.append(
            Section(
                key="published",
                title="Published directions",
                sentences=tuple(dict.fromkeys(d.why for d in f.directions if d.why)),
                tables=(_directions(f),),
            )
        )
    if f.missing:
        dark = tuple(f"{wording.upper_first(m)}." for m in f.missing)
        sections.append(Section(key="dark", title="What more data would light", sentences=dark))
    sections.append(Section(key="method", title="How it was computed", sentences=_method(f)))
    return Page(
        title="Does bloc competition raise conflict?",
        question=f"{CLAIM}. Is that so, {f.first}-{f.last}?",
        headline=title + ".",
        sentences=tuple(_text(f).splitlines()[: 3 if f.dyad_models else 2]),
        cautions=(
            f"There were about {len(EPISODES)} contests between blocs. No model makes more of "
            "them: a no says that the record does not show it, not that there is no effect.",
        ),
        sections=tuple(sections),
        sources=tuple(Named(k, _cited(k, v)) for k, v in f.sources.items()),
        command=command_line(
            "compete",
            [],
            {
                "--histories": histories if histories != 720 else None,
                "--seed": f.seed or None,
                "--data": evidence.data,
                "--project": evidence.project,
            },
        ),
    )


def _cited(name: str, used: str) -> str:
    if name == "almanac":
        return f"almanac of blocs: {used}"
    part = DATASETS.get(name)
    return f"{name}: {used}. {part.citation}"


def _hazards(f: CompeteFacts) -> Table:
    rows = [
        [
            COMPETITION[m.index],
            {"onset": "dispute", "force": "use of force"}[m.outcome],
            f"{m.lag}",
            f"{m.odds_ratio:.2f}",
            f"{m.low:.2f} to {m.high:.2f}",
            f"{m.p_episodes:.2f}",
            f"{m.events:,} of {m.n:,}",
        ]
        for m in f.dyad_models
    ]
    columns = ("Index", "Onset of", "#Lag", "#Odds ratio", "#95 %", "#p, episodes", "#Onsets")
    return table("Hazard of a dispute per standard deviation of bloc competition", columns, rows)


def _directions(f: CompeteFacts) -> Table:
    rows = [
        [
            d.claim,
            d.paper,
            f"{d.first}-{d.last}",
            f"{d.ratio:.2f}",
            f"{d.low:.2f} to {d.high:.2f}",
            f"{d.wars}",
            "yes" if d.recovered else "no",
        ]
        for d in f.directions
    ]
    columns = ("Claim", "Paper", "Years", "#Rate ratio", "#95 %", "#Wars", "Recovered")
    return table("What was published, and this record", columns, rows)


def _method(f: CompeteFacts) -> tuple[str, ...]:
    return (
        "Indices: " + "; ".join(COMPETITION.values()) + ". Blocs are clusters of major powers by "
        "tau-b of their alliance portfolios, with the states bound to them by defence.",
        "Models: quasi-Poisson with the number of states or of politically relevant dyads as "
        "exposure (least squares for ranks of battle deaths), level or five-year rise of the "
        "index, one or five years before, with and without a quadratic trend, whole record and "
        "before and since 1946; Newey-West errors.",
        f"Chance: {f.histories - 1:,} histories in which the episodes beginning "
        f"{wording.listed([str(e) for e in f.episodes])} come in another order, each whole; and "
        "every shift of the calendar. The same shuffled history is given to every model, and the "
        "share positive and significant is compared (Simonsohn, Simmons and Nelson 2020, "
        "doi:10.1038/s41562-020-0912-z).",
    )


VIEW = View(
    ask=ask,
    shows={CompeteFacts: lambda found: Answer(facts=found, text=_text(found))},
    examples=(
        "blocs compete",
        "blocs compete --data DATA -o compete.html",
        "blocs compete --data DATA --csv",
    ),
)
