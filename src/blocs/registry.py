"""Finds parts by file name, without importing them until they are used."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from blocs.errors import BlocsError, UnknownName

if TYPE_CHECKING:  # the contracts bring the data frames, which `blocs --help` does not need
    from blocs.contracts import (
        Columns,
        Dataset,
        Forecaster,
        Index,
        Layer,
        Partition,
        Similarity,
        View,
    )

P = TypeVar("P")


@dataclass(frozen=True)  # with slots, Python 3.11 cannot build a generic dataclass
class Catalogue(Generic[P]):
    """The parts of one kind: modules of a package, each holding one constant.

    Parameters
    ----------
    kind : str
        What a part is called in messages.
    package : str
        The package whose modules are the parts. Entry points of the group with
        this name add parts of third parties.
    constant : str
        The name of the constant a part module holds.

    Examples
    --------
    >>> "agreement" in SIMILARITIES.names()
    True
    """

    kind: str
    package: str
    constant: str

    def names(self) -> tuple[str, ...]:
        """Names of all parts, sorted; words joined by hyphens."""
        return tuple(sorted(_modules(self.package) | set(_entry_points(self.package))))

    def get(self, name: str) -> P:
        """Return the part called `name` (hyphens or underscores).

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        key = name.strip().lower().replace("_", "-")
        if key not in self.names():
            raise UnknownName(
                self.kind, name, nearest(key, self.names()), f"Known: {', '.join(self.names())}."
            )
        return self._load(key)

    def all(self) -> dict[str, P]:
        """Load every part."""
        return {name: self._load(name) for name in self.names()}

    def _load(self, key: str) -> P:
        target = _entry_points(self.package).get(key)
        module = import_module(target or f"{self.package}.{key.replace('-', '_')}")
        part: Any = getattr(module, self.constant, None)
        if part is None:
            raise BlocsError(f"{module.__name__} holds no {self.constant}; a part needs one")
        return part  # type: ignore[no-any-return]


DATASETS: Final[Catalogue[Dataset]] = Catalogue("data set", "blocs.evidence.datasets", "DATASET")
LAYERS: Final[Catalogue[Layer]] = Catalogue("layer", "blocs.ties.layers", "LAYER")
SIMILARITIES: Final[Catalogue[Similarity]] = Catalogue(
    "measure", "blocs.alignment.similarity", "SIMILARITY"
)
PARTITIONS: Final[Catalogue[Partition]] = Catalogue(
    "partition", "blocs.alignment.partitions", "PARTITION"
)
INDICES: Final[Catalogue[Index]] = Catalogue("index", "blocs.alignment.indices", "INDEX")
COLUMNS: Final[Catalogue[Columns]] = Catalogue("column group", "blocs.outlook.columns", "COLUMNS")
FORECASTERS: Final[Catalogue[Forecaster]] = Catalogue(
    "forecasting method", "blocs.outlook.forecasters", "FORECASTER"
)
VIEWS: Final[Catalogue[View]] = Catalogue("command", "blocs.views.answers", "VIEW")


def nearest(name: str, known: tuple[str, ...] | list[str], *, most: int = 3) -> list[str]:
    """Return known names close to a name, best first.

    Examples
    --------
    >>> nearest("kapa", ["kappa", "pi", "agreement"])
    ['kappa']
    """
    from rapidfuzz import fuzz, process

    hits = process.extract(name, known, scorer=fuzz.WRatio, limit=most, score_cutoff=72)
    return [hit[0] for hit in hits]


@cache
def _modules(package: str) -> frozenset[str]:
    return frozenset(
        entry.name.removesuffix(".py").replace("_", "-")
        for entry in resources.files(package).iterdir()
        if entry.name.endswith(".py") and not entry.name.startswith("_")
    )


@cache
def _entry_points(group: str) -> dict[str, str]:
    return {entry.name: entry.value for entry in entry_points(group=group)}
