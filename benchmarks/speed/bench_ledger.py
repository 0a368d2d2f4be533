"""How fast articles become one merged ledger, and how much of it is merging.

``python -m benchmarks.speed.bench_ledger [--articles N] [--shared FOLDER]``: PolNeAR dev articles,
a day apart, told again under other dates where more are asked for; three sizes. CPU seconds of
one process, user and system; the peak is the whole process's. The floor merges the same items by
equal kind and words alone, in a dictionary: no figures, times, voices, copies or ladder.
"""

from __future__ import annotations

import argparse
import os
import resource
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from time import process_time

from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_article
from blocs.evidence.ledger.build import build_ledger
from blocs.evidence.reading.items import Item
from blocs.evidence.readings import Readings, record


def load(shared: Path, n: int) -> list[str]:
    """Return articles; from the second round on each tells what another told, in other words."""
    with zipfile.ZipFile(shared / "corpora/polnear-dev.zip") as archive:
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


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("BLOCS_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=default)
    parser.add_argument("--articles", type=int, default=420)
    options = parser.parse_args()
    read_all(["Seoul protested."])
    print(
        "articles | items | facts | merged by words alone | read CPU s | merge CPU s | floor CPU s"
        " | articles per CPU s | peak MB"
    )
    for n in dict.fromkeys((5, 84, options.articles)):
        texts = load(options.shared, n)
        start = process_time()
        read = read_all(texts)
        between = process_time()
        ledger = build_ledger(read)
        merged = process_time()
        groups = floor(read)
        end = process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{n} | {len(read.items)} | {len(ledger.facts)} | {groups} | {between - start:.1f} | "
            f"{merged - between:.2f} | {end - merged:.3f} | {n / (merged - start):.2f} | {peak:.0f}"
        )


if __name__ == "__main__":
    main()
