"""Likeness of two states on tiny files: by hand, long beside wide, years, absences, mistakes."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kendalltau

from blocs.contracts import Evidence
from blocs.errors import BadInput, MissingData, NoCoverage, UnknownName
from blocs.views.answers.likeness import likeness
from blocs.views.cli import main

COW = {"USA": 2, "RUS": 365, "CHN": 710, "FRA": 220}
DATES = ("1991-10-01", "1991-12-31", "1992-01-01", "1992-11-02", "1993-12-20", "1994-01-02")
# 1 yes, 2 abstain, 3 no, 8 absent; a column per roll call
BALLOTS = {
    "USA": (1, 3, 3, 2, 1, 3),
    "RUS": (1, 1, 3, 8, 1, 1),
    "CHN": (2, 1, 1, 1, 8, 1),
    "FRA": (1, 3, 2, 2, 8, 3),
}


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "UNVotes.csv"
    lines = ["rcid,ccode,vote,date,member,me"]
    for v, day in enumerate(DATES):
        lines += [f"{v + 1},{COW[a]},{votes[v]},{day},1,0" for a, votes in BALLOTS.items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / "ungaVoting.csv"
    lines = ["rcid,date,me,nu,di,hr,co,ec," + ",".join(BALLOTS)]
    for v, day in enumerate(DATES):
        cells = ",".join(str(votes[v]) for votes in BALLOTS.values())
        lines.append(f"{v + 1},{day},FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,{cells}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def both(a: str, b: str) -> list[tuple[int, int]]:
    """Votes of two states where neither was absent."""
    pairs = zip(BALLOTS[a], BALLOTS[b], strict=True)
    return [(x, y) for x, y in pairs if x != 8 and y != 8]


def of(path: Path, a: str, b: str, **options) -> float:
    return likeness(a, b, evidence=Evidence(data=(str(path),)), **options).value


PAIRS = tuple(itertools.combinations(BALLOTS, 2))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_shares_by_hand(long, a, b):
    told = both(a, b)
    assert of(long, a, b, measure="identical") == pytest.approx(np.mean([x == y for x, y in told]))
    assert of(long, a, b, measure="agreement") == pytest.approx(
        np.mean([1 - abs(x - y) / 2 for x, y in told])
    )
    assert of(long, a, b, measure="s-score") == pytest.approx(
        1 - 2 * sum(abs(x - y) for x, y in told) / (2 * len(told))
    )
    same = [x == y for x, y in zip(BALLOTS[a], BALLOTS[b], strict=True)]
    assert of(long, a, b, measure="identical", absent="value") == pytest.approx(np.mean(same))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_chance_corrected_measures_by_hand(long, a, b):
    x, y = np.array(both(a, b)).T
    d = (x[:, None] - y[None, :]) ** 2
    pooled = np.concatenate([x, y])
    m = (pooled[:, None] - pooled[None, :]) ** 2
    assert of(long, a, b, measure="kappa") == pytest.approx(1 - ((x - y) ** 2).mean() / d.mean())
    assert of(long, a, b, measure="pi") == pytest.approx(1 - ((x - y) ** 2).mean() / m.mean())
    assert of(long, a, b, measure="tau-b") == pytest.approx(kendalltau(x, y).statistic)


def test_s_of_the_published_example():
    """Signorino & Ritter's portfolios 3 3 2 2 and 2 2 3 3, weights .5 .3 .1 .1: S = 1/3."""
    from blocs.registry import SIMILARITIES

    table = np.zeros((4, 4))
    for x, y, w in zip((3, 3, 2, 2), (2, 2, 3, 3), (0.5, 0.3, 0.1, 0.1), strict=True):
        table[x, y] += w
    assert float(SIMILARITIES.get("s-score").score(table)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("measure", ["agreement", "identical", "s-score", "kappa", "pi", "tau-b"])
@pytest.mark.parametrize(("a", "b"), PAIRS[:3])
def test_long_and_wide_give_the_same(long, wide, measure, a, b):
    assert of(long, a, b, measure=measure) == pytest.approx(of(wide, a, b, measure=measure))


def test_which_state_comes_first_does_not_matter(long):
    for measure in ("agreement", "identical", "s-score", "kappa", "pi", "tau-b"):
        assert of(long, "USA", "RUS", measure=measure) == of(long, "RUS", "USA", measure=measure)


@pytest.mark.parametrize(
    ("first", "last", "n"),
    [(1991, 1991, 2), (1992, 1992, 2), (1991, 1992, 4), (1992, 1993, 3), (1991, 1994, 6)],
)
def test_both_end_years_are_in(long, first, last, n):
    """31 December and 1 January fall in different years, and the last year counts whole."""
    ends = {"from_": first, "to": last, "evidence": Evidence(data=(str(long),))}
    found = likeness("USA", "FRA", measure="identical", absent="value", **ends)
    assert (found.n, found.first, found.last) == (n, first, last)
    kept = [v for v, day in enumerate(DATES) if first <= int(day[:4]) <= last]
    assert found.n == len(kept)
    same = [BALLOTS["USA"][v] == BALLOTS["FRA"][v] for v in kept]
    assert found.value == pytest.approx(np.mean(same))
    assert (found.first_vote.year, found.last_vote.year) == (first, last)


def test_n_counts_what_the_value_rests_on(long):
    dropped = likeness("USA", "RUS", evidence=Evidence(data=(str(long),)))
    assert dropped.n == len(both("USA", "RUS")) == sum(map(sum, dropped.table))
    valued = likeness(
        "USA", "RUS", measure="identical", absent="value", evidence=Evidence(data=(str(long),))
    )
    assert valued.n == len(DATES) == sum(map(sum, valued.table))
    assert valued.levels == ("yes", "abstain", "no", "absent")
    assert valued.table[1][3] == 1


def test_names_codes_and_the_soviet_union_are_one_actor(long):
    value = of(long, "USA", "RUS")
    assert of(long, "United States", "Russia") == value
    assert of(long, "USA", "USSR") == value


def test_json_for_programs(run, long):
    ran = run("likeness", "USA", "RUS", "--data", long, "--measure", "identical", "--json")
    assert ran.code == 0
    keys = ["a", "b", "from", "to", "n", "value"]
    assert list(ran.json)[:6] == keys
    assert [ran.json[k] for k in keys[:5]] == ["USA", "RUS", 1991, 1994, 5]
    assert ran.json["value"] == pytest.approx(3 / 5)
    assert (ran.json["measure"], ran.json["absent"]) == ("identical", "drop")


def test_a_table_and_a_sentence(run, long, tmp_path):
    csv = run("likeness", "USA", "FRA", "--data", long, "--csv")
    assert csv.out.splitlines()[0].startswith("a,b,from,to,n,value,")
    said = run("likeness", "USA", "FRA", "--data", long)
    assert "agreement" in said.out
    assert "5 roll calls" in said.out
    said = run("likeness", "USA", "FRA", "--data", long, "--measure", "pi")
    assert "Scott's pi, squared weights)" in said.out
    out = tmp_path / "x.json"
    assert run("likeness", "USA", "FRA", "--data", long, "-o", out).code == 0
    assert '"value"' in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("USA", "USA"), "same state"),
        (("RUS", "USSR"), "same state"),
        (("USA", "Ruritania"), "Ruritania"),
        (("USA", "BRA"), "Brazil cast no vote"),
        (("USA", "RUS", "--measure", "likness"), "likness"),
        (("USA", "RUS", "--measure", "all"), "add --by-year for several"),
        (("USA", "RUS", "--measure", "kappa,pi"), "add --by-year for several"),
        (("USA", "RUS", "--absent", "maybe"), "value or drop"),
        (("USA", "RUS", "--measure", "kappa", "--absent", "value"), "identical"),
        (("USA", "RUS", "--from", "1950", "--to", "1960"), "votes of 1991-1994 only"),
        (("USA", "RUS", "--from", "1993", "--to", "1992"), "1993"),
        (("CHN", "FRA", "--from", "1993", "--to", "1993"), "not defined"),
    ],
)
def test_bad_input(run, long, words, told):
    ran = run("likeness", *words, "--data", long)
    assert ran.code == 2
    assert told in ran.err
    assert ran.out == ""
    assert ran.err.count("\n") == 1


def test_without_votes_the_message_says_how_to_add_them(run):
    ran = run("likeness", "USA", "RUS")
    assert ran.code == 1
    assert "blocs data get unga" in ran.err
    with pytest.raises(MissingData):
        likeness("USA", "RUS")


def test_absence_cannot_be_a_value_where_nobody_says_who_was_absent(shared_free_unvotes):
    with pytest.raises(BadInput, match="who was absent"):
        likeness(
            "USA", "RUS", measure="identical", absent="value",
            evidence=Evidence(data=(str(shared_free_unvotes),)),
        )  # fmt: skip


@pytest.fixture
def shared_free_unvotes(tmp_path: Path) -> Path:
    """The unvotes package's tables, which hold no absences."""
    folder = tmp_path / "unvotes"
    folder.mkdir()
    (folder / "un_votes.csv").write_text(
        "rcid,country,country_code,vote\n3,United States,US,yes\n3,Russia,RU,no\n", "utf-8"
    )
    (folder / "un_roll_calls.csv").write_text(
        "rcid,session,importantvote,date,unres,amend,para,short,descr\n"
        "3,46,0,1991-10-01,R/1,0,0,A,B\n",
        "utf-8",
    )
    return folder


def test_kinds_of_error(long):
    data = Evidence(data=(str(long),))
    with pytest.raises(NoCoverage):
        likeness("USA", "BRA", evidence=data)
    with pytest.raises(UnknownName):
        likeness("USA", "Ruritania", evidence=data)
    for years in ({"from_": 2030}, {"to": 1900}):
        with pytest.raises(NoCoverage, match=r"holds votes of \d{4}-\d{4} only"):
            likeness("USA", "RUS", evidence=data, **years)


@pytest.mark.parametrize(
    ("day", "name"), [("1991-10-01", "Soviet Union"), ("1992-10-01", "Russia")]
)
def test_a_state_is_named_as_it_was_called_at_the_last_vote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, name: str
) -> None:
    path = tmp_path / "UNVotes.csv"
    path.write_text(
        f"rcid,ccode,vote,date,member,me\n1,2,1,{day},1,0\n1,365,3,{day},1,0\n", "utf-8"
    )
    with pytest.raises(SystemExit):
        main(["likeness", "USA", "RUS", "--data", str(path)])
    assert f"United States and {name}:" in capsys.readouterr().out
