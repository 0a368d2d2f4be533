"""Lemmas by rule, of irregular verbs by table, and of exceptions learnt from the treebanks."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

_DOUBLED = frozenset("bdgklmnprt")


@lru_cache(maxsize=100_000)
def lemma(form: str, tag: str) -> str:
    """Return the lower-case lemma of a word form with a Penn tag.

    Examples
    --------
    >>> lemma("supplied", "VBD"), lemma("missiles", "NNS"), lemma("froze", "VBD")
    ('supply', 'missile', 'freeze')
    """
    low = form.lower()
    known = _irregular().get(low) if tag in ("VBD", "VBN") else None
    known = known or _exceptions().get((low, tag))
    if known is None and tag in ("VB", "VBZ", "VBP") and low not in _verbs():
        known = _irregular().get(low)
    guess = known if known is not None else guess_lemma(low, tag)
    if tag[:2] != "VB" or guess in _verbs():
        return guess
    others = (guess_lemma(low, other) for other in ("VBZ", "VBD", "VBG"))  # a wrong tag
    return next((one for one in others if one in _verbs()), guess)


@cache
def _irregular() -> dict[str, str]:
    """Read the irregular verbs: past forms and participles to their base."""
    text = (resources.files("blocs.evidence.syntax") / "irregular.tsv").read_text("utf-8")
    table: dict[str, str] = {}
    for base, *forms in (line.split("\t") for line in text.splitlines()):
        for form in forms:
            table.setdefault(form, base)
    return table


@cache
def _exceptions() -> dict[tuple[str, str], str]:
    """Read the exceptions: form, tag, lemma."""
    text = (resources.files("blocs.evidence.syntax") / "lemmas.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(form, tag): base for form, tag, base in rows}


def guess_lemma(low: str, tag: str) -> str:
    """Undo regular inflection of a lower-case form."""
    past = tag in ("VBZ", "VBP", "VB") and low.endswith("ed") and low not in _verbs()
    if tag in ("VBD", "VBN") or past:
        return _strip(low, "ed")
    if tag in ("NNS", "NNPS", "VBZ"):
        return _unplural(low)
    if tag == "VBG":
        return _strip(low, "ing")
    return low


def _unplural(low: str) -> str:
    """Undo -s."""
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low


def _strip(low: str, ending: str) -> str:
    """Undo -ed or -ing: the form that is a known verb, else the likeliest."""
    if not low.endswith(ending) or len(low) < len(ending) + 3:
        return low
    stem = low[: -len(ending)]
    if ending == "ed" and stem.endswith("i"):
        return stem[:-1] + "y"
    single = stem[:-1] if stem[-1] == stem[-2] and stem[-1] in _DOUBLED else stem
    for base in (stem, stem + "e", single):
        if base in _verbs():
            return base
    return single if not stem.endswith("ll") else stem


@cache
def _verbs() -> frozenset[str]:
    """Return known verb lemmas: of the treebanks, and of the reader's own lexicon."""
    from blocs.evidence.reading.lexicon import verb_codes

    text = (resources.files("blocs.evidence.syntax") / "verbs.txt").read_text("utf-8")
    return frozenset(text.split()) | frozenset(verb_codes())
