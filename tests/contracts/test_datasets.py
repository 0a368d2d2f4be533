"""What every reader of a data set owes: whole files read, damaged ones refused in words.

The files are those written for the tests, one per release, and, where the public
data sets are at hand, the first lines of the real ones too.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import zstandard

from blocs.contracts import Facts
from blocs.errors import BadInput
from blocs.evidence.intake import Found, read_source, recognise
from blocs.files import decode, read_bytes, sniff
from blocs.registry import DATASETS, LAYERS

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "data" / "datasets"
REAL = Path(os.environ.get("BLOCS_SHARED") or ROOT.parent / "shared") / "data"
LINES = 120
NO_FACTS = ("2id", "cameo-codes", "goldstein_mappings")  # lists of names and codes
NO_DATA_SET = ("plover", "tkg_icews18_partial")  # codes; parts
PARTS = ("tkg_icews0515_partial/test", "tkg_icews0515_partial/valid")
UNQUOTED = {"gdelt", "icews", "icews14", "icews-mmkb"}
"""Data sets in whose files a quotation mark is a character like any other."""
TABLES = ("rollcalls", "ballots", "spells", "flows", "events", "attributes")
PLACES = ["fact_id", "row", "source_id"]


def _files() -> list[Path]:
    """List the real files; those of `TINY` for every data set that has none at hand."""
    real, tiny = _below(REAL), _below(TINY)
    have = {found.dataset.replace("-", "_") for found in recognise(real)[0]} if real else set()
    return [*real, *(p for p in tiny if p.relative_to(TINY).parts[0] not in have)]


def _below(folder: Path) -> list[Path]:
    return sorted(
        p
        for p in folder.rglob("*")
        if p.is_file()
        # R's own format cannot be cut into lines; test_rdata.py reads and damages small ones.
        and p.suffix not in {".md", ".json", ".RData"}
        and p.parent.name not in NO_DATA_SET
        and not any(part in p.name for part in NO_FACTS)
        and not _name(p).startswith(PARTS)
    )


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@cache
def _head(path: Path) -> bytes:
    data = read_bytes(path)
    if b"\x00" in data[:4096] or data.startswith(b"*"):
        return data
    return b"".join(data.splitlines(keepends=True)[:LINES])


@pytest.fixture(params=_files(), ids=_name)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Found:
    """Write the head of one file, with what must lie beside it, and recognise it."""
    path: Path = request.param
    copy = tmp_path / path.name.removesuffix(".gz").removesuffix(".zst").removesuffix(".zip")
    copy.write_bytes(_head(path))
    for other in path.parent.iterdir():
        if "2id" in other.name or other.name.startswith("un_roll"):
            (tmp_path / other.name).write_bytes(other.read_bytes())
    found, _ = recognise([copy])
    assert found, f"{path} is of no data set"
    if copy.suffix == ".xls":
        pytest.importorskip("fastexcel")
    return found[0]


def _read(path: Path) -> Facts | None:
    """Read a file as the intake would; None where it is refused or not recognised."""
    try:
        found, _ = recognise([path])
        return read_source(found[0]) if found else None
    except BadInput as error:
        message = str(error)
        assert path.name in message, "the message names the file"
        assert "\n" not in message.strip(), "one line"
        return None


def _content(facts: Facts) -> dict[str, list[tuple[object, ...]]]:
    rows = {}
    for name in TABLES:
        table = getattr(facts, name).drop(PLACES, strict=False)
        rows[name] = sorted(table.unique().rows(), key=repr)
    return rows


@pytest.mark.parametrize("name", DATASETS.names())
def test_a_data_set_says_what_it_is(name: str) -> None:
    dataset = DATASETS.get(name)
    for text in (dataset.title, dataset.unit, dataset.years, dataset.publisher, dataset.licence):
        assert text.strip()
    assert dataset.page.startswith("http")
    assert dataset.citation.text.strip()
    assert dataset.releases
    assert set(dataset.lights) <= set(LAYERS.names())
    keys = [(r.part, r.version) for r in dataset.releases]
    assert len(keys) == len(set(keys)), "a part has each version once"
    for release in dataset.releases:
        assert release.shape is not None or release.columns
        assert all(c == c.lower() for c in release.columns)


def test_every_data_set_has_a_file_to_be_tested_on() -> None:
    named = {p.parent.name.replace("_", "-") for p in TINY.rglob("*") if p.suffix != ".md"}
    assert set(DATASETS.names()) - named <= {"unga"}, "unga has its own tests"


def test_facts_are_found_again_by_source_and_row(sample: Found) -> None:
    facts = read_source(sample)
    source = facts.sources["source_id"][0]
    for name in ("spells", "flows", "events", "attributes"):
        table = getattr(facts, name)
        assert table["fact_id"].str.starts_with(f"{source}:").all()
        assert table["fact_id"].is_unique().all()
        told = table.select(pl.col("fact_id").str.extract(r":(\d+)").cast(pl.Int64))
        assert (told["fact_id"] == table["row"]).all()
    assert (facts.coverage["start"] < facts.coverage["end"]).all()
    for column in ("file", "rule"):
        assert facts.rejects[column].null_count() == 0
    assert facts.rejects["row"].null_count() == 0, "a reject names its row"


def test_the_same_file_gives_the_same_bytes(sample: Found) -> None:
    first, second = read_source(sample), read_source(sample)
    for name in (*TABLES, "coverage", "rejects"):
        assert getattr(first, name).equals(getattr(second, name)), name


def test_a_truncated_gzip_is_one_clear_error(sample: Found, tmp_path: Path) -> None:
    data = gzip.compress(sample.file.path.read_bytes(), mtime=0)
    cut = _put(tmp_path, sample, data[: max(len(data) * 2 // 3, 12)])
    assert _read(cut) is None


def test_a_dropped_column_is_noticed(sample: Found, tmp_path: Path) -> None:
    if not sample.file.separator:
        pytest.skip("not a table")
    names = [c.strip().lower() for c in sample.file.columns]
    wanted = [i for i, c in enumerate(names) if c in sample.release.columns] or [0]
    file = _put(tmp_path, sample, _without(sample, wanted[0]))
    found = _recognised(file)
    if found is None or found.release is not sample.release:
        return
    facts = _read(file)
    assert facts is None or facts.rejects.height


def test_the_order_of_rows_does_not_matter(sample: Found, tmp_path: Path) -> None:
    if not sample.file.separator:
        pytest.skip("not a table")
    rows = _rows(sample)
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = [rows[0], *(rows[i] for i in order if i)]
    file = _put(tmp_path, sample, _written(sample, shuffled))
    before, after = read_source(sample), _read(file)
    assert after is not None
    assert _content(before) == _content(after)
    assert before.rejects.height == after.rejects.height


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_wrong_encoding_is_read_or_refused(sample: Found, tmp_path: Path, encoding: str) -> None:
    if not sample.file.separator:
        pytest.skip("not text")
    text = decode(sample.file.path.read_bytes())
    file = _put(tmp_path, sample, text.encode(encoding, errors="replace"))
    facts = _read(file)
    if encoding == "utf-16":
        assert facts is None
    else:
        assert facts is not None


@pytest.mark.parametrize("seed", [0, 1])
def test_random_bytes_raise_nothing_else(sample: Found, tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = bytearray(sample.file.path.read_bytes())
    where = int(rng.integers(len(data) // 2, len(data)))
    data[where : where + 60] = rng.bytes(60)
    _read(_put(tmp_path, sample, bytes(data)))
    assert _read(_put(tmp_path, sample, rng.bytes(4000))) is None


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("inside.csv", data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "pack", [gzip.compress, zstandard.ZstdCompressor().compress, _zip], ids=["gzip", "zstd", "zip"]
)
def test_a_packed_file_reads_like_the_plain_one(
    sample: Found, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = _read(_put(tmp_path, sample, pack(sample.file.path.read_bytes())))
    assert packed is not None
    assert _content(packed) == _content(read_source(sample))


def _recognised(path: Path) -> Found | None:
    try:
        found, _ = recognise([path])
    except BadInput:
        return None
    return found[0] if found else None


def _put(folder: Path, sample: Found, data: bytes) -> Path:
    path = folder / f"damaged_{sample.file.name}"
    if sample.file.name.startswith("xerte_"):
        path = folder / f"xerte_damaged_{sample.file.name}"
    path.write_bytes(data)
    return path


def _rows(sample: Found) -> list[list[str]]:
    text = decode(sample.file.path.read_bytes())
    quotes = csv.QUOTE_NONE if sample.dataset in UNQUOTED else 0
    lines = text.splitlines(keepends=True)[sample.file.skip :]
    return list(csv.reader(lines, delimiter=sample.file.separator, quoting=quotes))


def _written(sample: Found, rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    if sample.dataset in UNQUOTED:
        buffer.writelines(sample.file.separator.join(row) + "\n" for row in rows)
    else:
        csv.writer(buffer, delimiter=sample.file.separator, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode()


def _without(sample: Found, column: int) -> bytes:
    return _written(sample, [row[:column] + row[column + 1 :] for row in _rows(sample)])


def test_the_sniffer_sees_the_header_under_a_preamble() -> None:
    assert sniff(TINY / "sipri" / "deals.csv").skip == 4
