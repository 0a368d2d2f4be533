"""Material capabilities of each state."""

from __future__ import annotations

import polars as pl

from blocs.contracts import Citation, Columns
from blocs.evidence.panel_tables import typed_table
from blocs.files import SourceFile

_PARTS = ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")


def read(file: SourceFile) -> pl.DataFrame:
    """Read state-years; -9 is missing."""
    return typed_table(file, ("ccode", "year"), _PARTS, missing=-9, real=True, once=True)


COLUMNS = Columns(
    title="national material capabilities and their composite index (cinc)",
    sources=(("cow-nmc", ""),),
    unit="state",
    read=read,
    years=(1816, 2022),
    absent=None,
    citation=Citation(
        "Singer, J. D., Bremer, S., Stuckey, J. (1972). Capability Distribution, Uncertainty, and "
        "Major Power War, 1820-1965. In Russett, B. (ed.), Peace, War, and Numbers. Sage"
    ),
)
