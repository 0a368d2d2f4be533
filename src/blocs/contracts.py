"""The kinds of part that blocs is made of; one file adds one part.

A part is a module that holds one constant (``DATASET``, ``LAYER``,
``SIMILARITY``, ``PARTITION``, ``INDEX``, ``FORECASTER`` or ``VIEW``) made from
the classes here. Its name is the file's name. The registry finds it, and it
comes with a command-line choice, contract tests and a row in the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from blocs import schemas
from blocs.files import SourceFile


@dataclass(frozen=True, slots=True)
class Citation:
    """A work to cite.

    Attributes
    ----------
    text : str
        Author (year), title, place.
    doi : str
        Digital object identifier, empty if none is known.
    """

    text: str
    doi: str = ""

    def __str__(self) -> str:
        """Write the citation in one line."""
        return f"{self.text} https://doi.org/{self.doi}" if self.doi else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Tables of evidence read from one or more sources; each may be empty."""

    sources: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Sources))
    rollcalls: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.RollCalls))
    ballots: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Ballots))
    spells: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Spells))
    flows: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Flows))
    events: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Events))
    attributes: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Attributes))
    dyad_votes: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.DyadVotes))
    coverage: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Coverage))
    rejects: pl.DataFrame = field(default_factory=lambda: schemas.empty(schemas.Rejects))


TABLES: Mapping[str, type[schemas.Schema]] = {
    "sources": schemas.Sources,
    "rollcalls": schemas.RollCalls,
    "ballots": schemas.Ballots,
    "spells": schemas.Spells,
    "flows": schemas.Flows,
    "events": schemas.Events,
    "attributes": schemas.Attributes,
    "dyad_votes": schemas.DyadVotes,
    "coverage": schemas.Coverage,
    "rejects": schemas.Rejects,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file a publisher offers.

    Attributes
    ----------
    url : str
        Where it is.
    file : str
        The name to keep it under.
    sha256 : str
        Its checksum if known; empty means "recorded at first use".
    """

    url: str
    file: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version of a data set in one format, told by its header.

    Attributes
    ----------
    version : str
        Version as the publisher names it.
    columns : frozenset of str
        Column names (lower case) that the header must hold. A file without a
        header is told by `shape`.
    read : callable
        ``read(file, source_id) -> Facts``.
    until : int
        Last year it covers; of several releases the latest is used.
    part : str
        Which part of the data set it is ("members", "dyads"): releases of one
        part compete and the newest is used, different parts complete each other.
    shape : callable, optional
        For files without a header: tells by the first line's cells.
    """

    version: str
    columns: frozenset[str]
    read: Callable[[SourceFile, str], Facts]
    until: int
    part: str = ""
    shape: Callable[[SourceFile], bool] | None = None

    def fits(self, file: SourceFile) -> bool:
        """Tell whether a file has this release's form."""
        if self.shape is not None:
            return self.shape(file)
        return self.columns <= file.names


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A data set somebody publishes, and how to read it.

    Attributes
    ----------
    title, unit, years, publisher, page, licence : str
        What it is; one row is what; which years; who; where; the terms of use in words.
    citation : Citation
        What to cite.
    releases : tuple of Release
        Its versions and formats, oldest first.
    downloads : tuple of Download
        What ``blocs data get`` fetches; empty where no address of a file is sure.
    lights, standing : tuple of str
        Layers that it lights up; kinds of its rows that are no acts of their own: how things
        stood in a year, another kind told again.
    """

    title: str
    unit: str
    years: str
    publisher: str
    page: str
    licence: str
    citation: Citation
    releases: tuple[Release, ...]
    downloads: tuple[Download, ...] = ()
    lights: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerTies:
    """What a layer makes of the evidence of one source.

    Attributes
    ----------
    ties : pl.DataFrame
        Table `schemas.Ties`.
    evidence : pl.LazyFrame
        Table `schemas.TieEvidence`, gathered only when somebody walks back.
    """

    ties: pl.DataFrame
    evidence: pl.LazyFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A rule that turns facts into signed ties.

    Attributes
    ----------
    title : str
        What the layer is about.
    rule : str
        In one sentence: which facts become ties, with which sign and weight.
    directed : bool
        Whether a tie has a direction.
    topics : tuple of str
        Each `coverage.topic` that says where absence means zero.
    prefer : tuple of str
        Data sets that can feed it, best first; one feeds a period, never two.
    build : callable
        ``build(facts) -> LayerTies`` for the facts of one source.
    citation : Citation
        Where the rule comes from.
    absence : str
        What no tie means inside coverage: ``"zero"``, or ``"unknown"`` where
        only what was told is known.
    """

    title: str
    rule: str
    directed: bool
    topics: tuple[str, ...]
    prefer: tuple[str, ...]
    build: Callable[[Facts], LayerTies]
    citation: Citation
    absence: Literal["zero", "unknown"] = "zero"


class TableMeasure(Protocol):
    """A likeness of two states from the joint table of what each did.

    Parameters
    ----------
    table : ndarray of float, shape (..., L, L)
        Counts (or weights) of items by the level of the first and of the second.
    """

    def __call__(self, table: NDArray[np.float64], /) -> NDArray[np.float64]:
        """Score tables; shape (...)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """A measure of how alike two states act, from their joint table.

    Attributes
    ----------
    title, citation : str, Citation
        Its name in words, and its source.
    low, high : float
        Its range.
    score : TableMeasure
        ``score(table)`` with ``table[..., i, j]`` the weight of items on which
        the first state is at level i and the second at level j; nan where it
        is not defined.
    absences : bool
        Whether absence can be counted as a level of its own.
    """

    title: str
    low: float
    high: float
    citation: Citation
    score: TableMeasure
    absences: bool = False


class Partitioner(Protocol):
    """Splits a signed graph into blocs."""

    def __call__(
        self,
        n: int,
        a: NDArray[np.int32],
        b: NDArray[np.int32],
        weight: NDArray[np.float64],
        *,
        k: int | None,
        seconds: float,
        rng: np.random.Generator,
    ) -> PartitionLike:
        """Split the graph with edges a[i]-b[i] of signed weight[i] on n nodes."""


class PartitionLike(Protocol):
    """What every partition method returns at least."""

    @property
    def sides(self) -> NDArray[np.int32]:
        """Bloc of each node, shape (n,)."""

    @property
    def frustration(self) -> float:
        """Weight of ties that contradict the split."""

    @property
    def bound(self) -> float:
        """No split has less frustration than this."""

    @property
    def proved(self) -> bool:
        """Whether the split is known to be optimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A method that splits a signed network into blocs."""

    title: str
    citation: Citation
    solve: Partitioner
    fixed_k: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A number that says how polarised or balanced a signed network is.

    ``score(matrix)`` takes a symmetric signed matrix (n, n), zero diagonal.
    """

    title: str
    low: float
    high: float
    citation: Citation
    score: Callable[[NDArray[np.float64]], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadruples:
    """Dated events as whole numbers, in both directions.

    Attributes
    ----------
    facts : ndarray of int64, shape (n, 4)
        Sender, relation, receiver, day; each event once as it was told and once
        turned round, with `n_relations` / 2 added to its relation; no row twice,
        sorted by day, sender, relation and receiver.
    n_actors, n_relations : int
        Numbers in use; relations count both directions.
    """

    facts: NDArray[np.int64]
    n_actors: int
    n_relations: int

    def before(self, day: int) -> Quadruples:
        """Events of the days before one."""
        end = int(np.searchsorted(self.facts[:, 3], day))
        return Quadruples(
            facts=self.facts[:end], n_actors=self.n_actors, n_relations=self.n_relations
        )


class Ranking(NamedTuple):
    """Scores of candidates for several questions "who will `sender` do `relation` to?".

    Candidates of question i are rows ``start[i]:start[i + 1]``. An actor that is
    no candidate of a question ranks behind all of them, by `rest`.
    """

    start: NDArray[np.int64]
    actor: NDArray[np.int64]
    score: NDArray[np.float64]
    rest: NDArray[np.float64]


class Memory(Protocol):
    """A fitted forecaster and the events it knows, which only ever grow."""

    def predict(self, questions: NDArray[np.int64], day: int, /) -> Ranking:
        """Rank receivers for questions (sender, relation), shape (m, 2), on a day to come.

        The answer to one question does not depend on which others are asked.
        """

    def learn(self, facts: NDArray[np.int64], /) -> None:
        """Take in the events of one day, later than any day known; shape (m, 4)."""


Watch: TypeAlias = Callable[[int, int], None]
Keep: TypeAlias = Callable[[str, Callable[[], bytes]], bytes]
"""``keep(name, make)`` returns what ``make()`` does, or did before the work was interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """A method that ranks next events.

    Attributes
    ----------
    title, citation : str, Citation
        Its name in words, and where it comes from.
    fit : callable
        ``fit(events, valid, ahead, seed, watch, keep) -> bytes``: what is learnt
        from `events`, tuned on the days from `valid` on. With `ahead` true it is for
        forecasts that see nothing after the last event; ``watch(done, total)``
        is told the progress, and `keep` keeps what took long.
    recall : callable
        ``recall(learnt, events, known) -> Memory`` that knows `events`; `known`
        also numbers the events still to come, which no forecast may depend on.
    trained : bool
        Whether it is trained on answers: it leaves held-out questions aside, and
        its probabilities are fitted on those alone.
    settings : str
        The constants it learns by: what other ones taught is not found again.
    """

    title: str
    citation: Citation
    fit: Callable[[Quadruples, int, bool, int, Watch, Keep], bytes]
    recall: Callable[[bytes, Quadruples, Quadruples], Memory]
    trained: bool = False
    settings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A group of columns that a panel can carry, read from one published table.

    Attributes
    ----------
    title, citation : str, Citation
        What the columns say, and what to cite.
    sources : tuple of (str, str)
        Data set and part that can feed them, best first.
    unit : str
        ``dyad`` or ``state``; a state's columns come twice in a dyad panel,
        with 1 and 2 behind the name.
    read : callable
        ``read(file) -> DataFrame`` with ``ccode1, ccode2, year`` or ``ccode,
        year`` (COW codes) and the columns. A dyadic column whose name ends in 1
        or 2 says something of that end of the dyad.
    years : tuple of int
        First and last year in which absence is known; outside them null.
    absent : int or None
        What a missing row means inside those years: 0, or null for unknown.
    symmetric : bool
        Whether a row holds for both directions of a dyad.
    """

    title: str
    sources: tuple[tuple[str, str], ...]
    unit: Literal["dyad", "state"]
    read: Callable[[SourceFile], pl.DataFrame]
    years: tuple[int, int]
    absent: int | None
    citation: Citation
    symmetric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question, before anybody renders it.

    Attributes
    ----------
    facts : object
        The facts for machines: what `msgspec` can write as JSON, keys in order.
    text : rich renderable
        What a terminal shows.
    table : pl.DataFrame, optional
        The rows behind the answer, for ``--csv`` and ``.parquet``.
    page, picture : callable, optional
        Makes the HTML page, and draws a small picture as SVG, when it is wanted.
    writes : str
        File name under which the command writes its page without being told.
    formats : mapping
        Further file endings (``".graphml"``) and what writes them: ``write(stream)``.
    lines : sequence, optional
        Records that ``--json`` and ``.jsonl`` write one a line; `facts` is for ``.json``.
    """

    facts: object
    text: object
    table: pl.DataFrame | None = None
    page: Callable[[], str] | None = None
    writes: str = ""
    formats: Mapping[str, Callable[[IO[bytes]], object]] = field(default_factory=dict)
    lines: Sequence[object] | None = None
    picture: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the evidence comes from; every command takes these options.

    Attributes
    ----------
    data : tuple of str
        A file or folder in a publisher's format, read for this command alone
        instead of the project; give it again for more.
    project : Path, optional
        Project folder whose data sets are used.
    use : tuple of str
        ID:VERSION, where a folder holds several versions of a data set.
    """

    data: tuple[str, ...] = ()
    project: Path | None = None
    use: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A question a user can ask: one command, one page, one set of JSON facts.

    Attributes
    ----------
    ask : callable, optional
        ``ask(...) -> Answer``; its parameters become options.
    verbs : mapping
        Sub-commands by name (``data add``), each like `ask`, which answers where none is named.
    examples : tuple of str
        Command lines that work, shown in the help.
    endings : tuple of str
        Endings that ``-o`` takes beside .json, .csv, .parquet and .html.
    shows : mapping
        Types of facts that Python users get, and what tells them in a notebook.
    """

    ask: Callable[..., Answer] | None = None
    verbs: Mapping[str, Callable[..., Answer]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    shows: Mapping[type, Callable[..., Answer]] = field(default_factory=dict)
