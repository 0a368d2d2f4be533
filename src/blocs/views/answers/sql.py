"""Ask the project's tables in SQL: read-only, with nothing else in reach."""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import msgspec
import polars as pl
from rich.table import Table
from rich.text import Text

from blocs.almanac import tables as almanac
from blocs.contracts import TABLES, Answer, Evidence, View
from blocs.errors import BadInput
from blocs.evidence.holdings import Holdings, hold
from blocs.evidence.intake import merge
from blocs.evidence.ledger.tables import TABLES as LEDGER
from blocs.evidence.ledger.tables import ledger_tables
from blocs.registry import nearest
from blocs.schemas import dtypes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SHOWN = 40
_PREFIX = "almanac_"
# No files, no network, no extensions, no way to switch that back on.
_CLOSED = (
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true",
)
_READING = {"SELECT", "EXPLAIN"}
# Types that tables, CSV and JSON all can hold; any other comes as text.
_PLAIN = re.compile(r"(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|DATE)")
_NUMBERS = {"HUGEINT": "BIGINT", "UHUGEINT": "UBIGINT", "DECIMAL": "DOUBLE"}


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """Answer of ``sql``."""

    schema: str = "blocs.sql/1"
    columns: tuple[str, ...]
    n: int
    rows: tuple[dict[str, object], ...]


def query(statement: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Run one reading SQL statement over tables, and over nothing else.

    Parameters
    ----------
    statement : str
        SELECT, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN in DuckDB's SQL.
    tables : mapping of str to pl.DataFrame
        Name to table.

    Returns
    -------
    pl.DataFrame
        The answer; lists, intervals and other composite cells as text.

    Raises
    ------
    BadInput
        If the statement is wrong, writes, or names a table that is not there.

    Examples
    --------
    >>> states = pl.DataFrame({"actor": ["CHN", "RUS"], "year": [1949, 1816]})
    >>> query("select actor from states where year > 1900", {"states": states}).rows()
    [('CHN',)]
    """
    import duckdb

    words = set(re.findall(r"\w+", statement.lower()))
    connection = duckdb.connect(":memory:")
    try:
        for name, frame in tables.items():
            # A statement needs few tables; the others are there to be described.
            _copy(connection, name, frame if name in words else frame.head(0))
        for closed in _CLOSED:
            connection.execute(closed)
        return _answered(connection, statement)
    except duckdb.Error as error:
        raise BadInput(_explained(error, list(tables))) from None
    finally:
        connection.close()


def ask(statement: str, /, *, evidence: Evidence = Evidence()) -> Answer:
    """Ask the project's tables in SQL (DuckDB's), read-only.

    The almanac's tables are there too, as almanac_NAME.

    Parameters
    ----------
    statement
        One SELECT, WITH, DESCRIBE, SHOW or SUMMARIZE statement.
    """
    holdings = hold(data=evidence.data, project=evidence.project, use=evidence.use)
    found = query(statement, _project_tables(holdings) | _almanac(statement))
    rows = tuple({name: _plain(cell) for name, cell in r.items()} for r in found.to_dicts())
    record = Selected(columns=tuple(found.columns), n=found.height, rows=rows)
    return Answer(facts=record, text=_pretty(found), table=found)


def almanac_tables() -> tuple[str, ...]:
    """Names under which the almanac's tables can be asked, sorted."""
    stems = sorted(path.stem for path in (almanac.folder() / "facts").glob("*.csv"))
    return tuple(f"{_PREFIX}{stem}" for stem in [*stems, "dyad_votes"])


class _Streaming(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@dataclass(frozen=True, slots=True)
class _Stream:
    """A table as an Arrow stream and nothing more.

    Seen through it, neither library looks at the other's classes: DuckDB would
    want pyarrow, and Polars would keep DuckDB's class alive beyond its end.
    """

    table: _Streaming

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def _copy(connection: DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", _Stream(frame))
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
    connection.unregister("incoming")


def _answered(connection: DuckDBPyConnection, text: str) -> pl.DataFrame:
    statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise BadInput(f"give one SQL statement; there are {len(statements)}")
    kind = statements[0].type.name
    if kind not in _READING:
        raise BadInput(
            f"{kind} is refused: blocs sql only reads, and -o FILE writes the answer. "
            "Start with SELECT, WITH, FROM, DESCRIBE, SHOW or SUMMARIZE"
        )
    relation = connection.sql(text)
    names, types = relation.columns, [str(t) for t in relation.types]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"two columns are called {twice[0]!r}; rename one with AS")
    casts = [_cast(n, t) for n, t in zip(names, types, strict=True)]
    return pl.DataFrame(_Stream(relation.project(", ".join(casts))))


def _cast(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    number = _NUMBERS.get(kind.partition("(")[0])
    if number is None and _PLAIN.fullmatch(kind):
        return column
    return f"CAST({column} AS {number or 'VARCHAR'}) AS {column}"


def _project_tables(holdings: Holdings) -> dict[str, pl.DataFrame]:
    facts = merge(list(holdings.by_dataset.values()))
    told = ledger_tables(holdings.project)
    return {name: getattr(facts, name) for name in TABLES} | told


def _almanac(statement: str) -> dict[str, pl.DataFrame]:
    """Tables of the almanac; reading all takes a second, so those named only."""
    words = set(re.findall(r"\w+", statement.lower()))
    every = bool({"show", "information_schema", "duckdb_tables", "duckdb_columns"} & words)
    return {name: _read(name) for name in almanac_tables() if every or name in words}


def _explained(error: Exception, names: Sequence[str]) -> str:
    first = str(error).strip().splitlines()[0]
    missing = re.search(r"Table with name (\S+) does not exist", first)
    if missing is None:
        hint = str(error).strip().splitlines()[1:2]
        tail = f" {hint[0].strip()}" if hint and hint[0].startswith("Did you mean") else ""
        return f"{first}.{tail} `blocs sql --help` lists tables and columns"
    near = nearest(missing[1], list(names))
    guess = f"; did you mean {', '.join(near)}?" if near else "."
    return f"there is no table {missing[1]!r}{guess} There are {', '.join(sorted(names))}"


def _read(name: str) -> pl.DataFrame:
    stem = name.removeprefix(_PREFIX)
    return almanac.dyad_votes() if stem == "dyad_votes" else almanac.facts(stem)


def _pretty(found: pl.DataFrame) -> Table | Text:
    if not found.width:
        return Text("Nothing came back.")
    more = found.height - _SHOWN
    caption = f"{more:,} more rows; -o FILE or --csv gives all" if more > 0 else ""
    table = Table(*map(str, found.columns), caption=caption)
    for row in found.head(_SHOWN).iter_rows():
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table


def _plain(cell: object) -> object:
    """Make a cell something JSON can say: it has no NaN and no infinity."""
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _table_help() -> str:
    lines = [
        f"{name}: {', '.join(f'{c} {t}'.lower() for c, t in dtypes(schema).items())}"
        for name, schema in {**TABLES, **LEDGER}.items()
    ]
    own = "Tables of the project, with their columns:"
    rest = f"Tables of the almanac (DESCRIBE NAME tells columns): {', '.join(almanac_tables())}"
    return "\n\n".join([own, *lines, rest])


def _with_tables(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Give a command the list of tables in its help."""

    @functools.wraps(function)
    def documented(*args: object, **options: object) -> Answer:
        return function(*args, **options)

    about, mark, rest = (inspect.getdoc(function) or "").partition("\n\nParameters\n")
    documented.__doc__ = f"{about}\n\n{_table_help()}{mark}{rest}"
    return documented


VIEW = View(
    ask=_with_tables(ask),
    examples=(
        'blocs sql "select dataset, rows, rejected from sources"',
        'blocs sql "select name, start from almanac_treaties where defence and signed >= '
        "'2000-01-01'\"",
        'blocs sql "describe ballots"',
    ),
)
