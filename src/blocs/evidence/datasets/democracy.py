"""Regime and wealth by state and year: V-Dem, Polity, UDS, GDP, population."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile

_NULLS = ("", "NA", "NaN")  # -9 is a score of Polity, not a missing one
_REGIME = {
    "euds": "extended UDS score",
    "aeuds": "adjusted UDS score",
    "polity2": "Polity score -10 to 10",
    "v2x_polyarchy": "share 0-1",
}
_WEALTH = {
    "mrgdppc": "2011 USD per head (Maddison)",
    "pwtrgdp": "million 2017 USD (PWT)",
    "pwtpop": "million persons",
}
_POLITY = {
    "polity2": "Polity score -10 to 10",
    "democ": "score 0-10",
    "autoc": "score 0-10",
    "durable": "years",
}
_INTERRUPTED = (-66.0, -77.0, -88.0)


def read_regime(file: SourceFile, source_id: str) -> Facts:
    """Read regime scores by COW number and year; NA is not known."""
    return _read(file, source_id, _REGIME, "cow")


def read_wealth(file: SourceFile, source_id: str) -> Facts:
    """Read simulated GDP and population by COW number and year; the means only."""
    return _read(file, source_id, _WEALTH, "cow")


def read_polity(file: SourceFile, source_id: str) -> Facts:
    """Read Polity IV by its own country numbers.

    -66 (occupied), -77 (collapsed) and -88 (in transition) are no scores;
    ``polity2`` is free of them, in the other columns they are left out.
    """
    return _read(file, source_id, _POLITY, "polity")


def _read(file: SourceFile, source_id: str, units: dict[str, str], system: str) -> Facts:
    rows = read_rows(file, source_id, "ccode", "year", *units, nulls=_NULLS)
    known = rows.integers("ccode", "year").numbers(*units).years("year")
    scored = known.put(
        **{c: pl.when(~pl.col(c).is_in(list(_INTERRUPTED))).then(pl.col(c)) for c in units}
    )
    return scored.state("ccode", into="actor", system=system, on="start").attributes(units)


DATASET = Dataset(
    title="Democracy, GDP and population by state-year",
    unit="state-year",
    years="1800-2025",
    publisher="S. V. Miller (R package isard); Center for Systemic Peace (Polity IV)",
    page="https://svmiller.com/isard/",
    licence="Package GPL-2; V-Dem CC BY-SA; Polity free with citation",
    citation=Citation(
        "Coppedge, M. et al. V-Dem Dataset. Varieties of Democracy Project; Marshall, M. G., "
        "Gurr, T. R., Jaggers, K. Polity IV Project. Center for Systemic Peace; Marquez, X. "
        "(2016). A Quick Method for Extending the Unified Democracy Scores; Fariss, C. J. et al. "
        "(2022). New Estimates of Over 500 Years of Historic GDP and Population Data. Journal of "
        "Conflict Resolution 66(3)"
    ),
    releases=(
        Release(
            part="regime",
            version="2026",
            columns=frozenset({"ccode", "year", *_REGIME}),
            read=read_regime,
            until=2025,
        ),
        Release(
            part="wealth",
            version="2026",
            columns=frozenset({"ccode", "year", *_WEALTH}),
            read=read_wealth,
            until=2019,
        ),
        Release(
            part="polity",
            version="IV-2015",
            columns=frozenset({"cyear", "ccode", "scode", "country", "year", *_POLITY}),
            read=read_polity,
            until=2015,
        ),
    ),
)
