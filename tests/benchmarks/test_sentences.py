"""The sentences of our own that the reader is scored on: well formed, each once, some held out."""

from __future__ import annotations

from datetime import date

from benchmarks.quality.bench_reading import own_sentences

from blocs.evidence.reading.lexicon import TYPES, plover


def test_our_own_sentences_are_well_formed() -> None:
    sentences = own_sentences()
    kinds = {plover(root) for root in TYPES} | {"SANCTION", "RETREAT"}
    assert len({s.text for s in sentences}) == len(sentences)
    assert sum(s.held for s in sentences) >= 40
    assert {s.plover for s in sentences} <= kinds
    assert all(
        len(code) == 3 and code.isupper()
        for s in sentences
        for p in s.pairs
        for code in p
        if code != "---"
    )
    assert all(date.fromisoformat(s.day) for s in sentences)
