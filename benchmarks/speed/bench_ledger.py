"""How fast articles become one merged ledger, and how much of it is merging.

PolNeAR dev articles, a day apart, told again under other dates where more are asked for. CPU
seconds of one process, user and system; the peak is the whole process's. The
floor merges the same items by equal kind and words alone, in a dictionary: no figures, times,
voices, copies or ladder.
"""

from __future__ import annotations

import resource
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.contract import Figure, Size, alone, cpu, needed
from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_article
from blocs.evidence.ledger.build import build_ledger
from blocs.evidence.reading.items import Item
from blocs.evidence.readings import Readings, record

ARTICLES: dict[Size, int] = {"toy": 5, "usual": 84, "large": 420}


def load(shared: Path, n: int) -> list[str]:
    """Return articles; from the second round on each tells what another told, in other words."""
    with zipfile.ZipFile(needed(shared / "corpora/polnear-dev.zip")) as archive:
        names = sorted(x for x in archive.namelist() if x.endswith(".txt"))
        texts = [archive.read(x).decode("utf-8") for x in names]
    out = []
    for k in range(n):
        turn, place = divmod(k, len(texts))
        half = len(texts[place]) // 2
        again = texts[place][:half] + "\n\n" + texts[(place + turn) % len(texts)][-half:]
        out.append(again if turn else texts[place])
    return out


def read_all(texts: list[str]) -> Readings:
    """Read the articles, one a day."""
    items: list[Item] = []
    records = []
    for k, text in enumerate(texts):
        article = open_article(text, date=date(2016, 1, 1) + timedelta(days=k))
        items += read_article(article)
        records.append(record(article))
    return Readings(articles=tuple(records), items=tuple(items))


def floor(read: Readings) -> int:
    """Merge by equal kind and words; return how many groups there are."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in read.items:
        groups[item.kind, item.quote.casefold()].append(item.id)
    return len(groups)


def measure(size: Size, shared: Path) -> Iterator[Figure]:
    """Read and merge; merge by words alone."""
    read_all(["Seoul protested."])
    texts = load(shared, ARTICLES[size])
    reading, read = cpu(lambda: read_all(texts))
    merging, ledger = cpu(lambda: build_ledger(read))
    floors, groups = cpu(lambda: floor(read))
    note = f"{len(texts)} articles, {len(read.items):,} items, {len(ledger.facts):,} facts"
    yield Figure(
        name="merging", value=merging, unit="CPU s", peer=floors,
        peer_is=f"equal kind and words ({groups:,} groups)", note=note,
    )  # fmt: skip
    yield Figure(
        name="articles read and merged", value=len(texts) / (reading + merging),
        unit="a CPU second", better="more", peer=len(texts) / reading, peer_is="reading alone",
        note=note,
    )  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure(name="peak memory", value=peak, unit="MB", note=note)


if __name__ == "__main__":
    alone(measure)
