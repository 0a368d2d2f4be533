"""`blocs forecast` as a user runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest
from tests.outlook.events import told, write_split

import blocs
from blocs.errors import BadInput, MissingData, UnknownName
from blocs.views.cli import main

ROWS = told(2)
CUTS = (40, 50)


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("split")
    return folder, write_split(folder, ROWS, CUTS)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["forecast", *words])
    out, err = capsys.readouterr()
    return int(str(left.value.code)), out, err


def csv(folder: Path, rows: np.ndarray, name: str = "mine.csv") -> Path:
    """Write events as a plain file of words and dates."""
    days = pl.DataFrame({"d": rows[:, 3]}).select(pl.date(2020, 1, 1) + pl.duration(days="d"))
    lines = [
        f"S{s},act {r},S{o},{day}"
        for (s, r, o, _), day in zip(rows.tolist(), days.to_series(), strict=True)
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("method", ["recurrency", "rules", "evidence"])
def test_evaluate_gives_the_figures_promised(
    capsys: pytest.CaptureFixture[str],
    split: tuple[Path, list[str]],
    tmp_path: Path,
    method: str,
) -> None:
    page, table = tmp_path / "page.html", tmp_path / "ranks.csv"
    words = ["evaluate", *split[1], "--method", method, "--step", "single", "-q"]
    code, out, _ = run(capsys, *words, "--json", "-o", str(page))
    found = json.loads(out)
    assert code == 0
    assert {"mrr", "hits1", "hits3", "hits10", "n", "seconds", "peak_mb"} <= set(found)
    assert found["n"] == 2 * found["events"]["test"] == 2 * (ROWS[:, 3] >= CUTS[1]).sum()
    assert 0 < found["hits1"] <= found["mrr"] <= 100
    assert found["hits1"] <= found["hits3"] <= found["hits10"] <= 100
    assert "calibration error" in page.read_text()
    assert run(capsys, *words, "-o", str(table))[0] == 0
    ranks = pl.read_csv(table)["rank"].to_numpy()
    assert 100 * np.mean(1 / ranks) == pytest.approx(found["mrr"], abs=1e-3)
    again = json.loads(run(capsys, *words, "--json")[1])
    assert again["fitted_before"]
    assert again["mrr"] == found["mrr"]


def test_multi_step_knows_nothing_of_the_test(
    capsys: pytest.CaptureFixture[str], split: tuple[Path, list[str]], tmp_path: Path
) -> None:
    """Ranks of the last day are the same whatever the test's earlier days held."""
    day = int(ROWS[-1, 3])
    fewer = ROWS[(ROWS[:, 3] < CUTS[1]) | (ROWS[:, 3] == day)]
    tables = []
    for name, rows in (("all", ROWS), ("fewer", fewer)):
        folder = tmp_path / name
        folder.mkdir()
        options = write_split(folder, rows, CUTS)
        path = folder / "ranks.csv"
        words = ("evaluate", *options, "--step", "multi", "--ranks-only", "-q", "-o", str(path))
        assert run(capsys, *words)[0] == 0
        table = pl.read_csv(path)
        tables.append(table.filter(pl.col("on") == f"time {24 * day}")["rank"].to_list())
    assert tables[0] == tables[1]
    assert tables[0]


def test_files_in_the_wrong_order_or_of_two_versions_are_refused(
    capsys: pytest.CaptureFixture[str], split: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder, options = split
    swapped = ["--train", options[5], "--valid", options[3], "--test", options[1]]
    code, _, err = run(capsys, "evaluate", *swapped)
    assert code == 2
    assert "history must come before what is forecast" in err
    for name in ("train", "valid", "test"):
        (tmp_path / f"{name}.txt").write_text((folder / f"{name}.txt").read_text())
    (tmp_path / "entity2id.txt").write_text("\n".join(f"actor {i}\t{i}" for i in range(9)))
    mixed = [*options[:2], "--valid", str(tmp_path / "valid.txt"), *options[4:]]
    code, _, err = run(capsys, "evaluate", *mixed)
    assert code == 2
    assert "must not be mixed" in err
    assert run(capsys, "evaluate", *options, "--method", "rule")[0] == 2
    assert run(capsys, "evaluate", *options, "--step", "double")[0] == 2


def test_next_gives_dated_forecasts_with_reasons_and_resolve_scores_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    known = ROWS[ROWS[:, 3] < 55]
    data, project = csv(tmp_path, known), str(tmp_path / "project")
    code, out, _ = run(
        capsys,
        *("next", "--sender", "S1", "-k", "8", "--data", str(data), "--project", project, "--json"),
    )
    found = json.loads(out)
    assert code == 0
    assert found["known_until"] == "2020-02-24"
    assert [f["rank"] for f in found["forecasts"]] == list(range(1, len(found["forecasts"]) + 1))
    probs = [f["prob"] for f in found["forecasts"]]
    assert probs == sorted(probs, reverse=True)
    assert all(0 <= p <= 1 for p in probs)
    lines = data.read_text().splitlines()
    for f in found["forecasts"]:
        assert f["on"] == "2020-02-25"
        assert f["reasons"]
        for reason in f["reasons"]:
            told_ = lines[int(reason["event_id"].split(":")[1]) - 1].split(",")
            expected = [reason[k] for k in ("sender", "relation", "receiver", "date")]
            assert told_ == expected
    code, out, _ = run(capsys, "resolve", "--data", str(data), "--project", project, "--json")
    early = json.loads(out)
    assert (len(early["resolved"]), early["still_open"]) == (0, len(probs))
    elsewhere = tmp_path / "elsewhere.csv"  # another source, that begins after the day forecast
    elsewhere.write_text("S1,190,S2,2021-01-01\nS1,190,S2,2021-01-02\n")
    other = ("resolve", "--data", str(elsewhere), "--project", project, "--json")
    assert json.loads(run(capsys, *other)[1])["still_open"] == len(probs)
    elsewhere.write_text("S1,190,S2,2019-01-01\nS1,190,S2,2021-01-02\n")
    assert json.loads(run(capsys, *other)[1])["still_open"] == len(probs)
    later = csv(tmp_path, ROWS, "later.csv")
    late = json.loads(
        run(capsys, "resolve", "--data", str(later), "--project", project, "--json")[1]
    )
    came = {tuple(row[:3]) for row in ROWS.tolist() if row[3] == 55}
    for f in late["resolved"]:
        triple = (int(f["sender"][1:]), int(f["relation"][4:]), int(f["receiver"][1:]))
        assert f["outcome"] == (triple in came)
        assert f["brier"] == pytest.approx((f["prob"] - f["outcome"]) ** 2)
    assert late["scores"]["n"] == len(probs)
    code, out, _ = run(capsys, "list", "--project", project, "--csv")
    assert code == 0
    assert out.count("\n") == len(probs) + 1


def test_who_will_do_it_to_someone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    data = csv(tmp_path, ROWS)
    words = ["next", "--receiver", "S1", "--relation", "act 1", "--trial", "--data", str(data)]
    found = json.loads(run(capsys, *words, "--json", "--project", str(tmp_path / "p"))[1])
    assert {(f["receiver"], f["relation"]) for f in found["forecasts"]} == {("S1", "act 1")}
    assert not (tmp_path / "p" / "forecasts.json").exists()


def test_the_banner_tells_until_when_events_are_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _, out, _ = run(capsys, "next", "--sender", "S1", "--data", str(csv(tmp_path, ROWS)), "-q")
    assert out.startswith("Events known until 2020-02-29; nothing later was used.")


def test_unknown_names_bring_the_nearest(tmp_path: Path) -> None:
    evidence = blocs.Evidence(data=(str(csv(tmp_path, ROWS)),))
    with pytest.raises(UnknownName, match="act 1"):
        blocs.forecast.next_events(sender="S1", relation="akt 1", evidence=evidence)
    with pytest.raises(UnknownName, match="actor in these events"):
        blocs.forecast.next_events(sender="Gondor", evidence=evidence)
    with pytest.raises(BadInput, match="--sender or a --receiver"):
        blocs.forecast.next_events(evidence=evidence)
    with pytest.raises(UnknownName, match="recurrency"):
        blocs.forecast.fit(method="recurency", evidence=evidence)


def test_too_little_is_told(tmp_path: Path) -> None:
    one = csv(tmp_path, ROWS[:1])
    with pytest.raises(BadInput, match="two days or more"):
        blocs.forecast.fit(evidence=blocs.Evidence(data=(str(one),)))
    two = csv(tmp_path, ROWS[ROWS[:, 3] < 2])
    with pytest.raises(BadInput, match="nothing to learn from"):
        blocs.forecast.fit(method="evidence", evidence=blocs.Evidence(data=(str(two),)))
    with pytest.raises(MissingData, match="add an event data set"):
        blocs.forecast.fit()
    with pytest.raises(BadInput, match="keeps no forecast"):
        blocs.forecast.resolve()


def test_events_of_the_projects_own_tables_are_forecast(
    tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = shared / "data" / "icews_events" / "events.2018.sample.tab.gz"
    project = str(tmp_path / "project")
    with pytest.raises(SystemExit):
        main(["data", "add", "icews", str(sample), "--project", project, "-q"])
    capsys.readouterr()
    code, out, _ = run(capsys, "fit", "--project", project, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["last"].startswith("2018-06")
    assert any("name only one actor" in note for note in found["notes"])
    again = json.loads(run(capsys, "fit", "--project", project, "--json")[1])
    assert again["fitted_before"]


def test_a_fit_is_found_again_by_its_input_alone(tmp_path: Path) -> None:
    data = csv(tmp_path, ROWS)
    evidence = blocs.Evidence(data=(str(data),), project=tmp_path / "project")
    first = blocs.forecast.fit(method="recurrency", evidence=evidence)
    second = blocs.forecast.fit(method="recurrency", evidence=evidence)
    assert (first.fitted_before, second.fitted_before) == (False, True)
    other = blocs.Evidence(data=(str(csv(tmp_path, ROWS[:-3])),), project=tmp_path / "project")
    assert not blocs.forecast.fit(method="recurrency", evidence=other).fitted_before
    assert msgspec.to_builtins(second)["seconds"] == first.seconds


def test_without_lightgbm_evidence_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['lightgbm'] = None\n"
        "from blocs.views.cli import main\n"
        f"main(['forecast', 'fit', '--method', 'evidence', '--data', {str(csv(tmp_path, ROWS))!r}])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert re.search(r"install blocs\[outlook\], or use --method rules", ran.stderr)
