"""How fast the reader reads, end to end, start-up left out, beside its grammar alone.

Five articles, the 84 of PolNeAR dev, and 420. The floor tags and parses the same sentences with
the same trained pipeline, as spaCy runs it, and reads nothing in them.
"""

from __future__ import annotations

import resource
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_article
from blocs.evidence.syntax import load_pipeline

if TYPE_CHECKING:
    from spacy.language import Language

ARTICLES: dict[Size, int] = {"toy": 5, "usual": 84, "large": 420}


def load(shared: Path, n: int) -> list[str]:
    """Return the texts of some PolNeAR dev articles, repeated where more are asked for."""
    with zipfile.ZipFile(needed(shared / "corpora/polnear-dev.zip")) as archive:
        names = sorted(x for x in archive.namelist() if x.endswith(".txt"))
        texts = [archive.read(x).decode("utf-8") for x in names]
    return (texts * (n // len(texts) + 1))[:n]


def count(texts: list[str]) -> tuple[int, int]:
    """Read articles; return their sentences and items."""
    articles = [open_article(text) for text in texts]
    items = sum(len(read_article(article)) for article in articles)
    return sum(len(article.sentences) for article in articles), items


def parse(pipeline: Language, texts: list[str]) -> int:
    """Tag and parse the same sentences; return their words."""
    articles = [open_article(text) for text in texts]
    sentences = [a.text[start:end] for a in articles for start, end in a.sentences]
    return sum(len(doc) for doc in pipeline.pipe(sentences))


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Read, and parse alone."""
    texts = load(shared, ARTICLES[size])
    count(["Seoul protested."])
    used, (sentences, items) = cpu(lambda: count(texts))
    pipeline = load_pipeline()
    floor, words = cpu(lambda: parse(pipeline, texts))
    yield Figure(
        name="sentences read", value=sentences / used, unit="a CPU second", better="more",
        peer=sentences / floor, peer_is="tagging and parsing alone, in spaCy's own loop",
        note=f"{len(texts)} articles, {sentences:,} sentences, {words:,} words, {items:,} items",
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(name="peak memory", value=peak, unit="MB")


if __name__ == "__main__":
    alone(measure)
