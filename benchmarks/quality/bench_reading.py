"""How well the reader reads: one table over the labelled sets in ``../shared`` (BLOCS_SHARED).

PLOVER's gold sentences and some of our own; PETRARCH's unit records too; then attributions
(PolNeAR) and trees (EWT) as well.
Nothing here is tuned at run time; the sets are only read.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.contract import Figure, Size, alone, needed
from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_sentences
from blocs.evidence.reading.petrarch import Dictionaries, read_dictionaries
from blocs.evidence.reading.tokens import cut_words

OWN = Path(__file__).resolve().parents[1] / "data/sentences.tsv"
OLD_TYPES = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "FIGHT": "ASSAULT",
}


@dataclass(slots=True)
class Score:
    """True positives, false positives, false negatives, and cases that went wrong."""

    hit: int = 0
    extra: int = 0
    missed: int = 0
    wrong: list[str] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Set[Any], got: Set[Any], case: str = "") -> None:
        """Count one case."""
        self.hit += len(gold & got)
        self.extra += len(got - gold)
        self.missed += len(gold - got)
        if gold != got and case:
            self.wrong.append(case)
            self.causes[cause(gold, got)] += 1

    def f1(self) -> float:
        """Return F1."""
        return 2 * self.hit / max(1, 2 * self.hit + self.extra + self.missed)

    def row(self) -> str:
        """Return precision, recall and F1."""
        p = self.hit / max(1, self.hit + self.extra)
        r = self.hit / max(1, self.hit + self.missed)
        return f"{p:.3f} {r:.3f} {self.f1():.3f}"


def cause(gold: Set[Any], got: Set[Any]) -> str:
    """Say in what way the pairs of a case went wrong."""
    if not got:
        return "nothing found"
    if not gold:
        return "an act where none is meant"
    if got > gold:
        return "a pair too many"
    if got < gold:
        return "a pair too few"
    ends = [{pair[k] for pair in pairs} for pairs in (gold, got) for k in (0, 1)]
    if ends[0] == ends[2]:
        return "whom: another target"
    return "who: another source" if ends[1] == ends[3] else "both ends differ"


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON lines file."""
    with path.open(encoding="utf-8") as handle:
        yield from (json.loads(line) for line in handle)


def main_dyads(
    text: str, day: str, dictionaries: Dictionaries | None = None
) -> tuple[set[tuple[str, str]], str]:
    """Return country dyads and PLOVER type of the main act of each sentence."""
    article = open_article(text, date=date.fromisoformat(day))
    pairs: set[tuple[str, str]] = set()
    kind = ""
    for reading in read_sentences(article, dictionaries=dictionaries):
        for act in reading.acts[:1]:
            kind = kind or act.plover
            for s, t in act.dyads():
                pairs |= {(a[:3], b[:3]) for a in s.split("/") for b in t.split("/")}
    return pairs, kind


def bench_plover(shared: Path) -> tuple[Score, Score, float, int]:
    """Score PLOVER gold sentences: country dyads, the interstate ones, types; how many."""
    everything, interstate, types, n = Score(), Score(), 0, 0
    for case in lines(shared / "cases/reading/plover_gsr.jsonl"):
        got, kind = main_dyads(case["text"], case["date"])
        gold = {(e["source"][:3], e["target"][:3]) for e in case["events"]}
        everything.add(gold, got, case["case"])
        if any(a != b and "---" not in (a, b) for a, b in gold):
            interstate.add(gold, got)
        right = OLD_TYPES.get(case["plover"], case["plover"])
        types += kind == right
        n += 1
    return everything, interstate, types / n, n


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of our own: who did what to whom, written down before it was read."""

    held: bool
    day: str
    pairs: frozenset[tuple[str, str]]
    plover: str
    text: str


def own_sentences() -> list[Sentence]:
    """Return the sentences written for this project."""
    rows = (line.split("\t") for line in OWN.read_text("utf-8").splitlines() if line[0] != "#")
    return [
        Sentence(
            held=part == "held",
            day=day,
            pairs=frozenset((s, t) for s, t in (pair.split(">") for pair in pairs.split(","))),
            plover=plover,
            text=text,
        )
        for part, _, day, pairs, plover, text in rows
    ]


def bench_own(*, held: bool) -> tuple[Score, float, int]:
    """Score sentences of our own: country dyads, and the share of types that is right."""
    score, right = Score(), 0
    sentences = [s for s in own_sentences() if s.held == held]
    for one in sentences:
        got, kind = main_dyads(one.text, one.day)
        score.add(one.pairs, got, one.text)
        right += kind == one.plover
    return score, right / len(sentences), len(sentences)


def bench_petrarch(shared: Path) -> tuple[Score, int]:
    """Score PETRARCH unit records with their own dictionaries."""
    folder = shared / "cases/reading/petr_validate"
    texts = {
        k: (folder / f"PETR.Validate.{k}.txt").read_text("utf-8", "replace")
        for k in ("actors", "agents", "verbs")
    }
    found = read_dictionaries(texts["actors"], agents=texts["agents"], verbs=texts["verbs"])
    dictionaries = replace(found, alone=True)
    score, n = Score(), 0
    for case in lines(shared / "cases/reading/petr_unit.jsonl"):
        if case.get("expected_error"):
            continue
        got, _ = main_dyads(case["text"], case["date"], dictionaries)
        if case["config"].get("require_dyad") != "false":
            got = {p for p in got if "---" not in p}
        gold = {(e["source"][:3], e["target"][:3]) for e in case["events"]}
        score.add(gold, got, case["case"])
        n += 1
    return score, n


def bench_polnear(shared: Path) -> dict[str, Score]:
    """Score source, cue and content words of PolNeAR dev against the first annotator."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
    from polnear import read_articles

    scores = {"source": Score(), "cue": Score(), "content": Score()}
    for _, text, annotators in read_articles(shared / "corpora/polnear-dev.zip"):
        words = cut_words(text)
        got: dict[str, set[tuple[int, int]]] = {part: set() for part in scores}
        for reading in read_sentences(open_article(text)):
            tree = reading.tree
            for found in reading.attributions:
                for part, chosen in got.items():
                    chosen |= {(tree.begins[i], tree.ends[i]) for i in getattr(found, part)}
        for part, score in scores.items():
            spans = [s for g in annotators[0] for s in getattr(g, part)]
            gold = {w for w in words if any(w[0] < b and w[1] > a for a, b in spans)}
            score.add(gold, got[part] & set(words))
    return scores


def people_agree(shared: Path) -> dict[str, float]:
    """Score people against one another by the same count, where several read one article."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
    from polnear import read_articles

    scores = {"source": Score(), "cue": Score(), "content": Score()}
    for split in ("train", "dev"):
        for _, text, people in read_articles(shared / f"corpora/polnear-{split}.zip"):
            words = cut_words(text) if len(people) > 1 else []
            for part, score in scores.items():
                spans = [[s for g in person for s in getattr(g, part)] for person in people]
                chosen = [
                    {w for w in words if any(w[0] < b and w[1] > a for a, b in own)}
                    for own in spans
                ]
                for one, two in combinations(chosen, 2):
                    score.add(one, two)
    return {part: score.f1() for part, score in scores.items()}


def bench_trees(shared: Path) -> dict[str, float]:
    """Score trees on EWT dev with gold words: tags, UAS and LAS, punctuation left out."""
    import spacy
    from spacy.tokens import Doc

    from blocs.evidence.syntax import MODEL

    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))
    from treebanks import read_sentences as read_trees

    nlp = spacy.load(MODEL)
    gold = [s for _, s in read_trees(shared / "corpora/en_ewt-ud-dev.conllu.gz")]
    docs = [
        Doc(
            nlp.vocab,
            words=s.words,
            spaces=s.spaces,
            sent_starts=[k == 0 for k in range(len(s.words))],
        )
        for s in gold
    ]
    count: Counter[str] = Counter()
    for doc, s in zip(nlp.pipe(docs), gold, strict=True):
        for i, word in enumerate(doc):
            count["tags"] += 1
            count["tag"] += word.tag_ == s.tags[i]
            if s.deps[i] == "punct":
                continue
            count["n"] += 1
            head = word.head.i == s.heads[i]
            count["uas"] += head
            count["las"] += head and word.dep_ == s.deps[i]
            count["plain"] += head and word.dep_.split(":")[0] == s.deps[i].split(":")[0]
    return {
        "tag accuracy": count["tag"] / count["tags"],
        "UAS": count["uas"] / count["n"],
        "LAS": count["las"] / count["n"],
        "LAS without subtypes": count["plain"] / count["n"],
    }


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Score the sets of a size."""
    needed(shared / "cases/reading")
    scored = partial(Figure, unit="F1", better="more", told=True)
    score, between, types, n = bench_plover(shared)
    yield scored(
        name="PLOVER gold, country dyads", value=score.f1(), goal=0.75, peer=0.417,
        peer_is="first state named to the second",
        note=f"n {n}; P R F1 {score.row()}; {wrong(score)}",
    )  # fmt: skip
    yield scored(
        name="PLOVER gold, between states", value=between.f1(), goal=0.88, peer=0.738,
        peer_is="first state named to the second", note=f"P R F1 {between.row()}",
    )  # fmt: skip
    yield Figure(
        name="PLOVER gold, type", value=types, unit="accuracy", better="more", goal=0.70,
        note=f"n {n}",
    )  # fmt: skip
    for held, called in ((True, "own sentences, held out"), (False, "own sentences, seen")):
        score, right, n = bench_own(held=held)
        yield scored(
            name=f"{called}, country dyads", value=score.f1(),
            note=f"n {n}; P R F1 {score.row()}; type right {right:.3f}; {wrong(score)}",
        )  # fmt: skip
    if size == "toy":
        return
    score, n = bench_petrarch(shared)
    yield scored(
        name="PETRARCH unit records, country dyads", value=score.f1(), goal=0.70, peer=0.697,
        peer_is="PETRARCH2", note=f"n {n}; P R F1 {score.row()}; {wrong(score)}",
    )  # fmt: skip
    if size == "usual":
        return
    goals = {"source": 0.75, "cue": 0.80, "content": 0.80}
    people = people_agree(shared)
    for part, score in bench_polnear(shared).items():
        yield Figure(
            name=f"PolNeAR dev, {part} words", value=score.f1(), unit="F1", better="more",
            goal=goals[part], peer=people[part],
            peer_is="people against one another, on the 18 articles several of them read",
            note=f"P R F1 {score.row()}",
        )  # fmt: skip
    for name, value in bench_trees(shared).items():
        yield Figure(
            name=f"EWT dev, {name}", value=value, unit="share", better="more",
            goal=0.82 if name == "LAS" else None, note="gold words",
        )  # fmt: skip


def wrong(score: Score) -> str:
    """Say in what ways the pairs went wrong."""
    return "wrong: " + ", ".join(f"{n} {cause}" for cause, n in score.causes.most_common())


if __name__ == "__main__":
    alone(measure)
