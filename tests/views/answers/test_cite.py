"""`blocs cite`: what to cite, as text and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blocs.views.bibliography import almanac_sources, bibtex, part, part_names

Run = Callable[..., Any]


def test_without_a_project_it_cites_blocs_and_the_almanac(run: Run) -> None:
    ran = run("cite", "--json")
    assert ran.code == 0
    assert ran.json["schema"] == "blocs.cite/1"
    assert [r["id"] for r in ran.json["references"]] == ["blocs", "almanac"]
    assert ran.json["references"][1]["licence"] == "CC BY 4.0"


def test_it_cites_what_the_project_holds(run: Run, votes: Path) -> None:
    run("data", "add", "unga", votes)
    rows = run("cite", "--json").json["references"]
    assert [(r["kind"], r["id"]) for r in rows[2:]] == [("data set", "unga"), ("layer", "votes")]
    text = run("cite").out
    assert "Harvard Dataverse. https://doi.org/10.7910/DVN/LEJUQZ [CC0 1.0]" in text


def test_named_parts_and_sources_of_the_almanac(run: Run) -> None:
    ran = run("cite", "unga", "s_score", "votes", "iso3166", "--json")
    assert [r["kind"] for r in ran.json["references"]] == [
        "data set",
        "measure",
        "layer",
        "almanac source",
    ]


def test_bibtex_of_the_un_votes(run: Run) -> None:
    ran = run("cite", "unga", "--format", "bibtex")
    assert ran.out.splitlines()[:4] == [
        "@misc{unga,",
        "  author = {Voeten, E. and Strezhnev, A. and Bailey, M.},",
        "  year = {2009-},",
        "  title = {United Nations General Assembly Voting Data},",
    ]


def test_every_part_makes_a_bibtex_entry_of_its_own() -> None:
    references = [part(kind, name) for kind, name in part_names()]
    entries = {(r.kind, r.id): bibtex(r) for r in references}
    keys = [entry.splitlines()[0] for entry in entries.values()]
    assert len(set(keys)) == len(keys)
    for entry in entries.values():
        assert re.match(r"@misc\{[\w-]+,\n  (author|title) = \{.+\}", entry)
        assert entry.count("{") == entry.count("}")


def test_sources_of_the_almanac_are_escaped() -> None:
    for reference in almanac_sources():
        entry = bibtex(reference)
        bare = re.sub(r"\\[&%$#_{}]|\\text\w+\{\}", "", entry)
        body = re.sub(r"  (url|doi) = .*", "", bare)
        assert not re.search(r"[&%$#]", body), entry
        assert bare.count("{") == bare.count("}"), entry


def test_unknown_ids_get_the_nearest(run: Run) -> None:
    ran = run("cite", "kapa")
    assert ran.code == 2
    assert "did you mean kappa" in ran.err


def test_a_project_that_is_not_there(run: Run, tmp_path: Path) -> None:
    ran = run("cite", "--project", tmp_path / "none")
    assert ran.code == 2
    assert "is no project yet" in ran.err


def test_csv(run: Run) -> None:
    assert run("cite", "kappa", "--csv").out.startswith("id,kind,title,citation,doi,url,licence\n")


def test_an_unknown_format_is_refused(run: Run) -> None:
    assert run("cite", "--format", "ris").code == 2
