"""What an engine is given and gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from blocs.ties.event_sums.forms import EventForm

REFUSED = {"path": pl.String, "row": pl.Int64, "value": pl.String}
"""Lines that have not as many cells as the file has columns, or are not UTF-8."""


@dataclass(frozen=True, slots=True)
class Job:
    """Files of one form to be summed together, each for itself.

    Attributes
    ----------
    paths : tuple of Path
        Plain text files, or Parquet files.
    form : EventForm
        Their form.
    period : str
        day, month or year.
    by : str
        quad, plover or root.
    target : Path
        Where sums that memory might not hold go: a Parquet file, or a folder of them.
    """

    paths: tuple[Path, ...]
    form: EventForm
    period: str
    by: str
    target: Path

    @property
    def several(self) -> bool:
        """Whether there is more than one file, so that each row must say which is its own."""
        return len(self.paths) > 1


@dataclass(frozen=True, slots=True)
class Listed:
    """Texts that sums tell by number: place in the list, from 1; None where they tell the text.

    Attributes
    ----------
    states : pl.Series, optional
        Senders and receivers; the spellings of `MISSING` first.
    codes : pl.Series, optional
        Codes, shortened as in the sums.
    """

    states: pl.Series | None = None
    codes: pl.Series | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """What an engine gives back.

    Attributes
    ----------
    sums : pl.LazyFrame
        The sums of a job.
    odd : pl.DataFrame
        The lines it cannot read (`REFUSED`).
    listed : Listed
        What numbers in place of senders, receivers and codes mean.
    """

    sums: pl.LazyFrame
    odd: pl.DataFrame
    listed: Listed = Listed()


Engine = Callable[[Job, Callable[[float], None]], Summed]
"""``engine(job, watch)`` sums a job; ``watch`` is told which part of it, 0 to 1, is done."""
