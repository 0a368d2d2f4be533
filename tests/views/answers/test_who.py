"""`blocs who`: a name or a code, and the state it means."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blocs.views.answers.who import who

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        (["Korea, North"], "PRK"),
        (["260", "--system", "gw", "--at", "1985"], "DEU"),
        (["USSR"], "RUS"),
        (["GDR"], "DDR"),
        (["Yugoslavia", "--at", "1980"], "YUG"),
        (["Yugoslavia", "--at", "1999-06"], "SRB"),
        (["NA", "--system", "iso2"], "NAM"),
        (["Allemagne"], "DEU"),
        (["北朝鮮"], "PRK"),
        (["345", "--system", "cow", "--at", "1970-01-01"], "YUG"),
        (["Vietnam, Republic of", "--at", "1970"], "XVS"),
        (["Китай"], "CHN"),
        (["北朝鲜"], "PRK"),
        (["كوريا الشمالية"], "PRK"),
        (["Корея", "--at", "1890"], "XKO"),
        (["KN", "--system", "fips"], "PRK"),
        (["KN", "--system", "iso2"], "KNA"),
        (["364", "--system", "polity", "--at", "1950"], "RUS"),
        (["DEU", "--system", "cameo"], "DEU"),
        (["SUN", "--system", "iso3_withdrawn"], "RUS"),
        (["Ivory", "Coast"], "CIV"),
        (["CONGO", "--system", "undl", "--at", "1980"], "COG"),
        (["SERBIAMONTENEGRO", "--system", "undl"], "SRB"),
    ],
)
def test_names_and_codes_mean_one_state(run: Run, words: list[str], actor: str) -> None:
    ran = run("who", *words, "--json")
    assert (ran.code, ran.json["actor"]) == (0, actor)


@pytest.mark.parametrize("name", ["Korea", "Корея", "Corée", "Corea", "Coreia", "Kore"])
def test_a_name_of_two_states_is_refused_with_both(run: Run, name: str) -> None:
    ran = run("who", name)
    assert (ran.code, ran.out) == (2, "")
    assert "South Korea (KOR), North Korea (PRK); give the code" in ran.err


def test_json_holds_codes_names_spells_and_kin(run: Run) -> None:
    facts = run("who", "DDR", "--json").json
    assert facts["schema"] == "blocs.who/1"
    assert facts["name"] == "East Germany"
    codes = {(c["system"], c["code"]) for c in facts["codes"]}
    assert {("cow", "265"), ("gw", "265"), ("iso3_withdrawn", "DDR")} <= codes
    assert facts["spells"] == [{"start": "1954-03-25", "end": "1990-10-03"}]
    assert facts["successors"] == ["DEU"]


def test_groups_are_those_of_the_date(run: Run) -> None:
    def groups(at: str) -> dict[str, str]:
        rows = run("who", "POL", "--at", at, "--json").json["groups"]
        return {row["group"]: row["rank"] for row in rows}

    assert groups("1980")["warsaw_pact"] == "member"
    assert "nato" not in groups("1980")
    assert groups("2004")["nato"] == "member"
    now = run("who", "POL", "--json").json["groups"]
    assert {row["group"] for row in now} >= {"nato", "eu"}
    assert all(row["source"] for row in now)


def test_a_state_before_its_time_says_so(run: Run) -> None:
    ran = run("who", "UKR", "--at", "1950")
    assert "not on 1950" in ran.out
    assert run("who", "UKR", "--at", "1950", "--json").json["existed"] is False


def test_the_terminal_shows_it_at_a_glance(run: Run) -> None:
    out = run("who", "PRK").out
    assert out.startswith("North Korea (PRK)\n")
    assert "capital Pyongyang" in out
    assert "since 1948-09-09" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "say whom"),
        (["Congo"], "can mean DR Congo (COD), Congo-Brazzaville (COG)"),
        (["345", "--system", "cow"], "give a date"),
        (["Russsia"], "did you mean Russia"),
        (["999", "--system", "cow"], "unknown cow code '999'"),
        (["2", "--system", "cowx"], "unknown code system 'cowx'"),
        (["CHN", "--at", "last year"], "is not a date; write YYYY"),
        (["CHN", "--at", "2023-02-30"], "is not a day of the calendar"),
        ([""], "unknown state ''"),
    ],
)
def test_bad_input_exits_with_2_and_a_next_step(run: Run, words: list[str], said: str) -> None:
    ran = run("who", *words)
    assert ran.code == 2
    assert said in ran.err


def test_csv_lists_the_codes(run: Run) -> None:
    lines = run("who", "CHN", "--csv").out.splitlines()
    assert lines[0] == "system,code,start,end"
    assert "cow,710,1860-10-25," in lines


def test_every_actor_has_an_answer() -> None:
    from blocs import actors

    for actor in actors.ids():
        assert who(actor).actor == actor


def test_it_runs_as_a_program(home: Path) -> None:
    command = [sys.executable, "-m", "blocs", "who", "Korea, North"]
    env = {**os.environ, "BLOCS_PROJECT": str(home), "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("North Korea (PRK)")
