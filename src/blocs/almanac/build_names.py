"""Write ``facts/names_cldr.csv``: what the living states are called in other languages.

Run ``python -m blocs.almanac.build_names`` after a change of ``facts/actors.csv``
or of the languages below. It needs Babel (``pip install babel``), which nothing
in blocs needs at run time, and overwrites the file.

The names are the territory display names of the Unicode Common Locale Data
Repository (CLDR), which Babel carries: copyright 1991-present Unicode, Inc.,
under the Unicode License v3 (https://www.unicode.org/license.txt). It permits
use and redistribution with this notice; the almanac's own licence does not
cover that file. Cited in ``facts/citations_states.csv`` under the key ``cldr``.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from blocs.almanac.tables import facts, folder
from blocs.files import write_text

# fmt: off
LANGUAGES: Final = (
    "ar", "de", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko",
    "nl", "pl", "pt", "ru", "sv", "tr", "uk", "vi", "zh", "zh_Hant",
)
# fmt: on
_DEAD: Final = ("CSK", "DDR", "YMD", "YUG")  # their alpha-2 codes are withdrawn or reused


def build_names() -> pl.DataFrame:
    """Look the living actors up in CLDR.

    Returns
    -------
    pl.DataFrame
        ``actor``, ``name``, ``lang`` (CLDR locale), sorted by actor and language;
        an actor or language that CLDR does not name has no row.

    Examples
    --------
    >>> names = build_names()
    >>> names.filter(actor="CHN", lang="ja")["name"].to_list()
    ['中国']
    """
    living = (
        facts("actors")
        .filter(pl.col("iso2").is_not_null() & ~pl.col("actor").is_in(_DEAD))
        .select("actor", "iso2")
    )
    return (
        pl.concat([_territories(language) for language in LANGUAGES])
        .join(living, on="iso2")
        .select("actor", "name", "lang")
        .sort("actor", "lang")
    )


def _territories(language: str) -> pl.DataFrame:
    from babel import Locale

    names = Locale.parse(language).territories
    return pl.DataFrame(
        {"iso2": list(names.keys()), "name": list(names.values())},
        schema={"iso2": pl.String, "name": pl.String},
    ).with_columns(pl.lit(language).alias("lang"))


if __name__ == "__main__":
    write_text(folder() / "facts" / "names_cldr.csv", build_names().write_csv())
