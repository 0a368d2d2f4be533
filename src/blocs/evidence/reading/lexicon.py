"""What verbs and nouns do: CAMEO codes by verb and object, PLOVER types, modes and signs."""

from __future__ import annotations

from functools import cache
from importlib import resources

TYPES = {
    "02": "REQUEST",
    "03": "AGREE",
    "04": "CONSULT",
    "05": "SUPPORT",
    "06": "COOPERATE",
    "07": "AID",
    "08": "CONCEDE",
    "09": "ACCUSE",
    "10": "REQUEST",
    "11": "ACCUSE",
    "12": "REJECT",
    "13": "THREATEN",
    "14": "PROTEST",
    "15": "MOBILIZE",
    "16": "SANCTION",
    "17": "COERCE",
    "18": "ASSAULT",
    "19": "ASSAULT",
    "20": "ASSAULT",
}
_EXCEPTIONS = {
    "084": "RETREAT",
    "085": "RETREAT",
    "086": "RETREAT",
    "087": "RETREAT",
    "0814": "RETREAT",
    "0831": "RETREAT",
    "163": "SANCTION",
    "191": "COERCE",
    "192": "ASSAULT",
    "1712": "COERCE",
}
_MODES = {
    "041": "phone",
    "042": "visit",
    "043": "visit",
    "044": "third-party",
    "0831": "resign",
    "0841": "release",
    "0842": "return",
    "085": "ease",
    "086": "access",
    "0871": "ceasefire",
    "0872": "withdraw",
    "0873": "disarm",
    "0874": "disarm",
    "087": "withdraw",
    "09": "investigate",
    "103": "assist",
    "106": "meet",
    "104": "change",
    "105": "yield",
    "112": "allege",
    "11": "disapprove",
    "125": "meet",
    "126": "meet",
    "131": "restrict",
    "1313": "relations",
    "138": "violence",
    "139": "relations",
    "133": "relations",
    "136": "expel",
    "141": "demo",
    "142": "hunger",
    "143": "strike",
    "144": "obstruct",
    "145": "riot",
    "151": "police",
    "153": "police",
    "154": "troops",
    "150": "weapons",
    "161": "withdraw",
    "164": "withdraw",
    "166": "expel",
    "116": "convict",
    "160": "discontinue",
    "162": "discontinue",
    "163": "restrict",
    "1711": "seize",
    "1712": "destroy",
    "1722": "ban",
    "1723": "curfew",
    "1724": "martial-law",
    "172": "restrict",
    "173": "arrest",
    "174": "deport",
    "181": "abduct",
    "182": "beat",
    "1821": "sexual",
    "1822": "torture",
    "183": "suicide-attack",
    "186": "assassinate",
    "191": "restrict",
    "192": "seize",
    "193": "firearms",
    "194": "heavy-weapons",
    "195": "aerial",
    "200": "massacre",
}
_WEIGHTS = {
    "02": 0.1,
    "03": 0.4,
    "04": 0.2,
    "05": 0.5,
    "06": 0.6,
    "07": 0.7,
    "08": 0.4,
    "09": -0.2,
    "10": -0.4,
    "11": -0.3,
    "12": -0.4,
    "13": -0.6,
    "14": -0.5,
    "15": -0.6,
    "16": -0.6,
    "17": -0.7,
    "18": -0.9,
    "19": -1.0,
    "20": -1.0,
}

Rows = list[tuple[str, frozenset[str]]]


@cache
def verb_codes() -> dict[str, Rows]:
    """Return, per verb lemma, (CAMEO code, object lemmas; empty for any) in order of use."""
    table: dict[str, Rows] = {}
    for line in _lines("verbs.tsv"):
        code, verbs, nouns = line.split("\t")
        wanted = frozenset(nouns.split(",")) - {"*"}
        anything = "*" in nouns.split(",")
        for verb in verbs.split(","):
            rows = table.setdefault(verb, [])
            if wanted:
                rows.append((code, wanted))
            if anything:
                rows.append((code, frozenset()))
    for rows in table.values():
        rows.sort(key=lambda row: not row[1])
    return table


@cache
def noun_codes() -> dict[str, str]:
    """Return the CAMEO code of nouns that name an act."""
    table: dict[str, str] = {}
    for line in _lines("nouns.tsv"):
        code, nouns = line.split("\t")
        for noun in nouns.split(","):
            table.setdefault(noun, code)
    return table


def _lines(name: str) -> list[str]:
    """Read a table of the reader."""
    path = resources.files("blocs.evidence.reading") / "data" / name
    return [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]


def plover(cameo: str) -> str:
    """Return the PLOVER type (2021 list of 16) of a CAMEO code.

    Examples
    --------
    >>> plover("190"), plover("0871"), plover("163")
    ('ASSAULT', 'RETREAT', 'SANCTION')
    """
    for size in (4, 3):
        if cameo[:size] in _EXCEPTIONS:
            return _EXCEPTIONS[cameo[:size]]
    return TYPES.get(cameo[:2], "")


def mode(cameo: str) -> str | None:
    """Return the PLOVER mode of a CAMEO code, lower case, or None."""
    for size in (4, 3, 2):
        if cameo[:size] in _MODES:
            return _MODES[cameo[:size]]
    return None


def cameo_of(type_: str, mode_: str | None) -> str | None:
    """Return a CAMEO code of a PLOVER type and mode; None if the type has no such mode.

    Examples
    --------
    >>> cameo_of("AID", None), cameo_of("MOBILIZE", "troops"), cameo_of("AID", "troops")
    ('07', '154', None)
    """
    codes = sorted(_MODES) if mode_ else [*sorted(TYPES), *sorted(_EXCEPTIONS)]
    fits = (c for c in codes if plover(c) == type_ and (not mode_ or _MODES[c] == mode_))
    return next(fits, None)


def sign(cameo: str) -> float:
    """Return the signed weight of an act in [-1, 1] by its CAMEO root.

    Notes
    -----
    An ordinal reading of the CAMEO roots (02 to 20), in the spirit of Goldstein (1992); the
    raw code stays beside it, so that another scale can be used.
    """
    if plover(cameo) == "RETREAT":
        return 0.5
    return _WEIGHTS.get(cameo[:2], 0.0)
