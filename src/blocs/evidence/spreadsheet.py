"""Old and new Excel files as tables of text, through the library ``fastexcel``."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from blocs.errors import BadFile, MissingExtra
from blocs.files import SourceFile, read_bytes

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def is_xls(file: SourceFile) -> bool:
    """Tell by the first bytes whether a file is an old binary Excel file."""
    return file.start.startswith(_OLD_EXCEL)


def read_xls(path: Path) -> pl.DataFrame:
    """Read the first sheet of an Excel file as text, ``row`` (1 = under the header) in front.

    Raises
    ------
    MissingExtra
        If the library is not installed.
    BadFile
        If the file is damaged.
    """
    try:
        import fastexcel
    except ImportError:
        raise MissingExtra(f"{path} is an Excel file; install blocs[formats] to read it") from None
    try:
        sheet = pl.read_excel(
            io.BytesIO(read_bytes(path)), engine="calamine", infer_schema_length=0
        )
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError) as error:
        why = str(error).strip().splitlines()[:1]
        raise BadFile(f"{path}: not a readable Excel file ({''.join(why)})") from None
    text = sheet.select(pl.all().cast(pl.String)).with_row_index("row", offset=1)
    return text.with_columns(pl.col("row").cast(pl.Int64))
