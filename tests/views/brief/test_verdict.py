"""The verdict in words: every sentence with a figure that the record holds too."""

from __future__ import annotations

import re

import pytest
from tests.known_groups import GROUPS, assessed, layer

from blocs.views.brief.verdict import HEADLINES

MOST = ("the four", "Nordic states", "no group", "Warsaw Pact", "Axis 1938", "two allies")


def sentence(name: str, words: str) -> str:
    return next(s.text for s in assessed(name).verdict.sentences if words in s.text)


@pytest.mark.parametrize("name", MOST)
def test_every_sentence_has_its_figure_and_says_where_it_is_from(name):
    found = assessed(name)
    anchors = {m.id for m in found.methods}
    for s in found.verdict.sentences:
        assert s.figure in s.text
        assert s.anchor in anchors
        assert s.source or s.figure == "not known"
        assert s.text.endswith(".")
        assert "nan" not in s.text.split()
        assert "None" not in s.text


@pytest.mark.parametrize("name", MOST)
def test_the_headline_says_the_grade_and_names_everybody(name):
    found = assessed(name)
    told = HEADLINES[found.verdict.grade].split("{reference}")[0].rpartition("{form}")[2]
    assert found.group.label in found.verdict.headline
    assert told.strip() in found.verdict.headline or found.verdict.grade == "not known"
    assert found.verdict.rules.endswith("axis.py")


def test_figures_in_words_are_the_figures_of_the_record():
    found = assessed("the four")
    votes = layer(found, "votes")
    text = sentence("the four", "more alike than")
    assert f"{100 * (votes.percentile or 0):.1f} %" in text
    assert f"{votes.residual:.2f}" in text
    assert f"{votes.low:.2f} to {votes.high:.2f}" in text
    assert f"{votes.items} roll calls" in text
    text = sentence("the four", "apart from")
    assert f"{found.reference.gap:.2f}" in text
    assert f"{len(found.reference.allies)} allies" in text


@pytest.mark.parametrize(
    ("name", "mostly"),
    [
        ("the four", "mostly shield"),
        ("Warsaw Pact", "mostly shield"),
        ("no group", "mostly counter-programme"),
        ("Nordic states", "mostly voting with the reference"),
    ],
)
def test_what_they_share_is_the_largest_class(name, mostly):
    """The Nordic states vote with the United States: that is no programme against them."""
    text = sentence(name, "What they share")
    assert mostly in text
    largest = max(m.value for m in assessed(name).motives.classes)
    shared = sum(m.value for m in assessed(name).motives.classes if m.name != "dissent")
    assert f"({largest:.2f} of the {shared:.2f} they share)" in text


def test_the_largest_of_several_small_parts_is_not_called_most_of_it():
    assert "in largest part, not mostly, shield" in sentence("five of BRICS", "What they share")


def test_a_named_group_forms_and_states_form():
    assert assessed("Warsaw Pact").verdict.headline.startswith("The Warsaw Pact forms ")
    assert "Russia form a front" in assessed("the four").verdict.headline


def test_an_axis_without_defence_says_what_binds_it_most():
    text = sentence("Axis 1938", "treaty of defence")
    assert text.endswith("the strongest obligation between members was neutrality or consultation.")


def test_the_four_are_said_to_be_older_than_2022_and_their_support_not():
    assert "older than 2022" in sentence("the four", "likeness is older")
    assert "since 2022 only" in sentence("the four", "Support")


def test_a_group_with_no_votes_says_so_and_says_no_more_of_votes():
    texts = [s.text for s in assessed("Axis 1938").verdict.sentences]
    assert "not known" in texts[0]
    assert not [t for t in texts if "What they share" in t or "apart from" in t]


def test_treaties_are_counted_among_the_pairs_that_are_known():
    assert "2 of 6 pairs" in sentence("the four", "treaty of defence")
    assert "28 of 28 pairs" in sentence("Warsaw Pact", "treaty of defence")
    assert "0 of 3 pairs" in sentence("Axis 1938", "treaty of defence")


@pytest.mark.parametrize("name", ["the four", "BRICS"])
def test_hindsight_forbids_a_test(name):
    text = assessed(name).verdict.hindsight
    assert "test nothing" in text
    assert ("sought each other out" in text) == bool(assessed(name).group.slug)


@pytest.mark.parametrize("name", MOST)
def test_what_would_change_it_names_another_grade(name):
    found = assessed(name)
    assert found.verdict.would_change
    for text in found.verdict.would_change:
        grades = re.findall(r"axis|star|front|none|not known", text.rsplit(":", 1)[1])
        assert grades
        assert found.verdict.grade not in grades


def test_every_known_group_has_an_answer():
    assert {assessed(n).verdict.grade for n in GROUPS if n in MOST} >= {"front", "none", "axis"}
