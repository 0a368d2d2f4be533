"""The door to the disk: every format read, every damage said, nothing half-written."""

from __future__ import annotations

import errno
import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import IO

import polars as pl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from blocs.errors import BadFile, BadInput, StorageError
from blocs.files import (
    copy_file,
    decode,
    locked,
    read_bytes,
    read_head,
    read_table,
    sha256,
    sniff,
    write_atomic,
    write_parquet,
    write_text,
)
from tests.killed import killed

TABLE = b"ccode,name,vote\n2,United States,1\n365,Russia,3\n"


def zipped(*members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
        for i, member in enumerate(members):
            archive.writestr(f"folder/{i}.csv", member)
    return out.getvalue()


PACKED = {
    "plain": TABLE,
    "gzip": gzip.compress(TABLE),
    "gzip of two parts": gzip.compress(TABLE[:20]) + gzip.compress(TABLE[20:]),
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress(TABLE),
    "zstd of two frames": zstandard.compress(TABLE[:20]) + zstandard.compress(TABLE[20:]),
    "zip": zipped(TABLE),
}


@pytest.mark.parametrize("form", PACKED)
def test_the_bytes_tell_the_format_not_the_name(tmp_path: Path, form: str) -> None:
    path = tmp_path / "votes.pdf"
    path.write_bytes(PACKED[form])
    assert read_bytes(path) == TABLE
    assert TABLE.startswith(read_head(path))
    file = sniff(path)
    assert file.columns == ("ccode", "name", "vote")
    assert read_table(file).rows() == [(1, "2", "United States", "1"), (2, "365", "Russia", "3")]


@pytest.mark.parametrize("form", ["gzip", "zstd", "zip"])
@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_a_damaged_file_is_named_with_the_next_step(tmp_path: Path, form: str, harm: str) -> None:
    raw = bytearray(PACKED[form])
    if harm == "cut":
        raw = raw[: len(raw) * 2 // 3]
    else:
        raw[len(raw) // 2] ^= 0xFF
    path = tmp_path / "votes.csv"
    path.write_bytes(raw)
    with pytest.raises(BadFile, match="fetch it again") as seen:
        read_bytes(path)
    assert str(path) in str(seen.value)


def test_a_stream_that_never_told_its_length_is_seen_to_be_cut(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    raw = packer.compress(TABLE * 50_000) + packer.flush()
    path = tmp_path / "votes.csv"
    path.write_bytes(raw[: len(raw) * 2 // 3])
    with pytest.raises(BadFile, match="fetch it again"):
        read_bytes(path)
    path.write_bytes(raw)
    assert read_bytes(path) == TABLE * 50_000


def test_a_zip_of_many_files_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "votes.zip"
    path.write_bytes(zipped(TABLE, TABLE))
    with pytest.raises(BadFile, match="holds 2 files; unpack it and give the folder") as seen:
        read_bytes(path)
    assert "damaged" not in str(seen.value)
    assert "fetch" not in str(seen.value)


def test_a_zip_with_a_password_is_refused_in_words(tmp_path: Path) -> None:
    raw = bytearray(zipped(TABLE))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.rindex(mark) + flags] |= 1
    path = tmp_path / "votes.zip"
    path.write_bytes(raw)
    with pytest.raises(BadFile, match="password"):
        read_bytes(path)


def test_what_cannot_be_opened_is_bad_input(tmp_path: Path) -> None:
    gone = tmp_path / "gone.csv"
    with pytest.raises(BadInput, match="no such file; check the path"):
        read_bytes(gone)
    for read in (read_bytes, read_head, sha256):
        with pytest.raises(BadInput, match="cannot be read"):
            read(tmp_path)


def test_an_empty_or_binary_or_prose_file_is_no_table(tmp_path: Path) -> None:
    for name, data in {
        "empty": b"",
        "utf16": "a,b\n1,2\n".encode("utf-16"),
        "prose": b"Dear reader\nthis is no table\n",
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert sniff(path).columns == ()


@pytest.mark.parametrize(
    ("data", "columns", "skip"),
    [
        (b"a;b\n1;2\n", ("a", "b"), 0),
        (b"a\tb\n1,5\t2\n", ("a", "b"), 0),
        (b"Arms transfers 2024\n\nSeller,Buyer,TIV\nRUS,CHN,5\n", ("Seller", "Buyer", "TIV"), 2),
        (b"a,b\n1,x; y; z\n", ("a", "b"), 0),
        (b'a,b\n"Iran, Iraq, Syria",1\n"Korea, North",2\n', ("a", "b"), 0),
        (b'"a, b",c\n1,2\n', ("a, b", "c"), 0),
        (b"a,a,,b\n1,2,3,4\n", ("a", "a_1", "column_2", "b"), 0),
        (b"\xef\xbb\xbfCouncil,Date\nGA,1946\n", ("Council", "Date"), 0),
        (b"a,b\r1,2\r", ("a", "b"), 0),
        (b"a,b\r\n1,2\r\n", ("a", "b"), 0),
    ],
)
def test_the_header_is_found(tmp_path: Path, data: bytes, columns: object, skip: int) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    file = sniff(path)
    assert (file.columns, file.skip) == (columns, skip)
    assert read_table(file).height >= 1


def test_old_letters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("name,code\nCôte d'Ivoire,437\n".encode("cp1252"))
    assert read_table(sniff(path))["name"].to_list() == ["Côte d'Ivoire"]


def test_a_quoted_cell_may_hold_separators_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('name,code\n"Korea, North",731\n"two\nlines",1\n')
    assert read_table(sniff(path)).rows() == [(1, "Korea, North", "731"), (2, "two\nlines", "1")]


def test_only_empty_is_missing_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("code,n\nNA,-9\n,\n")
    assert read_table(sniff(path))["code"].to_list() == ["NA", None]
    told = read_table(sniff(path), nulls=("", "NA", "-9"))
    assert told.rows() == [(1, None, None), (2, None, None)]


def test_a_missing_column_is_named_beside_those_there(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(TABLE)
    with pytest.raises(BadFile, match=r"column 'date' is missing; the file has ccode, name, vote"):
        read_table(sniff(path), columns=["ccode", "date"])


def test_a_row_with_too_many_cells_is_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n1,2,3\n")
    with pytest.raises(BadFile, match="not a readable table"):
        read_table(sniff(path))


@given(st.binary(max_size=200))
def test_any_bytes_decode_to_text(data: bytes) -> None:
    assert isinstance(decode(data), str)


@given(
    st.lists(
        st.tuples(*[st.text("abcÅé ;\t,\"'-0123456789", min_size=1, max_size=6)] * 2), min_size=1
    )
)
def test_a_table_written_by_a_csv_writer_comes_back(rows: list[tuple[str, str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        pl.DataFrame(rows, schema=["first", "second"], orient="row").write_csv(path)
        back = read_table(sniff(path))
        if sniff(path).columns == ("first", "second"):
            assert back.select("first", "second").rows() == rows


def test_a_write_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.txt"
    write_text(path, "one")
    write_text(path, "two ü")
    assert path.read_text("utf-8") == "two ü"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def fill(stream: IO[bytes]) -> None:
        stream.write(b"half of the n")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StorageError, match="No space left on device\\); nothing was changed"):
        write_atomic(path, fill)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_really_full_disk_is_told_too() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="No space left"), full.open("wb", buffering=0) as stream:
        stream.write(b"x")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_whatever_stops_a_write_leaves_the_old_file(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")

    def stop(stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise error

    with pytest.raises(error):
        write_atomic(path, stop)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        write_text(tmp_path / "file" / "a.txt", "x")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(StorageError, match="nothing was changed"):
        write_text(tmp_path / "folder.txt", "x")


def test_parquet_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["CHN", "RUS"], "n": [1, None]})
    write_parquet(tmp_path / "a.parquet", frame)
    write_parquet(tmp_path / "b.parquet", frame)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert pl.read_parquet(tmp_path / "a.parquet").equals(frame)


def test_sha256_is_of_the_bytes_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_second_writer_waits_and_says_so(tmp_path: Path) -> None:
    with (
        locked(tmp_path / ".lock"),
        pytest.raises(
            StorageError, match=rf"another process \(process {os.getpid()} on .+\); try again"
        ),
        locked(tmp_path / ".lock", seconds=0.05),
    ):
        pass
    with locked(tmp_path / ".lock", seconds=0.05):
        pass


def test_the_lock_is_let_go_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / ".lock"):
        raise ZeroDivisionError
    with locked(tmp_path / ".lock", seconds=0.05):
        pass


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """Thirty kills of a process that does nothing but replace one file."""
    assert killed("file", tmp_path) == {"a": True, "b": True}


def test_the_header_of_a_zip_is_found_without_unpacking_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "votes.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("votes.csv", TABLE + b"1,2,3\n" * 5_000_000)
    tracemalloc.start()
    try:
        assert sniff(path).columns
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_damaged_copy_is_made_anew(tmp_path: Path) -> None:
    source, target = tmp_path / "votes.csv", tmp_path / "kept.csv"
    source.write_bytes(TABLE)
    target.write_bytes(TABLE.replace(b"3", b"4"))
    copy_file(source, target)
    assert target.read_bytes() == TABLE
    inode = target.stat().st_ino
    copy_file(source, target)
    assert target.stat().st_ino == inode
