"""The embedded pipeline: words, lemmas, trees, and what it weighs."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blocs.errors import BadInput, MissingExtra
from blocs.evidence import syntax
from blocs.evidence.syntax import MODEL, load_pipeline, parse_sentences
from blocs.evidence.syntax.lemmas import lemma
from blocs.evidence.syntax.untwisting import untwist


def parse(text):
    [tree] = parse_sentences([(text, 0)])
    return tree


def test_the_package_data_is_small_and_has_its_papers():
    folder = Path(syntax.__file__).parent
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 15_000_000
    assert "CC BY-SA" in (folder / "model/NOTICE").read_text()
    scores = json.loads((folder / "model/scores.json").read_text())
    assert scores["dep_las"] >= 0.82
    for name in ("config.cfg", "meta.json"):
        assert "/tmp" not in (folder / "model" / name).read_text()


def test_a_plain_sentence():
    tree = parse("North Korea sent soldiers to Russia in October.")
    verb = tree.words.index("sent")
    assert tree.deps[verb] == "root"
    assert tree.words[tree.child(verb, "nsubj")] == "Korea"
    assert tree.words[tree.child(verb, "obj")] == "soldiers"
    assert tree.case(tree.words.index("Russia")) == "to"


def test_offsets_are_exact_and_one_root():
    text = "Kyiv’s “partners” didn't say — so far."
    [tree] = parse_sentences([(text, 100)])
    assert all(
        text[a - 100 : b - 100] == w
        for a, b, w in zip(tree.begins, tree.ends, tree.words, strict=True)
    )
    assert sum(h == i for i, h in enumerate(tree.heads)) == 1


def test_the_same_text_gives_the_same_tree_in_any_company():
    text = "Iran supplied drones to Russia."
    alone = parse(text)
    among = list(parse_sentences([("Seoul met.", 0), (text, 0), ("What a long day it was.", 0)]))[1]
    assert (alone.heads, alone.deps, alone.tags) == (among.heads, among.deps, among.tags)


def test_endless_sentences_are_cut():
    trees = list(parse_sentences([("word " * 1000, 0)]))
    assert sum(map(len, trees)) == 1000
    assert max(map(len, trees)) <= 220


def test_glued_words_are_cut_where_told():
    [tree] = parse_sentences([("The WorldChina was", 0)], cuts=frozenset({9}))
    assert tree.words[1:3] == ("World", "China")


@pytest.mark.parametrize(
    ("form", "tag", "base"),
    [
        ("supplied", "VBD", "supply"),
        ("blamed", "VBD", "blame"),
        ("expelled", "VBD", "expel"),
        ("sent", "VBD", "send"),
        ("missiles", "NNS", "missile"),
        ("allies", "NNS", "ally"),
        ("threatening", "VBG", "threaten"),
        ("Kyiv", "NNP", "kyiv"),
        ("froze", "VBD", "freeze"),
        ("slain", "VBN", "slay"),
        ("freed", "VBN", "free"),
        ("upheld", "VBD", "uphold"),
        ("condemns", "VBD", "condemn"),  # a wrong tag
    ],
)
def test_lemmas(form, tag, base):
    assert lemma(form, tag) == base


def test_a_verb_hung_on_its_object_is_turned_round():
    words, tags = ("Cuba", "armed", "rebels"), ["NNP", "JJ", "NNS"]
    found = untwist(words, tags, [1, 2, 2], ["nsubj", "amod", "root"])
    assert found == (["NNP", "VBD", "NNS"], [1, 1, 1], ["nsubj", "root", "obj"])


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Turkey massed tanks along its border with Syria.", "massed"),
        ("President Robert Mugabe blamed Britain for his country's collapse.", "blamed"),
        ("Turkish troops crossed into northern Iraq on Wednesday.", "crossed"),
    ],
)
def test_the_only_verb_form_of_a_sentence_is_its_verb(text, verb):
    tree = parse(text)
    at = tree.words.index(verb)
    assert (tree.deps[at], tree.tags[at]) == ("root", "VBD")
    assert tree.child(at, "nsubj") is not None


@pytest.mark.parametrize(
    ("text", "verb", "noun", "label"),
    [
        ("Norway, Sweden and Denmark condemned Belarus.", "Norway", "Sweden", "conj"),
        ("Haiti has been promised 300 police officers by Kenya.", "promised", "Kenya", "obl:agent"),
        ("Recep Tayyip Erdogan accused Benjamin Netanyahu.", "accused", "Benjamin", "obj"),
        (
            "Russia bombed Aleppo and Idlib, and Turkey condemned it.",
            "bombed",
            "Aleppo",
            "obj",
        ),
        (
            "Egypt seized the Suez Canal, and Britain and France attacked it.",
            "attacked",
            "Britain",
            "nsubj",
        ),
    ],
)
def test_lists_and_agents_that_the_tree_lost_are_found_again(text, verb, noun, label):
    tree = parse(text)
    at = tree.words.index(noun)
    assert (tree.words[tree.heads[at]], tree.deps[at]) == (verb, label)


def test_a_day_is_no_agent():
    tree = parse("The troops were withdrawn by Friday.")
    assert "obl:agent" not in tree.deps


def test_a_noun_phrase_stays_one():
    tree = parse("Weapons supplied by Iran.")
    assert tree.deps[tree.words.index("Weapons")] == "root"


def test_a_model_that_is_not_there():
    with pytest.raises(BadInput, match="no spaCy model"):
        load_pipeline("no_such_model")


def _model(folder, *, tags=("NN", "NNP", "VBD", "VBN", "IN"), relations=(), pipes=2):
    import spacy

    nlp = spacy.blank("en")
    for name, labels in (("tagger", tags), ("parser", relations))[:pipes]:
        pipe = nlp.add_pipe(name)
        for label in labels:
            pipe.add_label(label)
    nlp.initialize()
    nlp.to_disk(folder)
    return str(folder)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({"pipes": 1}, "has no parser"),
        ({"pipes": 0}, "has no parser and no tagger"),
        ({"relations": ("nsubj", "dobj", "pobj", "prep")}, "parser .*lacks .*obj, obl"),
        (
            {
                "tags": ("NE", "VVFIN"),
                "relations": ("nsubj", "nsubj:pass", "obj", "obl", "case", "ccomp"),
            },
            "tagger .*lacks IN, NN",
        ),
    ],
)
def test_a_model_whose_trees_mean_something_else_is_refused(tmp_path, made, words):
    with pytest.raises(BadInput, match=words):
        load_pipeline(_model(tmp_path / "model", **made))


def test_a_damaged_model_is_told_from_a_fault_of_ours(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    (folder / "parser" / "model").write_text("damaged")
    with pytest.raises(BadInput, match="cannot be loaded"):
        load_pipeline(str(folder))


def test_a_copy_of_the_embedded_model_reads_alike(tmp_path):
    load_pipeline().to_disk(tmp_path / "model")
    sentence = [("Seoul protested against the launch.", 0)]
    own, ours = (list(parse_sentences(sentence, model=m)) for m in (str(tmp_path / "model"), ""))
    assert own == ours


def test_without_spacy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtra, match=r"blocs\[read\]"):
        load_pipeline.__wrapped__()


_SAID = ("said", ",", "has", "blaming", "killing", "to", "that", "Kyiv", "estimates", "by", ".")
_DEPS = (
    *("nsubj", "obj", "obl", "nmod", "conj", "appos", "amod", "acl", "advcl", "ccomp", "xcomp"),
    *("case", "mark", "nsubj:pass", "compound", "punct", "list", "aux:pass", "flat"),
)
_TAGS = ("NN", "NNS", "NNP", "VBD", "VBN", "VBG", "VB", "IN", "TO", "JJ", ",", "CD")


@st.composite
def twisted(draw: st.DrawFn) -> tuple[tuple[str, ...], list[str], list[int], list[str]]:
    n = draw(st.integers(2, 12))
    order = draw(st.permutations(range(n)))
    heads = [0] * n
    for place, i in enumerate(order):
        heads[i] = i if place == 0 else order[draw(st.integers(0, place - 1))]
    some = [draw(st.sampled_from(_SAID)) for _ in range(n)]
    tags = [draw(st.sampled_from(_TAGS)) for _ in range(n)]
    deps = ["root" if heads[i] == i else draw(st.sampled_from(_DEPS)) for i in range(n)]
    return tuple(some), tags, heads, deps


@given(twisted())
@settings(max_examples=500)
def test_a_tree_set_right_is_still_a_tree(
    given_: tuple[tuple[str, ...], list[str], list[int], list[str]],
) -> None:
    """One root, no ring: a ring once hung the reader for good."""
    _, heads, _ = untwist(*given_)
    n = len(heads)
    assert sum(h == i for i, h in enumerate(heads)) == 1
    for i in range(n):
        k, steps = i, 0
        while heads[k] != k and steps <= n:
            k, steps = heads[k], steps + 1
        assert steps <= n
