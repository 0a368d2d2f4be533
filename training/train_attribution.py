"""Train the attribution models on PolNeAR: is this word a cue, and who and what belongs to it.

Run: ``python training/train_attribution.py OUT.tsv.gz --corpora FOLDER``. About ten minutes on
one core; needs scikit-learn. Each model is a logistic regression over readable string features;
weights under a small threshold are dropped.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from polnear import Gold, Spans, read_articles
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from blocs.evidence.articles import open_article
from blocs.evidence.reading import attribution
from blocs.evidence.reading.quoted import mark_quotes
from blocs.evidence.syntax import Tree, parse_sentences


def trees_of(text: str) -> list[Tree]:
    """Parse an article."""
    article = open_article(text)
    return list(parse_sentences([(text[a:b], a) for a, b in article.sentences]))


def inside(tree: Tree, spans: Spans) -> list[int]:
    """Return the words that lie in some spans."""
    return [
        i
        for i in range(len(tree))
        if any(tree.begins[i] < b and tree.ends[i] > a for a, b in spans)
    ]


def head_of(tree: Tree, words: list[int]) -> int:
    """Return the word of a cue that hangs outside it; content verbs before auxiliaries."""
    chosen = set(words)
    tops = [i for i in words if tree.heads[i] not in chosen or tree.heads[i] == i]
    verbs = [i for i in tops if tree.tags[i][:2] == "VB" and not tree.deps[i].startswith("aux")]
    return (verbs or tops)[0]


def examples(
    path: Path, limit: int | None
) -> Iterator[tuple[Tree, list[bool], list[tuple[int, Gold]]]]:
    """Yield (tree, quotes, gold cues with their heads) per sentence."""
    for n, (_, text, annotators) in enumerate(read_articles(path)):
        if limit is not None and n >= limit:
            return
        gold = annotators[0] if annotators else []
        depth, last = 0, 0
        for tree in trees_of(text):
            if "\n" in text[last : tree.begins[0]]:
                depth = 0
            quoted, depth = mark_quotes(tree, depth)
            last = tree.ends[-1]
            cues = []
            for item in gold:
                words = inside(tree, item.cue)
                if words:
                    cues.append((head_of(tree, words), item))
            yield tree, quoted, cues


class Design:
    """Rows of string features as a sparse matrix."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.columns: list[int] = []
        self.ends: list[int] = [0]
        self.labels: list[int] = []

    def add(self, features: list[str], label: bool) -> None:
        """Add one row."""
        self.columns += [self.names.setdefault(f, len(self.names)) for f in set(features)]
        self.ends.append(len(self.columns))
        self.labels.append(int(label))

    def fit(self, *, c: float, least: int) -> dict[str, int]:
        """Fit and return weights in thousandths; rare features are left out."""
        x = csr_matrix(
            (np.ones(len(self.columns), dtype=np.float32), self.columns, self.ends),
            shape=(len(self.labels), len(self.names)),
        )
        keep = np.flatnonzero(np.asarray(x.sum(axis=0)).ravel() >= least)
        model = LogisticRegression(C=c, max_iter=200, solver="lbfgs", fit_intercept=False)
        model.fit(x[:, keep], np.asarray(self.labels))
        names = list(self.names)
        weights = {names[j]: round(1000 * w) for j, w in zip(keep, model.coef_[0], strict=True)}
        return {f: w for f, w in weights.items() if abs(w) >= 40}


Examples = Sequence[tuple[Tree, list[bool], list[tuple[int, Gold]]]]
RARELY = 0.005  # below it a lemma is no candidate: half the candidates for one cue in 200


def cue_lemmas(data: Examples) -> dict[str, int]:
    """Count the lemmas that head a cue; those that hardly ever do when they stand are left out."""
    heads = Counter(tree.lemmas[h] for tree, _, cues in data for h, _ in cues)
    stand = Counter(lemma for tree, _, _ in data for lemma in tree.lemmas)
    return {lemma: n for lemma, n in heads.items() if n >= RARELY * stand[lemma]}


def tune_threshold(data: Examples) -> None:
    """Print the F1 of cue heads on a tenth of the sentences by threshold and strength."""
    fitted, held = Design(), []
    for n, (tree, quoted, cues) in enumerate(data):
        heads = dict(cues)
        for i in attribution.cue_candidates(tree):
            row = attribution.cue_features(tree, i, quoted)
            if n // 100 % 10 == 0:
                held.append((row, i in heads))
            else:
                fitted.add(row, i in heads)
    for c in (0.2, 0.5, 1.0):
        weights = {f: w / 1000 for f, w in fitted.fit(c=c, least=3).items()}
        sums = ((sum(weights.get(f, 0.0) for f in row), gold) for row, gold in held)
        probs = [(1 / (1 + math.exp(-x)), gold) for x, gold in sums]
        for t in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5):
            hit = sum(gold for p, gold in probs if p >= t)
            got, gold = sum(p >= t for p, _ in probs), sum(gold for _, gold in probs)
            print(f"held out: c={c} threshold={t} F1={2 * hit / max(1, got + gold):.4f}")


def main() -> None:
    """Collect cue lemmas, then the four designs, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    default = Path(os.environ.get("BLOCS_SHARED", ".")) / "corpora"
    parser.add_argument("--corpora", type=Path, default=default)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    data = list(examples(options.corpora / "polnear-train.zip", options.limit))
    lemmas = cue_lemmas(data)
    attribution.models = lambda: {"lemmas": lemmas}  # type: ignore[assignment]
    tune_threshold(data)
    designs = {part: Design() for part in ("is_cue", "source", "cue", "content")}
    for tree, quoted, cues in data:
        heads = dict(cues)
        for i in attribution.cue_candidates(tree):
            designs["is_cue"].add(attribution.cue_features(tree, i, quoted), i in heads)
        for head, gold in heads.items():
            words = {
                "source": set(inside(tree, gold.source)),
                "cue": set(inside(tree, gold.cue)),
                "content": set(inside(tree, gold.content)),
            }
            for k, row in enumerate(attribution.pair_features(tree, head, quoted)):
                for part, chosen in words.items():
                    designs[part].add(row, k in chosen)
    lines = [f"lemmas\t{lemma}\t{n * 1000}\n" for lemma, n in sorted(lemmas.items())]
    for part, design in designs.items():
        print(part, len(design.labels), sum(design.labels), len(design.names))
        weights = design.fit(c=0.5, least=3 if part == "is_cue" else 5)
        lines += [f"{part}\t{f}\t{w}\n" for f, w in sorted(weights.items())]
    options.out.write_bytes(gzip.compress("".join(lines).encode("utf-8"), 9, mtime=0))


if __name__ == "__main__":
    main()
