"""Scenario files: what is read, and how a fault is told."""

from __future__ import annotations

import polars as pl
import pytest

from blocs.actors import ids
from blocs.contracts import Evidence, Facts
from blocs.errors import BadInput, UnknownName
from blocs.evidence.almanac_facts import almanac_facts
from blocs.evidence.holdings import hold
from blocs.outlook.simulate import load_scenario, ready_scenarios
from blocs.outlook.simulation.chronicle import shock_in_words
from blocs.outlook.simulation.draft import _asked, _next_step, draft_scenario
from blocs.outlook.simulation.model import LEFT_OUT, SET_LOST, SET_RUNG
from blocs.outlook.simulation.parameters import DEFAULTS, LIMITS, NAMES
from blocs.outlook.simulation.scenario import Amount
from blocs.outlook.simulation.scenario_file import line_of, parse_scenario
from blocs.outlook.simulation.shocks import lay_shocks
from blocs.outlook.simulation.world import build_setting

GOOD = """
[scenario]
name = "one"
start = "2024-11"
months = 12

[[theatre]]
id = "UKR"
sides = [["RUS"], ["UKR"]]

[[supporter]]
theatre = "UKR"
state = "CHN"
side = 0
rung = "intelligence"
red_line = "munitions"

[[shock]]
at = 2
set = "ladder.UKR.CHN.rung"
to = "weapons"

[compare]
without = "shock[0]"
"""


def test_a_file_is_read_as_it_is_written():
    found = parse_scenario(GOOD)
    assert (found.scenario.months, found.scenario.seed) == (12, 0)
    assert found.supporter[0].red_line == "munitions"
    assert found.compare is not None
    assert found.compare.index == 0
    assert found.theatre[0].ratio == Amount(value=1.3, range=(1.1, 1.6))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('side = 0', 'side = 2', 14, "<= 1"),
        ('side = 0', 'sidde = 0', 14, "sidde"),
        ('rung = "intelligence"', 'rung = "inteligence"', 15, "intelligence"),
        ('theatre = "UKR"\nstate', 'theatre = "UKA"\nstate', 12, "UKR"),
        ('months = 12', 'months = "long"', 5, "int"),
        ('months = 12', 'months = 0', 5, ">= 1"),
        ('start = "2024-11"', 'start = "last year"', 4, "YYYY"),
        ('without = "shock[0]"', 'without = "shock[3]"', 24, "1 shocks"),
        ('id = "UKR"', 'id = "UKR"\nratio = {}', 9, "value"),
        ('id = "UKR"', 'id = "UKR"\nratio = { range = [2, 1] }', 9, "wrong way"),
        ('side = 0', 'side = 0\npatron = "IRN"', 15, "no supporter"),
        ('months = 12', 'month = 12', 5, "did you mean months"),
        ('"CHN"', '"Ruritania"', 13, "Ruritania"),
        ('"CHN"', '"DDR"', 13, "no state in 2024"),
        ('sides = [["RUS"]', 'sides = [["RUX"]', 9, "RUX"),
        ('at = 2', 'at = 12', 19, "the last is 11"),
        ("ladder.UKR.CHN.rung", "ladder.UKR.IRN.rung", 20, "UKR.CHN"),
        ("ladder.UKR.CHN.rung", "weather.UKR", 20, "pull.STATE.STATE"),
        ("ladder.UKR.CHN.rung", "bloc.Ruritania", 20, "Ruritania"),
        ('to = "weapons"', 'to = "words"', 21, "munitions"),
        ('[compare]', '[vary]\n"ladder.raect" = { range = [0, 1] }\n[compare]', 24, "ladder.react"),
        ('start = "2024-11"', 'start = "1700-01"', 4, "1816"),
        ('[compare]', '[parameters]\n"events.fast_days" = 0\n[compare]', 24, "give 1 to"),
        ('[compare]', '[parameters]\n"events.own_fast" = -0.1\n[compare]', 24, "give 0 to 1"),
        ('[compare]', '[vary]\n"alignment.review" = { range = [0, 3] }\n[compare]', 24, "0 to 1"),
        ('[compare]', '[parameters]\n"ladder.need" = nan\n[compare]', 24, "nan cannot be"),
        ('id = "UKR"', 'id = "UKR"\nratio = 0', 9, "0.01 to 100"),
        ('id = "UKR"', 'id = "UKR"\nfront_km2_month = inf', 9, "inf cannot be"),
        ('side = 0', 'side = 0\ntaboo = { range = [0, inf] }', 15, "inf cannot be"),
        ('[compare]', '[parameters]\n"events.own_fast" = 0.4\n"events.back_slow" = 0.6\n[compare]',
         25, "add to 1 further events"),
        ('[compare]', '[vary]\n"events.own_fast" = { range = [0, 0.9] }\n[parameters]\n'
         '"events.own_slow" = 0.3\n[compare]', 24, "less than 1"),
        ('start = "2024-11"', 'start = "2095-01"', 4, "start by 2034"),
        ('[compare]', '[vary]\n"ladder.need" = 3\n"ladder.react" = { range = [2, 1] }\n[compare]',
         24, "vary.ladder.need"),
        ('[compare]', '[vary]\n"ladder.react" = { range = [2, 1] }\n[compare]', 24, "wrong way"),
        ('[compare]', '[parameters]\n"ladder.need" = {}\n[compare]', 24, "value"),
        ('[compare]', '[parameters]\nladder.need = 1\n[compare]', 24, '"ladder.need" = '),
        ('[compare]', '[parameters]\n"ladder.need" = 1\n[vary]\n"ladder.need" = '
         '{ range = [0, 1] }\n[compare]', 26, "[parameters] too"),
        ('without = "shock[0]"', 'without = "shock0"', 24, 'write "shock[0]"'),
        ('[["RUS"], ["UKR"]]', '[["RUS"], ["Russia"]]', 9, "Russia stands on both sides"),
        ('[[theatre]]', '[alignment]\ngroup = ["CHN", "China"]\n[[theatre]]', 8, "twice"),
        ('[[theatre]]', '[alignment]\ngroup = ["CHN", "USA"]\n[[theatre]]', 8, "reference"),
        ('[[theatre]]', '[alignment]\ngroup = []\n[[theatre]]', 8, "at least one state"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(old, new, line, says):
    assert GOOD.count(old) == 1
    with pytest.raises(BadInput, match=rf"mine\.toml, line {line}: ") as told:
        parse_scenario(GOOD.replace(old, new), name="mine.toml")
    assert says in str(told.value)


def test_memories_that_explode_with_those_the_file_leaves_alone_are_refused(evidence):
    text = GOOD.replace("[compare]", '[parameters]\n"events.own_fast" = 0.9\n[compare]')
    with pytest.raises(BadInput, match=r"events.own_fast 0\.9.*less than 1"):
        build_setting(parse_scenario(text), evidence)
    assert build_setting(parse_scenario(text.replace("0.9", "0.1")), evidence)


def test_broken_toml_is_told_as_the_parser_tells_it():
    with pytest.raises(BadInput, match=r"end of document.*blocs simulate new"):
        parse_scenario("[scenario]\nname = ")
    with pytest.raises(BadInput, match=r"missing required field.*blocs simulate new"):
        parse_scenario("")


def test_every_parameter_has_limits_and_its_default_keeps_them():
    assert set(LIMITS) == set(NAMES)
    for p in DEFAULTS:
        low, high = LIMITS[p.name]
        assert low <= p.low <= p.value <= p.high <= high


def test_lines_are_found_in_repeated_tables():
    text = "[[a]]\nx = 1\n[[a]]\ny = 2\nx = 3\n"
    assert line_of(text, ".a[1].x") == 5
    assert line_of(text, ".a[5].x") is None
    assert line_of(text, "") is None


@pytest.fixture(scope="module")
def evidence():
    return hold(data=Evidence().data).with_almanac()


def test_a_patron_stands_on_the_same_side_however_it_is_spelt(evidence):
    more = """
[[supporter]]
theatre = "UKR"
state = "Iran"
side = {side}
patron = "China"
"""
    setting = build_setting(parse_scenario(GOOD + more.format(side=0)), evidence)
    assert setting.world.supporters.patron.tolist() == [-1, 0]
    assert setting.supporters[1] == ("UKR", "IRN")
    with pytest.raises(BadInput, match="other side"):
        parse_scenario(GOOD + more.format(side=1))
    with pytest.raises(BadInput, match="twice"):
        parse_scenario(GOOD + more.replace("Iran", "China").format(side=0))


def test_the_other_world_lacks_the_shock_alone(evidence):
    more = GOOD + '\n[[shock]]\nat = 0\nset = "trade.RUS.lost"\nto = 0.5\n'
    setting = build_setting(parse_scenario(more), evidence)
    assert setting.without is not None
    assert setting.world.shocks.kind.tolist() == [SET_LOST, SET_RUNG]
    assert setting.without.shocks.kind.tolist() == [SET_LOST, LEFT_OUT]


def test_shocks_come_in_order_of_months_whatever_the_file_s():
    text = GOOD + '\n[[shock]]\nat = 1\nset = "bloc.CHN"\nto = "neither"\n'
    rows = lay_shocks(parse_scenario(text), lambda name: {"CHN": 7}[name])
    assert rows.month.tolist() == [1, 2]
    assert rows.subject.tolist() == [7, 0]
    assert rows.value.tolist() == [2.0, 6.0]


def test_a_world_is_filled_from_what_is_known_then(evidence):
    setting = build_setting(parse_scenario(GOOD), evidence)
    bloc = dict(zip(setting.actors, setting.world.states.bloc.tolist(), strict=True))
    assert (bloc["USA"], bloc["DEU"], bloc["CHN"], bloc["RUS"], bloc["IND"]) == (0, 0, 1, 1, 2)
    states = setting.world.states
    assert (states.pull[states.twin] == states.pull).all()
    assert abs(states.pull).max() <= 1
    dyads, half = setting.world.dyads, len(setting.world.dyads.rate) // 2
    assert (dyads.sender[:half] == dyads.receiver[half:]).all()
    names = [p.name for p in setting.parameters]
    assert names[setting.world.supporters.taboo_at[0]] == "taboo.UKR.CHN"
    assert names[setting.world.theatres.ratio_at[0]] == "ratio.UKR"
    fitted = next(p for p in setting.parameters if p.name == "ladder.up_weapons")
    assert fitted.source.startswith("fitted(")
    assert fitted.low < fitted.value < fitted.high


def test_ready_scenarios_and_the_draft_are_scenarios(evidence):
    assert set(ready_scenarios()) == {"troops", "red-line", "arms-kyiv", "sanctions", "wedge"}
    for name in ready_scenarios():
        plan = load_scenario(name)
        assert plan.compare is not None
        assert lay_shocks(plan, {a: i for i, a in enumerate(ids())}.__getitem__).kind.all()
    draft = parse_scenario(draft_scenario())
    assert {s.state for s in draft.supporter} >= {"CHN", "PRK", "IRN", "USA", "DEU"}
    assert build_setting(draft, evidence).supporters


def test_an_unknown_scenario_names_the_ready_ones():
    with pytest.raises(UnknownName, match="troops"):
        load_scenario("trops")


def test_the_draft_leaves_other_wars_out():
    elsewhere = [f"{a}>ISR" for a in ("USA", "GBR", "FRA", "DEU", "ITA", "NLD", "CAN", "AUS")]
    rows = almanac_facts().spells.filter(pl.col("kind") == "support").head(1)
    spells = pl.concat(
        [
            rows.with_columns(sender=pl.lit(pair[:3]), receiver=pl.lit(pair[4:]))
            for pair in elsewhere
        ]
    )
    assert draft_scenario(supports=(Facts(spells=spells),)) == draft_scenario()


def test_the_draft_asks_about_the_nearest_red_line_and_names_its_records():
    plan, text = parse_scenario(draft_scenario()), draft_scenario()
    assert len(plan.shock) == 1
    assert plan.shock[0].at < plan.scenario.months
    asked = plan.shock[0].set.split(".")[2]
    (row,) = [s for s in plan.supporter if s.state == asked]
    assert plan.shock[0].to != row.rung
    assert text.count("almanac/support:") == len(plan.supporter)


def test_the_next_step_is_nearest_below_a_red_line_then_lowest_on_the_foes_side():
    schema = ["state", "side", "rung", "record"]
    rows = [("AAA", "UKR", 2, "a"), ("BBB", "RUS", 3, "b"), ("CCC", "RUS", 6, "c")]
    frame = pl.DataFrame([*rows, ("DDD", "RUS", 7, "d")], schema=schema, orient="row")
    lines = {"AAA": "munitions", "CCC": "troops", "BBB": "economic"}
    assert _next_step(frame, lines, "RUS")["state"].to_list() == ["CCC"]
    assert _next_step(frame, {}, "RUS")["state"].to_list() == ["BBB"]
    assert _next_step(frame.tail(1), {}, "RUS").is_empty()
    assert _asked(frame.clear(), "UKR", "RUS")[:2] == ("events.RUS.UKR", "5")


@pytest.mark.parametrize(
    ("sets", "to", "told"),
    [
        ("ladder.UKR.CHN.rung", '"troops"', "China is put on troops in UKR"),
        ("ladder.UKR.China.red_line", '"none"', "the red line of China in UKR is put at none"),
        ("trade.RUS.lost", "0.25", "Russia loses 25% of its trade to sanctions"),
        ("bloc.IRN", '"neither"', "Iran is put in neither bloc"),
        ("pull.RUS.CHN", "-0.5", "the pull between Russia and China is put at -0.5"),
        ("events.RUS.UKR", "5", "5 hostile events' worth between Russia and Ukraine"),
    ],
)
def test_every_form_of_shock_is_told_in_words(sets, to, told):
    plan = parse_scenario(
        GOOD.replace('"ladder.UKR.CHN.rung"', f'"{sets}"').replace('to = "weapons"', f"to = {to}")
    )
    assert shock_in_words(plan.shock[0], plan) == told
