"""National Material Capabilities: military, industrial and demographic strength."""

from __future__ import annotations

from blocs.contracts import Citation, Dataset, Facts, Release
from blocs.evidence.rows import read_rows
from blocs.files import SourceFile

_UNITS = {
    "milex": "thousand current USD (GBP before 1914)",
    "milper": "thousand persons",
    "irst": "thousand tons",
    "pec": "thousand coal-ton equivalents",
    "tpop": "thousand persons",
    "upop": "thousand persons",
    "cinc": "share of the system",
}


def read(file: SourceFile, source_id: str) -> Facts:
    """Read state-years: one attribute per component that is known.

    -9 and NA are missing. ``cinc`` need not add up to 1 over the states of a year.
    """
    return (
        read_rows(file, source_id, "ccode", "year", *_UNITS)
        .integers("ccode", "year")
        .numbers(*_UNITS)
        .years("year")
        .state("ccode", into="actor", on="start")
        .attributes(_UNITS)
    )


DATASET = Dataset(
    title="National Material Capabilities (NMC)",
    unit="state-year",
    years="1816-2016",
    publisher="Correlates of War Project",
    page="https://correlatesofwar.org/data-sets/national-material-capabilities/",
    licence="Free for academic use with citation",
    citation=Citation(
        "Singer, J. D., Bremer, S., Stuckey, J. (1972). Capability Distribution, Uncertainty, and "
        "Major Power War, 1820-1965. In Russett, B. (ed.), Peace, War, and Numbers. Sage"
    ),
    releases=(
        Release(
            version="5.0",
            columns=frozenset({"stateabb", "ccode", "year", "version", *_UNITS}),
            read=read,
            until=2012,
        ),
        Release(
            version="peacesciencer",
            columns=frozenset({"ccode", "year", *_UNITS}),
            read=read,
            until=2022,
        ),
    ),
)
