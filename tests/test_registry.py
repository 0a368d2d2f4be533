"""Parts are found by file name; what is misspelt is answered with what is near."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blocs import registry
from blocs.contracts import Similarity
from blocs.errors import BlocsError, UnknownName
from blocs.registry import LAYERS, SIMILARITIES, VIEWS, Catalogue, nearest

PACKAGE = "blocs.alignment.similarity"


def test_names_are_file_names_sorted_with_hyphens() -> None:
    folder = Path(registry.__file__).parent / "ties" / "layers"
    files = {p.stem.replace("_", "-") for p in folder.glob("*.py") if p.stem[0] != "_"}
    assert LAYERS.names() == tuple(sorted(files))
    assert "s-score" in SIMILARITIES.names()


@pytest.mark.parametrize("name", ["s-score", "s_score", " S-Score "])
def test_a_part_is_found_however_its_name_is_joined(name: str) -> None:
    assert SIMILARITIES.get(name) is SIMILARITIES.all()["s-score"]


def test_a_misspelt_part_is_answered_with_the_nearest_and_all() -> None:
    with pytest.raises(UnknownName) as seen:
        SIMILARITIES.get("kapa")
    assert seen.value.nearest == ("kappa",)
    assert str(seen.value).startswith(
        "unknown measure 'kapa'; did you mean kappa? Known: a-score, agr"
    )


def test_no_path_gets_through_a_name() -> None:
    for name in ("../errors", "..errors", "__init__", "", "os"):
        with pytest.raises(UnknownName):
            SIMILARITIES.get(name)


def test_a_module_without_the_constant_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_entry_points", lambda group: {"odd": "blocs.errors"})
    with pytest.raises(BlocsError, match=r"blocs\.errors holds no SIMILARITY"):
        SIMILARITIES.get("odd")


def test_a_third_party_adds_a_part_by_entry_point(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "their_measure.py").write_text(
        "from blocs.registry import SIMILARITIES\n"
        "import dataclasses\n"
        "SIMILARITY = dataclasses.replace(SIMILARITIES.get('kappa'), title='theirs')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    told = {PACKAGE: {"theirs": "their_measure"}}
    monkeypatch.setattr(registry, "_entry_points", lambda group: told.get(group, {}))
    assert "theirs" in SIMILARITIES.names()
    assert SIMILARITIES.get("theirs").title == "theirs"
    assert "theirs" not in LAYERS.names()
    assert isinstance(SIMILARITIES.all()["theirs"], Similarity)


def test_entry_points_are_read_under_the_name_of_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def none(group: str) -> list[str]:
        asked.append(group)
        return []

    monkeypatch.setattr(registry, "entry_points", none)
    registry._entry_points.cache_clear()
    SIMILARITIES.names()
    registry._entry_points.cache_clear()
    assert asked == [PACKAGE]


def test_listing_names_imports_no_part() -> None:
    """`blocs --help` must not pay for what nobody asked for."""
    code = (
        "import sys\n"
        "from blocs.registry import VIEWS, LAYERS, DATASETS\n"
        "VIEWS.names(), LAYERS.names(), DATASETS.names()\n"
        "print([m for m in sys.modules if m.startswith(('blocs.views.answers.', 'blocs.ties.layers."
        "', 'blocs.evidence.datasets.'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_nearest_names_come_best_first_and_strangers_not_at_all() -> None:
    known = ("agreement", "identical", "kappa", "pi", "s-score", "tau-b")
    assert nearest("agreemnt", known)[0] == "agreement"
    assert nearest("s score", known)[0] == "s-score"
    assert nearest("zzzzzzzz", known) == []
    assert len(nearest("a", ["aa", "ab", "ac", "ad"], most=2)) <= 2


def test_a_catalogue_of_an_empty_package_is_empty() -> None:
    empty = Catalogue[Similarity]("index", "blocs.outlook.forecasters", "NOTHING")
    assert empty.names() == empty.names()
    assert set(VIEWS.names()) >= {"brief", "data", "likeness", "who"}
