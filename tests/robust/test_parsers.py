"""Every parser answers or refuses in a line: kept seeds, and a few damaged files of each."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from tests.robust.fuzz import FAULT, Told, attack, attempt
from tests.robust.parsers import SEEDS, parse, parsers, seeds

KNOWN = parsers()
KEPT = [(name, seed) for name in KNOWN for seed in seeds(name) if seed.startswith(FAULT)]
EXPENSIVE = {  # by hand and at night
    "address",
    "article",
    "html",
}


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - {"address"}))
def test_what_is_in_order_is_accepted(name: str, tmp_path: Path) -> None:
    for base, data in KNOWN[name].bases.items():
        if base.startswith(FAULT):
            continue
        (tmp_path / base).write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert parse(KNOWN[name], tmp_path / base), base


@pytest.mark.parametrize(("name", "seed"), KEPT)
def test_what_once_brought_it_down_no_longer_does(name: str, seed: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert attempt(KNOWN[name], seed, KNOWN[name].bases[seed], Told()) == ""


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - EXPENSIVE))
def test_damaged_files_raise_nothing_else(name: str) -> None:
    told = Told()
    attack(name, KNOWN[name], told, examples=3, number=1945)
    assert told.faults == {}
    assert told.tried == 3


def test_every_folder_of_seeds_is_of_a_parser() -> None:
    assert {p.name for p in SEEDS.iterdir()} <= KNOWN.keys()
