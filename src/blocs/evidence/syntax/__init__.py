"""The embedded pipeline: words of sentences in, dependency trees out.

Trained by this project on open treebanks (recipe in ``training/``); loads from
package data, works offline. A user's own spaCy model can be named instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from blocs.errors import BadInput, MissingExtra
from blocs.evidence.reading.tokens import cut_words
from blocs.evidence.syntax.headlines import spelled_out
from blocs.evidence.syntax.lemmas import lemma
from blocs.evidence.syntax.trees import Tree
from blocs.evidence.syntax.untwisting import untwist
from blocs.threads import one_thread

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import TrainablePipe
    from spacy.tokens import Doc

__all__ = ["Tree", "load_pipeline", "parse_sentences"]

MODEL = Path(__file__).with_name("model")
_MAX_WORDS = 220
_RELATIONS = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "case", "ccomp"})
_TAGS = frozenset({"NN", "NNP", "VBD", "VBN", "IN"})
_LABELS = ("tok2vec", "transformer", "tagger", "parser", "ner")


@lru_cache(maxsize=2)
def load_pipeline(model: str = "") -> Language:
    """Load the embedded pipeline, or a spaCy model by name or path.

    Parameters
    ----------
    model : str
        Empty for the embedded one; else a spaCy package name or folder with a tagger and a
        parser trained on Universal Dependencies labels.

    Raises
    ------
    MissingExtra
        spaCy is not installed.
    BadInput
        No such model, it cannot be loaded, or it has no tagger and parser of such labels.
    """
    try:
        import spacy
        from spacy.about import __version__ as known
    except ImportError as error:
        raise MissingExtra("reading articles needs spaCy: install blocs[read]") from error
    try:
        nlp = spacy.load(model or MODEL)
    except OSError as error:
        raise BadInput(f"no spaCy model {model or MODEL!s}; install it or leave it out") from error
    except Exception as error:  # whatever a damaged or foreign model raises is the model's fault
        raise BadInput(
            f"spaCy model {model or MODEL!s} cannot be loaded ({type(error).__name__}: "
            f"{str(error).partition('. ')[0]}); get one that spaCy {known} loads"
        ) from error
    _check(nlp, str(model or MODEL))
    for name in nlp.pipe_names:
        if name not in _LABELS[:4]:
            nlp.disable_pipe(name)
    _multiply_by_numpy(nlp)
    return nlp


def _check(nlp: Language, name: str) -> None:
    """Refuse a model whose trees would be read as if nothing stood in them."""
    missing = {"tagger", "parser"} - set(nlp.pipe_names)
    if missing:
        raise BadInput(
            f"spaCy model {name} has no {' and no '.join(sorted(missing))}; the reader needs both"
        )
    for pipe, needed, called in (
        ("parser", _RELATIONS, "Universal Dependencies relations"),
        ("tagger", _TAGS, "Penn Treebank tags"),
    ):
        part: TrainablePipe = nlp.get_pipe(pipe)
        labels = set(part.labels)
        if not needed <= labels:
            raise BadInput(
                f"the {pipe} of spaCy model {name} does not speak in {called}: it lacks "
                f"{', '.join(sorted(needed - labels))}; train or choose one that does, "
                "or leave the model out"
            )


def _multiply_by_numpy(nlp: Language) -> None:
    """Let NumPy multiply matrices: its BLAS is about three times as fast as thinc's own."""
    from thinc.api import NumpyOps

    ops = NumpyOps(use_blis=False)
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        if model is None or model is True or model.ops.name != "numpy":
            continue
        for node in model.walk():
            node.ops = ops


def parse_sentences(
    sentences: Iterable[tuple[str, int]],
    *,
    model: str = "",
    cuts: frozenset[int] = frozenset(),
    batch_size: int = 256,
) -> Iterator[Tree]:
    """Parse sentences, in order, in bounded memory.

    Parameters
    ----------
    sentences : iterable of (str, int)
        Text of a sentence and its offset in the article.
    model : str
        See :func:`load_pipeline`.
    cuts : frozenset of int
        Offsets in the article at which glued words are cut.
    batch_size : int
        Sentences held in memory at a time.

    Yields
    ------
    Tree
        One per sentence, or several where a sentence has more than 220 words.

    Examples
    --------
    >>> [tree] = parse_sentences([("Seoul protested.", 0)])
    >>> tree.words
    ('Seoul', 'protested', '.')
    """
    nlp = load_pipeline(model)
    batch: list[tuple[str, int]] = []
    for item in sentences:
        batch.append(item)
        if len(batch) >= batch_size:
            yield from _parse_batch(nlp, batch, cuts)
            batch = []
    if batch:
        yield from _parse_batch(nlp, batch, cuts)


def _cut(text: str, start: int, cuts: frozenset[int]) -> list[tuple[int, int]]:
    """Cut a sentence into words, glued ones too."""
    spans: list[tuple[int, int]] = []
    for a, b in cut_words(text):
        edges = [a, *(k for k in range(a + 1, b) if start + k in cuts), b] if cuts else [a, b]
        spans += pairwise(edges)
    return spans


def _parse_batch(
    nlp: Language, batch: Sequence[tuple[str, int]], cuts: frozenset[int]
) -> list[Tree]:
    """Parse one batch; shorter sentences together, for speed."""
    from spacy.tokens import Doc

    places: list[tuple[int, list[tuple[int, int]], list[str]]] = []
    docs: list[Doc] = []
    for text, start in batch:
        spans = _cut(text, start, cuts)
        for at in range(0, len(spans), _MAX_WORDS):
            part = spans[at : at + _MAX_WORDS]
            words = [text[a:b] for a, b in part]
            spaces = [b < c for (_, b), (c, _) in pairwise(part)] + [False]
            flags: list[bool | int | None] = [k == 0 for k in range(len(words))]
            read = spelled_out(words)
            docs.append(Doc(nlp.vocab, words=read, spaces=spaces, sent_starts=flags))
            places.append((start, part, words))
    order = sorted(range(len(docs)), key=lambda i: len(docs[i]))
    with one_thread():
        for begin in range(0, len(order), 64):
            _annotate(nlp, [docs[i] for i in order[begin : begin + 64]])
    return [_tree(doc, *place) for doc, place in zip(docs, places, strict=True)]


def _annotate(nlp: Language, docs: list[Doc]) -> None:
    """Run the components over a group of documents in place."""
    for name in nlp.pipe_names:
        pipe: TrainablePipe = nlp.get_pipe(name)
        pipe.set_annotations(docs, pipe.predict(docs))


def _tree(doc: Doc, start: int, spans: list[tuple[int, int]], words: list[str]) -> Tree:
    """Copy a document into plain tuples."""
    from spacy.attrs import DEP, HEAD, TAG

    columns = doc.to_array([TAG, DEP, HEAD])
    strings = doc.vocab.strings
    names = {int(k): str(strings[int(k)]) for k in set(columns[:, :2].ravel().tolist())}
    found, labels = ([names[k] for k in columns[:, j].tolist()] for j in range(2))
    steps = columns[:, 2].astype("int64").tolist()
    tags, heads, deps = untwist(
        tuple(words),
        found,
        [i + step for i, step in enumerate(steps)],
        [d if d != "ROOT" else "root" for d in labels],
    )
    return Tree(
        words=tuple(words),
        begins=tuple(start + a for a, _ in spans),
        ends=tuple(start + b for _, b in spans),
        tags=tuple(tags),
        lemmas=tuple(lemma(w, t) for w, t in zip(words, tags, strict=True)),
        heads=tuple(heads),
        deps=tuple(deps),
    )
