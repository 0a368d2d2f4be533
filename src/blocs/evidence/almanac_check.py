"""The almanac against data sets: every disagreement, with the row's own explanation.

Rows are compared where a row of the almanac names the record of a data set (its
ATOP number, its COW war, the GSDB cases): years with years, states with states,
obligations with obligations. A day that two sources put differently inside one
year is no disagreement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from blocs.contracts import Evidence, Facts
from blocs.errors import BadInput, MissingData
from blocs.evidence.checking.comparison import Comparison
from blocs.evidence.checking.sanctions import sanctions
from blocs.evidence.checking.states import states
from blocs.evidence.checking.support import weapons
from blocs.evidence.checking.treaties import memberships, treaties
from blocs.evidence.checking.wars import cow_wars, mid_wars, ucdp_wars
from blocs.evidence.holdings import hold
from blocs.evidence.intake import by_dataset, choose, merge, read_source, recognise

# Data set, the table of facts the rule needs, the kind of fact, the rule.
_RULES: tuple[tuple[str, str, str, Callable[[Facts], Comparison]], ...] = (
    ("cow-states", "spells", "member", states),
    ("atop", "spells", "alliance", treaties),
    ("atop", "spells", "alliance", memberships),
    ("cow-wars", "events", "war_part", cow_wars),
    ("mid", "events", "dispute", mid_wars),
    ("ucdp", "events", "conflict", ucdp_wars),
    ("gsdb", "spells", "sanction", sanctions),
    ("sipri", "flows", "arms", weapons),
)


def check_almanac(evidence: Mapping[str, Facts]) -> tuple[Comparison, ...]:
    """Compare the fact tables of the almanac with the data sets at hand.

    Parameters
    ----------
    evidence : mapping of str to Facts
        Data sets by id; those the almanac cannot be compared with are left out.

    Returns
    -------
    tuple of Comparison
        One for each table and data set that could be compared.
    """
    return tuple(
        rule(evidence[dataset])
        for dataset, table, kind, rule in _RULES
        if dataset in evidence and kind in getattr(evidence[dataset], table)["kind"]
    )


def comparable() -> tuple[str, ...]:
    """Data sets that the almanac can be compared with, sorted."""
    return tuple(sorted({dataset for dataset, *_ in _RULES}))


def evidence_to_compare(evidence: Evidence) -> dict[str, Facts]:
    """Read the data sets that can be compared, and no others.

    Raises
    ------
    MissingData
        If there is none among what was given or in the project.
    """
    paths = [Path(word) for word in evidence.data if Path(word).exists()]
    names = tuple(word for word in evidence.data if not Path(word).exists())
    parts: dict[str, Facts] = {}
    if names or not paths:
        held = hold(data=names, project=evidence.project, use=() if paths else evidence.use)
        parts |= {n: f for n, f in held.by_dataset.items() if n in comparable()}
    if paths:
        parts |= _read(paths, evidence.use)
    if not parts:
        raise MissingData(
            f"there is nothing to compare the almanac with; add one of {', '.join(comparable())} "
            "with `blocs data add ID PATH`, or name a file or folder with --data PATH"
        )
    return parts


def _read(paths: Sequence[Path], use: Sequence[str]) -> dict[str, Facts]:
    found, _ = recognise(paths)
    wanted = [f for f in found if f.dataset in comparable()]
    if not wanted:
        return {}
    pairs = [word.partition(":") for word in use]
    if bad := [word for word, pair in zip(use, pairs, strict=True) if not pair[2]]:
        raise BadInput(f"--use {bad[0]}: write ID:VERSION, for example atop:4.01")
    kept, _ = choose(wanted, use={name: version for name, _, version in pairs})
    return by_dataset(merge([read_source(f) for f in kept]))
