"""Train the embedded tagger, parser and entity finder on the open treebanks.

Run: ``python training/train_syntax.py WORK_FOLDER --corpora FOLDER`` (or the
environment variable BLOCS_SHARED, whose ``corpora`` folder is taken). About one
CPU-hour on one thread; writes ``WORK_FOLDER/model-best`` and ``scores.json``.
"""

from __future__ import annotations

import argparse
import gzip
import os
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin, Span
from treebanks import LEFT_OUT, Sentence, genre, named_spans, read_sentences


def to_doc(nlp: spacy.Language, sentence: Sentence, *, entities: bool) -> Doc:
    """Return the gold Doc; entities are missing (not empty) where nobody marked them."""
    doc = Doc(
        nlp.vocab,
        words=sentence.words,
        spaces=sentence.spaces,
        tags=sentence.tags,
        lemmas=sentence.lemmas,
        heads=sentence.heads,
        deps=sentence.deps,
    )
    if entities:
        doc.set_ents([Span(doc, a, b, label=k) for a, b, k in named_spans(sentence)])
    else:
        doc.set_ents([], missing=[doc[0 : len(doc)]], default="missing")
    return doc


def write_train(nlp: spacy.Language, corpora: Path, out: Path) -> None:
    """Write EWT train and the allowed part of GUM train."""
    bin_ = DocBin()
    for _, sentence in read_sentences(corpora / "en_ewt-ud-train.conllu.gz"):
        bin_.add(to_doc(nlp, sentence, entities=False))
    for name in ("train", "dev"):
        for doc, sentence in read_sentences(corpora / f"en_gum-ud-{name}.conllu.gz"):
            if genre(doc) not in LEFT_OUT and "_" not in set(sentence.words):
                bin_.add(to_doc(nlp, sentence, entities=True))
    bin_.to_disk(out)


def read_iob(path: Path) -> list[list[tuple[str, str]]]:
    """Read (word, IOB2 tag) sentences."""
    sentences: list[list[tuple[str, str]]] = [[]]
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            row = line.rstrip("\n").split("\t")
            if len(row) > 2 and row[0].isdigit():
                sentences[-1].append((row[1], row[2]))
            elif len(row) == 1 and not row[0] and sentences[-1]:
                sentences.append([])
    return [s for s in sentences if s]


def write_dev(nlp: spacy.Language, corpora: Path, out: Path) -> None:
    """Write EWT dev with the UNER entities where the words are the same."""
    bin_ = DocBin()
    marks = {
        tuple(w for w, _ in s): [t for _, t in s]
        for s in read_iob(corpora / "uner_en_ewt-dev.iob2.gz")
    }
    for _, sentence in read_sentences(corpora / "en_ewt-ud-dev.conllu.gz"):
        doc = to_doc(nlp, sentence, entities=False)
        tags = marks.get(tuple(sentence.words))
        if tags:
            doc = Doc(
                nlp.vocab,
                words=sentence.words,
                spaces=sentence.spaces,
                tags=sentence.tags,
                lemmas=sentence.lemmas,
                heads=sentence.heads,
                deps=sentence.deps,
                ents=tags,
            )
        bin_.add(doc)
    bin_.to_disk(out)


def main() -> None:
    """Prepare the corpora and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    default = Path(os.environ.get("BLOCS_SHARED", ".")) / "corpora"
    parser.add_argument("--corpora", type=Path, default=default)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    nlp = spacy.blank("en")
    write_train(nlp, options.corpora, options.work / "train.spacy")
    write_dev(nlp, options.corpora, options.work / "dev.spacy")
    config = Path(__file__).with_name("syntax.cfg")
    overrides = {
        "paths.train": str(options.work / "train.spacy"),
        "paths.dev": str(options.work / "dev.spacy"),
    }
    train(config, options.work, overrides=overrides)


if __name__ == "__main__":
    main()
