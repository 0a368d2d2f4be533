"""What users rely on: the public names, every part, every command."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import blocs
from blocs import registry
from blocs.contracts import Citation, Dataset, View
from blocs.registry import DATASETS, VIEWS, Catalogue
from blocs.views.cli import _app, titles

ROOT = Path(__file__).parents[2]
CATALOGUES = {name: c for name, c in vars(registry).items() if isinstance(c, Catalogue)}
PARTS = [(name, part) for name, c in sorted(CATALOGUES.items()) for part in c.names()]

PUBLIC = {
    "Evidence",
    "__version__",
    "actor",
    "assess_axis",
    "brief",
    "brokers",
    "compete",
    "drawn_in",
    "experts",
    "forecast",
    "hindcast",
    "ideal_points",
    "ledger",
    "likeness",
    "likeness_years",
    "motives",
    "order",
    "panel",
    "partition",
    "plot",
    "polarization",
    "precedent",
    "react",
    "simulate",
    "read",
    "resolve",
    "tie_history",
}
"""The names promised. A new one is added here and to the changelog in one commit."""


def test_the_public_names_are_these() -> None:
    assert set(blocs.__all__) == PUBLIC
    assert list(blocs.__all__) == sorted(blocs.__all__)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(blocs, name)
    assert name in dir(blocs)
    if name != "__version__":
        assert (found.__doc__ or "").strip()


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        blocs.nosuch  # noqa: B018


def test_type_checkers_see_what_is_loaded_lazily() -> None:
    text = (Path(blocs.__file__)).read_text("utf-8")
    told = set(re.findall(r"import (\w+) as \1", text))
    assert told == PUBLIC - {"__version__"}


def test_importing_blocs_imports_nothing_else() -> None:
    code = "import blocs, sys; print({'polars', 'numpy', 'rich', 'cyclopts'} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout.strip() == "set()"


@pytest.mark.parametrize(("kind", "name"), PARTS)
def test_every_part_loads_and_says_what_it_is_and_whom_to_cite(kind: str, name: str) -> None:
    part = CATALOGUES[kind].get(name)
    if isinstance(part, View):
        return
    assert str(getattr(part, "title", "")).strip()
    citation = getattr(part, "citation", None)
    assert isinstance(citation, Citation)
    assert len(citation.text) > 20
    assert not citation.doi or re.fullmatch(r"10\.\d{4,9}/\S+", citation.doi)


@pytest.mark.parametrize("name", DATASETS.names())
def test_every_data_set_says_where_it_is_from_and_on_what_terms(name: str) -> None:
    part: Dataset = DATASETS.get(name)
    assert part.publisher
    assert part.page.startswith(("https://", "http://"))
    assert part.licence
    assert re.search(r"\d{4}", part.years)
    assert part.unit
    assert part.releases
    versions = [(r.part, r.version, sorted(r.columns)) for r in part.releases]
    assert len(versions) == len({repr(v) for v in versions})
    for item in part.downloads:
        assert item.url.startswith("https://")
        assert not item.sha256 or re.fullmatch(r"[0-9a-f]{64}", item.sha256)


@pytest.mark.parametrize("name", VIEWS.names())
def test_every_command_has_a_title_and_examples_that_parse(name: str) -> None:
    view = VIEWS.get(name)
    assert titles()[name].endswith(".")
    assert view.ask or view.verbs
    assert view.examples
    for line in view.examples:
        words = shlex.split(line)
        assert words[:2] == ["blocs", name]
        _app(words[1:]).parse_args(words[1:], exit_on_error=False, print_error=False)


@pytest.mark.parametrize("name", VIEWS.names())
def test_every_option_of_every_command_is_explained(name: str) -> None:
    view = VIEWS.get(name)
    for ask in [view.ask, *view.verbs.values()]:
        if ask is None:
            continue
        doc = ask.__doc__ or ""
        assert doc.strip()
        for parameter in typing.get_type_hints(ask):
            if parameter not in {"return", "evidence"}:
                assert re.search(rf"^\s*{parameter}\b", doc, re.M), f"{ask.__name__}: {parameter}"
