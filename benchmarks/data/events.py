"""A seeded corpus of coded events in the shape of GDELT, of any size, written in a stream.

``python -m benchmarks.data.events FOLDER --rows 100_000_000 --form parquet`` writes files of 5 M
rows. Like the published corpus it is mostly of few states (Zipf), grows by the year, comes in
order of days, tells no state on one side of many rows and the same state on both sides of many
more; a row in 100,000 is broken (an impossible day, or a value that is out of range). The codes
are CAMEO's; how often each comes, and its value, are invented.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

ROWS = 5_000_000
FORMS = ("parquet", "csv", "gdelt")
_STATES = (  # noqa: SIM905
    "USA RUS CHN GBR FRA DEU ISR IND IRN PAK TUR SYR IRQ UKR JPN KOR PRK AFG SAU EGY AUS CAN "
    "ITA ESP POL BRA MEX NGA ZAF IDN PHL VNM THA MYS SGP NZL GRC SWE NOR FIN DNK NLD BEL CHE "
    "AUT HUN CZE ROU BGR SRB HRV BIH GEO ARM AZE KAZ UZB TKM KGZ TJK MNG MMR BGD LKA NPL YEM "
    "OMN QAT ARE KWT BHR JOR LBN LBY TUN DZA MAR SDN SSD ETH ERI SOM KEN UGA RWA BDI COD COG "
    "CMR TCD NER MLI BFA SEN GIN SLE LBR CIV GHA TGO BEN GAB AGO ZMB ZWE MOZ MWI BWA NAM MDG "
    "CUB HTI VEN COL ECU PER BOL CHL ARG PRY URY"
).split()
_CODES = (  # noqa: SIM905
    "010 020 036 040 042 043 046 051 057 060 061 070 073 080 084 090 100 110 111 112 120 130 "
    "138 140 141 150 154 160 163 170 173 180 190 193 195 012 013 014 017 030 031 0311 050 "
    "0811 1041 2041"
).split()
_FIRST, _DAYS = np.datetime64("1995-01-01"), 9131  # to the end of 2019
_COLUMNS = 58  # of a line of GDELT 1.0


def draw_events(rows: int, *, part: int, parts: int, seed: int = 1) -> pl.DataFrame:
    """Draw the events of one part: ``date, sender, receiver, code, value``, by day.

    Parameters
    ----------
    rows : int
        Rows of the part.
    part, parts : int
        Which part of how many: each is a span of days, later ones are denser.
    seed : int
        The same seed, the same rows.
    """
    rng = np.random.default_rng([seed, part, parts])
    states, codes = np.array([*_STATES, ""]), np.array(_CODES)
    far = np.sort(rng.uniform(part / parts, (part + 1) / parts, rows))
    sender = _zipf(rng, len(_STATES), rows, 1.0)
    receiver = np.where(rng.random(rows) < 0.45, sender, _zipf(rng, len(_STATES), rows, 1.0))
    nobody = len(_STATES)
    code = _zipf(rng, len(codes), rows, 0.8)
    score = np.linspace(10, -10, 20).round(1)[codes.astype("U2").astype(int) - 1]
    value = np.where(rng.random(rows) < 1e-5, 99.0, score[code])
    return pl.DataFrame(
        {
            "date": _FIRST + (np.sqrt(far) * _DAYS).astype(int),
            "sender": states[np.where(rng.random(rows) < 0.1, nobody, sender)],
            "receiver": states[np.where(rng.random(rows) < 0.3, nobody, receiver)],
            "code": codes[code],
            "value": value,
        }
    )


def _zipf(rng: np.random.Generator, n: int, rows: int, power: float) -> np.ndarray:
    weights = np.cumsum(1 / np.arange(1, n + 1) ** power)
    return np.searchsorted(weights, rng.uniform(0, weights[-1], rows))


def write_corpus(folder: Path, *, rows: int, form: str, seed: int = 1) -> list[Path]:
    """Write a corpus, part by part; a part that is there is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = -(-rows // ROWS)
    paths = []
    for part in range(parts):
        path = folder / f"events-{part:04d}.{'parquet' if form == 'parquet' else 'csv'}"
        paths.append(path)
        if path.exists():
            continue
        size = min(ROWS, rows - part * ROWS)
        events = draw_events(size, part=part, parts=parts, seed=seed)
        draft = path.with_suffix(".part")
        _write(events, draft, form)
        draft.rename(path)
    return paths


def _write(events: pl.DataFrame, path: Path, form: str) -> None:
    if form == "parquet":
        events.write_parquet(path)
    elif form == "csv":
        events.write_csv(path)
    else:
        _gdelt(events).write_csv(path, separator="\t", include_header=False, quote_style="never")


def _gdelt(events: pl.DataFrame) -> pl.DataFrame:
    """Lay events out as lines of GDELT 1.0, the other columns filled with likely lengths."""
    roles = {
        0: pl.int_range(pl.len()) + 100_000_000,
        1: pl.col("date").dt.strftime("%Y%m%d"),
        7: pl.col("sender"),
        17: pl.col("receiver"),
        26: pl.col("code"),
        30: pl.col("value"),
        57: pl.lit("http://www.example.org/2014/11/24/a-title-of-a-news-story-of-that-day.html"),
    }
    filler = pl.lit("1")
    return events.select(roles.get(i, filler).alias(f"column_{i}") for i in range(_COLUMNS))


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--form", choices=FORMS, default="parquet")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for path in write_corpus(given.folder, rows=given.rows, form=given.form, seed=given.seed):
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
