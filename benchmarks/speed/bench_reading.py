"""How fast the reader reads, end to end, start-up left out: sentences a second, one or two cores.

Run: ``python benchmarks/speed/bench_reading.py [--articles N] [--workers 2] [--shared FOLDER]``.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from blocs.evidence.articles import open_article
from blocs.evidence.claims import read_article


def load(shared: Path, n: int) -> list[str]:
    """Return the texts of some PolNeAR dev articles, repeated where more are asked for."""
    with zipfile.ZipFile(shared / "corpora/polnear-dev.zip") as archive:
        names = sorted(x for x in archive.namelist() if x.endswith(".txt"))
        texts = [archive.read(x).decode("utf-8") for x in names]
    return (texts * (n // len(texts) + 1))[:n]


def count(text: str) -> tuple[int, int]:
    """Read one article; return its sentences and items."""
    article = open_article(text)
    return len(article.sentences), len(read_article(article))


def warm(_: int) -> int:
    """Load the pipeline in a worker."""
    time.sleep(0.2)
    return len(read_article("Seoul protested."))


def main() -> None:
    """Print one table: toy, one day, a month of articles."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("BLOCS_SHARED", "../shared"))
    parser.add_argument("--shared", type=Path, default=default)
    parser.add_argument("--articles", type=int, default=84)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    print("articles | workers | sentences | items | seconds | sentences/s | peak MB")
    with ProcessPoolExecutor(options.workers) as pool:
        list(pool.map(warm, range(4 * options.workers)))
        warm(0)
        for n, workers in ((5, 1), (options.articles, 1), (options.articles, options.workers)):
            texts = load(options.shared, n)
            start = time.perf_counter()
            run = map(count, texts) if workers == 1 else pool.map(count, texts, chunksize=2)
            done = list(run)
            seconds = time.perf_counter() - start
            sentences, items = (sum(x) for x in zip(*done, strict=True))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{n} | {workers} | {sentences} | {items} | {seconds:.1f} | "
                f"{sentences / seconds:.0f} | {peak:.0f}"
            )


if __name__ == "__main__":
    main()
